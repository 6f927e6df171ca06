"""Why these two: each comparison in plain words, how much it speaks for or against, and which rule decided.

Weights are in bits: every bit doubles the odds. No name, date or number is repeated here; who may see those is
decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import duckdb
import pyarrow as pa

from trigpoint.errors import NotFoundError
from trigpoint.linkage.clusters.judged_numbers import same_nhs
from trigpoint.linkage.clusters.region import Given, number_known, take_known
from trigpoint.linkage.explaining.wording import odds_words, probability_words, verdict_words
from trigpoint.linkage.features.comparisons import COMPARISONS, MISSING, Comparison, gamma_name
from trigpoint.linkage.features.people import TABLE, TF_COLUMNS, make_people, read_records
from trigpoint.linkage.link import drop_tables
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings
from trigpoint.linkage.scoring.pairs import comparison_weight_sql, scored_sql

STRONG, SOME = 7.0, 1.0


@dataclass(frozen=True)
class Evidence:
    """One comparison of a pair: what was found, and its weight in bits (positive speaks for one child).

    `one_in` says how common the shared value is (one record in so many), where that was counted.
    """

    comparison: str
    found: str
    weight: float
    one_in: int | None = None

    def __str__(self) -> str:
        how = "strongly" if abs(self.weight) >= STRONG else "somewhat" if abs(self.weight) >= SOME else "hardly"
        side = "for" if self.weight > 0 else "against"
        common = f", borne by one record in {self.one_in:,}" if self.one_in else ""
        return f"{self.comparison}: {self.found}{common}; speaks {how} {side} ({self.weight:+.1f})"


@dataclass(frozen=True)
class PairExplanation:
    """Two records: the evidence, the weight of it all with the prior, and what decided (see `scoring.pairs.RULES`)."""

    record_a: str
    record_b: str
    evidence: tuple[Evidence, ...]
    not_compared: tuple[str, ...]
    prior: float
    weight: float
    probability: float
    verdict: str
    decided_by: str
    reason: str

    def __str__(self) -> str:
        lines = [f"{self.record_a} and {self.record_b}: {_verdict_words(self)}"]
        lines += [f"  {item}" for item in sorted(self.evidence, key=lambda e: -abs(e.weight))]
        if self.not_compared:
            lines.append(f"  not compared, since one record is silent: {', '.join(self.not_compared)}")
        lines.append(f"  before any of this, two records are rarely one child ({self.prior:+.1f})")
        lines.append(
            f"  in all {self.weight:+.1f}: odds of {odds_words(self.weight)}, "
            f"a probability of {probability_words(self.probability)}"
        )
        return "\n".join(lines)


@dataclass(frozen=True)
class ClusterExplanation:
    """A child's records and the strongest joins that hold them together, weakest last; `against` are inner doubts."""

    record_ids: tuple[str, ...]
    joins: tuple[PairExplanation, ...]
    against: tuple[PairExplanation, ...]

    def __str__(self) -> str:
        if len(self.record_ids) == 1:
            return "One record; nothing was joined."
        head = f"{len(self.record_ids)} records, held together by {len(self.joins)} joins:"
        doubts = ["Pairs among them that would not have been joined by themselves:"] if self.against else []
        return "\n".join([head, *map(str, self.joins), *doubts, *map(str, self.against)])


def explain_pair(
    con: duckdb.DuckDBPyConnection,
    a: str,
    b: str,
    model: LinkModel,
    *,
    records_view: str = "records",
    judgements: Given = None,
    known_links: Given = None,
    settings: LinkSettings | None = None,
) -> PairExplanation:
    """Explain what the model and the rules say of two record ids, whether or not they were ever compared."""
    known = {"judgements": judgements, "known_links": known_links}
    [pair] = explain_pairs(con, [(a, b)], model=model, records_view=records_view, settings=settings, **known)
    return pair


def explain_cluster(
    con: duckdb.DuckDBPyConnection,
    record_ids: Sequence[str],
    model: LinkModel,
    *,
    records_view: str = "records",
    judgements: Given = None,
    known_links: Given = None,
    settings: LinkSettings | None = None,
) -> ClusterExplanation:
    """Explain why the records of one child are together: the fewest, strongest joins that connect them all."""
    ids = sorted(set(record_ids))
    known = {"judgements": judgements, "known_links": known_links}
    pairs = explain_pairs(con, combinations(ids, 2), model=model, records_view=records_view, settings=settings, **known)
    joined = sorted((p for p in pairs if p.verdict == "join"), key=lambda p: (p.decided_by != "judgement", -p.weight))
    return ClusterExplanation(
        record_ids=tuple(ids),
        joins=tuple(_spanning(ids, joined)),
        against=tuple(p for p in pairs if p.verdict in ("apart", "ask")),
    )


def _spanning(ids: Sequence[str], joined: Iterable[PairExplanation]) -> list[PairExplanation]:
    of = {record: record for record in ids}
    kept = []
    for pair in joined:
        keep, give = of[pair.record_a], of[pair.record_b]
        if keep != give:
            kept.append(pair)
            of = {record: keep if at == give else at for record, at in of.items()}
    return kept


def explain_pairs(
    con: duckdb.DuckDBPyConnection,
    pairs: Iterable[tuple[str, str]],
    *,
    model: LinkModel,
    records_view: str,
    settings: LinkSettings | None,
    judgements: Given,
    known_links: Given,
) -> list[PairExplanation]:
    """Explain each of the pairs of record ids, in order; NotFoundError where a record is not among the current ones."""
    wanted = sorted({(min(pair), max(pair)) for pair in pairs})
    ids = sorted({record for pair in wanted for record in pair})
    try:
        take_known(con, links=known_links, edges=None, judgements=judgements)
        read_records(con, records_view, only=ids)
        found = make_people(
            con,
            frequencies=model.frequencies,
            crowded_postcodes=list(model.crowded_postcodes),
            same_nhs=same_nhs(con, records_view),
        )
        if found < len(ids):
            raise NotFoundError(
                f"{len(ids) - found} of the {len(ids)} records are not among the current ones",
                where=f"the table '{records_view}'",
                mend="Take the record ids from: trigpoint export FOLDER clusters",
            )
        number_known(con)
        rows = _score(con, wanted, model=model, settings=settings or LinkSettings())
    finally:
        drop_tables(con)
    return [_explained(row) for row in rows]


def _score(
    con: duckdb.DuckDBPyConnection, pairs: list[tuple[str, str]], *, model: LinkModel, settings: LinkSettings
) -> list[dict[str, Any]]:
    con.register("link_asked_in", pa.table({"x": [x for x, _ in pairs], "y": [y for _, y in pairs]}))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE link_pairs AS SELECT x.n AS a, y.n AS b FROM link_asked_in p "
        f"JOIN {TABLE} x ON x.record_id = p.x JOIN {TABLE} y ON y.record_id = p.y"
    )
    con.unregister("link_asked_in")
    weights = ", ".join(f"{comparison_weight_sql(place, model)} AS weight_{place}" for place in range(len(COMPARISONS)))
    gammas = ", ".join(gamma_name(comparison) for comparison in COMPARISONS)
    shares = ", ".join(f"greatest(tf_{c}_l, tf_{c}_r) AS share_{c}" for c in TF_COLUMNS)
    rows: list[dict[str, Any]] = (
        con.sql(
            f"""
            SELECT x.record_id AS record_a, y.record_id AS record_b, {gammas}, {weights}, {shares}, s.weight,
                   s.verdict, s.probability, s.decided_by, s.reason
            FROM ({scored_sql("link_pairs", model=model, settings=settings)}) s
            JOIN {TABLE} x ON x.n = s.a JOIN {TABLE} y ON y.n = s.b ORDER BY 1, 2
            """
        )
        .to_arrow_table()
        .to_pylist()
    )
    return rows


def _explained(row: dict[str, Any]) -> PairExplanation:
    said = [(place, c, row[gamma_name(c)]) for place, c in enumerate(COMPARISONS)]
    evidence = tuple(
        _evidence(c, value=value, row=row, weight=row[f"weight_{place}"])
        for place, c, value in said
        if value != MISSING
    )
    return PairExplanation(
        record_a=row["record_a"],
        record_b=row["record_b"],
        evidence=evidence,
        not_compared=tuple(c.name for _, c, value in said if value == MISSING),
        prior=row["weight"] - sum(item.weight for item in evidence),
        weight=row["weight"],
        probability=row["probability"],
        verdict=row["verdict"],
        decided_by=row["decided_by"],
        reason=row["reason"],
    )


def _evidence(comparison: Comparison, *, value: int, row: dict[str, Any], weight: float) -> Evidence:
    level = comparison.at(value)
    share = row[f"share_{level.frequency_of}"] if level.frequency_of else None
    return Evidence(comparison.name, level.plain, weight, round(1 / share) if share else None)


def _verdict_words(pair: PairExplanation) -> str:
    why = pair.reason or ("the evidence is enough" if pair.verdict == "join" else "the evidence is not enough")
    return f"{verdict_words(pair.verdict)} ({why})"
