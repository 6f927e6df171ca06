"""What is compared between two records, level by level, in the words that a person reads.

Each level is a condition over two linking rows (`x_l`, `x_r`); the first that holds is the answer. The same list
feeds Splink (training) and the scorer (`scoring/pairs.py`), so that what is learnt is what is used. The
probabilities stand in the model file, never here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Level:
    """One answer: a SQL condition (None = all else), the words for it, and a column whose frequency counts.

    `quick` holds wherever `sql` does and costs little: the batch asks it first, and changes nothing by it.
    """

    plain: str
    sql: str | None
    frequency_of: str | None = None
    quick: str | None = None


@dataclass(frozen=True)
class Comparison:
    """One comparison: when it says nothing (`missing`), and its levels from the strongest to "all else"."""

    name: str
    missing: str
    levels: tuple[Level, ...]

    @property
    def top(self) -> int:
        """The value of the first level; the last has 0 and a missing one -1, as in Splink."""
        return len(self.levels) - 1

    def exact(self, column: str) -> int:
        """The place of the level that asks for the same value of a column: what its frequency is held against."""
        return next(place for place, level in enumerate(self.levels) if level.sql == f"{column}_l = {column}_r")

    def at(self, value: int) -> Level:
        """The level with this value."""
        return self.levels[self.top - value]


GIVEN_MORE, GIVEN_SAME, GIVEN_SWAPPED, GIVEN_VARIANT, GIVEN_SPELLING, GIVEN_INITIAL = 6, 5, 4, 3, 2, 1
BIRTH_SAME, BIRTH_ESTIMATED = 6, 5
HOME_POSTCODE = 7  # the same postcode, or more
DIFFERENT, MISSING = 0, -1

# Vietnamese and Chinese family names come first; elsewhere somebody filled in the wrong box. In any of their forms.
SWAPPED_NAMES = "list_has_any(first_names_l, parts_r) AND list_has_any(first_names_r, parts_l)"
CLOSE_SPELLING = (
    "((jaro_winkler_similarity({0}_l, {0}_r) >= 0.9 OR "
    "(damerau_levenshtein({0}_l, {0}_r) = 1 AND len({0}_l) >= 4 AND len({0}_r) >= 4)))"
)

# Lists that share a value share a bit of their masks (`people.mask_sql`).
SWAPPED_MASKS = "(names_mask_l & parts_mask_r) <> 0 AND (names_mask_r & parts_mask_l) <> 0"
EITHER_MASK = "(names_mask_l & parts_mask_r) <> 0 OR (names_mask_r & parts_mask_l) <> 0"
# One edit in four letters or more leaves the first letter or the last two.
ONE_EDIT_OR_NEAR = (
    "(abs(len(surname_l) - len(surname_r)) <= 1 AND (left(surname_l, 1) = left(surname_r, 1) "
    "OR right(surname_l, 2) = right(surname_r, 2))) OR jaro_winkler_similarity(surname_l, surname_r) >= 0.9"
)
SWAPPED_SPELLING = (
    "(jaro_winkler_similarity(forename_l, surname_r) >= 0.9 AND jaro_winkler_similarity(surname_l, forename_r) >= 0.9)"
)

GIVEN = Comparison(
    "given names",
    "forename_l IS NULL OR forename_r IS NULL",
    (
        Level(
            "the same first name and another given name in common",
            "forename_l = forename_r AND len(list_intersect(names_l, names_r)) >= 2",
            "forename",
            "forename_l = forename_r",
        ),
        Level("the same first name", "forename_l = forename_r", "forename"),
        Level(
            "given name and surname in each other's place",
            f"{SWAPPED_NAMES} OR {SWAPPED_SPELLING}",
            quick=f"{SWAPPED_MASKS} OR jaro_winkler_similarity(forename_l, surname_r) >= 0.9",
        ),
        Level(
            "the same name in another form or order",
            "list_has_any(first_names_l, names_r) OR list_has_any(first_names_r, names_l)",
            quick="(names_mask_l & names_mask_r) <> 0",
        ),
        # Two names that are both in use are two names, however near in spelling: Hassan and Hussain are brothers.
        Level(
            "a first name spelt nearly the same",
            f"{CLOSE_SPELLING.format('forename')} AND NOT (name_known_l AND name_known_r)",
            quick="NOT (name_known_l AND name_known_r)",
        ),
        Level(
            "an initial or a leading name that fits",
            "((len(forename_l) = 1 OR len(forename_r) = 1) AND left(forename_l, 1) = left(forename_r, 1)) "
            "OR (lead_l = lead_r AND (solo_l OR solo_r))",
        ),
        Level("different first names", None),
    ),
)

SURNAME = Comparison(
    "surname",
    "surname_l IS NULL OR surname_r IS NULL",
    (
        Level("the same surname", "surname_l = surname_r", "surname"),
        Level(
            "a part of the surname or a former surname in common",
            "list_has_any(parts_l, parts_r)",
            quick="(parts_mask_l & parts_mask_r) <> 0",
        ),
        Level(
            "a surname spelt nearly the same",
            CLOSE_SPELLING.format("surname"),
            quick=ONE_EDIT_OR_NEAR,
        ),
        Level(
            "a surname that is a given name on the other record",
            f"list_has_any(parts_l, names_r) OR list_has_any(parts_r, names_l) OR {SWAPPED_SPELLING}",
            quick=f"{EITHER_MASK} OR jaro_winkler_similarity(forename_l, surname_r) >= 0.9",
        ),
        Level("different surnames", None),
    ),
)

BIRTH = Comparison(
    "birth date",
    "birth_l IS NULL OR birth_r IS NULL",
    (
        Level("the same birth date", "birth_l = birth_r AND NOT birth_weak_l AND NOT birth_weak_r"),
        Level("the same birth date, but estimated or 1 January", "birth_l = birth_r"),
        Level(
            "day and month swapped",
            "substr(birth_l, 1, 4) = substr(birth_r, 1, 4) AND substr(birth_l, 5, 2) = substr(birth_r, 7, 2) "
            "AND substr(birth_l, 7, 2) = substr(birth_r, 5, 2)",
        ),
        Level(
            "the same year, one date being estimated or 1 January",
            "substr(birth_l, 1, 4) = substr(birth_r, 1, 4) AND (birth_weak_l OR birth_weak_r)",
        ),
        Level(
            "one digit of the birth date different",
            "damerau_levenshtein(birth_l, birth_r) = 1",
            quick="CASE WHEN len(birth_l) = len(birth_r) THEN hamming(birth_l, birth_r) <= 2 ELSE true END",
        ),
        Level(
            "two of day, month and year the same, or an estimate within a year",
            "substr(birth_l, 1, 6) = substr(birth_r, 1, 6) OR substr(birth_l, 5, 4) = substr(birth_r, 5, 4) "
            "OR (substr(birth_l, 1, 4) = substr(birth_r, 1, 4) AND substr(birth_l, 7, 2) = substr(birth_r, 7, 2)) "
            "OR ((birth_weak_l OR birth_weak_r) "
            "AND abs(CAST(substr(birth_l, 1, 4) AS INTEGER) - CAST(substr(birth_r, 1, 4) AS INTEGER)) <= 1)",
        ),
        Level("different birth dates", None),
    ),
)

# Postcode and address are one question: who lives at one address has its postcode too, and must not be counted twice.
SAME_POSTCODE, SAME_ADDRESS = "postcode_l = postcode_r", "address_l = address_r"
MOST_OF_ADDRESS = (
    "coalesce(len(list_intersect(address_words_l, address_words_r)) >= 3 AND 2 * "
    "len(list_intersect(address_words_l, address_words_r)) >= least(len(address_words_l), len(address_words_r)), false)"
)
# Three words in common set three bits in common, unless two words of one address share a bit.
ADDRESS_MASKS = "bit_count(words_mask_l & words_mask_r) >= 3 OR bit_count(words_mask_l) < len(address_words_l)"
NEAR_POSTCODE = (
    "(CASE WHEN len(postcode_l) = len(postcode_r) THEN hamming(postcode_l, postcode_r) <= 2 "
    "ELSE abs(len(postcode_l) - len(postcode_r)) = 1 END)"
)
HOME = Comparison(
    "home",
    "(postcode_l IS NULL OR postcode_r IS NULL) AND (address_l IS NULL OR address_r IS NULL)",
    (
        Level("the same address and postcode", f"{SAME_POSTCODE} AND {SAME_ADDRESS}", "postcode"),
        Level(
            "the same postcode, and most of the address",
            f"{SAME_POSTCODE} AND {MOST_OF_ADDRESS}",
            "postcode",
            SAME_POSTCODE,
        ),
        Level("the same postcode", SAME_POSTCODE, "postcode"),
        Level("the same address, without the same postcode", SAME_ADDRESS, "address"),
        Level("most of the address", MOST_OF_ADDRESS, quick=ADDRESS_MASKS),
        Level(
            "a postcode or address of one that was once the other's",
            "list_has_any(postcodes_l, postcodes_r) OR coalesce(list_has_any(addresses_l, addresses_r), false)",
            quick="(places_mask_l & places_mask_r) <> 0",
        ),
        Level(
            "a postcode or address written nearly the same",
            "coalesce(damerau_levenshtein(postcode_l, postcode_r) = 1, false) "
            "OR coalesce(len(address_l) >= 5 AND jaro_winkler_similarity(address_l, address_r) >= 0.92, false)",
            quick=f"{NEAR_POSTCODE} OR jaro_winkler_similarity(address_l, address_r) >= 0.92",
        ),
        Level("neighbouring postcodes (same sector)", "sector_l = sector_r"),
        Level("the same postcode district", "outcode_l = outcode_r"),
        Level("different homes", None),
    ),
)

PHONE = Comparison(
    "phone",
    "coalesce(len(phones_l), 0) = 0 OR coalesce(len(phones_r), 0) = 0",
    (Level("a phone number in common", "list_has_any(phones_l, phones_r)"), Level("different phone numbers", None)),
)

SCHOOL = Comparison(
    "school",
    "school_l IS NULL OR school_r IS NULL",
    (Level("the same school", "school_l = school_r", "school"), Level("different schools", None)),
)

SEX = Comparison(
    "sex",
    "sex_l IS NULL OR sex_r IS NULL",
    (Level("the same sex", "sex_l = sex_r"), Level("different sex", None)),
)

NHS = Comparison(
    "NHS number",
    "nhs_person_l IS NULL OR nhs_person_r IS NULL",
    (Level("the same NHS number", "nhs_person_l = nhs_person_r"), Level("different NHS numbers", None)),
)

UPN = Comparison(
    "pupil number",
    "upn_l IS NULL OR upn_r IS NULL",
    (Level("the same pupil number", "upn_l = upn_r"), Level("different pupil numbers", None)),
)

NAMES_THE_OTHER = "coalesce(list_contains(ids_l, own_id_r), false) OR coalesce(list_contains(ids_r, own_id_l), false)"
SHARED_ID = f"(coalesce(list_has_any(ids_l, ids_r), false) OR {NAMES_THE_OTHER})"
OTHER_IDS = Comparison(
    "other identifiers",
    f"NOT {SHARED_ID} AND NOT coalesce(list_has_any(id_schemes_l, id_schemes_r), false)",
    (
        Level("an identifier in common", SHARED_ID),
        Level("an e-mail address spelt nearly the same", "jaro_winkler_similarity(email_l, email_r) >= 0.92"),
        # Weighs nothing unless learnt: numbers that are given out in a row are one digit apart by chance.
        Level("a number of one kind with one digit different", "damerau_levenshtein(one_id_l, one_id_r) = 1"),
        Level("different identifiers of one kind", None),
    ),
)

COMPARISONS = (GIVEN, SURNAME, BIRTH, HOME, PHONE, SCHOOL, SEX, NHS, UPN, OTHER_IDS)


def gamma_name(comparison: Comparison) -> str:
    """The column that holds the level of a comparison."""
    return "gamma_" + comparison.name.lower().replace(" ", "_")


def gamma_sql(comparison: Comparison, *, quick: bool = False) -> str:
    """The level of a pair as an integer: -1 missing, 0 all else, up to the strongest.

    `quick`: ask what costs little first (needs the masks of the linking rows). The engine asks both sides of an AND of
    every pair, but what stands in a CASE only of the pairs that come so far.
    """
    whens = [f"WHEN {comparison.missing} THEN {MISSING}"]
    for place, level in enumerate(comparison.levels):
        if level.sql is not None:
            asked = f"CASE WHEN {level.quick} THEN {level.sql} ELSE false END" if quick and level.quick else level.sql
            whens.append(f"WHEN {asked} THEN {comparison.top - place}")
    return f"CASE {' '.join(whens)} ELSE {DIFFERENT} END"


def splink_comparison(comparison: Comparison, *, levels: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The comparison in Splink's own form; `levels` may carry m and u for each level below the missing one."""
    made: list[dict[str, Any]] = [
        {"sql_condition": comparison.missing, "label_for_charts": "missing", "is_null_level": True}
    ]
    for place, level in enumerate(comparison.levels):
        entry: dict[str, Any] = {"sql_condition": level.sql or "ELSE", "label_for_charts": level.plain}
        if level.frequency_of:
            entry |= {"tf_adjustment_column": level.frequency_of, "tf_adjustment_weight": 1.0}
        made.append(entry | (levels[place] if levels else {}))
    return {"output_column_name": comparison.name.lower().replace(" ", "_"), "comparison_levels": made}
