"""What was published before is joined in: neither its hidden cells nor a small change since can be worked out.

The attacker here is written apart from the code: whole numbers, over both releases at once.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_tables import cross
from scipy.optimize import Bounds, LinearConstraint, milp

from trigpoint.counts import DFE, DFE_EXACT_TOTALS, Earlier, Published, Rule, protect
from trigpoint.errors import CountsError

often = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
sizes = st.sampled_from([(2, 2), (2, 3), (3, 3)])


def kept(name: str, published: Published) -> Earlier:
    return Earlier(name, published.kept)


def told(frame: pa.Table, published: pa.Table, rule: Rule) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts, and between which numbers a reader knows each to lie."""
    counts = np.array(frame["count"].to_pylist())
    low, high = counts.astype(float), counts.astype(float)
    for i, (count, row) in enumerate(zip(counts.tolist(), published.to_pylist(), strict=True)):
        if row["shown"] == "c":
            low[i], high[i] = (rule.hide_from, rule.hide_to) if rule.small(count) else (rule.hide_to + 1, count + 300)
        elif row["shown"] == ":":
            low[i], high[i] = 0, count + 300
        elif row["why"] == "rounded":
            low[i], high[i] = rule.rounded_from(0 if row["shown"] == "k" else int(row["shown"]))
        else:
            assert row["shown"] == str(count)
    return counts, low, high


def sums(shape: tuple[int, int]) -> np.ndarray:
    high, wide = shape[0] + 1, shape[1] + 1
    number = np.arange(high * wide).reshape(high, wide)
    rows = []
    for line in [*number, *number.T]:
        row = np.zeros(number.size)
        row[line[:-1]], row[line[-1]] = 1, -1
        rows.append(row)
    return np.array(rows)


def ranges(then: tuple, now: tuple, *, shape: tuple[int, int], aims: list[np.ndarray]) -> list[float]:
    """How far each aim (weights of then, then of now) can range, knowing both releases and that no count fell."""
    one = sums(shape)
    size = one.shape[1]
    both = np.block([[one, np.zeros_like(one)], [np.zeros_like(one), one]])
    rules = [LinearConstraint(both, 0, 0)]
    if (now[0] >= then[0]).all():
        rules.append(LinearConstraint(np.hstack([-np.eye(size), np.eye(size)]), 0, np.inf))
    bounds = Bounds(np.concatenate([then[1], now[1]]), np.concatenate([then[2], now[2]]))
    found = []
    for aim in aims:
        ends = []
        for sign in (1, -1):
            answer = milp(sign * aim, integrality=np.ones(2 * size), bounds=bounds, constraints=rules)
            assert answer.x is not None, "what is published contradicts itself"
            ends.append(aim @ np.round(answer.x))
        found.append(ends[1] - ends[0])
    return found


def narrow(then: tuple, now: tuple, *, shape: tuple[int, int], rule: Rule) -> int:
    """How many protected numbers, then, now or of the change, can be had to within less than the width.

    A zero is no secret by the rule, also where it stands hidden with the others of its line.
    """
    size = len(then[0])
    every = np.eye(2 * size)
    hidden = [(told[2] - told[1] > 200) & (told[0] > 0) for told in (then, now)]
    aims = [every[i] for i in range(size) if rule.small(then[0][i]) or hidden[0][i]]
    aims += [every[size + i] for i in range(size) if rule.small(now[0][i]) or hidden[1][i]]
    change = now[0] - then[0]
    aims += [every[size + i] - every[i] for i in range(size) if rule.small(abs(change[i]))]
    return sum(width < rule.width for width in ranges(then, now, shape=shape, aims=aims))


@often
@given(shape=sizes, seed=st.integers(0, 10_000), falls=st.booleans(), rule=st.sampled_from([DFE, DFE_EXACT_TOTALS]))
def test_two_releases_cannot_be_subtracted(shape: tuple[int, int], seed: int, falls: bool, rule: Rule) -> None:
    chance = np.random.default_rng(seed)
    first = chance.poisson(chance.gamma(0.8, 12.0, size=shape))
    more = chance.poisson(0.8, size=shape) - (chance.poisson(0.4, size=shape) if falls else 0)
    frames = [cross(np.maximum(inner, 0)) for inner in (first, first + more)]
    before = protect(frames[0], rule, overlapping=())
    after = protect(frames[1], rule, overlapping=(), earlier=[kept("R1", before)])
    then, now = (told(f, p.tables["t"], rule) for f, p in zip(frames, (before, after), strict=True))
    assert narrow(then, now, shape=shape, rule=rule) == 0


def test_the_attacker_of_these_tests_subtracts_where_releases_are_not_joined() -> None:
    frames = [cross(np.array(inner)) for inner in ([[20, 30], [12, 14]], [[20, 32], [12, 14]])]
    apart = [protect(frame, DFE_EXACT_TOTALS, overlapping=()) for frame in frames]
    then, now = (told(f, p.tables["t"], DFE_EXACT_TOTALS) for f, p in zip(frames, apart, strict=True))
    assert narrow(then, now, shape=(2, 2), rule=DFE_EXACT_TOTALS) > 0
    joined = protect(frames[1], DFE_EXACT_TOTALS, overlapping=(), earlier=[kept("R1", apart[0])])
    assert joined.note.compared_with == ("R1",)
    assert joined.tables["t"]["shown"].to_pylist()[1] == "c"
    assert "R1" in joined.done["t"]


def test_a_third_release_is_joined_with_both_before() -> None:
    inner = np.array([[20, 30, 9], [12, 14, 3]])
    out: list[Earlier] = []
    for more in (0, 2, 1):
        inner = inner + np.array([[0, more, 0], [0, 0, 0]])
        published = protect(cross(inner), DFE_EXACT_TOTALS, overlapping=(), earlier=out)
        out.append(kept(f"R{len(out) + 1}", published))
    assert published.note.compared_with == ("R1", "R2")
    assert published.note.open_before == 0


def test_the_same_data_again_are_shown_in_the_same_way() -> None:
    frame = cross(np.array([[3, 20, 30], [10, 12, 14], [9, 8, 40]]))
    before = protect(frame, DFE_EXACT_TOTALS, overlapping=())
    again = protect(frame, DFE_EXACT_TOTALS, overlapping=(), earlier=[Earlier("R1", before.kept, same_data=True)])
    assert again.tables["t"]["shown"].to_pylist() == before.tables["t"]["shown"].to_pylist()


def test_a_new_margin_does_not_give_away_what_was_hidden_before() -> None:
    """A second release of the same data shows by care what the first hid by sex."""
    first = {"one": cross(np.array([[3, 20], [4, 20]]), name="one")}
    before = protect(first, DFE_EXACT_TOTALS, overlapping=())
    fresh = {"two": cross(np.array([[11, 12], [12, 12]]), name="two", column="d")}
    joined = protect(fresh, DFE_EXACT_TOTALS, overlapping=(), earlier=[Earlier("R1", before.kept, same_data=True)])
    row_totals = [r["shown"] for r in joined.tables["two"].to_pylist() if r["column_value"] == "total"]
    shown_then = [r["shown"] for r in before.tables["one"].to_pylist() if r["column_value"] == "total"]
    assert all(now == then or now in ("c", ":") for now, then in zip(row_totals, shown_then, strict=True))


def test_an_earlier_release_that_is_not_as_kept_is_refused() -> None:
    frame = cross(np.array([[3, 20], [10, 12]]))
    with pytest.raises(CountsError, match="not as it was kept"):
        protect(frame, DFE, earlier=[Earlier("R1", {"t": frame})])
