"""JSON lines, tables, posts, archives: what is bad is refused with its reason, and the totals add up. All invented."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trigpoint.errors import ExtractError, SettingsError, TrigpointError
from trigpoint.scanner.reading import How, read_export
from trigpoint.scanner.reading import files as opening

WHEN = datetime(2026, 3, 14, 14, 5, tzinfo=UTC)


def write(tmp_path: Path, text: str | bytes, name: str) -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_json_lines_refuse_a_bad_line_and_read_the_rest(tmp_path):
    good = {"conversation": "c", "sender": "zed", "text": "hello \ud800", "id": "1", "sent_at": "2026-03-14T14:05:00Z",
            "recipients": ["robin"], "surface": "game", "reply_to": "0", "edited": True, "forwarded": True}  # fmt: skip
    bad = [
        "{not json",
        "[]",
        json.dumps({"text": "no sender"}),
        json.dumps({"sender": "zed"}),
        json.dumps({"sender": "zed", "text": 5}),
        json.dumps({"sender": "zed", "text": "x", "kind": "secret"}),
        json.dumps({"sender": "zed", "text": "x", "surface": "moon"}),
        json.dumps({"sender": "zed", "text": "x", "sent_at": "soon"}),
        json.dumps({"sender": "zed", "text": "x", "recipients": "robin"}),
        "[" * 100_000,
    ]
    last = {"sender": "robin", "kind": "deleted", "sent_at": 1773497100}
    export = read_export(write(tmp_path, "\n".join([json.dumps(good), "", *bad, json.dumps(last)]), "chat.jsonl"))
    first, second = (s.message for s in export.sent)
    assert (first.text, first.sent_at, first.recipients, first.surface) == ("hello \ufffd", WHEN, ("robin",), "game")
    assert first.edited
    assert first.forwarded
    assert (second.conversation, second.kind, second.sent_at) == ("chat", "deleted", WHEN)
    assert [r.at for r in export.refused] == list(range(3, 3 + len(bad)))
    assert export.read == len(bad) + 2
    assert all("zed" not in r.why + r.mend for r in export.refused)


def test_two_wordings_of_one_message_are_both_kept(tmp_path):
    lines = [json.dumps({"sender": "zed", "text": t, "id": "7", "conversation": "c"}) for t in ("before", "after")]
    export = read_export(write(tmp_path, "\n".join(lines), "x.jsonl"))
    assert [(s.message.id, s.message.text) for s in export.sent] == [("7", "before"), ("7#2", "after")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_by_its_usual_names(tmp_path, delimiter):
    rows = [
        ["Timestamp", "From", "Body", "Thread"],
        ["14/03/2026 14:05", "zed", '"two\nlines"', "c1"],
        ["", "zed", "x", ""],
    ]
    text = "\n".join(delimiter.join(r) for r in rows)
    export = read_export(write(tmp_path, text, "talk.csv"))
    first, second = (s.message for s in export.sent)
    assert (first.conversation, first.sender, first.text, first.sent_at) == ("c1", "zed", "two\nlines", WHEN)
    assert (second.conversation, second.sent_at) == ("talk", None)
    assert [s.at for s in export.sent] == [2, 4]


def test_a_table_of_other_names_is_read_by_the_columns_given(tmp_path):
    path = write(tmp_path, "when;wer;was\n2026-03-14 14:05;zed;hallo\nmorgen;zed;x\n", "t.csv")
    with pytest.raises(ExtractError, match="no export that is known"):
        read_export(path)
    columns = {"text": "was", "sender": "wer", "sent_at": "when"}
    export = read_export(path, How(form="csv", columns=columns))
    assert export.sent[0].message.sent_at == WHEN
    assert [r.at for r in export.refused] == [3]
    with pytest.raises(SettingsError, match="no field 'words'"):
        read_export(path, How(form="csv", columns={"words": "was"}))
    with pytest.raises(SettingsError, match="no column"):
        read_export(path, How(form="csv", columns={"text": "gone"}))


def test_posts_are_single_items(tmp_path):
    export = read_export(
        write(tmp_path, "earn £500\ntoday\n---\n\nselling a bike\n", "p.txt"), How(form="posts", surface="advert")
    )
    assert [(s.message.text, s.at, s.message.surface) for s in export.sent] == [
        ("earn £500\ntoday", 1, "advert"),
        ("selling a bike", 4, "advert"),
    ]
    assert len(export.conversations()) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_that_phones_and_desks_write(tmp_path, encoding):
    path = write(tmp_path, "14/03/2026, 14:05 - Zoë: £200 café\n".encode(encoding), "c.txt")
    message = read_export(path).sent[0].message
    assert (message.sender, message.text) == ("Zoë", "£200 café")


def archive(tmp_path: Path, members: dict[str, bytes]) -> Path:
    path = tmp_path / "WhatsApp Chat - Zed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def test_a_zip_is_read_where_it_lies_and_names_what_it_left(tmp_path):
    path = archive(
        tmp_path,
        {
            "_chat.txt": b"[14/03/2026, 14:05:00] Zed: hello\n",
            "../../evil.jsonl": b'{"sender": "zed", "text": "x"}',
            "notes.txt": b"not a chat",
            "photo.jpg": b"\xff\xd8",
            "broken.json": b"{",
        },
    )
    export = read_export(path)
    assert sorted(s.message.conversation for s in export.sent) == ["../../evil", "Zed"]
    assert {u.name for u in export.unread} == {"notes.txt", "photo.jpg", "broken.json"}
    assert not list(tmp_path.parent.glob("evil*"))
    assert len(export.sha256) == 64


def test_a_zip_that_unpacks_without_end_is_not_unpacked(tmp_path):
    path = archive(tmp_path, {"bomb.txt": b"0" * 30_000_000, "_chat.txt": b"[14/03/2026, 14:05:00] Zed: hello\n"})
    export = read_export(path)
    assert [s.message.text for s in export.sent] == ["hello"]
    assert "far more than its size" in export.unread[0].why


def test_bounds_on_number_and_size_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_FILES", 2)
    with pytest.raises(ExtractError, match="more than 2 files"):
        read_export(archive(tmp_path, {f"{n}.txt": b"" for n in range(3)}))
    monkeypatch.setattr(opening, "MOST_BYTES", 10)
    with pytest.raises(ExtractError, match="larger"):
        read_export(write(tmp_path, "14/03/2026, 14:05 - Zed: hello\n", "c.txt"))


def test_a_folder_is_read_as_its_zip(tmp_path):
    folder = tmp_path / "data" / "inbox"
    folder.mkdir(parents=True)
    for n in (1, 2):
        message = {"sender_name": "Zed", "timestamp_ms": 1773497100000 + n, "content": f"part {n}"}
        thread = {"participants": [], "title": "Zed", "thread_path": "inbox/zed_1", "messages": [message]}
        write(folder, json.dumps(thread), f"message_{n}.json")
    export = read_export(tmp_path / "data")
    assert [s.message.text for s in export.conversations()["Zed (1)"]] == ["part 1", "part 2"]
    assert len({s.message.id for s in export.sent}) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [("just words", "a.txt"), ("", "a.txt"), ("{", "a.json"), ("[1", "a.json"), ("<xml/>", "a.xml"), ("{}", "a.json"),
     ("PK\3\4 broken", "a.zip"), ("[" * 200_000, "a.json"), ('{"a": ' + "9" * 5000 + "}", "a.json")],
)  # fmt: skip
def test_what_is_no_export_says_so_and_how_to_go_on(tmp_path, text, name):
    with pytest.raises(ExtractError) as fault:
        read_export(write(tmp_path, text, name))
    assert fault.value.mend


def test_wrong_options_say_so(tmp_path):
    path = write(tmp_path, "14/03/2026, 14:05 - Zed: hello\n", "c.txt")
    with pytest.raises(SettingsError, match="no form of export 'whatsap'"):
        read_export(path, How(form="whatsap"))
    with pytest.raises(SettingsError, match="time zone"):
        read_export(path, How(zone="Europe/Atlantis"))
    with pytest.raises(TrigpointError, match="no such file"):
        read_export(tmp_path / "gone.txt")
