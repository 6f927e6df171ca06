"""Casework under load: real gunicorn with production settings, real PostgreSQL, fifty people and five systems.

Everything runs on one machine: the people who are played, PostgreSQL, casework, and the run that is registered.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.measuring import spend
from benchmarks.rows import Row
from benchmarks.web import alike, posting
from benchmarks.web.place import TRIGPOINT, Place, answering
from benchmarks.web.prepared import prepare
from trigpoint_web.running.embedded import start_server

WARM, QUIET, LEAST = 12, 30, 30  # seconds: before the run comes, after it, and of the run at the least
PAGE, ASKED = 0.400, 0.100  # the aims, in seconds
AIMS = {"inbox": PAGE, "search": PAGE, "child": PAGE, "look-up": ASKED}
SAID = {
    "inbox": "inbox", "lists": "one list of the inbox", "search": "search", "child": "child: summary",
    "markers": "child: markers", "findings": "child: findings", "missing": "child: missing episodes",
    "chronology": "child: chronology", "look-up": "look-up by a system",
}  # fmt: skip
Answers = dict[str, list[tuple[float, float, int]]]


def measure(children: int, folder: Path) -> list[Row]:
    """Measure casework that holds so many children."""
    place = _place(children, folder)
    crowd = folder / "crowd.json"
    crowd.write_text(place.run("-m", "benchmarks.web.people").stdout)
    known = json.loads(crowd.read_text())
    size = _size(place)
    with answering(place) as open_casework:
        address = open_casework.address
        with _at_work(address, crowd, folder) as stop:
            time.sleep(WARM)
            began, took = _register(place)
            before, since = open_casework.processors(), time.time()
            time.sleep(QUIET)
            spent, until = open_casework.processors(), time.time()
            answers = stop()
        rows = [
            Row("web", "registering the run meanwhile", size, f"{took:.1f} s wall"),
            *_pages(answers, began, began + took, size=f"{size}; while a run is registered", aims=AIMS),
            *_pages(answers, began + took + 2, time.time(), size=f"{size}; with no run", aims={}),
            _processor(answers, since, until, spent=np.subtract(spent, before), size=f"{size}; with no run"),
            *posting.measure(address, known, size=size),
            *alike.measure(address, known["apart"], size=size),
        ]
    return [*rows, *_alone(place, size)]


def alone(children: int, folder: Path) -> list[Row]:
    """What pages cost the processors with nobody else at work, which a busy machine hardly changes; and the audit."""
    place = _place(children, folder)
    with answering(place):  # brings style sheets and tables up to date
        return _alone(place, _size(place))


def _place(children: int, folder: Path) -> Place:
    """Casework with a database of its own, like the one that was made."""
    made = prepare(children)
    kept = Place(start_server(made.postgres), folder, made.partnership)
    kept.trigpoint("migrate")  # what was kept may be of an older version
    return kept.copied("measured")


def _alone(place: Place, size: str) -> list[Row]:
    rows = [_row(one, size) for one in json.loads(place.run("-m", "benchmarks.web.within").stdout)]
    verified = spend(lambda: print(place.trigpoint("verify-audit").stdout))
    said = f"{verified.wall:.1f} s wall; {verified.processor:.1f} s processor, PostgreSQL's left out"
    return [*rows, Row("web", "verifying the audit, from the command", size, said, aim="under 60 s")]


def _size(place: Place) -> str:
    counted = json.loads(place.run("-m", "benchmarks.web.within", "counts").stdout)
    return f"{counted['children']:,} children, {counted['events']:,} events, {counted['audit']:,} audit rows"


@contextmanager
def _at_work(address: str, crowd: Path, folder: Path) -> Iterator[object]:
    """Everybody at work in a process of their own. What it gives ends it, and returns how long each answer took."""
    until, answers = folder / "stop", folder / "answers.json"
    given = [address, str(crowd), str(until), str(answers)]
    working = subprocess.Popen([sys.executable, "-m", "benchmarks.web.load", *given])

    def stop() -> Answers:
        until.touch()
        if working.wait(timeout=90):
            raise RuntimeError("the people at work broke off")
        return json.loads(answers.read_text())

    try:
        yield stop
    finally:
        working.kill()


def _register(place: Place) -> tuple[float, float]:
    """The later run comes in, by the command that brings one: when it began, and how many seconds it took."""
    began = time.time()
    command = [sys.executable, "-c", TRIGPOINT, "web", "register-run", str(place.partnership)]
    done = subprocess.run(command, env=place.environment, check=True, capture_output=True, text=True)
    if "Nothing was changed" in done.stdout:
        raise RuntimeError("the run was there already")
    print(done.stdout, file=sys.stderr)
    return began, time.time() - began


def _pages(answers: Answers, begin: float, end: float, *, size: str, aims: dict[str, float]) -> list[Row]:
    rows, seconds = [], end - begin
    for what, said in SAID.items():
        within = [one for one in answers.get(what, []) if begin <= one[0] < end]
        if not within:
            continue
        half, most = np.quantile([took for _at, took, _status in within], (0.5, 0.95))
        wrong = sorted(status for _at, _took, status in within if status != 200)
        text = f"p50 {1000 * half:.0f} ms, p95 {1000 * most:.0f} ms of {len(within)}" + (
            f", {len(wrong)} answered {', '.join(map(str, wrong[:5]))}" * bool(wrong)
        )
        aim = f"p95 under {1000 * aims[what]:.0f} ms" if what in aims else ""
        rows.append(Row("web", said, size, text, aim=aim))
    number = sum(begin <= one[0] < end for kept in answers.values() for one in kept)
    return [*rows, Row("web", "pages and look-ups a second", size, f"{number / seconds:.1f}")]


def _processor(answers: Answers, since: float, until: float, *, spent: np.ndarray, size: str) -> Row:
    """What one answer of the mixture costs: other work on the machine stretches waiting, but hardly this."""
    number = sum(since <= at < until for kept in answers.values() for at, _took, _status in kept)
    ours, database = 1000 * spent / max(1, number)
    said = f"{ours:.0f} ms, and PostgreSQL's {database:.0f} ms, of {number}"
    return Row("web", "processor for one page or look-up, all of them together", size, said)


def _row(one: dict[str, str], size: str) -> Row:
    return Row("web", one["what"], size, one["ours"], aim=one.get("aim", ""))
