"""All pairs that could be linked or were, by probability and outcome: what a sample is drawn from and weighed by.

The frame holds every pair that some block brought together and every pair of records of one child. A pair that no block
joins is not in it: what blocking loses is measured on invented truth, where the truth is known. Pairs that a person
has judged are left out, since nothing is left to ask about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import duckdb

from trigpoint.linkage.clusters.judged_numbers import same_nhs
from trigpoint.linkage.clusters.region import Given, number_known, take_known
from trigpoint.linkage.features.people import TABLE, make_people, read_records
from trigpoint.linkage.scoring.blocking import make_keys, make_pairs
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings
from trigpoint.linkage.scoring.pairs import scored_sql

# Unlinked pairs below this are very many and hardly ever one child: no sample of a size that people can answer says
# anything of them, so the model's own expectation stands for them, and says so.
FLOOR = 0.01
BANDS = (0.0, FLOOR, 0.5, 0.95, 0.999, 1.0)

FRAME = f"""
CREATE OR REPLACE TEMP TABLE link_frame AS
SELECT s.a, s.b, x.record_id AS record_a, y.record_id AS record_b, s.probability, s.decided_by,
       coalesce(k.child = m.child, false) AS linked
FROM ({{scored}}) s JOIN {TABLE} x ON x.n = s.a JOIN {TABLE} y ON y.n = s.b
LEFT JOIN link_known k ON k.n = s.a LEFT JOIN link_known m ON m.n = s.b WHERE s.judged IS NULL
"""
WITHIN = """
INSERT INTO link_pairs SELECT x.n, y.n FROM link_known x JOIN link_known y ON x.child = y.child AND x.n < y.n
WHERE (x.n, y.n) NOT IN (SELECT (a, b) FROM link_pairs)
"""
BANDED = """
SELECT linked, b.low::DOUBLE AS low, b.high::DOUBLE AS high, count(*) AS pairs, sum(likely) AS expected,
       sum(likely * (1 - likely)) AS variance
FROM (SELECT *, CASE WHEN linked OR decided_by = 'model' THEN probability ELSE 0 END AS likely FROM link_frame) f
JOIN (VALUES {bands}) b(low, high)
  ON f.probability >= b.low AND (f.probability < b.high OR b.high = 1) GROUP BY ALL ORDER BY linked DESC, low
"""


@dataclass(frozen=True)
class Stratum:
    """Pairs of one outcome in one band of probability; `expected` of them are one child by the model's probabilities.

    What a guard kept apart counts for nothing there: twins share all that the model weighs. `variance` is the sum of
    p(1 - p), as if the pairs were independent.
    """

    linked: bool
    low: float
    high: float
    pairs: int
    expected: float
    variance: float

    @property
    def sampled(self) -> bool:
        """Whether people are asked about pairs of it."""
        return self.linked or self.low >= FLOOR

    @property
    def name(self) -> str:
        """'joined, 0.95 to 0.999'."""
        return f"{'joined' if self.linked else 'not joined'}, {self.low:g} to {self.high:g}"


def make_frame(
    con: duckdb.DuckDBPyConnection,
    *,
    records_view: str,
    links: Given,
    judgements: Given,
    model: LinkModel,
    settings: LinkSettings,
) -> tuple[Stratum, ...]:
    """Write `link_frame` (record_a, record_b, probability, decided_by, linked) and return its strata.

    Leaves its tables in the connection for drawing; `linkage.link.drop_tables` removes them.
    """
    take_known(con, links=links, edges=None, judgements=judgements)
    read_records(con, records_view)
    make_people(
        con,
        frequencies=model.frequencies,
        crowded_postcodes=list(model.crowded_postcodes),
        same_nhs=same_nhs(con, records_view),
    )
    number_known(con)
    make_keys(con, settings)
    make_pairs(con, only_touched=False)
    con.execute(WITHIN)
    con.execute(FRAME.format(scored=scored_sql("link_pairs", model=model, settings=settings)))
    bands = ", ".join(f"({low}, {high})" for low, high in pairwise(BANDS))
    rows = con.execute(BANDED.format(bands=bands)).fetchall()
    return tuple(Stratum(*row) for row in rows)
