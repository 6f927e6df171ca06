"""WhatsApp's text in the settings of many phones. Every line is invented."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trigpoint.scanner.reading import Export, How, read_export

NNB, LRM = "\u202f", "\u200e"
SAME = datetime(2026, 3, 14, 14, 5, tzinfo=UTC)


def read(tmp_path: Path, text: str, how: How | None = None) -> Export:
    path = tmp_path / "WhatsApp Chat with Robin.txt"
    path.write_text(text, encoding="utf-8")
    return read_export(path, how)


@pytest.mark.parametrize(
    "line",
    [
        "14/03/2026, 14:05 - Zed: hello there",
        "14/03/2026, 2:05 pm - Zed: hello there",
        f"14/03/2026, 2:05{NNB}pm - Zed: hello there",
        "3/14/26, 2:05 PM - Zed: hello there",
        "[14/03/2026, 14:05:00] Zed: hello there",
        f"{LRM}[14/03/2026, 14:05:00] Zed: hello there",
        f"[3/14/26, 2:05:00{NNB}PM] Zed: hello there",
        "14.03.26, 14:05 - Zed: hello there",
        "[14.03.26, 14:05:00] Zed: hello there",
        "14.3.2026 klo 14.05 - Zed: hello there".replace(" klo", ","),
        "2026-03-14 14:05 - Zed: hello there",
        "2026/03/14, 14:05 - Zed: hello there",
        "14-03-2026 14:05 - Zed: hello there",
        "14/03/2026, 2:05 p. m. - Zed: hello there",
        "14/03/26, 2:05 μ.μ. - Zed: hello there",
        "[14/03/2026, 2:05:00 p.m.] ~ Zed: hello there".replace("~ ", f"~{NNB}"),
    ],
)
def test_a_line_says_the_same_however_the_phone_is_set(tmp_path, line):
    export = read(tmp_path, line + "\n")
    (sent,) = export.sent
    assert (sent.message.sender, sent.message.text, sent.message.kind) == ("Zed", "hello there", "text")
    assert sent.message.sent_at == SAME
    assert sent.message.conversation == "Robin"
    assert export.notes == ()


def test_dates_that_leave_it_open_are_settled_by_their_course_and_it_is_said(tmp_path):
    months = [f"{m}/2/26, 09:00 - Zed: line {m}" for m in (1, 2, 3)]
    export = read(tmp_path, "\n".join(["1/11/25, 09:00 - Zed: a", *months]))
    assert [s.message.sent_at.month for s in export.sent] == [1, 1, 2, 3]
    assert "month first" in export.notes[0]
    days = read(tmp_path, "01/02/2026, 09:00 - Zed: a\n03/01/2027, 09:00 - Zed: b\n")
    assert [s.message.sent_at.month for s in days.sent] == [2, 1]
    assert "day first" in days.notes[0]
    told = read(tmp_path, "01/02/2026, 09:00 - Zed: a\n", How(dates="month"))
    assert told.sent[0].message.sent_at.day == 2
    assert told.notes == ()


def test_clock_times_are_of_the_zone_given_summer_time_and_all(tmp_path):
    line = "14/07/2026, 14:05 - Zed: x\n"
    assert read(tmp_path, line).sent[0].message.sent_at == datetime(2026, 7, 14, 13, 5, tzinfo=UTC)
    there = read(tmp_path, line, How(zone="America/New_York"))
    assert there.sent[0].message.sent_at == datetime(2026, 7, 14, 18, 5, tzinfo=UTC)


CHAT = """14/03/2026, 14:00 - Messages and calls are end-to-end encrypted. Tap to learn more.
14/03/2026, 14:00 - Zed created group "easy ps: invented"
14/03/2026, 14:01 - Zed: first line
second line: with a colon

fourth line
14/03/2026, 14:02 - Robin: <Media omitted>
14/03/2026, 14:03 - Zed: This message was deleted
14/03/2026, 14:04 - Zed: come now <This message was edited>
14/03/2026, 14:05 - \u202a+44 7700 900123\u202c: IMG-20260314-WA0001.jpg (file attached)
14/03/2026, 14:06 - Robin: IMG-20260314-WA0002.jpg (file attached)
look at this
14/03/2026, 14:07 - Robin: null
14/03/2026, 14:08 - Zed added Robin
45/13/2026, 14:09 - Zed: no such day
14/03/2026, 14:10 - Robin: 10:30 is fine
"""


def test_media_deleted_edited_and_the_apps_own_lines_are_told_apart(tmp_path):
    export = read(tmp_path, CHAT)
    kinds = [(s.message.sender, s.message.kind) for s in export.sent]
    assert kinds == [
        ("WhatsApp", "system"),
        ("WhatsApp", "system"),
        ("Zed", "text"),
        ("Robin", "media"),
        ("Zed", "deleted"),
        ("Zed", "text"),
        ("+44 7700 900123", "media"),
        ("Robin", "text"),
        ("Robin", "system"),
        ("WhatsApp", "system"),
        ("Robin", "text"),
    ]
    texts = [s.message.text for s in export.sent]
    assert texts[2] == "first line\nsecond line: with a colon\n\nfourth line"
    assert texts[5] == "come now"
    assert [s.message.edited for s in export.sent].index(True) == 5
    assert {s.message.surface for s in export.sent} == {"group"}
    assert [(r.at, r.why) for r in export.refused] == [(15, "There is no such date or time.")]
    assert export.read == len(export.sent) + len(export.refused) == 12


def test_an_iphones_own_words_carry_its_mark(tmp_path):
    text = (
        f"[14/03/2026, 14:00:00] Zed: {LRM}Messages and calls are end-to-end encrypted.\n"
        f"{LRM}[14/03/2026, 14:01:00] Zed: {LRM}image omitted\n"
        f"[14/03/2026, 14:02:00] Zed: {LRM}This message was deleted.\n"
        f"[14/03/2026, 14:03:00] Zed: {LRM}Dieses Video wurde nicht geladen\n"
        f"[14/03/2026, 14:04:00] Zed: {LRM}<attached: 00000012-PHOTO-2026.jpg>\n"
        f"[14/03/2026, 14:05:00] Zed: meet me {LRM}<This message was edited>\n"
        f"[14/03/2026, 14:06:00] Zed: {LRM}Location: https://maps.invalid/?q=51,0\n"
    )
    kinds = [s.message.kind for s in read(tmp_path, text).sent]
    assert kinds == ["system", "media", "deleted", "system", "media", "text", "text"]


def test_what_stands_before_the_first_message_is_refused_and_counted(tmp_path):
    export = read(tmp_path, "A heading\n14/03/2026, 14:05 - Zed: hello\n")
    assert [r.at for r in export.refused] == [1]
    assert export.read == 2
