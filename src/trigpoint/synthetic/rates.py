"""How often things are so in an invented partnership: shares of children, of errors, of dirt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

_MISSING_NHS: Final = {
    "police": 1.0,
    "missing_persons": 0.93,
    "childrens_services": 0.25,
    "education": 0.9,
    "health": 0.03,
    "youth_justice": 0.7,
    "nrm": 1.0,
    "bank": 1.0,
    "platform": 1.0,
    "return_interviews": 0.8,
}


@dataclass(frozen=True)
class Rates:
    """Shares between 0 and 1 unless said otherwise. The same rates, seed and number give the same files."""

    exploited: float = 0.02  # of children aged 7 to 17
    exploited_small: float = (
        0.12  # the same where fewer than 5,000 children are asked for, so that there is much to see
    )
    ordinary: float = 1.0  # times the usual frequency of what is not exploitation
    chances: float = 1.0  # times the chance of each step of a story
    pace: tuple[float, float] = (0.5, 1.5)  # times the usual length of a story's stages
    in_care: float = 0.012  # looked after for reasons that are not exploitation
    twins: float = 0.03  # of families with two children or more
    step_surname: float = 0.08
    double_barrelled: float = 0.06
    moved: float = 0.14
    estimated_birth: float = 0.25  # of children of communities with many births abroad: written as 1 January
    typing_error: float = 0.025
    other_spelling: float = 0.25  # of names that have one
    short_name: float = 0.18  # of names that have one
    swapped_names: float = 0.004
    swapped_day_month: float = 0.015
    wrong_birth_digit: float = 0.01
    wrong_number: float = 0.004  # an NHS number or UPN with one wrong digit
    no_postcode: float = 0.05
    no_phone: float = 0.55
    two_numbers: float = 0.015  # a child with two person numbers in one source
    missing_nhs: dict[str, float] = field(default_factory=lambda: dict(_MISSING_NHS))
    unseen: float = 0.04  # rows that an agency never wrote down
    blank_line: float = 0.003
    half_row: float = 0.0015
    impossible_date: float = 0.003
    repeated_row: float = 0.004
    mojibake: float = 0.01  # of names with a letter outside English
    spaces: float = 0.01
    mixed_case: float = 0.02
    wrong_code: float = 0.004
    corrected: float = 0.4  # of arrests still open, sent again with an outcome in a later extract
    case_studies: bool = True


USUAL: Final = Rates()
# For benchmarks of truth: nothing was written against this one, and none of it should be.
HOLDOUT: Final = Rates(
    exploited=0.03,
    exploited_small=0.09,
    ordinary=1.35,
    chances=0.85,
    pace=(0.8, 2.4),
    in_care=0.02,
    twins=0.05,
    step_surname=0.12,
    moved=0.2,
    typing_error=0.05,
    other_spelling=0.35,
    short_name=0.28,
    swapped_day_month=0.03,
    wrong_birth_digit=0.02,
    no_postcode=0.12,
    missing_nhs={**_MISSING_NHS, "childrens_services": 0.45, "health": 0.08, "education": 0.97},
    unseen=0.1,
    half_row=0.004,
    impossible_date=0.006,
    repeated_row=0.01,
    mixed_case=0.05,
    wrong_code=0.01,
)
RATES: Final = {"usual": USUAL, "holdout": HOLDOUT}
