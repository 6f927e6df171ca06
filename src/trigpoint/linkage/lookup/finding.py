"""From a request to the children it may mean: what fits, how surely, why, and whether a person has to choose.

A request is compared like a record that has just arrived: the same blocks, weights and guards. Then comes what a
record never needs, since somebody waits for one answer: children who fit are weighed against each other, and where
two could be meant, twins above all, both are given and none is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from trigpoint.linkage.explaining.explain import Evidence
from trigpoint.linkage.features.comparisons import (
    BIRTH_ESTIMATED,
    COMPARISONS,
    GIVEN_VARIANT,
    HOME_POSTCODE,
    MISSING,
    Comparison,
)
from trigpoint.linkage.lookup.blocks import keys_of, most_in_block
from trigpoint.linkage.lookup.reading import AnyIndex
from trigpoint.linkage.lookup.request import ROW, Request, ordered, row_of
from trigpoint.linkage.lookup.scorer import Scored, Scorer, weigher

Answer = Literal["one", "ask", "none"]
AGREES = {"one": "One child fits.", "none": "No child fits."}
ASKED = "More than one child fits, or none surely enough: a person has to choose."
TWIN = "the first name does not agree exactly, and another child has this birth date and family or home: a twin?"
RIVAL = "another child fits about as well"
CONTRADICTED = "one record of this child fits, but another speaks against it: "
TOO_COMMON = "Too many children share what was given. Add a birth date, a postcode or a number."
PLACE = {comparison.name: place for place, comparison in enumerate(COMPARISONS)}
LEAST, MOST = 0.001, 10  # candidates shown where a person chooses
SURE_SURNAME = 3  # the same, or a part or a former one in common


@dataclass(frozen=True)
class Candidate:
    """A child who may be meant. `probability` is that it is this child, all candidates considered together.

    `weight` is in bits and is the batch model's for the request and the child's best record, `record_id`; `verdict`
    is join (fits), ask or apart (a guard speaks against it), with the reason in words. `evidence` is by comparison.
    """

    child_key: str
    probability: float
    weight: float
    verdict: str
    reason: str
    record_id: str
    evidence: tuple[Evidence, ...]
    not_compared: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The answer (one, ask or none), why in a sentence, and the candidates, the likeliest first."""

    answer: Answer
    why: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class _Child:
    """A child with its best record and what is said of it."""

    number: int
    row: int
    scored: Scored
    verdict: str
    reason: str


class Finder:
    """Finds children in one index. Made once for an index; each call reads the index alone."""

    def __init__(self, index: AnyIndex) -> None:
        self.index = index
        self._most = most_in_block(index.settings)
        self._scorer = Scorer(index.model, index.settings)
        self._weigh = weigher(index.model)

    def find(self, request: Request) -> Found:
        """The children whom the request may mean."""
        row = row_of(request, self.index.frame)
        rows, passed_over = self._blocked(row)
        mine = ordered(row)
        score = self._scorer.against(mine)
        scored = {number: score(self.index.row(number)) for number in rows}
        children = self._children(scored, score)
        kept = [child for child in children if child.verdict != "none"]
        return self._answer(kept, rivals=children, mine=mine, passed_over=passed_over)

    def score(self, request: Request, number: int) -> Scored:
        """What the model says of the request and one row of the index, whether or not a block joins them."""
        return self._scorer.against(ordered(row_of(request, self.index.frame)))(self.index.row(number))

    def _blocked(self, row: dict[str, object]) -> tuple[list[int], bool]:
        """The rows that share a key with the request, and whether a block was passed over as too large."""
        rows: set[int] = set()
        passed_over = False
        for rule, key in keys_of(row):
            block = self.index.block(key, most=self._most[rule])
            passed_over |= block is None
            rows.update(() if block is None else block.tolist())
        return sorted(rows), passed_over

    def _children(self, scored: dict[int, Scored], score: Callable[[list[object]], Scored]) -> list[_Child]:
        """Each child by its best record. The other records of a child who may fit are looked at too."""
        hopeful = [number for number, each in scored.items() if each.verdict in ("join", "ask", "apart")]
        for child in sorted({self.index.child(number) for number in hopeful}):
            for number in self.index.rows_of(child):
                if number not in scored:
                    scored[number] = score(self.index.row(number))
        of: dict[int, list[int]] = {}
        for number in scored:
            of.setdefault(self.index.child(number), []).append(number)
        return [_child(number, [(row, scored[row]) for row in rows]) for number, rows in of.items()]

    def _answer(self, kept: list[_Child], *, rivals: list[_Child], mine: list[object], passed_over: bool) -> Found:
        shares = _shared(kept)
        fits = [child for child in kept if child.verdict == "join"]
        leader = min(fits, key=lambda child: (-shares[child.number], self.index.child_key(child.number)), default=None)
        doubt = self._doubt(leader, rivals, shares) if leader else ""
        if leader and not doubt:
            return Found("one", AGREES["one"], (self._candidate(leader, shares[leader.number], mine=mine),))
        chosen = [child for child in kept if shares.get(child.number, 0.0) >= LEAST or _other_number(child)]
        if leader and doubt == TWIN:
            chosen += [child for child in _siblings(leader, rivals, self._same_home) if child not in chosen]
        if not chosen:
            return Found("none", TOO_COMMON if passed_over else AGREES["none"], ())
        given = [
            self._candidate(child, shares.get(child.number, 0.0), mine=mine, reason=doubt if child is leader else "")
            for child in chosen
        ]
        return Found("ask", ASKED, tuple(sorted(given, key=_likeliest_first)[:MOST]))

    def _doubt(self, leader: _Child, rivals: list[_Child], shares: dict[int, float]) -> str:
        """Why the likeliest child is not taken without asking; empty where nothing stands against it."""
        if shares[leader.number] < self.index.settings.join:
            return RIVAL
        by_number = leader.scored.decided_by == "identifier"
        exact = leader.scored.gammas[PLACE["given names"]] >= GIVEN_VARIANT
        if not by_number and not exact and _siblings(leader, rivals, self._same_home):
            return TWIN
        return ""

    def _same_home(self, one: _Child, other: _Child) -> bool:
        place = PLACE["home"]
        return min(one.scored.gammas[place], other.scored.gammas[place]) >= HOME_POSTCODE

    def _candidate(self, child: _Child, share: float, *, mine: list[object], reason: str = "") -> Candidate:
        gammas, theirs = child.scored.gammas, self.index.row(child.row)
        weights = self._weigh(mine, theirs, gammas)
        said = [(c, gamma, weight) for c, gamma, weight in zip(COMPARISONS, gammas, weights, strict=True)]
        return Candidate(
            child_key=self.index.child_key(child.number),
            probability=share,
            weight=child.scored.weight,
            verdict="ask" if reason else child.verdict,
            reason=reason or child.reason,
            record_id=self.index.record_id(child.row),
            evidence=tuple(_evidence(c, gamma, w, rows=(mine, theirs)) for c, gamma, w in said if gamma != MISSING),
            not_compared=tuple(c.name for c, gamma, _ in said if gamma == MISSING),
        )


def _likeliest_first(candidate: Candidate) -> tuple[float, float, str]:
    return (-candidate.probability, -candidate.weight, candidate.child_key)


def _evidence(
    comparison: Comparison, gamma: int, weight: float, *, rows: tuple[Sequence[object], Sequence[object]]
) -> Evidence:
    level = comparison.at(gamma)
    shares = [row[ROW.index(f"tf_{level.frequency_of}")] for row in rows] if level.frequency_of else []
    share = max((each for each in shares if isinstance(each, float)), default=None)
    return Evidence(comparison.name, level.plain, weight, round(1 / share) if share else None)


def _child(number: int, rows: Iterable[tuple[int, Scored]]) -> _Child:
    """A child's verdict from its records: the best one's, unless another record speaks against it."""
    order = {"join": 0, "ask": 1, "apart": 2, "none": 3}
    ranked = sorted(rows, key=lambda each: (order[each[1].verdict], -each[1].weight))
    row, best = ranked[0]
    against = next((each for _, each in ranked if each.verdict == "apart"), None)
    if against and best.verdict == "join" and best.decided_by != "identifier":
        return _Child(number, row, best, "ask", CONTRADICTED + against.reason)
    if best.verdict == "apart":
        row, best = max(ranked, key=lambda each: each[1].weight)
        return _Child(number, row, best, "apart" if best.weight > 0 else "none", against.reason if against else "")
    return _Child(number, row, best, best.verdict, best.reason)


def _siblings(leader: _Child, rivals: list[_Child], same_home: Callable[[_Child, _Child], bool]) -> list[_Child]:
    """Other children of the same birth date who share the family's name or the home with the request."""
    return [
        child
        for child in rivals
        if child.number != leader.number
        and child.scored.gammas[PLACE["birth date"]] >= BIRTH_ESTIMATED
        and (child.scored.gammas[PLACE["surname"]] >= SURE_SURNAME or same_home(leader, child))
    ]


def _other_number(child: _Child) -> bool:
    """All else fits, but the NHS number is another: it may be mistyped or superseded, so a person is shown it."""
    return child.verdict == "apart" and child.scored.gammas[PLACE["NHS number"]] == 0


def _shared(children: list[_Child]) -> dict[int, float]:
    """The probability of each child who is not ruled out, given that at most one of them is meant."""
    odds = {child.number: 2.0 ** min(child.scored.weight, 500.0) for child in children if child.verdict != "apart"}
    total = 1 + fsum(odds.values())
    return {number: each / total for number, each in odds.items()} | {
        child.number: 0.0 for child in children if child.verdict == "apart"
    }
