"""The look-up against the batch: the same rows, keys, weights and verdicts, over random records and awkward names."""

# ruff: noqa: E501  names and expressions in rows, so that one sees what is there

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from invented import middling_model, random_views, rec, table

from trigpoint.linkage.clusters import region
from trigpoint.linkage.features.comparisons import COMPARISONS, gamma_name
from trigpoint.linkage.features.people import TABLE, make_people, read_records
from trigpoint.linkage.lookup.blocks import keys_of, keys_sql
from trigpoint.linkage.lookup.request import Frame, Request, ordered, row_of
from trigpoint.linkage.lookup.scorer import ASKED, Scorer, weigher
from trigpoint.linkage.lookup.sql_to_python import SPACE, Python, read_sql
from trigpoint.linkage.scoring.blocking import RULES
from trigpoint.linkage.scoring.model import LinkSettings
from trigpoint.linkage.scoring.pairs import COLUMNS, comparison_weight_sql, scored_sql

GIVEN = [
    "Jack", "Mohammed", "Muhammad Ali", "Md. Hassan", "Kate", "Katherine", "J", None, "Oscar", "Zoë", "Małgorzata", "Nguyễn",
    "O'Shea", "Anne-Marie", "  ", "Ibrahim Khalil", "Harpreet Kaur", "Gurpreet Singh", "D’Arcy", "İpek", "Σοφία", "Мария", "x",
]  # fmt: skip
SURNAMES = [
    "Smith", "Khan", "Marlow-Finch", "Finch", "Kowalska", "Kowalski", "Ivanova", "Ivanov", "Singh", "Kaur Gill", "de la Cruz",
    "al Hassan", "Warsame Farah", "O Brien", "O'Brien", None, "Nguyen", "Groß", "von Ahn", "Ødegård", "Jack", "-",
]  # fmt: skip
BIRTHS = ["2010-04-07", "2010-07-04", "2010-04-17", "2010-01-01", "2009-12-31", "1979-04-07", None]


def various_views(seed: int, size: int) -> list[dict[str, Any]]:
    """Records of invented people whose names, dates and numbers collide in many ways."""
    draw = random.Random(seed)  # noqa: S311  a seed that repeats, not a secret
    return [
        rec(
            draw.choice(["police", "social_care", "education"]),
            draw.choice(GIVEN),
            draw.choice(SURNAMES),
            draw.choice(BIRTHS),
            id=f"{seed:06d}{number:014d}",
            sex=draw.choice(["F", "M", "U", None]),
            precision=draw.choice(["day", "day", "year"]),
            postcode=draw.choice(["RV1 2AB", "RV1 2AC", "RV9 9ZZ", "RV1", None]),
            address=draw.choice([None, None, "12 Mill Road", "Mill Rd, 12", "Flat 2, 9 Canal Street"]),
            school=draw.choice([None, "Mill Lane Primary", "St. Anne's"]),
            phones=draw.choice([[], ["+447700900123"], ["+447700900123", "+447700900124"]]),
            nhs=draw.choice([None, None, "9000000009", "9000000017"]),
            upn=draw.choice([None, None, "A123456789012"]),
            ids=draw.choice([[], [], ["police:1"], ["email:kate@example.org"], ["email:kate2@example.org", "pnc:1"]]),
            aka=draw.choice([[], [], ["Kate Smith"], ["Sam"], ["Zoë Ødegård", "Jo Finch"]]),
            local=draw.choice([None, "1", "2"]),
        )
        for number in range(size)
    ]


VIEWS = [*various_views(1, 90), *random_views(2, 40)]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    model = middling_model()
    with duckdb.connect(config={"threads": 1}) as made:
        made.register("views_in", table(VIEWS))
        made.execute("CREATE TABLE records AS FROM views_in")
        region.take_known(made, links=None, edges=None, judgements=None)
        read_records(made, "records")
        make_people(made, frequencies=model.frequencies, crowded_postcodes=list(model.crowded_postcodes), same_nhs={})
        region.number_known(made)
        yield made


def rows_of_batch(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    listed = con.sql(f"SELECT record_id, {', '.join(COLUMNS)} FROM {TABLE}").to_arrow_table().to_pylist()
    return {row.pop("record_id"): row for row in listed}


def request_of(view: dict[str, Any]) -> Request:
    return Request(
        given=view["given_names"],
        family=view["surname"],
        born=view["birth_on"],
        birth_precision=view["birth_precision"],
        sex=None if view["sex"] == "U" else view["sex"],
        postcode=view["postcode"],
        nhs_number=view["nhs_number"],
        upn=view["upn"],
        phones=tuple(view["phones"]),
        other_names=tuple(view["other_names"]),
        ids=tuple(view["other_ids"]),
        address=view["address"],
        school=view["school"],
    )


def test_a_request_becomes_the_row_that_a_record_becomes(con: duckdb.DuckDBPyConnection) -> None:
    frame, batch = Frame.of(middling_model(), {}), rows_of_batch(con)
    for view in VIEWS:
        mine, theirs = row_of(request_of(view), frame), batch[view["record_id"]]
        not_asked = {"source", "local_id", "own_id"}  # a request is no record of an agency
        for column in set(COLUMNS) - not_asked:
            assert mine[column] == theirs[column], (column, view["given_names"], view["surname"])


def test_keys_are_those_of_the_batch(con: duckdb.DuckDBPyConnection) -> None:
    theirs = {
        (record, number, key)
        for number in range(len(RULES))
        for record, key in con.execute(
            f"SELECT record_id, key FROM ({keys_sql(number)}) JOIN {TABLE} USING (n)"
        ).fetchall()
    }
    ours = {(record, number, key) for record, row in rows_of_batch(con).items() for number, key in keys_of(row)}
    assert ours == theirs
    assert {number for _, number, _ in ours} == set(range(len(RULES))), "a rule that no record here has a key of"


def test_every_pair_has_the_batch_s_weight_and_verdict(con: duckdb.DuckDBPyConnection) -> None:
    model, settings = middling_model(), LinkSettings()
    every = f"SELECT x.n a, y.n b FROM {TABLE} x JOIN {TABLE} y ON x.n < y.n"
    con.execute(f"CREATE OR REPLACE TEMP TABLE link_pairs AS {every}")
    gammas = ", ".join(f"s.{gamma_name(c)}" for c in COMPARISONS)
    weights = ", ".join(comparison_weight_sql(place, model) for place in range(len(COMPARISONS)))
    judged = con.execute(
        f"SELECT x.record_id, y.record_id, [{gammas}], [{weights}], {', '.join(f's.{name}' for name in ASKED)} "
        f"FROM ({scored_sql('link_pairs', model=model, settings=settings)}) s "
        f"JOIN {TABLE} x ON x.n = s.a JOIN {TABLE} y ON y.n = s.b"
    ).fetchall()
    rows = {record: json.loads(json.dumps(ordered(row))) for record, row in rows_of_batch(con).items()}
    scorer, weigh = Scorer(model, settings), weigher(model)
    against = {record: scorer.against(row) for record, row in rows.items()}
    verdicts = set()
    for a, b, levels, by_comparison, weight, probability, *said in judged:
        made = against[a](rows[b])
        assert list(made.gammas) == levels
        assert made.weight == pytest.approx(weight, abs=1e-9)
        assert made.probability == pytest.approx(probability, abs=1e-9)
        assert weigh(rows[a], rows[b], made.gammas) == pytest.approx(by_comparison, abs=1e-9)
        assert [made.verdict, made.decided_by, made.reason, made.parts] == said[:4]
        assert bool(made.bridge) == bool(said[4])
        verdicts.add(made.verdict)
    assert len(judged) == len(VIEWS) * (len(VIEWS) - 1) // 2
    assert verdicts == {"join", "ask", "apart", "none"}


TEXTS = ["", "a", "kate", "katherine", "é", "e", "marlow", "marlwo", "ca", "abc", "2010", "nguyễn", None]
EXPRESSIONS = [
    "jaro_winkler_similarity(x, y)", "damerau_levenshtein(x, y)", "levenshtein(x, y)", "x = y", "x <> y", "x < y", "NOT (x = y)",
    "x = y OR len(x) > 2", "x = y AND len(x) > 2", "x IS NULL", "x IS NOT NULL", "x IS DISTINCT FROM y", "x IS NOT DISTINCT FROM y",
    "coalesce(x, y, 'z')", "x || y", "left(x, 2)", "right(x, 2)", "substr(x, 2)", "substr(x, 2, 3)", "len(x) BETWEEN 1 AND 3",
    "len(x) NOT IN (1, 4)", "greatest(x, y)", "least(x, y, 'b')", "list_has_any([x], [y, 'a'])", "list_contains([x, 'a'], y)",
    "list_append([x], y)[1]", "['p', 'q'][len(x)]", "CASE WHEN x = y THEN 1 WHEN len(x) > 3 THEN 2 END",
    "CASE len(x) WHEN 1 THEN 'one' ELSE y END", "split_part(x, 'a', 2)", "abs(len(x) - len(y))", "1 / (1 + pow(2, -len(x)))",
    "log2(len(x) + 1)", "CAST(len(x) AS VARCHAR) || x", "coalesce(x = y, false)", "list_distinct([x, y, x])", "lower(x)",
]  # fmt: skip


@pytest.mark.parametrize("sql", EXPRESSIONS)
def test_sql_means_the_same_in_python(sql: str) -> None:
    node = read_sql(sql)
    written = eval(f"lambda x, y: {Python({'x': 'x', 'y': 'y'}).value(node)}", dict(SPACE))  # noqa: S307
    with duckdb.connect() as con:
        for x in TEXTS:
            for y in TEXTS:
                asked = f"SELECT {sql} FROM (SELECT ?::VARCHAR AS x, ?::VARCHAR AS y)"
                [[theirs]] = con.execute(asked, [x, y]).fetchall()
                ours = written(x, y)
                if isinstance(theirs, list):
                    assert sorted(ours) == sorted(theirs)
                else:
                    assert ours == (pytest.approx(theirs) if isinstance(theirs, float) else theirs), (x, y)


def test_what_cannot_be_read_is_refused() -> None:
    from trigpoint.errors import LinkageError

    with pytest.raises(LinkageError, match="cannot read"):
        Python({"x": "x"}).value(read_sql("md5(x)"))
    with pytest.raises(LinkageError, match="cannot read"):
        Python({"x": "x"}).value(read_sql("other_column"))
