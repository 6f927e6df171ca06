"""Hierarchical log-linear models: which lists may depend on which.

A model is the tuple of its terms, each a number whose bits are lists: 0 for the constant, a power of two for a list
alone, two bits for an interaction of two lists. Whatever holds a term holds all that lies in it (hierarchy), and every
list stands in every model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

Model = tuple[int, ...]


def main_effects(lists: int) -> Model:
    """The model in which lists are independent of one another."""
    return (0, *(1 << j for j in range(lists)))


def pairs(lists: int) -> list[int]:
    """All interactions of two lists, in order of the lists."""
    return [1 << i | 1 << j for i, j in combinations(range(lists), 2)]


def closed(terms: Sequence[int]) -> Model:
    """The smallest hierarchical model that holds the terms."""
    found = {0}
    for term in terms:
        part = term
        while part:
            found.add(part)
            part = (part - 1) & term
    return ordered(found)


def ordered(terms: Sequence[int] | set[int]) -> Model:
    """Terms by their number of lists, then by the lists."""
    return tuple(sorted(set(terms), key=lambda term: (term.bit_count(), term)))


def generators(model: Model) -> list[int]:
    """The terms that lie in no other: they name the model."""
    inner = [term for term in model if term]
    return [term for term in inner if not any(term != other and term & other == term for other in inner)]


def name(model: Model, *, lists: Sequence[str] | None = None) -> str:
    """`[12,13,5]`, as the literature writes it, or with names: `LA:NG, LA:PF, GP`."""
    ranked = sorted(generators(model), key=lambda term: (-term.bit_count(), _members(term)))
    if lists is not None:
        return ", ".join(":".join(lists[j] for j in _members(term)) for term in ranked)
    many = any(j >= 9 for term in ranked for j in _members(term))
    return "[" + ",".join(("." if many else "").join(str(j + 1) for j in _members(term)) for term in ranked) + "]"


def parse(text: str, *, lists: int) -> Model:
    """The model of `[12,13,5]`; lists from the tenth on are written with dots, `[1.10,2]`."""
    inner = text.strip().strip("[]")
    terms = []
    for word in filter(None, (part.strip() for part in inner.split(","))):
        members = [int(one) for one in (word.split(".") if "." in word else word)]
        terms.append(sum(1 << (j - 1) for j in members))
    return closed([*terms, *(1 << j for j in range(lists))])


def hierarchical(lists: int, *, order: int) -> list[Model]:
    """All hierarchical models with every list in them and interactions of at most `order` lists.

    Without the one that interacts all lists in every way: it fits any table and says nothing of the unseen.
    """
    everything = 1 << lists
    saturated = everything - 1
    found = {main_effects(lists)}
    for size in range(2, min(order, lists) + 1):
        new = [term for term in range(everything) if term.bit_count() == size and term != saturated]
        found |= {grown for model in found for grown in _grown(model, new)}
    return sorted(found, key=lambda model: (len(model), model))


def neighbours(model: Model, *, lists: int, order: int) -> Iterator[Model]:
    """Every hierarchical model with one term more or one term fewer."""
    held = set(model)
    for term in range(1 << lists):
        size = term.bit_count()
        if term in held:
            if size >= 2 and not any(term != other and term & other == term for other in model):
                yield ordered(held - {term})
        elif 2 <= size <= order and term != (1 << lists) - 1 and _may_hold(term, held):
            yield ordered(held | {term})


def _grown(model: Model, new: Sequence[int]) -> Iterator[Model]:
    """The model with every selection of those new terms that it may hold."""
    held = set(model)
    allowed = [term for term in new if _may_hold(term, held)]
    for chosen in range(1 << len(allowed)):
        yield ordered(held | {term for i, term in enumerate(allowed) if chosen >> i & 1})


def _may_hold(term: int, held: set[int]) -> bool:
    """Whether all that lies directly under the term is there."""
    return all(term ^ (1 << j) in held for j in _members(term))


def _members(term: int) -> list[int]:
    return [j for j in range(term.bit_length()) if term >> j & 1]
