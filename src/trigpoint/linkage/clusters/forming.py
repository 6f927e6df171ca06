"""From joined pairs to children: connected components, and the parting of those that contradict themselves.

Components are found set-wise. Only a component that holds two records which may not meet is walked through pair by
pair: its strongest joins are kept as long as they bring no such two together, so it parts at its weakest places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from trigpoint.linkage.scoring.model import LinkModel, LinkSettings
from trigpoint.linkage.scoring.pairs import JUDGED_APART, OTHER_NAME, OVERCOME, score_pairs

BETTER_ELSEWHERE = "not joined: another record fits better"
TOO_MANY = "a child with implausibly many records"
UNSAFE_BRIDGE = "an initial or a missing name could belong to either of two children"


@dataclass(frozen=True)
class Join:
    """A pair that would be joined. A bridge rests on an initial or on no first name, so it may fit two children."""

    a: int
    b: int
    weight: float
    judged: bool
    bridge: bool


@dataclass(frozen=True)
class Refusal:
    """A join that was not made, and why."""

    a: int
    b: int
    reason: str


def label(nodes: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest node of the component of each node 0..nodes-1."""
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(nodes, nodes))
    count, labels = connected_components(graph, directed=False)
    smallest = np.full(count, nodes, dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(nodes))
    found: np.ndarray = smallest[labels]
    return found


def make_clusters(con: duckdb.DuckDBPyConnection, *, people: int, model: LinkModel, settings: LinkSettings) -> int:
    """Write `link_comp` (n, comp) from the joins in `link_edges`; returns how many components had to be parted.

    Refused joins turn into questions in `link_edges`.
    """
    if not settings.family:
        _keep_best_partners(con, people, settings)
    _label_joins(con, people)
    _score_within(con, model=model, settings=settings)
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_apart AS
        SELECT c.comp, p.a, p.b, p.reason FROM (
            SELECT a, b, reason FROM link_edges WHERE parts UNION ALL SELECT a, b, reason FROM link_within WHERE parts
        ) p JOIN link_comp c ON c.n = p.a JOIN link_comp d ON d.n = p.b AND d.comp = c.comp
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_torn AS SELECT DISTINCT comp FROM link_apart
        UNION SELECT comp FROM link_comp GROUP BY comp HAVING count(*) > {settings.largest_child}
        """
    )
    return _part_torn(con, settings)


def _keep_best_partners(con: duckdb.DuckDBPyConnection, people: int, settings: LinkSettings) -> None:
    """Refuse a join that is not certain unless a record, or a pair of them, has no better partner elsewhere.

    A record with little in it fits many people somewhat: followed everywhere, it would chain them all together.
    """
    joins = con.execute(
        "SELECT a, b, weight, probability, decided_by <> 'model' AS firm FROM link_edges WHERE verdict = 'join'"
    ).fetchnumpy()
    a, b, weight = (np.asarray(joins[column]) for column in ("a", "b", "weight"))
    firm = np.asarray(joins["firm"], bool) | (np.asarray(joins["probability"]) >= settings.certain)
    kept = firm | best_partners(a, b, weight, labels=label(people + 1, a[firm], b[firm]), rounds=2)
    con.register("link_passed_over", pa.table({"a": a[~kept], "b": b[~kept]}))
    con.execute(
        "UPDATE link_edges SET verdict = 'torn', decided_by = 'guard', reason = $1 FROM link_passed_over p "
        "WHERE p.a = link_edges.a AND p.b = link_edges.b",
        [BETTER_ELSEWHERE],
    )
    con.unregister("link_passed_over")


def best_partners(a: np.ndarray, b: np.ndarray, weight: np.ndarray, *, labels: np.ndarray, rounds: int) -> np.ndarray:
    """Which pairs bring a cluster of at most two records (`labels`) to its heaviest partner, round after round."""
    kept = np.zeros(len(a), bool)
    for _ in range(rounds):
        one, other = labels[a], labels[b]
        size = np.bincount(labels, minlength=len(labels))
        apart = one != other
        best = np.full(len(labels), -np.inf)
        np.maximum.at(best, one[apart], weight[apart])
        np.maximum.at(best, other[apart], weight[apart])
        first = (size[one] < size[other]) | ((size[one] == size[other]) & (one < other))
        small = np.where(first, one, other)
        now = apart & (weight == best[small]) & (size[small] <= 2)
        kept |= now
        labels = label(len(labels), one[now], other[now])[labels]
    within: np.ndarray = kept | (labels[a] == labels[b])
    return within


def _label_joins(con: duckdb.DuckDBPyConnection, people: int) -> None:
    joins = con.execute("SELECT a, b FROM link_edges WHERE verdict = 'join'").fetchnumpy()
    labels = label(people + 1, np.asarray(joins["a"]), np.asarray(joins["b"]))
    table = pa.table({"n": np.arange(1, people + 1), "comp": labels[1:]})
    con.register("link_comp_in", table)
    con.execute("CREATE OR REPLACE TEMP TABLE link_comp AS FROM link_comp_in WHERE n IN (SELECT n FROM link_region)")
    con.unregister("link_comp_in")


def _score_within(con: duckdb.DuckDBPyConnection, *, model: LinkModel, settings: LinkSettings) -> None:
    """Look at every pair inside components of three and more that was not looked at yet."""
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_within_pairs AS
        WITH sized AS (SELECT *, count(*) OVER (PARTITION BY comp) AS size FROM link_comp),
        few AS (SELECT n, comp FROM sized WHERE size BETWEEN 3 AND {settings.largest_child})
        SELECT x.n AS a, y.n AS b FROM few x JOIN few y ON x.comp = y.comp AND x.n < y.n
        ANTI JOIN link_edges e ON e.a = x.n AND e.b = y.n
        """
    )
    score_pairs(
        con, pairs="link_within_pairs", into="link_within", keep="parts", model=model, settings=settings, few=True
    )
    con.execute(f"UPDATE link_within SET reason = '{OTHER_NAME}' WHERE verdict NOT IN ('apart', 'ask')")


def _part_torn(con: duckdb.DuckDBPyConnection, settings: LinkSettings) -> int:
    joins: dict[int, list[Join]] = defaultdict(list)
    for comp, *rest in con.execute(
        "SELECT c.comp, e.a, e.b, e.weight, e.decided_by = 'judgement', e.bridge FROM link_edges e "
        "JOIN link_comp c ON c.n = e.a WHERE e.verdict = 'join' AND c.comp IN (FROM link_torn)"
    ).fetchall():
        joins[comp].append(Join(*rest))
    apart: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for comp, a, b, reason in con.execute("SELECT comp, a, b, reason FROM link_apart").fetchall():
        apart[comp].append((a, b, reason))
    parted: list[tuple[int, int]] = []
    refused: list[Refusal] = []
    for comp in sorted(joins):
        cluster, left_out = part_component(joins[comp], apart[comp], largest=settings.largest_child)
        parted += cluster.items()
        refused += left_out
    _write_parted(con, parted, refused)
    return len(joins)


def part_component(
    joins: Iterable[Join], apart: Sequence[tuple[int, int, str]], *, largest: int
) -> tuple[dict[int, int], list[Refusal]]:
    """Keep the strongest joins that bring no two records together which must stay apart.

    Returns the smallest record of each record's cluster, and the joins that were refused. Judgements come first; a
    bridge is never followed here, because in a contradictory component it would be a guess between two children.
    """
    groups = _Groups(apart, largest)
    refused = []
    for join in sorted(joins, key=lambda j: (not j.judged, -j.weight, j.a, j.b)):
        groups.add(join.a)
        groups.add(join.b)
        reason = UNSAFE_BRIDGE if join.bridge and not join.judged else groups.why_not(join)
        if reason is None:
            groups.unite(join)
        else:
            refused.append(Refusal(join.a, join.b, reason))
    still = [r for r in refused if groups.of[r.a] != groups.of[r.b]]
    return {node: min(groups.members[root]) for node, root in groups.of.items()}, still


class _Groups:
    """Disjoint sets of records that know which others they may not meet."""

    def __init__(self, apart: Sequence[tuple[int, int, str]], largest: int) -> None:
        self.of: dict[int, int] = {}
        self.members: dict[int, set[int]] = {}
        self.judged: set[int] = set()
        self.largest = largest
        self.foes: dict[int, dict[int, str]] = defaultdict(dict)
        for a, b, reason in apart:
            self.foes[a][b] = reason
            self.foes[b][a] = reason

    def add(self, node: int) -> None:
        if node not in self.of:
            self.of[node] = node
            self.members[node] = {node}

    def why_not(self, join: Join) -> str | None:
        """The reason against a join, or None. Only another judgement speaks against a judgement."""
        one, other = self.of[join.a], self.of[join.b]
        if one == other:
            return None
        reasons = {
            reason
            for node in self.members[one]
            for foe, reason in self.foes.get(node, {}).items()
            if self.of.get(foe) == other
        }
        if join.judged:
            reasons &= {JUDGED_APART}
        elif len(self.members[one]) + len(self.members[other]) > self.largest:
            reasons.add(TOO_MANY)
        if {one, other} & self.judged:
            reasons -= set(OVERCOME)
        return min(reasons, default=None)

    def unite(self, join: Join) -> None:
        keep, give = sorted((self.of[join.a], self.of[join.b]))
        if join.judged or {keep, give} & self.judged:
            self.judged.add(keep)
        if keep == give:
            return
        for node in self.members[give]:
            self.of[node] = keep
        self.members[keep] |= self.members.pop(give)


def _write_parted(con: duckdb.DuckDBPyConnection, parted: list[tuple[int, int]], refused: list[Refusal]) -> None:
    con.register(
        "link_parted",
        pa.table(
            {"n": pa.array([n for n, _ in parted], pa.int64()), "comp": pa.array([c for _, c in parted], pa.int64())}
        ),
    )
    con.execute("UPDATE link_comp SET comp = p.comp FROM link_parted p WHERE p.n = link_comp.n")
    con.unregister("link_parted")
    con.register(
        "link_refused",
        pa.table(
            {
                "a": pa.array([r.a for r in refused], pa.int64()),
                "b": pa.array([r.b for r in refused], pa.int64()),
                "reason": pa.array(["not joined, it would bring together: " + r.reason for r in refused], pa.string()),
            }
        ),
    )
    con.execute(
        "UPDATE link_edges SET verdict = 'torn', decided_by = 'guard', reason = r.reason FROM link_refused r "
        "WHERE r.a = link_edges.a AND r.b = link_edges.b"
    )
    con.unregister("link_refused")
