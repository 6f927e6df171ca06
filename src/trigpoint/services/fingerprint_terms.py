"""A fingerprint of what a run goes by beside the facts: whoever changes words that no run keeps re-marks nobody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from trigpoint import __version__
from trigpoint.records.partnership import Partnership
from trigpoint.terms.catalogue import languages
from trigpoint.terms.located import read_yaml
from trigpoint.terms.pack import Pack

# What of a pack no run reads: how new files are read, what scans conversations, what casework says. What was kept in
# English is said in another language when somebody looks at it.
ELSEWHERE = ("mappings", "scanner", "language.yaml", "risk_assessment.yaml")
# Of an indicator, what people read beside its findings, and its tests. The sentence is kept with every finding.
BESIDE = ("source", "practice", "caution", "examples")


def fingerprint_terms(partnership: Partnership, *, day: date, last: str | None = None) -> str:
    """What the settings, the pack, the own places, the day and this version of Trigpoint come to, as two digests.

    The first is of the files as they are written, the second of what they mean to a run. `last` is the fingerprint of
    the last run: where everything is written as it was then, nothing is read again.
    """
    own = [partnership.folder / "partnership.toml", *filter(None, [partnership.own_places])]
    pack_files = list(_files(partnership.pack))
    begun = hashlib.sha256(f"{__version__} {day}".encode())
    for path in own:
        begun.update(path.read_bytes())
    written, meant = begun.copy(), begun
    for path in pack_files:
        written.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    if last is not None and last.startswith(written.hexdigest()):
        return last
    for path in pack_files:
        meant.update(_meaning(path, partnership.pack).encode())
    return f"{written.hexdigest()} {meant.hexdigest()}"


def same_meaning(one: str, other: str) -> bool:
    """Whether two fingerprints mean the same to a run."""
    return _meant(one) == _meant(other)


def _meant(fingerprint: str) -> str:
    return fingerprint.rsplit(maxsplit=1)[-1]


def _files(pack: Pack) -> Iterator[Path]:
    """The files of the pack that a run reads, and any of which nobody has said that it does not."""
    unread = {*ELSEWHERE, *languages(pack.folder)}
    for path in sorted(pack.folder.rglob("*.yaml")):
        if path.relative_to(pack.folder).parts[0] not in unread:
            yield path


def _meaning(path: Path, pack: Pack) -> str:
    """The content of a file without comments and layout, and where it lies."""
    value = read_yaml(path).value
    if path in pack.indicator_files:
        value = {key: said for key, said in value.items() if key not in BESIDE}
    return json.dumps([path.relative_to(pack.folder).as_posix(), value], default=str)
