"""Whatever bytes are given, reading ends in messages, refusals, or an error that a person can act on."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from trigpoint.errors import TrigpointError
from trigpoint.scanner.reading import TITLES, How, read_export

KEYS = """
    messages chats list type from from_id text date date_unixtime channel author id sender_name timestamp_ms content
    participants title Created Media_Type IsSender sender sent_at recipients text_entities share photos forwardedMessage
    name timestamp""".replace("_T", " T").split()
KEYS = [key.replace("Media", "Media Type") for key in KEYS if key != "Type"]
LEAF = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just("1773497100"), st.just("service")
)
ANY_JSON = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=25,
)  # fmt: skip
AT = 1773497100000
SHAPES = [
    {"sender": "zed", "text": "hi", "sent_at": "2026-03-14T14:05:00Z"},
    {"type": "personal_chat", "messages": [{"from_id": "user1", "date_unixtime": "1773497100", "text": ["a"]}]},
    {"participants": [], "messages": [{"sender_name": "Z", "timestamp_ms": AT, "content": "x"}]},
    {"zed": [{"From": "zed", "Media Type": "TEXT", "Created": "2026-03-14 14:05:00 UTC"}]},
    {"channel": {"type": "x"}, "messages": [{"timestamp": "2026-03-14T09:05:00Z", "author": {"id": "1"}}]},
]
SEEDS = [
    "14/03/2026, 14:05 - Zed: hello\n14/03/2026, 2:05\u202fpm - Robin: yo\n".encode(),
    "[14/03/2026, 14:05:00] Zed: \u200eimage omitted\n".encode(),
    b"date,from,message\n14/03/2026 14:05,zed,hello\n",
    b'<?xml version="1.0"?><smses><sms address="07700 900123" date="%d" type="1" body="x"/></smses>' % AT,
    *(json.dumps(shape).encode() for shape in SHAPES),
]


def held_to_the_promise(data: bytes, form: str | None = None) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        path.write_bytes(data)
        try:
            export = read_export(path, How(form=form))
        except TrigpointError as fault:
            mend = fault.mend
            export = None
    if export is None:
        assert mend
        return
    assert export.read == len(export.sent) + len(export.refused) == sum(export.kinds.values()) + len(export.refused)
    assert len({(s.message.conversation, s.message.id) for s in export.sent}) == len(export.sent)
    for sent in export.sent:
        sent.message.text.encode()
        assert sent.message.sender
        assert sent.message.sent_at is None or sent.message.sent_at.tzinfo is not None


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300), form=st.sampled_from([None, *TITLES]))
def test_any_bytes(data, form):
    held_to_the_promise(data, form)


@settings(max_examples=200, deadline=None)
@given(value=ANY_JSON, form=st.sampled_from([None, "telegram", "discord", "instagram", "snapchat", "json", "jsonl"]))
@example(value={"messages": [{"sender_name": "a", "timestamp_ms": float("inf")}]}, form=None)
def test_any_json_in_the_words_of_the_apps(value: Any, form: str | None):
    held_to_the_promise(json.dumps(value).encode(), form)


@settings(max_examples=200, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    cuts=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 12), st.binary(max_size=6)), max_size=5),
)
def test_real_shapes_with_pieces_knocked_out(seed, cuts):
    for at, length, filling in cuts:
        seed = seed[:at] + filling + seed[at + length :]
    held_to_the_promise(seed)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="0123/.-:,[] -apmAPM~\u200e\u202fZ\n", max_size=120))
def test_anything_like_a_line_of_whatsapp(text):
    held_to_the_promise(("14/03/2026, 14:05 - Zed: hello\n" + text).encode(), "whatsapp")


def test_a_long_line_takes_no_long_time():
    """Nested choices in the patterns would take for ever on these; the test would never end."""
    for piece in ("1", "a", " ", "1/", "\u200e", "14/03/2026, 14:05 ", "[14/03/2026, 14:05:00 ", "<", ": "):
        held_to_the_promise((piece * (20_000 // len(piece))).encode(), "whatsapp")
