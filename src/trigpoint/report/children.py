"""The children with proposed markers, as the page shows them: in order of stated reasons, never of a score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from trigpoint.report.data import MOST, ReportData
from trigpoint.report.figures import DataTable
from trigpoint.report.wording import day, listed, number, sentence, several, short_day, span, within


@dataclass(frozen=True)
class Reason:
    """A finding in words: what, when, and who saw it."""

    says: str
    when: str
    seen_by: str


@dataclass(frozen=True)
class Proposal:
    """One proposed marker of a child."""

    form: str
    why: str
    would_change: str
    reasons: list[Reason]
    more_reasons: int
    also: list[str]


NOT_YET_CLEAR = "not_yet_clear"


@dataclass(frozen=True)
class NotKnown:
    """Indicators of which it is not known whether they are met, and why not."""

    why: str
    indicators: list[str]
    more: int


@dataclass(frozen=True)
class Child:
    """One child as the page shows it."""

    key: str
    about: str
    forms: list[str]
    missing_now: bool
    newest: str
    proposals: list[Proposal]
    seen_by: DataTable
    not_known: list[NotKnown]
    more_not_known: int


def children(data: ReportData) -> list[Child]:
    """At most `MOST["children"]` children: missing now first, then by newest evidence, then by key."""
    rows = data.children.to_pylist()
    rows.sort(key=lambda row: (not row["missing_now"], -_ordinal(row["newest_on"]), row["child_key"]))
    proposals = _by(data.proposals, "child_key")
    reasons = _by(data.reasons, "proposal_id")
    seen = _by(data.seen_by, "child_key")
    unknown = _by(data.not_known, "child_key")
    return [
        _child(
            data,
            row,
            proposals=_proposals(data, proposals[row["child_key"]], reasons=reasons),
            seen=seen[row["child_key"]],
            unknown=unknown[row["child_key"]],
        )
        for row in rows[: MOST["children"]]
    ]


def _child(
    data: ReportData,
    row: dict[str, Any],
    *,
    proposals: list[Proposal],
    seen: list[dict[str, Any]],
    unknown: list[dict[str, Any]],
) -> Child:
    not_known = _not_known(data, unknown)
    return Child(
        key=row["child_key"],
        about=_about(data, row),
        forms=_forms(data, proposals),
        missing_now=bool(row["missing_now"]),
        newest=day(row["newest_on"]),
        proposals=proposals,
        seen_by=_seen(data, seen, key=row["child_key"]),
        not_known=not_known[: MOST["not_known_each"]],
        more_not_known=max(0, len(not_known) - MOST["not_known_each"]),
    )


def _forms(data: ReportData, proposals: list[Proposal]) -> list[str]:
    """The forms proposed, each once; that none is clear yet is said only where none is."""
    forms = list(dict.fromkeys(proposal.form for proposal in proposals))
    clear = [form for form in forms if form != data.words.say("forms", NOT_YET_CLEAR)]
    return clear or forms


def _about(data: ReportData, row: dict[str, Any]) -> str:
    parts = [f"aged {row['age']}" if row["age"] is not None else "age not known"]
    parts.append({"F": "girl", "M": "boy"}.get(row["sex"] or "", "sex not known"))
    parts.append(data.words.say("areas", row["area"]) if row["area"] else "area not known")
    if row["in_care"]:
        parts.append("looked after")
    return ", ".join(parts)


def _proposals(
    data: ReportData, rows: list[dict[str, Any]], *, reasons: dict[str, list[dict[str, Any]]]
) -> list[Proposal]:
    rows.sort(key=lambda row: (-_ordinal(row["to_on"]), row["form"]))
    return [_proposal(data, row, reasons=reasons[row["proposal_id"]]) for row in rows]


def _proposal(data: ReportData, row: dict[str, Any], *, reasons: list[dict[str, Any]]) -> Proposal:
    reasons.sort(key=lambda reason: (-_ordinal(reason["to_on"]), reason["indicator"]))
    also = ["Part of it happened online."] if row["online"] else []
    if row["overlap_cse"]:
        also.append("Sexual exploitation is named as well. Look at both; neither takes the place of the other.")
    return Proposal(
        form=data.words.say("forms", row["form"]),
        why=sentence(row["why"] or ""),
        would_change=sentence(row["what_would_change"] or ""),
        reasons=[_reason(data, reason) for reason in reasons[: MOST["reasons_each"]]],
        more_reasons=max(0, len(reasons) - MOST["reasons_each"]),
        also=also,
    )


def _reason(data: ReportData, row: dict[str, Any]) -> Reason:
    return Reason(
        says=sentence(row["sentence"]),
        when=span(row["from_on"], row["to_on"]),
        seen_by=listed([data.words.agency(code) for code in row["agencies"] or []]),
    )


def _seen(data: ReportData, rows: list[dict[str, Any]], *, key: str) -> DataTable:
    rows.sort(key=lambda row: (-_ordinal(row["last_on"]), row["agency"]))
    return DataTable(
        f"Which agencies saw what of child {key}",
        ["Agency", "What it saw", "From", "To", "Events"],
        [
            [
                data.words.say("agencies", row["agency"]),
                listed([within(data.words.say("kinds", kind)) for kind in row["kinds"] or []]),
                short_day(row["first_on"]),
                short_day(row["last_on"]),
                number(row["events"]),
            ]
            for row in rows
        ],
        numbers=1,
    )


def _not_known(data: ReportData, rows: list[dict[str, Any]]) -> list[NotKnown]:
    """What is not known, gathered under what would have to be sent for it to be known."""
    gathered: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        gathered[tuple(row["missing"] or ())].append(data.words.say("indicators", row["indicator"]))
    found = []
    for kinds, indicators in sorted(gathered.items(), key=lambda item: (-len(item[1]), item[0])):
        named = listed([within(data.words.say("kinds", kind)) for kind in kinds])
        found.append(
            NotKnown(
                why=f"Not sent for all of the time: {named}" if kinds else "A value that is needed was not recorded",
                indicators=indicators[: MOST["not_known_each"]],
                more=max(0, len(indicators) - MOST["not_known_each"]),
            )
        )
    return found


def _by(table: pa.Table, column: str) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        grouped[row[column]].append(row)
    return grouped


def _ordinal(when: date | None) -> int:
    return when.toordinal() if when else 0


def in_short(data: ReportData, shown: Iterable[Child]) -> list[str]:
    """The numbers in plain words."""
    missing = sum(child.missing_now for child in shown)
    said = [
        f"{several(data.sources.num_rows, 'source').capitalize()} sent what makes {number(data.events)} events about "
        f"{several(data.children_known, 'child', plural='children')}, told in {several(data.records, 'record')}.",
        f"For {several(data.children_in_all, 'child', plural='children')} the evidence proposes a marker "
        f"({several(data.proposals_in_all, 'proposal')}). A person has to decide on each.",
    ]
    if missing:
        said.append(
            f"{several(missing, 'of them is', plural='of them are').capitalize()} missing now. They stand first below."
        )
    refused, read = _sum(data.sources, "refused"), _sum(data.sources, "read")
    if read:
        said.append(
            f"Of {number(read)} rows read, {number(refused)} could not be taken "
            f"({100 * refused / read:.1f}%). Each is kept with its reason and how to mend it."
        )
    silent = _sum(data.recording, "kinds_silent")
    if silent:
        said.append(f"{number(silent)} times an agency claims to report a kind of event and sent none for a month.")
    questions = _sum(data.attention, "questions")
    if questions:
        said.append(f"{several(questions, 'question').capitalize()} about who is who wait for a person's answer.")
    return said


def _sum(table: pa.Table, column: str) -> int:
    return sum(value or 0 for value in table[column].to_pylist())
