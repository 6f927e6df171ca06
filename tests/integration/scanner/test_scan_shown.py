"""What a person sees of a scan: the words in their places, and nothing in a message that can act on the reader."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st
from invented_chat import CHAT, CHILD
from typer.testing import CliRunner

from trigpoint.cli.main import app
from trigpoint.report.scan import render_scan
from trigpoint.services.scan_file import scan_file
from trigpoint.services.show_scan import printable, segments, show_scan

SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 3)), max_size=4)


@given(text=st.text(max_size=12), spans=SPANS)
def test_segments_joined_are_the_text_and_each_place_is_marked(text, spans):
    spans = [(min(a, b), max(a, b), n) for a, b, n in spans]
    made = list(segments(text, spans))
    assert "".join(s.text for s in made) == text
    marks = [set(s.signals) for s in made for _ in s.text]
    assert marks == [{n for a, b, n in spans if a <= i < b} for i in range(len(text))]


@given(st.text())
def test_shown_words_keep_their_places(text):
    assert len(printable(text)) == len(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", printable(text))


def test_every_span_of_an_answer_is_marked_in_its_message():
    scan = scan_file(CHAT)
    (conversation,) = show_scan(scan).conversations
    marked = {m.number: [s.text for s in m.segments if s.signals] for m in conversation.messages}
    assert scan.conversations[0].answer.verdict == "signals"
    for signal in scan.conversations[0].answer.signals:
        for span in signal.spans:
            assert any(part in span.text or span.text in part for part in marked[int(span.message)])
    page = render_scan(show_scan(scan))
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    for link in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{link}"' in page
    assert "script-src" not in page
    assert 'content="default-src ' in page


def test_a_hostile_message_acts_neither_on_a_page_nor_on_a_terminal(tmp_path):
    path = tmp_path / "chat.jsonl"
    text = "<script>x</script> [bold]easy \x1b[2J £200 quick cash\u202e need ur bank card tonight dont tell ur mum"
    lines = [{"sender": "<b>\x1b]0;x", "text": text}, {"sender": "robin", "text": "ok [/]\\"}]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    page = tmp_path / "page.html"
    said = CliRunner().invoke(app, ["scan", str(path), "--html", str(page)])
    assert said.exit_code == 0, said.output
    assert "\x1b]0" not in said.output
    assert "\x1b[2J" not in said.output
    assert "\u202e" not in said.output
    written = page.read_text()
    assert "<script" not in written
    assert "\x1b" not in written
    assert "&lt;script&gt;" in written


def test_the_command_answers_in_words_and_as_data():
    said = CliRunner().invoke(app, ["scan", str(CHAT), "--owner", CHILD])
    assert said.exit_code == 0
    assert "19 read: 1 deleted, 1 media, 1 system, 16 text, 0 refused" in said.output
    assert "may be an exploited child too" in said.output
    data = json.loads(CliRunner().invoke(app, ["scan", str(CHAT), "--json"]).output)
    signal = data["conversations"][0]["signals"][0]
    assert {"behaviour", "for_it", "against_it", "usual", "sentence"} <= signal.keys()
    raw = CHAT.read_text()
    for evidence in signal["for_it"]:
        assert evidence["span"] is None or evidence["span"]["text"] in raw
