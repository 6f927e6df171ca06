"""Why these two: the words add up to the weight, name what decided, and repeat no personal value."""

from __future__ import annotations

import duckdb
import pytest
from invented import AT, N1, N2, judge, judgement_table, middling_model, rec, table

from trigpoint.errors import NotFoundError
from trigpoint.linkage.explaining.explain import explain_cluster, explain_pair
from trigpoint.linkage.link import link

HOME = {"postcode": "RV1 2AB", "phones": ["+447700900123"]}
VIEWS = [
    rec("police", "Kate", "Marlow", "2010-04-07", id="a" * 20, **HOME),
    rec("health", "Katherine", "Marlow", "2010-07-04", id="b" * 20, nhs=N1, postcode="RV1 2AB"),
    rec("education", "Kate", "Odell", "2010-04-07", id="c" * 20, **HOME),
    rec("social_care", "Kate", "Marlow", "2010-04-07", id="d" * 20, nhs=N2, **HOME),
]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect(config={"threads": 1})
    made.register("views_in", table(VIEWS))
    made.execute("CREATE TABLE records AS FROM views_in")
    return made


def test_a_pair_in_plain_words(con: duckdb.DuckDBPyConnection) -> None:
    model = middling_model()
    pair = explain_pair(con, "b" * 20, "a" * 20, model)
    text = str(pair)
    assert "the same name in another form or order" in text
    assert "day and month swapped" in text
    assert "one record in" in text
    assert "not compared, since one record is silent: phone, school, sex" in text
    assert pair.weight == pytest.approx(pair.prior + sum(e.weight for e in pair.evidence))
    assert pair.probability == pytest.approx(1 / (1 + 2**-pair.weight))
    assert "joined (the evidence is enough)" in text


def test_the_words_are_those_of_the_run(con: duckdb.DuckDBPyConnection) -> None:
    model = middling_model()
    for edge in link(con, "records", at=AT, model=model).edges.to_pylist():
        pair = explain_pair(con, edge["record_a"], edge["record_b"], model)
        assert pair.weight == pytest.approx(edge["weight"])
        assert pair.decided_by == edge["decided_by"] or edge["reason"].startswith("not joined, it would")


def test_nothing_personal_is_repeated(con: duckdb.DuckDBPyConnection) -> None:
    text = str(explain_cluster(con, ["a" * 20, "b" * 20, "c" * 20], middling_model()))
    assert "3 records, held together by 2 joins" in text
    for planted in ("Kate", "Marlow", "2010", "RV1", N1, "7700"):
        assert planted not in text


def test_the_guard_and_the_judgement_that_decided_are_named(con: duckdb.DuckDBPyConnection) -> None:
    assert "two different valid NHS numbers" in str(explain_pair(con, "b" * 20, "d" * 20, middling_model()))
    words = judgement_table([judge("a" * 20, "c" * 20, "different")])
    pair = explain_pair(con, "a" * 20, "c" * 20, middling_model(), judgements=words)
    assert (pair.verdict, pair.decided_by) == ("apart", "judgement")


def test_doubts_within_a_child_are_told(con: duckdb.DuckDBPyConnection) -> None:
    whole = explain_cluster(con, ["a" * 20, "b" * 20, "d" * 20], middling_model())
    assert [pair.reason for pair in whole.against] == ["two different valid NHS numbers"]
    assert "would not have been joined by themselves" in str(whole)


def test_one_record_needs_no_reason(con: duckdb.DuckDBPyConnection) -> None:
    assert str(explain_cluster(con, ["a" * 20], middling_model())) == "One record; nothing was joined."


def test_an_unknown_record_is_named_as_such(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NotFoundError, match="1 of the 2 records"):
        explain_pair(con, "a" * 20, "f" * 20, middling_model())
