"""The doors for a platform: a stream with state, and batches as Arrow. Every message is invented."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from trigpoint.cli.main import app
from trigpoint.errors import ExtractError, SettingsError
from trigpoint.scanner import Message, Scanner, StateError
from trigpoint.services.scan_batch import ANSWERS, scan_arrow, scan_table
from trigpoint.services.scan_stream import ScanStream

TALK = [
    ("zed", "yo u tryna make some quick cash this weekend? easy £200 no risk"),
    ("robin", "how"),
    ("zed", "just need ur bank card for a day u keep half"),
    ("zed", "dont tell ur mum or no one, delete this chat after"),
    ("zed", "turn ur live location on n send me a vid every hour so i know ur there"),
    ("robin", "ok"),
]
LINES = [
    json.dumps({"conversation": "c", "sender": who, "text": text, "id": f"m{n}", "sent_at": 1773497100 + 60 * n})
    for n, (who, text) in enumerate(TALK)
]


def raised(answers) -> set[tuple[str, str]]:
    return {(a["signal"]["sender"], a["signal"]["behaviour"]) for a in answers if "signal" in a}


def test_a_stream_that_is_stopped_and_taken_up_shows_what_one_that_ran_through_shows(tmp_path):
    whole = ScanStream()
    everything = raised(whole.answers(LINES))
    assert ("zed", "mule_recruitment") in everything
    state = tmp_path / "state"
    in_parts: set[tuple[str, str]] = set()
    for i in (0, 2, 4):
        in_parts |= raised(ScanStream(state=state).answers(LINES[i : i + 2]))
    assert everything <= in_parts
    last = ScanStream(state=state).stream.conversation("c")
    assert last.verdict == whole.stream.conversation("c").verdict == "signals"
    assert {s.behaviour for s in last.signals} == {s.behaviour for s in whole.stream.conversation("c").signals}
    assert b"quick cash" not in state.read_bytes()


def test_the_order_of_lines_does_not_change_what_a_conversation_shows():
    shown = []
    for lines in (LINES, LINES[::-1], LINES[3:] + LINES[:3], LINES[1::2] + LINES[::2]):
        scanning = ScanStream()
        list(scanning.answers(lines, batch=2))
        shown.append([(s.behaviour, s.sender, s.points) for s in scanning.stream.conversation("c").signals])
    assert shown.count(shown[0]) == len(shown)


def test_what_is_sent_again_after_a_crash_adds_nothing():
    once, twice = ScanStream(), ScanStream()
    list(once.answers(LINES))
    list(twice.answers([*LINES, *LINES[2:]]))
    assert twice.stream.conversation("c").signals == once.stream.conversation("c").signals


def test_bad_lines_are_answered_with_their_number_and_the_rest_goes_on():
    scanning = ScanStream()
    answers = list(scanning.answers(["nonsense", *LINES, "{}", ""], batch=3))
    assert [a["refused"] for a in answers if "refused" in a] == [1, len(LINES) + 2]
    assert (scanning.tally.messages, scanning.tally.refused) == (len(LINES), 2)
    assert raised(answers)


def test_state_is_saved_as_time_goes(tmp_path):
    now = iter(range(0, 1000, 40))
    scanning = ScanStream(state=tmp_path / "state", save_every=60, clock=lambda: next(now))
    answers = scanning.answers(LINES, batch=1)
    next(answers)
    for _ in answers:
        pass
    assert (tmp_path / "state").stat().st_size > 50
    assert not (tmp_path / "state.part").exists()


def test_damaged_state_is_refused(tmp_path):
    (tmp_path / "state").write_bytes(b"not a state")
    with pytest.raises(StateError):
        ScanStream(state=tmp_path / "state")


def test_the_command_is_a_pipe_that_answers_line_by_line(tmp_path):
    """A line is answered before the next is sent, as a live service needs."""
    command = [
        sys.executable,
        "-c",
        "from trigpoint.cli.main import run; run()",
        "scan-stream",
        "--state",
        tmp_path / "s",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"\xff\xfe\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["refused"] == 1
        rest, said = process.communicate("\n".join(LINES).encode())
    assert raised(json.loads(line) for line in rest.splitlines())
    assert b"7 read: 6 messages, 1 refused" in said
    assert process.returncode == 0


def table(**more: list) -> pa.Table:
    return pa.table({"id": [str(n) for n in range(len(TALK))], "text": [t for _, t in TALK], **more})


def test_a_table_gives_what_the_messages_give_one_by_one():
    one_by_one = Scanner.load().scan_messages(
        [Message(str(n), "", text, id=str(n)) for n, (_, text) in enumerate(TALK)]
    )
    made = scan_table(table())
    assert made.schema == ANSWERS
    assert made.num_rows > 0
    said = [(r["row"], r["behaviour"], r["points"]) for r in made.to_pylist()]
    assert said == [(a.at, s.behaviour, s.points) for a in one_by_one for s in a.signals]
    for row in made.to_pylist():
        text = TALK[row["row"]][1]
        assert all(text[a:b].strip() for a, b in zip(row["starts"], row["ends"], strict=True))


@pytest.mark.parametrize("ending", [".parquet", ".arrow", ".arrows"])
def test_files_go_through_in_batches_and_rows_count_through(tmp_path, ending, monkeypatch):
    monkeypatch.setattr("trigpoint.services.scan_batch.ROWS", 4)
    source, output = tmp_path / "in.parquet", tmp_path / f"out{ending}"
    many = pa.concat_tables([table()] * 3)
    pq.write_table(many, source)
    said = CliRunner().invoke(app, ["scan-batch", str(source), "-o", str(output)])
    assert said.exit_code == 0, said.output
    again = tmp_path / "again.parquet"
    assert scan_arrow(source, again)[0] == many.num_rows
    rows = pq.read_table(again).column("row").to_pylist()
    assert rows == scan_table(many).column("row").to_pylist()
    assert max(rows) >= 2 * len(TALK)


def test_times_surfaces_and_nulls_are_taken_as_they_come():
    when = pa.array([1773497100, None] * 3, pa.timestamp("ms", tz="UTC"))
    made = scan_table(table(sent_at=when, surface=["post", None] * 3))
    assert made.num_rows > 0
    assert scan_table(pa.table({"text": pa.array([None, ""], pa.string())})).num_rows == 0


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (pa.table({"words": ["x"]}), "no column 'text'"),
        (pa.table({"text": [["x"]]}), "'text' is not text"),
        (pa.table({"text": ["x"], "sent_at": ["soon"]}), "'sent_at' is no time"),
        (pa.table({"text": ["x"], "surface": ["moon"]}), "unknown word"),
    ],
)
def test_a_table_that_cannot_be_right_says_where(bad, said):
    with pytest.raises(ExtractError, match=said):
        scan_table(bad)


def test_files_that_are_none_leave_nothing_behind(tmp_path):
    broken = tmp_path / "in.parquet"
    broken.write_bytes(b"no")
    with pytest.raises(ExtractError):
        scan_arrow(broken, tmp_path / "out.parquet")
    assert [p.name for p in tmp_path.iterdir()] == ["in.parquet"]
    with pytest.raises(SettingsError):
        scan_arrow(Path("x.csv"), tmp_path / "out.parquet")
