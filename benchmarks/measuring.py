"""Wall and processor seconds and peak memory of an action, or of a command that is ended when its time is up.

Other work on the machine stretches wall seconds, so that every ratio here is of processor seconds (user and system,
children included), of actions that took turns in one run.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import median
from time import monotonic

MIB = 1024 * 1024


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, seconds of processors, and the most memory held at once (bytes, commands only)."""

    wall: float
    processor: float
    peak: int | None = None

    def __str__(self) -> str:
        return f"{self.processor:.2f} s ({self.wall:.2f} s wall)"


class OverTimeError(Exception):
    """A command ran into its limit of time and was ended."""


def spend(action: Callable[[], object]) -> Spent:
    """Do it once."""
    processor, wall = _processor(), monotonic()
    action()
    return Spent(monotonic() - wall, _processor() - processor)


def alternate(actions: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, Spent]:
    """Do each in turn, so many rounds, so that none has a quieter machine than another; the median of each."""
    took: dict[str, list[Spent]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            took[name].append(spend(action))
    return {
        name: Spent(median(one.wall for one in all_), median(one.processor for one in all_))
        for name, all_ in took.items()
    }


def command(*args: str | os.PathLike[str], limit: float, env: Mapping[str, str] | None = None) -> Spent:
    """Run a command in a session of its own; raises OverTimeError, all of it ended, after `limit` seconds."""
    began, over = monotonic(), threading.Event()
    with tempfile.NamedTemporaryFile() as said:
        watched = [sys.executable, "-m", "benchmarks.watched", said.name, *args]
        child = subprocess.Popen(watched, env={**os.environ, **(env or {})}, start_new_session=True)
        timer = threading.Timer(limit, _end, [child.pid, over])
        timer.start()
        try:
            code = child.wait()
        except BaseException:
            _end(child.pid, over)
            raise
        finally:
            timer.cancel()
        if over.is_set():
            raise OverTimeError(f"not done after {limit:.0f} s")
        if code:
            raise subprocess.CalledProcessError(code, args)
        processor, peak = said.read().split()
    return Spent(monotonic() - began, float(processor), int(peak) * _RSS_UNIT)


def trigpoint(*args: str | os.PathLike[str], limit: float) -> Spent:
    """Run a command of Trigpoint, as its users do."""
    return command(sys.executable, "-c", _TRIGPOINT, *args, limit=limit)


def python(module: str, args: Sequence[str], *, limit: float) -> Spent:
    """Run a module in a process of its own, so that its memory can be told from ours."""
    return command(sys.executable, "-m", module, *args, limit=limit)


_TRIGPOINT = "from trigpoint.cli.main import run; run()"
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def _end(pid: int, over: threading.Event) -> None:
    over.set()
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
