"""The scanner as rows of the benchmarks: speed, false alarms, early detection, attacks and roles."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row
from benchmarks.scanner.apart import rows_apart
from benchmarks.scanner.attacks import ATTACKS
from benchmarks.scanner.corpora import conversations, corpora, held_back, looked_at, surface_of
from benchmarks.scanner.early import Case, measured
from benchmarks.scanner.held import by_hand, within_talk
from benchmarks.scanner.material import lines
from benchmarks.scanner.speed import first, rates
from trigpoint.scanner import Message, Scanner

BENIGN = "TRIGPOINT_BENIGN_TEXT"
_TALK = ("sms", "chitchat", "conda", "nps")


def measure(n: int, folder: Path) -> list[Row]:
    """All figures, with at most `n` texts of each corpus of the folders that the environment names (by colons)."""
    del folder
    folders = [Path(name) for name in os.environ.get(BENIGN, "").split(":") if name]
    texts = {name: rows for one in folders for name, rows in corpora(one).items()}
    scanner = Scanner.load()
    rows: list[Row] = []
    if texts:
        rows += _speed(texts, n)
        rows += _alarms(scanner, texts, n)
        rows += _early_in_talk(scanner, texts, n)
    rows += _early_by_hand(scanner)
    rows += rows_apart(scanner)
    rows += _families(scanner)
    rows += _attacks(scanner)
    return rows


def _speed(texts: dict[str, list[dict[str, str]]], n: int) -> Iterator[Row]:
    talk = [_said(name, i, r) for name, rows in texts.items() if name.startswith(_TALK) for i, r in enumerate(rows[:n])]
    random.Random(5).shuffle(talk)  # noqa: S311  drawn for a benchmark, not a secret
    messages = talk[:20_000]
    short = [message.text for message in messages]
    found = rates(short, messages)
    size, own = f"{len(short):,} short messages", found["trigpoint, batches of 1,024"]
    yield Row(
        "scanner", "messages a processor second: trigpoint, batches, words met first", size, f"{first(short):,.0f} /s"
    )
    for name, rate in found.items():
        if name.startswith("trigpoint"):
            aim = "150,000 /s" if "batches" in name else "40,000 /s" if "one at a time" in name else ""
            yield Row("scanner", f"messages a processor second: {name}", size, f"{rate:,.0f} /s", aim=aim)
        else:
            yield Row(
                "scanner", "messages a processor second", size, f"{own:,.0f} /s", f"{rate:,.0f} /s {name}", own / rate
            )


def _alarms(scanner: Scanner, texts: dict[str, list[dict[str, str]]], n: int) -> Iterator[Row]:
    for name, rows in texts.items():
        surface = surface_of(name)
        for half in (True, False):
            some = [row for row in rows if looked_at(row) is half][:n]
            messages = [Message(str(i), "a", r["text"], str(i), surface=surface) for i, r in enumerate(some)]
            alarms = len(scanner.scan_messages(messages))
            which = "looked at" if half else "never looked at"
            yield Row(
                "scanner",
                f"false alarms, {name}, message by message, the half {which}",
                f"{len(some):,}",
                _per_thousand(alarms, len(some)),
                aim="0.10 per 1,000",
            )
        talks = conversations(rows, surface)[: max(50, n // 20)]
        if len(talks) > 1:
            raised = sum(1 for talk in talks if scanner.scan_conversation(talk).signals)
            said = f"{len(talks):,} conversations"
            yield Row("scanner", f"false alarms, {name}, by conversation", said, _per_thousand(raised, len(talks)))


def _early_in_talk(scanner: Scanner, texts: dict[str, list[dict[str, str]]], n: int) -> Iterator[Row]:
    rows = [r for name, many in texts.items() if name.startswith("chitchat") for r in many if held_back(r)]
    talks = conversations(rows, "direct")[: max(40, n // 50)]
    if talks:
        yield from _told("held-back families within real small talk", scanner, within_talk(talks))


def _early_by_hand(scanner: Scanner) -> Iterator[Row]:
    yield from _told("conversations written by hand", scanner, by_hand())
    yield from _told("the same, speakers swapped", scanner, by_hand(swapped=True))
    same = sum(_follows(scanner, a.messages, b.messages) for a, b in zip(by_hand(), by_hand(swapped=True), strict=True))
    yield Row(
        "scanner", "answers that follow the role when speakers are swapped", f"{len(by_hand())}", f"{same} of them"
    )


def _follows(scanner: Scanner, straight: list[Message], swapped: list[Message]) -> bool:
    there = {(s.sender, s.behaviour) for s in scanner.scan_conversation(straight).signals}
    turned = {({"A": "B", "B": "A"}[s.sender], s.behaviour) for s in scanner.scan_conversation(swapped).signals}
    return there == turned


def _told(what: str, scanner: Scanner, cases: list[Case]) -> Iterator[Row]:
    positive = sum(c.positive for c in cases)
    for name, value in measured(scanner, cases).items():
        yield Row("scanner", f"{what}: {name}", f"{positive} of {len(cases)} positive", f"{value:.3f}")


def _families(scanner: Scanner) -> Iterator[Row]:
    for held in (False, True):
        some = [one for one in lines(8) if one.behaviour and one.held is held]
        shown = [{s.behaviour for a in scanner.scan_messages([_one(x.text)]) for s in a.signals} for x in some]
        named = sum(x.behaviour in s for x, s in zip(some, shown, strict=True))
        which = "held-back families" if held else "families trained on"
        yield Row("scanner", f"single lines named rightly, {which}", f"{len(some)}", f"{named / len(some):.3f}")


def _attacks(scanner: Scanner) -> Iterator[Row]:
    some = [one.text for one in lines(6) if one.behaviour]
    clean = [text for text in some if scanner.scan_messages([_one(text)])]
    for name, attack in ATTACKS.items():
        still = sum(1 for text in clean if scanner.scan_messages([_one(attack(text))]))
        yield Row(
            "scanner",
            f"share of clean recall kept under: {name}",
            f"{len(clean)}",
            f"{still / len(clean):.3f}",
            aim="0.900",
        )


def _said(corpus: str, number: int, row: dict[str, str]) -> Message:
    name = f"{corpus} {number}"
    return Message(str(row.get("conv") or name), str(row.get("author") or "a"), row["text"], name)


def _one(text: str) -> Message:
    return Message("c", "a", text, "1")


def _per_thousand(alarms: int, many: int) -> str:
    return f"{alarms} ({1000 * alarms / max(1, many):.2f} per 1,000)"
