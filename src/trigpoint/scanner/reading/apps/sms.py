"""Text messages as "SMS Backup & Restore" writes them in XML. No entity is ever followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from trigpoint.scanner.message import Message
from trigpoint.scanner.reading.found import How, Item, Refused, Sent
from trigpoint.scanner.reading.times import since_1970
from trigpoint.scanner.reading.values import clean, name_of

# The app writes characters beyond U+FFFF (most emoji) as two half references, which XML does not allow.
_HALVES = re.compile(rb"&#(5[5-7]\d{3});&#(5[5-7]\d{3});")
_NOT_SENT = {"3": "a draft", "4": "still waiting to go", "5": "not delivered", "6": "still waiting to go"}
_UNKNOWN = ("", "null", "(Unknown)")
_SENDER, _RECIPIENTS = "137", ("151", "130", "129")


def looks_like_sms(data: bytes, /) -> bool:
    """Whether it is such a backup."""
    return b"<smses" in data[:4096]


def read_sms(data: bytes, how: How, /) -> Iterator[Item]:
    """Every text and picture message, by the number or contact at the other end."""
    at = 0
    walker = etree.iterparse(
        BytesIO(_HALVES.sub(_whole, data)), events=("end",), tag=("sms", "mms"),
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
    )  # fmt: skip
    try:
        for _, found in walker:
            at += 1
            yield _sms(found, at, how) if found.tag == "sms" else _mms(found, at, how)
            found.clear()
    except etree.XMLSyntaxError as fault:
        yield Refused(at + 1, f"The XML breaks off or is broken at line {fault.lineno}.", "Make the backup again.")


def _whole(pair: re.Match[bytes]) -> bytes:
    high, low = int(pair[1]), int(pair[2])
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return pair[0]


def _told(of: Any, key: str) -> str:
    value = of.get(key) or ""
    return "" if value == "null" else clean(str(value))


def _other(of: Any) -> str:
    name = name_of(_told(of, "contact_name"))
    number = name_of(_told(of, "address"))
    return f"{name} ({number})" if name not in _UNKNOWN and number else number or name or "unknown number"


def _sms(one: Any, at: int, how: How) -> Item:
    box, when = _told(one, "type"), since_1970(_told(one, "date"))
    if box in _NOT_SENT:
        return Refused(at, f"This text was {_NOT_SENT[box]}.", "Nothing: it was not sent.")
    if when is None:
        return Refused(at, "This text has no time that can be read.", "Make the backup again.")
    other, text = _other(one), _told(one, "body")
    return Sent(
        Message(
            conversation=other,
            sender=how.owner if box == "2" else other,
            text=text,
            id=f"sms-{at}",
            sent_at=when,
            surface=how.surface or "direct",
            kind="text" if text.strip() else "media",
        ),
        at,
    )


def _mms(one: Any, at: int, how: How) -> Item:
    when = since_1970(_told(one, "date"))
    if when is None:
        return Refused(at, "This picture message has no time that can be read.", "Make the backup again.")
    texts = [_told(part, "text") for part in one.iter("part") if _told(part, "ct") == "text/plain"]
    text = "\n".join(t for t in texts if t)
    ends = {_told(a, "type"): name_of(_told(a, "address")) for a in one.iter("addr")}
    others = name_of(_told(one, "address")).replace("~", ", ")
    many = "," in others
    from_us = _told(one, "msg_box") == "2" or ends.get(_SENDER) == "insert-address-token"
    sender = how.owner if from_us else (ends.get(_SENDER) if many else None) or _other(one)
    return Sent(
        Message(
            conversation=others if many else _other(one),
            sender=sender,
            text=text,
            id=f"mms-{at}",
            sent_at=when,
            surface=how.surface or ("group" if many else "direct"),
            kind="text" if text.strip() else "media",
        ),
        at,
    )
