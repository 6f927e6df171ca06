"""A scan as people see it, on the screen or on a page: numbered messages, marked words, plain sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from trigpoint.report import scan as shown
from trigpoint.scanner import Evidence, Signal
from trigpoint.scanner.reading import TITLES, Export, Sent
from trigpoint.services.scan_file import Scan, Scanned, made_with

# Shown as a replacement sign, so that a message can steer neither a terminal nor a page; every place stays the same.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_PARTS = {
    "asks": "asks",
    "complies": "complies",
    "refuses": "refuses",
    "asks_for_help": "asks for help",
    "passes_on": "passes it on",
    "unclear": "too little to tell",
}
_KINDS = {"media": "a picture, video or other file", "system": "written by the app", "deleted": "deleted"}


def show_scan(scan: Scan, *, invented: bool = False) -> shown.ShownScan:
    """The scan in words."""
    export = scan.export
    return shown.ShownScan(
        title="Messages reviewed",
        sha256=export.sha256,
        forms=tuple(dict.fromkeys(TITLES[part.form] for part in export.parts)),
        zone=export.zone,
        read=export.read,
        kinds=export.kinds,
        refused=tuple((_place(export, one.part, one.at), one.why, one.mend) for one in export.refused),
        unread=tuple((printable(one.name), one.why) for one in export.unread),
        notes=export.notes,
        conversations=tuple(_conversation(one, export) for one in scan.conversations),
        accounts=tuple(shown.ShownAccount(printable(a.account), a.sentence) for a in scan.accounts),
        made_with=made_with(scan.pack),
        invented=invented,
    )


def keep_scan(scan: Scan, output: Path, *, invented: bool = False) -> None:
    """Write the review page, or the answers as JSON where `output` ends in .json. It appears whole or not at all."""
    if output.suffix.lower() == ".json":
        text = json.dumps(scan.as_data(), default=str, ensure_ascii=False, indent=1)
    else:
        text = shown.render_scan(show_scan(scan, invented=invented))
    half = output.with_name(output.name + ".part")
    half.write_text(text, encoding="utf-8")
    half.replace(output)


def printable(text: str, /) -> str:
    """The text with control and direction-override characters shown as U+FFFD, each in its place."""
    return _CONTROL.sub("\ufffd", text)


def _conversation(one: Scanned, export: Export) -> shown.ShownConversation:
    answer, zone = one.answer, ZoneInfo(export.zone)
    numbers = {sent.message.id: n for n, sent in enumerate(one.sent, 1)}
    times = [sent.message.sent_at for sent in one.sent if sent.message.sent_at]
    return shown.ShownConversation(
        name=printable(one.name),
        verdict=answer.verdict,
        sentence=answer.sentence,
        span=_span(times, zone),
        senders=tuple(sorted({printable(s.message.sender) for s in one.sent})),
        steps=tuple(
            shown.Step(
                _when(s.at, zone), s.stage, _title(answer.signals, s.behaviour), printable(s.sender), numbers[s.message]
            )
            for s in answer.stages
        ),
        signals=tuple(_signal(s, n, numbers=numbers, zone=zone) for n, s in enumerate(answer.signals, 1)),
        nearly=tuple(dict.fromkeys(f"{printable(s.sender)} {s.title}" for s in answer.nearly)),
        parts=tuple((printable(p.account), _PARTS[p.part], p.why) for p in answer.parts),
        advice=tuple(shown.Advised(a.text, a.source) for a in answer.advice),
        messages=tuple(_messages(one, export, numbers=numbers, zone=zone)),
        searched=answer.searched,
        not_searched=answer.not_searched,
    )


def _title(signals: Sequence[Signal], behaviour: str) -> str:
    return next((s.title for s in signals if s.behaviour == behaviour), behaviour)


def _signal(signal: Signal, number: int, *, numbers: Mapping[str, int], zone: ZoneInfo) -> shown.ShownSignal:
    against = [_counted(e) for e in signal.against_it]
    opinion = signal.opinion
    told = [shown.Counted("learned second opinion", opinion.points)] if opinion.points else []
    return shown.ShownSignal(
        number=number,
        title=signal.title,
        stage=signal.stage,
        sender=printable(signal.sender),
        strength=signal.strength,
        when=_span([t for t in (signal.first_at, signal.last_at) if t], zone).rstrip("."),
        sentence=signal.sentence,
        points=signal.points,
        for_it=(*(_counted(e) for e in signal.for_it), *(t for t in told if t.points > 0)),
        against_it=(*against, *(t for t in told if t.points < 0)),
        usual=signal.usual.sentence if signal.usual else "",
        messages=tuple(sorted({numbers[m] for m in signal.messages})),
    )


def _counted(evidence: Evidence) -> shown.Counted:
    return shown.Counted(evidence.plain, evidence.points, printable(evidence.span.text) if evidence.span else "")


def _messages(
    one: Scanned, export: Export, *, numbers: Mapping[str, int], zone: ZoneInfo
) -> Iterator[shown.ShownMessage]:
    spans: dict[str, list[tuple[int, int, int]]] = {}
    for number, signal in enumerate(one.answer.signals, 1):
        for span in signal.spans:
            spans.setdefault(span.message, []).append((span.start, span.end, number))
    for sent in one.sent:
        message = sent.message
        mine = spans.get(message.id, [])
        yield shown.ShownMessage(
            number=numbers[message.id],
            sender=printable(message.sender),
            when=_when(message.sent_at, zone),
            segments=tuple(segments(printable(message.text), mine)),
            remarks=tuple(_remarks(sent, numbers)),
            signals=tuple(sorted({n for *_, n in mine})),
            place=_place(export, sent.part, sent.at),
        )


def segments(text: str, spans: Sequence[tuple[int, int, int]]) -> Iterator[shown.Segment]:
    """The text cut where spans (start, end, signal) begin and end; joined again, the pieces are the text."""
    cuts = sorted({0, len(text), *(min(max(x, 0), len(text)) for start, end, _ in spans for x in (start, end))})
    for start, end in pairwise(cuts):
        over = tuple(sorted({n for a, b, n in spans if a <= start and end <= b}))
        yield shown.Segment(text[start:end], over)


def _remarks(sent: Sent, numbers: Mapping[str, int]) -> Iterator[str]:
    message = sent.message
    if message.kind != "text":
        yield _KINDS[message.kind]
    if message.edited:
        yield "edited"
    if message.forwarded:
        yield "forwarded"
    if message.reply_to and message.reply_to in numbers:
        yield f"answers no. {numbers[message.reply_to]}"


def _place(export: Export, part: int, at: int) -> str:
    where = f"{export.parts[part].counts} {at}"
    return where if len(export.parts) == 1 else f"file {part + 1}, {where}"


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%-d %B %Y %H:%M}" if at else "time not known"


def _span(times: Sequence[datetime], zone: ZoneInfo) -> str:
    if not times:
        return "Times are not known."
    first, last = _when(min(times), zone), _when(max(times), zone)
    return f"{first}." if first == last else f"{first} to {last}."
