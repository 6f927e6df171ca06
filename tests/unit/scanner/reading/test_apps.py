"""Exports of the other apps, in the shapes that they write. Every word, name and number is invented."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trigpoint.scanner.reading import Export, How, read_export


def read(tmp_path: Path, value: Any, how: How | None = None, *, name: str = "export.json") -> Export:
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return read_export(path, how)


def told(export: Export) -> list[tuple[str, str, str, str]]:
    return [(s.message.conversation, s.message.sender, s.message.kind, s.message.text) for s in export.sent]


TELEGRAM = {
    "name": "Zed",
    "type": "personal_chat",
    "id": 77,
    "messages": [
        {"id": 1, "type": "service", "date": "2026-03-14T14:00:00", "date_unixtime": "1773497100", "actor": "Zed",
         "actor_id": "user1", "action": "create_chat", "text": ""},
        {"id": 2, "type": "message", "date_unixtime": "1773497160", "from": "Zed", "from_id": "user1",
         "text": ["get ", {"type": "bold", "text": "£200"}, " today"], "edited_unixtime": "1773497200"},
        {"id": 3, "type": "message", "date": "2026-03-14T14:07:00", "from": "Robin", "from_id": "user2",
         "reply_to_message_id": 2, "text": "how", "text_entities": [{"type": "plain", "text": "how"}]},
        {"id": 4, "type": "message", "date_unixtime": "1773497280", "from": "Zed", "from_id": "user3",
         "photo": "(File not included.)", "text": ""},
        {"id": 5, "type": "message", "date_unixtime": "1773497290", "from": None, "from_id": "user4",
         "forwarded_from": "a channel", "text": "pass it on"},
        {"id": 6, "type": "message", "text": "no time"},
        7,
        {"id": 8, "type": "message", "date_unixtime": "1773497290", "from": "Zed", "from_id": "user1", "text": 5},
    ],
}  # fmt: skip


def test_telegram(tmp_path):
    export = read(tmp_path, TELEGRAM)
    assert told(export) == [
        ("Zed", "Zed", "system", ""),
        ("Zed", "Zed", "text", "get £200 today"),
        ("Zed", "Robin", "text", "how"),
        ("Zed", "Zed (user3)", "media", ""),
        ("Zed", "user4", "text", "pass it on"),
    ]
    second, third, last = (export.sent[i].message for i in (1, 2, 4))
    assert second.edited
    assert third.reply_to == second.id == "2"
    assert third.sent_at == datetime(2026, 3, 14, 14, 7, tzinfo=UTC)
    assert last.forwarded
    assert [r.at for r in export.refused] == [6, 7, 8]


def test_a_whole_telegram_account_keeps_chats_of_one_name_apart(tmp_path):
    one = {"id": 1, "type": "message", "date_unixtime": "1773497160", "from": "Zed", "from_id": "user1", "text": "a"}
    chats = [{"name": "Work", "type": "private_group", "id": n, "messages": [one]} for n in (5, 6)]
    export = read(tmp_path, {"chats": {"list": chats}})
    assert [s.message.conversation for s in export.sent] == ["Work", "Work (6)"]
    assert {s.message.surface for s in export.sent} == {"group"}


def discord(kind: str, *messages: dict[str, Any]) -> dict[str, Any]:
    return {
        "guild": {"id": "0", "name": "Direct Messages"},
        "channel": {"id": "9", "type": kind, "category": "Private", "name": "Zed"},
        "messages": list(messages),
    }


def test_discord(tmp_path):
    zed = {"id": "10", "name": "zed.invented", "discriminator": "0000", "nickname": "Z"}
    stamp = "2026-03-14T09:05:00.473-05:00"
    then = datetime(2026, 3, 14, 14, 5, 0, 473_000, tzinfo=UTC)
    export = read(
        tmp_path,
        discord(
            "DirectTextChat",
            {"id": "1", "type": "Default", "timestamp": stamp, "timestampEdited": stamp, "content": "yo",
             "author": zed},
            {"id": "2", "type": "Reply", "timestamp": stamp, "content": "what", "reference": {"messageId": "1"},
             "author": {"id": "11", "name": "robin", "discriminator": "1234"}},
            {"id": "3", "type": "Call", "timestamp": stamp, "content": "Started a call", "author": zed},
            {"id": "4", "type": "Default", "timestamp": stamp, "content": "",
             "attachments": [{"id": "1"}], "author": zed},
            {"id": "5", "type": "Default", "timestamp": stamp, "content": "",
             "forwardedMessage": {"content": "join my team"}, "author": zed},
            {"id": "6", "type": "Default", "timestamp": "yesterday", "content": "x", "author": zed},
        ),
    )  # fmt: skip
    assert told(export) == [
        ("Private / Zed", "zed.invented", "text", "yo"),
        ("Private / Zed", "robin#1234", "text", "what"),
        ("Private / Zed", "zed.invented", "system", "Started a call"),
        ("Private / Zed", "zed.invented", "media", ""),
        ("Private / Zed", "zed.invented", "text", "join my team"),
    ]
    assert export.sent[0].message.sent_at == then
    assert export.sent[0].message.edited
    assert export.sent[1].message.reply_to == "1"
    assert export.sent[4].message.forwarded
    assert export.sent[0].message.surface == "direct"
    assert read(tmp_path, discord("GuildTextChat", *[])).read == 0


def spoilt(text: str) -> str:
    """As these exports write it: each byte of UTF-8 as a character."""
    return text.encode().decode("latin-1")


def test_instagram_sets_spoilt_characters_right(tmp_path):
    export = read(
        tmp_path,
        {
            "participants": [{"name": spoilt("Zoë")}, {"name": "Robin"}],
            "title": spoilt("Zoë"),
            "thread_path": "inbox/zoe_123456",
            "messages": [
                {"sender_name": spoilt("Zoë"), "timestamp_ms": 1773497160000, "content": spoilt("it’s £200 🔌")},
                {"sender_name": "Robin", "timestamp_ms": 1773497100000,
                 "content": "Reacted \u00e2\u009d\u00a4 to your message"},
                {"sender_name": "Robin", "timestamp_ms": 1773497110000, "photos": [{"uri": "x.jpg"}]},
                {"sender_name": "Robin", "timestamp_ms": 1773497120000, "is_unsent": True},
                {"sender_name": "Robin", "timestamp_ms": 1773497130000, "content": "Zoe sent an attachment.",
                 "share": {"link": "https://example.invalid", "share_text": spoilt("earn £500 a week")}},
                {"sender_name": "Robin", "timestamp_ms": 1773497140000, "content": "café"},
                {"sender_name": "Robin", "content": "no time"},
            ],
        },
    )  # fmt: skip
    assert told(export) == [
        ("Zoë (123456)", "Zoë", "text", "it’s £200 🔌"),
        ("Zoë (123456)", "Robin", "system", "Reacted ❤ to your message"),
        ("Zoë (123456)", "Robin", "media", ""),
        ("Zoë (123456)", "Robin", "deleted", ""),
        ("Zoë (123456)", "Robin", "text", "earn £500 a week"),
        ("Zoë (123456)", "Robin", "text", "café"),
    ]
    assert [r.at for r in export.refused] == [7]
    in_order = next(iter(export.conversations().values()))
    assert in_order[-1].message.text == "it’s £200 🔌"


def test_snapchat_in_both_layouts(tmp_path):
    row = {"From": "zed_invented", "Media Type": "TEXT", "Created": "2026-03-14 14:05:00 UTC", "Content": "u up",
           "Conversation Title": None, "IsSender": False, "Created(microseconds)": 1773497100123}  # fmt: skip
    mine = {**row, "From": "robin_invented", "Content": "yeah", "IsSender": True}
    gone = {**row, "Media Type": "STATUSERASEDMESSAGE", "Content": ""}
    new = read(tmp_path, {"zed_invented": [row, mine, gone, {"From": "x"}, None]})
    assert told(new) == [
        ("zed_invented", "zed_invented", "text", "u up"),
        ("zed_invented", "robin_invented", "text", "yeah"),
        ("zed_invented", "zed_invented", "deleted", ""),
    ]
    assert len(new.refused) == 2
    old = read(
        tmp_path,
        {
            "Received Saved Chat History": [
                {"From": "zed", "Media Type": "TEXT", "Created": "2026-03-14 14:05:00 UTC", "Text": "u up"}
            ],
            "Sent Saved Chat History": [
                {"To": "zed", "Media Type": "MEDIA", "Created": "2026-03-14 14:06:00 UTC", "Text": ""}
            ],
        },
        How(owner="robin"),
    )
    assert told(old) == [("zed", "zed", "text", "u up"), ("zed", "robin", "media", "")]
    assert old.sent[0].message.sent_at == datetime(2026, 3, 14, 14, 5, tzinfo=UTC)


SMS = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<!DOCTYPE smses [<!ENTITY secret SYSTEM "file:///etc/hostname"><!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<smses count="6">
  <sms protocol="0" address="+447700900123" date="1773497100000" type="1" body="you owe &#163;300 &#55357;&#56832;"
       contact_name="(Unknown)" />
  <sms protocol="0" address="+447700900123" date="1773497160000" type="2" body="i cant pay" contact_name="null" />
  <sms protocol="0" address="+447700900123" date="1773497170000" type="3" body="never sent" />
  <sms protocol="0" address="+447700900123" date="soon" type="1" body="x" />
  <mms date="1773497180000" msg_box="1" address="+447700900123~+447700900124" m_type="132">
    <parts><part seq="0" ct="image/jpeg" text="null" /><part seq="1" ct="text/plain" text="see this" /></parts>
    <addrs><addr address="+447700900124" type="137" /><addr address="+447700900125" type="151" /></addrs>
  </mms>
  <mms date="1773497190" msg_box="2" address="+447700900123"><parts><part ct="image/jpeg" text="null"/></parts></mms>
</smses>"""


def test_text_messages_with_broken_emoji_and_no_entity_followed(tmp_path):
    export = read(tmp_path, SMS, How(owner="Robin"), name="sms.xml")
    number, both = "+447700900123", "+447700900123, +447700900124"
    assert told(export) == [
        (number, number, "text", "you owe £300 😀"),
        (number, "Robin", "text", "i cant pay"),
        (both, "+447700900124", "text", "see this"),
        (number, "Robin", "media", ""),
    ]
    assert [r.why for r in export.refused] == ["This text was a draft.", "This text has no time that can be read."]
    assert export.sent[3].message.sent_at == datetime(2026, 3, 14, 14, 6, 30, tzinfo=UTC)


def test_an_entity_in_a_text_message_is_never_followed(tmp_path):
    bad = SMS.replace('body="i cant pay"', 'body="x &b; &secret;"')
    said = str(read(tmp_path, bad, name="sms.xml").sent)
    assert "aaaa" not in said
    assert Path("/etc/hostname").read_text().strip() not in said if Path("/etc/hostname").exists() else True


def test_a_backup_that_breaks_off_gives_what_came_before(tmp_path):
    export = read(tmp_path, SMS[: SMS.index("<mms")], name="sms.xml")
    assert len(export.sent) == 2
    assert "breaks off" in export.refused[-1].why
