"""The columns of closed-population models: how the chance of being listed differs between lists and between people.

Rivest and Baillargeon (2007) and Baillargeon and Rivest (2007, section 2.1): a case on k of t lists has the mean
exp(constant + lists + h(k)), where h stands for how unlike one another people are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from trigpoint.counts.unseen.loglinear.lattice import Floats, Ints

POISSON_BASE = 2.0
GAMMA_SHAPE = 3.5


@dataclass(frozen=True)
class Kind:
    """One model: its name, whether lists differ (`by_list`), its form of heterogeneity, and what it assumes."""

    name: str
    by_list: bool
    form: str | None
    assumes: str


_SAME, _DIFFER = "every list finds people equally well", "lists differ in how well they find people"
_SAYS: Final = {
    None: "everybody is as easily found as everybody else, and lists are independent",
    "Chao": "people differ in how easily they are found; the estimate is a lower bound",
    "Poisson": "people differ in how easily they are found, after a Poisson distribution with base 2",
    "Darroch": "people differ in how easily they are found, with normal log odds",
    "Gamma": "people differ in how easily they are found, after a gamma distribution with parameter 3.5",
}
KINDS: Final = tuple(
    Kind(f"{'Mt' if by_list else 'M0'}" if form is None else f"{'Mth' if by_list else 'Mh'} {form}", by_list, form,
         f"{_DIFFER if by_list else _SAME}; {said}")
    for by_list in (False, True) for form, said in _SAYS.items()
)  # fmt: skip


def columns(form: str | None, listed: Ints, *, lists: int) -> Floats:
    """The columns of heterogeneity (histories, columns) for cases on `listed` (histories,) of so many lists."""
    if form is None:
        return np.zeros((len(listed), 0))
    if form == "Chao":
        return chao(listed, lists=lists)
    return np.asarray(_FORMS[form](listed.astype(float))[:, None])


def chao(listed: Ints, *, lists: int) -> Floats:
    """Chao's lower bound: an effect of its own for each number of lists from three on, none of them negative."""
    from_ = np.arange(2, lists)
    return np.asarray(np.maximum(listed[:, None] - from_[None, :], 0), dtype=float)


_FORMS: Final[dict[str, Callable[[Floats], Floats]]] = {
    "Poisson": lambda k: POISSON_BASE**k - 1,
    "Darroch": lambda k: k**2 / 2,
    "Gamma": lambda k: np.log(GAMMA_SHAPE) - np.log(GAMMA_SHAPE + k),
}
