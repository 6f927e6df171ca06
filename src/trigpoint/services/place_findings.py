"""Findings of a scan put where a partnership loads them: a file of a source whose agreement covers it."""

from __future__ import annotations

from pathlib import Path

from trigpoint.errors import SettingsError
from trigpoint.records.partnership import Feed, Partnership, SourceSettings, read_partnership
from trigpoint.services.bundle_shape import sha
from trigpoint.services.write_findings import MAPPING, Findings

_SNIPPET = """\
[[sources.feeds]]
name = "scans"
files = ["sources/NAME/scan_*.csv"]
mapping = "scan_findings"
"""


def place_findings(findings: Findings, folder: Path, *, evidence: str, source: str | None = None) -> Path:
    """Write the extract among the files of a source with a feed that reads it; return where it stands.

    `evidence` is the SHA-256 of the export: findings of the same export for the same child take the place of earlier
    ones. Raises SettingsError where no source has such a feed, or several have and none is named.
    """
    partnership = read_partnership(folder)
    feed = _feed(partnership, source)
    if feed.each_file != "adds":
        raise SettingsError(
            "Each file of this feed replaces the one before, so findings of one scan would push out another's.",
            where=f"partnership.toml, feed {feed.name}",
            mend='Set each_file = "adds".',
        )
    target = partnership.folder / _name(feed, evidence, findings)
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.part")
    half.write_bytes(findings.data)
    half.replace(target)
    return target


def _feed(partnership: Partnership, source: str | None) -> Feed:
    sources = [partnership.source(source)] if source else list(partnership.sources)
    found = [(s, feed) for s in sources for feed in s.feeds if feed.mapping == MAPPING]
    if not found:
        raise SettingsError(
            f"No source here has a feed with the mapping '{MAPPING}'.",
            where="partnership.toml",
            mend=f"Add a source for whoever scanned, with its agreement and coverage, and this feed:\n{_SNIPPET}",
        )
    if len({s.name for s, _ in found}) > 1:
        raise SettingsError(
            "Several sources load findings of scans.",
            mend=f"Say which: --source {' or --source '.join(_names(found))}",
        )
    return found[0][1]


def _names(found: list[tuple[SourceSettings, Feed]]) -> list[str]:
    return sorted({s.name for s, _ in found})


def _name(feed: Feed, evidence: str, findings: Findings) -> str:
    """A file that the feed's pattern takes, named by hashes alone: names of people stand in no file name."""
    pattern = next((p for p in feed.files if p.count("*") == 1 and "?" not in p and "[" not in p), None)
    if pattern is None:
        raise SettingsError(
            "The feed's file pattern holds no single '*', so no new file can be named.",
            where=f"partnership.toml, feed {feed.name}",
            mend='Write it as files = ["sources/NAME/scan_*.csv"].',
        )
    return pattern.replace("*", f"{evidence[:12]}_{sha(findings.whose.encode())[:8]}")
