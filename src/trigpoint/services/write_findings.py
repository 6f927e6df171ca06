"""What a scan found, as an extract that a partnership loads: one row a behaviour in a message, and no words of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import StringIO

from trigpoint.errors import SettingsError
from trigpoint.scanner import Signal
from trigpoint.services.bundle_shape import canonical, now, sha
from trigpoint.services.scan_file import Scan, Scanned

MAPPING = "scan_findings"
COLUMNS = (
    *("Finding", "Case", "Child ID", "Forename", "Surname", "Date of birth", "Sex", "NHS number", "Postcode", "Phone"),
    *("Seen at", "Behaviour", "Stage", "Strength", "Platform", "Own handle", "Other handles", "Other phones"),
    *("Message", "Evidence", "Reported at"),
)
_PLATFORMS = {
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "discord": "Discord",
    "instagram": "Instagram",
    "snapchat": "Snapchat",
    "sms": "text messages",
}
_ACCOUNTS = {"discord", "snapchat", "jsonl", "json"}  # forms whose senders are account names, not names in a phone
_PHONE = re.compile(r"\+?\d[\d ]{8,16}\d")


@dataclass(frozen=True, slots=True)
class ChildOfScan:
    """Whose messages they are: the account as the export names it, and what identifies the child."""

    account: str
    local_id: str = ""
    given: str = ""
    family: str = ""
    born: date | None = None
    sex: str = ""
    nhs_number: str = ""
    postcode: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """An extract of findings: its bytes (CSV), its rows, and how many findings had no time and are not in it.

    `whose` tells one child's findings from another's; it is hashed before it names anything.
    """

    data: bytes
    rows: int
    without_time: int
    conversations: int
    whose: str


def findings_of(
    scan: Scan, child: ChildOfScan, *, case: str = "", platform: str = "", at: datetime | None = None
) -> Findings:
    """The findings of the conversations in which the child's account takes part.

    Raises SettingsError where nothing says who the child is, or where the account is in no conversation.
    """
    if not (child.local_id or (child.family and (child.born or child.given))):
        raise SettingsError(
            "Nothing says which child these messages are of.",
            mend="Give --child ID, or --given, --family and --born.",
        )
    mine = [one for one in scan.conversations if any(s.message.sender == child.account for s in one.sent)]
    if not mine:
        raise SettingsError(
            "The child's account is in no conversation of this export.",
            mend="Give it as the export shows it: --owner NAME (the review page lists the accounts).",
        )
    about = _about(child, case=case, at=at or datetime.now(UTC))
    rows = [row for one in mine for row in _rows(one, scan, child=child, about=about, platform=platform)]
    timed = [row for row in rows if row["Seen at"]]
    return Findings(_csv(timed), len(timed), len(rows) - len(timed), len(mine), whose(about))


def whose(row: Mapping[str, str], /) -> str:
    """Whose findings a row is of."""
    return "|".join(row[part] for part in ("Child ID", "Forename", "Surname", "Date of birth"))


def _about(child: ChildOfScan, *, case: str, at: datetime) -> dict[str, str]:
    return {
        "Case": case,
        "Child ID": child.local_id,
        "Forename": child.given,
        "Surname": child.family,
        "Date of birth": child.born.isoformat() if child.born else "",
        "Sex": child.sex,
        "NHS number": child.nhs_number,
        "Postcode": child.postcode,
        "Phone": child.phone,
        "Reported at": now(at),
    }


def _rows(
    one: Scanned, scan: Scan, *, child: ChildOfScan, about: Mapping[str, str], platform: str
) -> Iterator[dict[str, str]]:
    sent = {s.message.id: s for s in one.sent}
    signals = {(s.sender, s.behaviour): s for s in one.answer.signals}
    for step in one.answer.stages:
        signal = signals.get((step.sender, step.behaviour))
        place = sent[step.message]
        form = scan.export.parts[place.part].form
        key = canonical([scan.export.sha256, one.name, step.message, step.sender, step.behaviour])
        yield {
            **about,
            "Finding": sha(key)[:20],
            "Seen at": now(place.message.sent_at) if place.message.sent_at else "",
            "Behaviour": step.behaviour,
            "Stage": step.stage,
            "Strength": signal.strength if isinstance(signal, Signal) else "",
            "Platform": platform or _PLATFORMS.get(form, ""),
            "Own handle": child.account if form in _ACCOUNTS else "",
            "Other handles": _handles(one, child, form=form),
            "Other phones": _phones(one, child),
            "Message": f"{scan.export.parts[place.part].counts} {place.at}",
            "Evidence": scan.export.sha256,
        }


def _others(one: Scanned, child: ChildOfScan) -> list[str]:
    """The accounts, other than the child's, in which a behaviour of somebody who asks was seen."""
    asks = {p.account for p in one.answer.parts if p.part in ("asks", "passes_on")}
    return sorted(asks - {child.account})


def _handles(one: Scanned, child: ChildOfScan, *, form: str) -> str:
    return ";".join(_others(one, child)) if form in _ACCOUNTS else ""


def _phones(one: Scanned, child: ChildOfScan) -> str:
    found = (_PHONE.search(name) for name in _others(one, child))
    return ";".join(f[0] for f in found if f)


def _csv(rows: list[dict[str, str]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda r: (r["Seen at"], r["Finding"])))
    return text.getvalue().encode()
