"""Whatever comes in, a report comes out that can be read, or a refusal that says why: no traceback, no infinity."""

import json
import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.counts.unseen import Histories, Settings, Verdict, appraise, estimate, look, read_csv, say
from trigpoint.counts.unseen.closed.models import from_frequencies
from trigpoint.errors import CountsError

FAST = Settings(resamples=100, top=5, chains=2, warm_up=10, sweeps=20, link_draws=40)
QUICK = ("independent", "stepwise", "bic", "decomposable", "latent-classes", "mth-chao", "mth-gamma", "m0")


def made(*rows, lists="abcdefgh"):
    width = len(rows[0][0])
    matrix = [[int(c) for c in history] for history, _ in rows]
    return Histories.from_array(matrix, counts=[count for _, count in rows], lists=list(lists[:width]))


def readable(report):
    text = json.dumps(report.as_dict(), allow_nan=False)  # refuses infinity and what is no number
    assert json.loads(text)["verdict"]
    said = "\n".join(say(report))
    assert not re.search(r"\b(inf|nan)\b", said, re.IGNORECASE)
    return said


@st.composite
def sparse(draw):
    lists = draw(st.integers(1, 4))
    histories = draw(st.lists(st.integers(1, (1 << lists) - 1), max_size=12, unique=True))
    counts = np.zeros(1 << lists, dtype=np.int64)
    for history in histories:
        counts[history] = draw(st.sampled_from([0, 1, 1, 2, 3, 7, 40, 900, 50_000]))
    return Histories(tuple("abcde"[:lists]), counts)


@settings(max_examples=20, deadline=None)
@given(sparse())
def test_any_table_ends_in_a_report_that_can_be_read(histories):
    report = appraise(histories, methods=QUICK, settings=FAST, link_errors=((0.05, 0.05),))
    readable(report)
    if report.fitness.verdict is not Verdict.CAUTION:
        assert report.fitness.reasons
    for one in report.estimates:
        assert one.total is None or one.total >= histories.seen - 1e-6
        assert one.total is not None or one.notes
        for limits in one.limits:
            assert limits.high is None or limits.low <= limits.high


@pytest.mark.parametrize(
    ("histories", "why"),
    [
        (made(("100", 40), ("010", 30), ("001", 9)), "No case is on two lists"),
        (made(("1", 40)), "one list"),
        (made(("10", 40)), "one list"),
        (made(("111", 40)), "Every case is on every list"),
        (made(("11", 12), ("00", 0)), "Every case is on every list"),
        (made(("110", 0)), "no case on any list"),
    ],
)
def test_what_cannot_be_estimated_is_refused_with_the_reason(histories, why):
    report = appraise(histories, settings=FAST)
    assert report.fitness.verdict is Verdict.REFUSED
    assert report.estimates == ()
    assert why in " ".join(report.fitness.reasons)
    assert why in readable(report)


@pytest.mark.parametrize(
    ("histories", "why"),
    [
        (made(("100", 400), ("010", 300), ("001", 90), ("110", 3), ("011", 2)), "Only 5 of 795"),
        (made(("10", 40), ("01", 30), ("11", 20)), "Two lists"),
        (made(("110", 40), ("011", 30), ("101", 20)), "Nobody is on one list alone"),
    ],
)
def test_too_thin_an_overlap_is_said_to_deserve_no_trust(histories, why):
    report = appraise(histories, methods=QUICK, settings=FAST)
    assert report.fitness.verdict is Verdict.NO_TRUST
    assert why in " ".join(report.fitness.reasons)
    assert readable(report).startswith("No estimate can be trusted here.")


@pytest.mark.parametrize(
    ("histories", "warning"),
    [
        (made(("110", 30), ("010", 50), ("001", 40), ("011", 20), ("111", 5)), "List 'a' lies within 'b'"),
        (made(("110", 30), ("001", 40), ("111", 20)), "Lists 'a' and 'b' hold the same cases"),
        (made(("110", 30), ("100", 40), ("010", 20), ("001", 9)), "List 'c' has no case in common"),
    ],
)
def test_lists_that_are_no_lists_of_their_own_are_named(histories, warning):
    report = appraise(histories, methods=QUICK, settings=FAST)
    assert warning in " ".join(report.fitness.warnings)
    readable(report)


@pytest.mark.parametrize(
    ("frame", "what", "where"),
    [
        ({"a": [1, 0], "b": [0, 1], "n": [3, -1]}, "negative", "row 2, column 'n'"),
        ({"a": [1, 0], "b": [0, 1], "n": [3, 1.5]}, "not whole", "row 2, column 'n'"),
        ({"a": [1, 2], "b": [0, 1], "n": [3, 1]}, "0 or 1", "row 2, column 'a'"),
        ({"a": [1, None], "b": [0, 1], "n": [3, 1]}, "0 or 1", "row 2, column 'a'"),
        ({"a": [1, 0], "b": [0, 1], "n": [3, "many"]}, "not a number", "row 2, column 'n'"),
        ({"a": [1, 0], "b": [0, 1], "n": [3, float("inf")]}, "not whole", "row 2, column 'n'"),
        ({"a": [1, 0], "b": [0, 0], "n": [3, 7]}, "7 cases are on no list", None),
        ({"n": [3, 7]}, "no column of a list", None),
        ({"a": [1], "n": [1], "count": [2]}, "Both 'n' and 'count'", None),
        ({f"list{j}": [1, 0] for j in range(16)}, "16 lists", None),
        ({"a": [1, 0], "b": [0]}, "columns of one length", None),
    ],
)
def test_what_is_no_table_of_histories_is_refused_with_its_place(frame, what, where):
    with pytest.raises(CountsError) as fault:
        Histories.of(frame)
    assert what in str(fault.value)
    assert fault.value.where == where
    assert fault.value.mend or where is None


@pytest.mark.parametrize("content", [b"", b"a,b,n\n", b"\xff\xfe\x00", b"a,a,n\n1,0,3\n", b"a,b,n\n1,0\n", b'"'])
def test_a_file_that_is_no_table_is_refused(tmp_path, content):
    path = tmp_path / "lists.csv"
    path.write_bytes(content)
    with pytest.raises(CountsError) as fault:
        Histories.of(read_csv(path))
    assert fault.value.mend


def crowd(lists):
    """1,500 invented people on so many independent lists."""
    rng = np.random.default_rng(1)
    people = rng.random((1_500, lists)) < rng.uniform(0.01, 0.08, lists)
    return Histories.from_array(people[people.any(axis=1)].astype(int))


def test_fifteen_lists_are_estimated():
    names = ("independent", "bic", "thresholding", "decomposable", "mth-chao", "latent-classes")
    found = {name: estimate(crowd(15), name, settings=FAST) for name in names}
    for name in ("independent", "decomposable", "mth-chao"):
        assert found[name].total == pytest.approx(1_500, rel=0.35)
    for name in ("bic", "thresholding"):
        assert found[name].total is None
        assert "merge lists" in found[name].notes[0]
    assert found["latent-classes"].total > crowd(15).seen


def test_ten_lists_are_chosen_among_stepwise():
    found = estimate(crowd(10), "stepwise", settings=FAST)
    assert found.at(0.95).low < 1_500 < found.at(0.95).high


def test_the_same_from_every_kind_of_frame():
    columns = {"a": [1, 0, 1], "b": [0, 1, 1], "n": [40, 30, 10]}
    frames = [columns, pa.table(columns), pd.DataFrame(columns), pl.DataFrame(columns)]
    assert {tuple(Histories.of(frame).counts.tolist()) for frame in frames} == {(0, 40, 30, 10)}
    one_a_row = {"a": [True, False, True], "b": [False, True, True]}
    assert Histories.of(one_a_row).counts.tolist() == [0, 1, 1, 1]
    assert Histories.from_members({"a": ["k1", "k2"], "b": ["k2", "k3"]}).counts.tolist() == [0, 1, 1, 1]


def test_two_lists_are_estimated_as_lincoln_and_petersen_did_and_given_no_trust():
    histories = made(("10", 40), ("01", 30), ("11", 10))
    assert estimate(histories, "independent").total == pytest.approx(50 * 40 / 10)
    assert look(histories).verdict is Verdict.NO_TRUST


def test_counts_of_times_seen_are_enough_where_lists_cannot_be_told_apart():
    """A Poisson process of 300 people at rate 1, invented: the zero class is read from the others."""
    times = np.bincount(np.random.default_rng(4).poisson(1.0, 300))[1:].astype(float)
    found = from_frequencies(times, occasions=None)
    assert abs(found.total - 300) < 3 * found.error
    assert from_frequencies(times, occasions=None, form="Chao").total > found.total * 0.8
    assert not np.isfinite(from_frequencies(np.array([5.0, 0.0]), occasions=4).total)
