"""Numbers that look right and belong to nobody: NHS numbers of the test range, UPNs of a pseudo-authority, phones."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from trigpoint.synthetic.columns import Objects, Whole

_UPN_LETTERS: Final = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"), dtype=object)
_STEMS: Final = 100_000_000
_TRIES: Final = 8  # one stem in eleven has no check digit; eight in a row fail once in 200 million
_SPREAD: Final = 61_803_399  # shares no factor with the number of stems, so no two children get one
PHONES: Final = 1_000  # 07700 900000 to 900999, kept for drama by Ofcom


def nhs_numbers(child: Whole, *, seed: int) -> Objects:
    """For each child number a NHS number of the range 900-999, never issued, with a valid check digit (modulus 11).

    Source: NHS Data Dictionary, modulus 11; test range per domain notes. No two children share one.
    """
    tries = (child[:, None] * _TRIES + np.arange(_TRIES)) * _SPREAD + seed * 7_919
    stems = 900_000_000 + tries % _STEMS
    checks = _nhs_check(stems)
    first = (checks < 10).argmax(axis=1)
    rows = np.arange(len(child))
    numbers = stems[rows, first] * 10 + checks[rows, first]
    return text(numbers)


def _nhs_check(stems: Whole) -> Whole:
    total = np.zeros_like(stems)
    rest = stems.copy()
    for weight in range(2, 11):
        total += (rest % 10) * weight
        rest //= 10
    check: Whole = (11 - total % 11) % 11
    return check


def upns(child: Whole, *, authority: Whole) -> Objects:
    """For each child number a permanent UPN: check letter, three-digit authority, nine digits.

    Check: the sum of digit times position (2 to 13) modulo 23. Source: DfE UPN guide.
    """
    digits = authority * 10**9 + (child * 618_033_989 + 100_000_007) % 10**9
    total = np.zeros_like(digits)
    rest = digits.copy()
    for position in range(13, 1, -1):
        total += (rest % 10) * position
        rest //= 10
    made: Objects = _UPN_LETTERS[total % 23] + text(digits)
    return made


def phone(number: Any) -> str:
    """A number of the drama range, as an agency writes it."""
    return f"07700 900{int(number) % PHONES:03d}"


def text(numbers: Whole) -> Objects:
    """Whole numbers as an object array of strings."""
    made: Objects = np.array(list(map(str, numbers.tolist())), dtype=object)
    return made
