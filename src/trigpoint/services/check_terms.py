"""Check a pack as a whole: every file, every name that one file takes from another, every example, every language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from trigpoint.engines.examples import check_indicators
from trigpoint.errors import TrigpointError
from trigpoint.intake import read_mapping
from trigpoint.rules.policy import read_policy
from trigpoint.rules.spoken.checking import check_words
from trigpoint.services.progress import plural
from trigpoint.terms.catalogue import languages, read_catalogue
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
    if not faults:  # words are compared with what they are the words of
        faults = [fault for language in languages(pack.folder) for fault in check_words(pack, language)]
    return Checked(faults, _said(pack))


def _said(pack: Pack) -> str:
    return (
        f"Pack {pack.name}, version {pack.version}: {plural(len(pack.kinds), 'kind')} of event, "
        f"{plural(len(pack.codes), 'code list')}, {plural(len(pack.indicator_files), 'indicator')}, "
        f"{plural(len(pack.mappings), 'mapping')}{_also(pack)}. Nothing to mend."
    )


def _also(pack: Pack) -> str:
    """The languages beside English."""
    said = [read_catalogue(pack.folder, language) for language in languages(pack.folder)]
    return "".join(f", said in {one.title} too{'' if one.reviewed else ' (drafted by machine)'}" for one in said)


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
