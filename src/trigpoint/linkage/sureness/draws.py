"""Uncertainty handed on: other clusterings that are about as plausible, so that a count can say how far links move it.

Every join and every open question of the model is thrown anew with its own probability; what a person, a number or a
guard decided stays, and so does what is surer than SURE. Components are formed again, so that one join the less in a
well-knit child changes nothing. Throws are independent, which real errors are not (one wrong address weighs in several
pairs), and guards do not look at a thrown clustering again: the spread is a lower bound, and is to be called one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.linkage.clusters.forming import label

SURE = 0.9999
SETTLED = ("judgement", "identifier", "guard")
UNSURE = pa.schema(
    [("record_a", pa.string()), ("record_b", pa.string()), ("child_a", pa.string()), ("child_b", pa.string()),
     ("probability", pa.float64()), ("now", pa.string())]
)  # fmt: skip
DRAWN = pa.schema([("draw", pa.int64()), ("record_id", pa.string()), ("child_key", pa.string())])


def unsure_links(edges: pa.Table, links: pa.Table) -> pa.Table:
    """The pairs that the model alone decided, below SURE, with the children they belong to now: see UNSURE.

    `now` is joined or apart. `edges` and `links` are the tables of those names.
    """
    key = dict(zip(links["record_id"].to_pylist(), links["child_key"].to_pylist(), strict=True))
    rows = [
        {**{name: row[name] for name in ("record_a", "record_b", "probability")},
         "child_a": key[row["record_a"]], "child_b": key[row["record_b"]],
         "now": "joined" if key[row["record_a"]] == key[row["record_b"]] else "apart"}
        for row in _of_the_model(edges).to_pylist()
        if row["record_a"] in key and row["record_b"] in key
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=UNSURE)


def _of_the_model(edges: pa.Table) -> pa.Table:
    settled = pc.is_in(edges["decided_by"], pa.array(SETTLED))
    return edges.filter(pc.and_(pc.invert(settled), pc.less(edges["probability"], SURE)))


def draw_clusterings(edges: pa.Table, links: pa.Table, *, draws: int, seed: int = 1) -> Iterator[pa.Table]:
    """For each draw, the records whose child is another than now: see DRAWN. A draw may have no rows.

    A child that parts keeps its key for the part with most records; other parts get the key with "+1", "+2". Children
    that join take the key of the one with most records.
    """
    links = _touched(edges, links)
    records, now = links["record_id"].to_pylist(), links["child_key"].to_pylist()
    unsure, fixed = _ends(edges, links, {record: place for place, record in enumerate(records)})
    rng = np.random.default_rng(seed)
    key = np.unique(np.array(now, dtype=object).astype(str), return_inverse=True)[1] if records else np.zeros(0, int)
    for draw in range(draws):
        thrown = rng.random(len(unsure[2])) < unsure[2]
        a = np.r_[fixed[0], unsure[0][thrown]]
        b = np.r_[fixed[1], unsure[1][thrown]]
        yield _changed(draw, label(len(records), a, b), key, records=records, now=now)


def _touched(edges: pa.Table, links: pa.Table) -> pa.Table:
    """The links of children that something unsure touches: nobody else's can change."""
    unsure = unsure_links(edges, links)
    touched = pa.chunked_array([*unsure["child_a"].chunks, *unsure["child_b"].chunks], pa.string())
    return links.filter(pc.is_in(links["child_key"], touched.combine_chunks()))


def _ends(
    edges: pa.Table, links: pa.Table, place: dict[str, int]
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Unsure pairs with their probabilities, and joins that stay; both as places of records.

    Records that nothing unsure ties stay with their child, whatever once joined them.
    """
    unsure = unsure_links(edges, links)
    ends = [np.array([place[r] for r in unsure[side].to_pylist()], int) for side in ("record_a", "record_b")]
    joined = {(row["record_a"], row["record_b"]) for row in unsure.to_pylist() if row["now"] == "joined"}
    key = dict(zip(links["record_id"].to_pylist(), links["child_key"].to_pylist(), strict=True))
    loose = {record for pair in joined for record in pair}
    stays = [
        (row["record_a"], row["record_b"])
        for row in edges.to_pylist()
        if _holds(row) and row["record_a"] in key and key[row["record_a"]] == key.get(row["record_b"])
    ]
    first: dict[str, str] = {}
    for record, child in key.items():
        if record not in loose:
            stays.append((first.setdefault(child, record), record))
    fixed = [np.array([place[pair[side]] for pair in stays if pair[0] in place], int) for side in (0, 1)]
    return (ends[0], ends[1], unsure["probability"].to_numpy()), (fixed[0], fixed[1])


def _holds(edge: dict[str, object]) -> bool:
    """Whether a join is not thrown: a person or a number made it, or the model is as good as sure."""
    return edge["decided_by"] in ("judgement", "identifier") or (
        edge["decided_by"] == "model" and isinstance(p := edge["probability"], float) and p >= SURE
    )


def _changed(draw: int, drawn: np.ndarray, key: np.ndarray, *, records: list[str], now: list[str]) -> pa.Table:
    """Name the drawn components by the keys of now, the largest overlap first, and give the records that changed."""
    sizes = Counter(zip(drawn.tolist(), key.tolist(), strict=True))
    ranked = sorted(sizes, key=lambda two: (-sizes[two], two))
    names, taken = dict[int, str](), dict[int, int]()
    of = {int(k): child for k, child in zip(key.tolist(), now, strict=True)}
    for part, child in ranked:
        if part not in names:
            turn = taken.get(child, 0)
            taken[child] = turn + 1
            names[part] = of[child] + (f"+{turn}" if turn else "")
    rows = [
        {"draw": draw, "record_id": record, "child_key": names[int(part)]}
        for record, part, child in zip(records, drawn.tolist(), now, strict=True)
        if names[int(part)] != child
    ]
    return pa.Table.from_pylist(rows, schema=DRAWN)
