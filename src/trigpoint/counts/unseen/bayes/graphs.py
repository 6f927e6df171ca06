"""Decomposable graphs on a few lists: which lists hang together, in pieces that can be reckoned one by one.

A graph is a number whose bits are its edges, in the order of `edges`. Its families are what is left when vertices are
taken away one after another, each one with neighbours that all know each other: the probability of a table under the
graph is the product over (vertex and its neighbours) divided by the product over (its neighbours).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np

from trigpoint.counts.unseen.loglinear.lattice import Bools, Ints

MOST_LISTS = 6  # 18,154 decomposable graphs; seven lists have 617,675


def edges(lists: int) -> list[tuple[int, int]]:
    """Pairs of lists, in the order of the bits of a graph."""
    return list(combinations(range(lists), 2))


def neighbours(graphs: Ints, *, lists: int) -> Ints:
    """For each graph and list (graphs, lists) the neighbours, as a number whose bits are lists."""
    found = np.zeros((len(graphs), lists), dtype=np.int64)
    for bit, (i, j) in enumerate(edges(lists)):
        there = graphs >> bit & 1
        found[:, i] |= there << j
        found[:, j] |= there << i
    return found


def families(around: Ints) -> tuple[Bools, Ints, Ints]:
    """Which graphs are decomposable, and for each graph its families and their separators (graphs, lists), as sets of
    lists, from the neighbours of each list (graphs, lists). Rows of graphs that are not decomposable mean nothing."""
    rows, lists = around.shape
    left = np.full(rows, (1 << lists) - 1, dtype=np.int64)
    family = np.zeros_like(around)
    separator = np.zeros_like(around)
    whole = np.ones(rows, dtype=bool)
    for turn in range(lists):
        taken = np.full(rows, -1)
        for vertex in range(lists):
            near = around[:, vertex] & left
            fits = (taken < 0) & (left >> vertex & 1 == 1) & _all_know_each_other(near, around)
            taken[fits] = vertex
            separator[fits, turn] = near[fits]
            family[fits, turn] = near[fits] | 1 << vertex
        whole &= taken >= 0
        left &= ~np.where(taken >= 0, np.int64(1) << np.maximum(taken, 0), 0)
    return whole, family, separator


def families_of_one(around: Sequence[int]) -> list[tuple[int, int]] | None:
    """The same for one graph, in whole numbers: pairs of family and separator, None if it is not decomposable."""
    left, found = (1 << len(around)) - 1, []
    while left:
        for vertex, near in enumerate(around):
            held = near & left
            if left >> vertex & 1 and _clique(held, around):
                found.append((held | 1 << vertex, held))
                left ^= 1 << vertex
                break
        else:
            return None
    return found


def _clique(members: int, around: Sequence[int]) -> bool:
    rest = members
    while rest:
        lowest = rest & -rest
        if members & ~around[lowest.bit_length() - 1] & ~lowest:
            return False
        rest ^= lowest
    return True


@lru_cache(maxsize=8)
def decomposable(lists: int) -> tuple[Ints, Ints]:
    """Families and separators (graphs, lists) of every decomposable graph on up to six lists."""
    graphs = np.arange(1 << len(edges(lists)), dtype=np.int64)
    whole, family, separator = families(neighbours(graphs, lists=lists))
    return family[whole], separator[whole]


def _all_know_each_other(near: Ints, around: Ints) -> Bools:
    good = np.ones(len(near), dtype=bool)
    for vertex in range(around.shape[1]):
        others = near & ~(1 << vertex)
        good &= (near >> vertex & 1 == 0) | (others & ~around[:, vertex] == 0)
    return good
