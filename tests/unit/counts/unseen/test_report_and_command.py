"""The report as people meet it: on the screen, as a page, as JSON, and from the manual's example."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trigpoint.cli.main import app
from trigpoint.counts.unseen import Settings, Verdict, appraise, say
from trigpoint.errors import CountsError, SettingsError
from trigpoint.report.unseen import render_unseen
from unit.counts.unseen.published import FOLDER, histories

FAST = Settings(resamples=200, chains=4, warm_up=50, sweeps=100, link_draws=40)
MANUAL = Path(__file__).parents[4] / "docs" / "unseen.md"


@pytest.fixture(scope="module")
def uk():
    return appraise(histories("UKdat_5"), settings=FAST, made_from="Published in 2015.")


def unseen(*args):
    return CliRunner().invoke(app, ["unseen", *map(str, args)], env={"COLUMNS": "400"})


def test_there_is_never_one_number(uk):
    said = "\n".join(say(uk))
    assert uk.spread == (pytest.approx(11_313, abs=1), pytest.approx(22_991, abs=1))
    assert "between 11,313 and 22,991" in said
    assert "None of them is the answer" in said
    totals = [round(one.total) for one in uk.near_best[:4]]
    assert totals == [22_991, 12_262, 25_978, 11_313]
    for total in totals:
        assert f"{total:,}" in said


def test_every_estimate_says_what_it_assumes_and_where_it_was_published(uk):
    assert len(uk.estimates) == 15
    for one in uk.estimates:
        assert one.assumes
        assert re.search(r"\d{4}", one.source)
    by_draws = [one.at(0.95) for one in uk.estimates if one.by.startswith("BCa")]
    assert len(by_draws) == 2
    assert all(one.low_error > 0 for one in by_draws)


def test_each_list_is_predicted_from_the_others_and_the_prediction_held_to_it(uk):
    by_list = {(one.list, one.method): one for one in uk.predicted}
    assert by_list["PFNCA", "stepwise"].truth == 1_169
    for one in uk.predicted:
        if one.holds is not None:
            high = float("inf") if one.limits.high is None else one.limits.high
            assert one.holds == (one.limits.low <= one.truth <= high)
        else:
            assert one.why


def test_missed_links_lower_the_estimate_and_false_links_raise_it(uk):
    """Mending a missed link adds overlap; mending a false one takes some away."""
    found = {(one.false_links, one.missed_links): one.median for one in uk.relinked if one.method == "independent"}
    assert found[0.0, 0.1] < found[0.0, 0.05] < found[0.0, 0.0] < found[0.02, 0.0] < found[0.05, 0.0]


def test_the_odds_of_two_lists_move_the_estimate_the_way_they_must(uk):
    """Lists that seek each other out overlap more than chance: fewer of the cases are seen than the overlap says."""
    for pair in {one.lists for one in uk.depending}:
        less, more = (one.total for one in uk.depending if one.lists == pair)
        assert less < more


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"} and value and value[0] != "#"]


def test_the_page_holds_itself_and_fetches_nothing(uk):
    text = render_unseen(uk.as_dict(), title="Try & see")
    page = Page()
    page.feed(text)
    assert "script" not in page.tags
    assert page.links == []
    assert page.tags.count("svg") == 2
    assert page.tags.count("h1") == 1
    assert "Try &amp; see" in text
    assert 'content="default-src' in text
    for one in (
        "No one of them is the answer",
        "Before you quote this",
        "Tried on what is known",
        "no seed was chosen",
    ):
        assert one in text


def test_a_refusal_is_a_page_too():
    lonely = histories("UKdat_5").among("GP")[0]
    report = appraise(lonely, settings=FAST)
    assert report.fitness.verdict in (Verdict.REFUSED, Verdict.NO_TRUST)
    assert report.fitness.reasons[0] in render_unseen(report.as_dict(), title="Lonely")


def test_names_of_lists_cannot_break_the_page():
    from trigpoint.counts.unseen import Histories

    data = Histories.of({"<script>x": [1, 0, 1, 1], "b&b": [0, 1, 1, 0], "c": [0, 0, 0, 1], "n": [40, 30, 10, 5]})
    text = render_unseen(appraise(data, methods=("independent",), settings=FAST).as_dict(), title="x")
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


def test_the_command_on_a_file(tmp_path):
    out, page = tmp_path / "unseen.json", tmp_path / "unseen.html"
    names = [f"--method={name}" for name in ("independent", "stepwise")]
    done = unseen("--lists", FOLDER / "kosovo_aggregate.csv", *names, "--resamples", 200, "-o", out, "-o", page)
    assert done.exit_code == 0, done.output
    assert "Log-linear, stepwise: 14,342" in done.output
    found = json.loads(out.read_text())
    assert found["seen"] == 4_400
    assert [one["method"] for one in found["estimates"]] == ["independent", "stepwise"]
    assert "<h2" in page.read_text()
    assert not list(tmp_path.glob("*.part"))


def test_the_command_parts_a_file_by_a_column(tmp_path):
    path = tmp_path / "lists.csv"
    path.write_text("sex,a,b,c,n\n" + "".join(
        f"{sex},{h >> 2 & 1},{h >> 1 & 1},{h & 1},{40 // (1 + h.bit_count() ** 2) + i}\n"
        for i, sex in enumerate("FM") for h in range(1, 8)))  # fmt: skip
    done = unseen("--lists", path, "--strata", "sex", "--method", "independent", "--resamples", 100)
    assert done.exit_code == 0, done.output
    assert re.search(r"^  F: \d+ seen", done.output, re.MULTILINE)
    assert re.search(r"^  M: \d+ seen", done.output, re.MULTILINE)


@pytest.mark.parametrize(
    ("content", "options", "what"),
    [
        ("a,b,n\n1,0,-4\n", [], "row 1, column 'n'"),
        ("a,b,n\n1,0,4\n", ["--method", "guess"], "There is no method 'guess'"),
        ("a,b,n\n1,0,4\n", ["-o", "unseen.docx"], "HTML or JSON"),
        ("a,b,n\n1,0,4\n", ["--strata", "moon"], "no column 'moon'"),
        (None, [], "one of them"),
    ],
)
def test_the_command_refuses_in_words(tmp_path, content, options, what):
    path = tmp_path / "lists.csv"
    given = []
    if content:
        path.write_text(content)
        given = ["--lists", path]
    done = unseen(*given, *options)
    assert isinstance(done.exception, CountsError | SettingsError)
    assert what in str(done.exception)


def test_the_manual_s_example_runs(capsys):
    [code] = re.findall(r"```python\n(.*?)```", MANUAL.read_text(), re.DOTALL)
    exec(compile(code, "manual", "exec"), {})  # noqa: S102 - our own page
    assert "To be read with caution" in capsys.readouterr().out


def test_lists_that_cannot_predict_one_another_deserve_no_trust():
    """One list takes only those whom another has not (invented): what either misses cannot be read from the other."""
    from trigpoint.counts.unseen import Histories

    data = Histories.of({
        "a": [1, 0, 0, 1, 1, 0, 1], "b": [0, 1, 0, 1, 0, 1, 1], "c": [0, 0, 1, 0, 1, 1, 1],
        "n": [20, 30, 25, 400, 300, 350, 2],
    })  # fmt: skip
    report = appraise(data, methods=("independent",), settings=FAST)
    assert report.fitness.verdict is Verdict.NO_TRUST
    assert any("even among themselves" in reason for reason in report.fitness.reasons)
