"""A referral bundle: what a platform (or a helpline) sends a partnership about one child, and how it is taken in."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO
from pathlib import Path

from trigpoint.errors import ExtractError, SettingsError
from trigpoint.scanner.reading import How
from trigpoint.services.bundle_evidence import Bundled, write_bundle
from trigpoint.services.place_findings import place_findings
from trigpoint.services.scan_file import scan_file
from trigpoint.services.verify_bundle import verify_bundle
from trigpoint.services.write_findings import COLUMNS, ChildOfScan, Findings, findings_of, whose

FINDINGS = "findings.csv"


def refer(
    source: Path,
    output: Path,
    child: ChildOfScan,
    *,
    by: str,
    case: str,
    platform: str = "",
    how: How | None = None,
    at: datetime | None = None,
) -> Bundled:
    """Scan `source` and write a referral bundle: an evidence bundle with the findings as an extract in it.

    Raises SettingsError where the child is not said, nobody is named, or nothing was found to refer.
    """
    scan = scan_file(source, how)
    findings = findings_of(scan, child, case=case, platform=platform, at=at)
    if not findings.rows:
        raise SettingsError(
            "Nothing was found with a time, so there is nothing to load.",
            mend="Send the evidence bundle instead: trigpoint bundle.",
        )
    more = {FINDINGS: findings.data}
    return write_bundle(scan, source, output, by=by, reason=case, how=how or How(), at=at, more=more)


def receive_referral(bundle: Path, folder: Path, *, source: str | None = None, seal: str | None = None) -> Path:
    """Check a referral bundle and put its findings among the files of a source; `trigpoint run` then loads them.

    Raises ExtractError where the bundle is not whole or is no referral, SettingsError as `place_findings` does.
    """
    checked = verify_bundle(bundle, seal=seal)
    if checked.faults:
        raise ExtractError(
            f"The bundle is not whole: {checked.faults[0]}", mend="Ask the sender for it again; nothing was loaded."
        )
    data = checked.files.get(FINDINGS)
    if checked.kind != "referral" or data is None:
        raise ExtractError("This bundle holds no findings to load.", mend="Ask for a referral bundle.")
    rows = list(csv.DictReader(StringIO(data.decode("utf-8", "replace"))))
    if not rows or set(rows[0]) != set(COLUMNS):
        raise ExtractError(
            "The findings are not in the layout that is loaded.", mend="Ask the sender for a new bundle."
        )
    findings = Findings(data, len(rows), 0, 0, whose(rows[0]))
    return place_findings(
        findings, folder, evidence=rows[0]["Evidence"] if _is_sha(rows[0]) else checked.seal, source=source
    )


def _is_sha(row: dict[str, str]) -> bool:
    """The hash names a file, and a bundle comes from outside."""
    return len(row["Evidence"]) == 64 and set(row["Evidence"]) <= set("0123456789abcdef")
