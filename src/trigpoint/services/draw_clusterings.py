"""Other clusterings that are about as plausible, for counts that carry the uncertainty of links."""

from __future__ import annotations

import pyarrow as pa

from trigpoint.linkage.sureness import draws
from trigpoint.services.workspace import Workspace


def unsure_links(workspace: Workspace) -> pa.Table:
    """Pairs that only the model decided: record_a, record_b, child_a, child_b, probability, now (joined or apart)."""
    return draws.unsure_links(workspace.store.read("edges"), workspace.store.read("links"))


def draw_clusterings(workspace: Workspace, *, number: int, seed: int = 1) -> pa.Table:
    """`number` draws as one table: draw, record_id, child_key of the records whose child is another than in `links`.

    A count over draw d is made with the links of the store, those of draw d put in their place. The spread of a count
    over the draws is a lower bound of what links add to its uncertainty (see `linkage.sureness.draws`).
    """
    edges, links = workspace.store.read("edges"), workspace.store.read("links")
    made = list(draws.draw_clusterings(edges, links, draws=number, seed=seed))
    return pa.concat_tables(made) if made else draws.DRAWN.empty_table()
