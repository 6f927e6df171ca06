"""Check a pack as a whole: every file, every name that one file takes from another, every example."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from trigpoint.engines.examples import check_indicators
from trigpoint.errors import TrigpointError
from trigpoint.intake import read_mapping
from trigpoint.rules.policy import read_policy
from trigpoint.services.progress import plural
from trigpoint.terms.pack import Pack, load_pack


@dataclass(frozen=True)
class Checked:
    """What a check found: the faults, each with file, position and mend, and a line that says what was looked at."""

    faults: list[TrigpointError]
    summary: str


def check_terms(name: str = "england_wales") -> Checked:
    """Check the pack `name` (or the pack folder at that path)."""
    try:
        pack = load_pack(name)
    except TrigpointError as fault:
        return Checked([fault], "")
    faults = [*check_indicators(pack), *_policy(pack), *_mappings(pack)]
    return Checked(faults, _said(pack))


def _said(pack: Pack) -> str:
    return (
        f"Pack {pack.name}, version {pack.version}: {plural(len(pack.kinds), 'kind')} of event, "
        f"{plural(len(pack.codes), 'code list')}, {plural(len(pack.indicator_files), 'indicator')}, "
        f"{plural(len(pack.mappings), 'mapping')}. Nothing to mend."
    )


def _policy(pack: Pack) -> Iterator[TrigpointError]:
    yield from _fault(partial(read_policy, pack))


def _mappings(pack: Pack) -> Iterator[TrigpointError]:
    for path in pack.mappings.values():
        yield from _fault(partial(read_mapping, path, pack))


def _fault(read: Callable[[], object]) -> Iterator[TrigpointError]:
    try:
        read()
    except TrigpointError as fault:
        yield fault
