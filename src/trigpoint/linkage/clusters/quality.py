"""How sure the whole is: pairs by probability, sizes of children, links by source. Nobody is named."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from trigpoint.linkage.features.people import NAMED
from trigpoint.linkage.scoring.blocking import BlockReport, estimate_lost
from trigpoint.linkage.scoring.model import LinkSettings

BANDS = """
SELECT b.low::DOUBLE AS from_probability, b.high::DOUBLE AS to_probability, count(e.a) AS pairs,
       count(*) FILTER (e.child_a = e.child_b) AS joined
FROM (VALUES {bands}) b(low, high)
LEFT JOIN link_final_edges e ON e.probability >= b.low AND (e.probability < b.high OR b.high = 1)
GROUP BY ALL ORDER BY 1
"""
SIZES = """
SELECT records, count(*) AS children FROM (SELECT count(*) AS records FROM link_final GROUP BY child)
GROUP BY records ORDER BY records
"""
SOURCES = f"""
WITH records AS (SELECT f.child, p.source FROM link_final f JOIN {NAMED} p USING (n)
), children AS (
    SELECT child, count(*) > 1 AS several, min(source) <> max(source) AS elsewhere FROM records GROUP BY child)
SELECT source, count(*) AS records, count(*) FILTER (several) AS linked,
       count(*) FILTER (elsewhere) AS linked_elsewhere,
       count(*) FILTER (elsewhere) / count(*) AS share_linked
FROM records JOIN children USING (child) GROUP BY source ORDER BY source
"""
ATTENTION = "SELECT best.kind, count(*) FROM link_question GROUP BY 1 ORDER BY 1"


@dataclass(frozen=True)
class LinkQuality:
    """Numbers for the report.

    bands: from_probability, to_probability, pairs, joined. sizes: records, children. sources: source, records, linked
    (to another record), linked_elsewhere (to a record of another source), share_linked (that share, 0 to 1).
    `lost_at_least`: the share of true pairs that blocking lost, a lower bound without labels (a run that only adds
    keeps the estimate of the last that went through everybody).
    `needs_attention`: questions by kind. `parted`: components that contradicted themselves in this run.
    """

    bands: pa.Table
    sizes: pa.Table
    sources: pa.Table
    needs_attention: dict[str, int]
    parted: int
    blocks: tuple[BlockReport, ...]
    lost_at_least: float = 0.0

    @property
    def pairs_left_out(self) -> int:
        """Pairs of blocks that were too large to compare (such a pair may have met in another block)."""
        return sum(block.pairs_left_out for block in self.blocks)


def measure_quality(
    con: duckdb.DuckDBPyConnection,
    *,
    settings: LinkSettings,
    parted: int,
    blocks: tuple[BlockReport, ...],
    lost: float | None,
) -> LinkQuality:
    """Count what the run left in the connection; `lost` is estimated where it is not known."""
    marks = sorted({0.0, settings.ask, settings.stay, settings.join, 0.99, 0.999})
    bands = ", ".join(f"({low}, {high})" for low, high in zip(marks, [*marks[1:], 1.0], strict=True))
    return LinkQuality(
        bands=con.sql(BANDS.format(bands=bands)).to_arrow_table(),
        sizes=con.sql(SIZES).to_arrow_table(),
        sources=con.sql(SOURCES).to_arrow_table(),
        needs_attention=dict(con.execute(ATTENTION).fetchall()),
        parted=parted,
        blocks=blocks,
        lost_at_least=estimate_lost(con) if lost is None else lost,
    )
