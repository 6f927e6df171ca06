"""From a pair to a verdict: the weight of evidence by the model, then the rules that stand above any weight.

The weight is that of Splink's predict (a test compares them on random pairs), computed by one SQL statement of our
own, so that only the pairs that matter are scored and nothing but the verdict is kept. The rules are read from top to
bottom; the first that fits decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import duckdb

from trigpoint.linkage.features.comparisons import (
    COMPARISONS,
    GIVEN_SPELLING,
    NAMES_THE_OTHER,
    gamma_name,
    gamma_sql,
)
from trigpoint.linkage.features.people import MASKS, TABLE, TF_COLUMNS
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings


@dataclass(frozen=True)
class Rule:
    """When `condition` holds, `verdict` stands (join, ask, apart or none), and this decided it.

    `asked` says that a person is asked although the verdict stands: what keeps the two apart may itself be a slip.
    `parts` says that the two may not meet through a third record either; `family`, that the rule is there because
    brothers, sisters, twins and parents are the usual case (see `LinkSettings.family`).
    """

    condition: str
    verdict: str
    decided_by: str
    reason: str
    parts: bool = False
    family: bool = False
    asked: bool = False


SAME_NHS, OTHER_NHS = "gamma_nhs_number = 1", "gamma_nhs_number = 0"
IDENTIFIED = "(gamma_nhs_number = 1 OR gamma_pupil_number = 1 OR gamma_other_identifiers = 3)"
SAME_SOURCE = "(source_l = source_r AND local_id_l <> local_id_r)"
FIRM_NAME_AND_BIRTH = "(gamma_given_names >= 2 AND gamma_birth_date >= 5)"
# Names, the very birth date, and home or another number: who agrees in all that is hardly ever another child.
ALL_BUT_NHS = (
    "(gamma_given_names >= 2 AND gamma_birth_date = 6 AND gamma_surname >= 3 AND "
    "(gamma_home >= 4 OR gamma_phone = 1 OR gamma_pupil_number = 1 OR gamma_other_identifiers = 3))"
)
YEARS_APART = "abs(CAST(left(birth_l, 4) AS INTEGER) - CAST(left(birth_r, 4) AS INTEGER))"
# Twins are often named alike: Amir and Amira, Jayden and Hayden. A slip of the pen seldom changes the first letter.
NEAR_NAME = f"gamma_given_names = {GIVEN_SPELLING} AND NOT {IDENTIFIED}"
OTHER_SEX = f"{NEAR_NAME} AND sex_l <> sex_r"
OTHER_FIRST_LETTER = f"{NEAR_NAME} AND left(forename_l, 1) <> left(forename_r, 1)"
TWO_NUMBERS = (
    "two different valid NHS numbers, but names, birth date and more agree: an old or a wrong number, or two children?"
)
BETWEEN = "between the thresholds for joining and for asking"
PARENT = "born twelve or more years apart: a parent, not the child"
STAYS = "below the threshold for joining, but joined before or through other records"

RULES = (
    Rule("judged = 'different'", "apart", "judgement", "a person said that these are different children", True),
    Rule("judged = 'same'", "join", "judgement", "a person said that these are one child"),
    Rule(f"{OTHER_NHS} AND NOT {SAME_SOURCE} AND {ALL_BUT_NHS}", "apart", "guard", TWO_NUMBERS, True, asked=True),
    Rule(OTHER_NHS, "apart", "guard", "two different valid NHS numbers", True),
    Rule(
        f"({NAMES_THE_OTHER}) AND (gamma_given_names >= 1 OR gamma_birth_date >= 1)",
        "join",
        "identifier",
        "one record names the other's number as its own, and name or birth date agrees",
    ),
    Rule(
        f"{SAME_SOURCE} AND NOT ({FIRM_NAME_AND_BIRTH} AND {IDENTIFIED}) AND {FIRM_NAME_AND_BIRTH} "
        "AND probability >= {join}",
        "ask",
        "guard",
        "one source holds two numbers for the same name and birth date: a duplicate, or two children?",
        True,
    ),
    Rule(
        f"{SAME_SOURCE} AND NOT ({FIRM_NAME_AND_BIRTH} AND {IDENTIFIED})",
        "apart",
        "guard",
        "one source holds them under two numbers",
        True,
    ),
    Rule(
        f"{SAME_NHS} AND NOT (gamma_given_names = 0 AND gamma_birth_date = 0)",
        "join",
        "identifier",
        "the same NHS number, and name or birth date does not speak against it",
    ),
    Rule(SAME_NHS, "ask", "guard", "the same NHS number, but first name and birth date both differ"),
    Rule(
        f"{YEARS_APART} >= 12 AND NOT {IDENTIFIED}",
        "apart",
        "guard",
        PARENT,
        True,
        family=True,
    ),
    Rule(
        f"gamma_given_names <= 0 AND gamma_birth_date IN (6, 4, 2) AND NOT {IDENTIFIED} AND probability >= {{ask}}",
        "ask",
        "guard",
        "no first name in common: a twin, a brother or a sister?",
        family=True,
    ),
    Rule(f"gamma_given_names <= 0 AND NOT {IDENTIFIED}", "none", "guard", "no first name in common", family=True),
    Rule(
        f"{OTHER_SEX} AND probability >= {{ask}}",
        "ask",
        "guard",
        "first names nearly the same, but a boy's and a girl's: twins, a brother and a sister?",
        True,
        family=True,
    ),
    Rule(
        f"{OTHER_FIRST_LETTER} AND probability >= {{ask}}",
        "ask",
        "guard",
        "first names nearly the same, but for the first letter: twins, brothers or sisters?",
        family=True,
    ),
    Rule(
        "gamma_birth_date = 0 AND gamma_given_names >= 3 AND gamma_surname >= 3 AND probability >= {certain}",
        "join",
        "model",
        "the birth dates differ, but both names and more agree",
    ),
    Rule(
        "gamma_birth_date = 0 AND (gamma_given_names <= 0 OR NOT " + IDENTIFIED + ") AND probability >= {join}",
        "ask",
        "guard",
        "everything but the birth date agrees: a parent, a cousin, or a wrong date?",
        family=True,
    ),
    Rule(f"gamma_birth_date = 0 AND NOT {IDENTIFIED}", "none", "guard", "different birth dates", family=True),
    # A parent may bear the same name, however rare, in the same home and with the same phone, but goes to no school.
    Rule(
        f"gamma_birth_date = -1 AND NOT {IDENTIFIED} AND probability >= {{ask}} "
        "AND NOT (gamma_school = 1 AND probability >= {certain})",
        "ask",
        "guard",
        "the birth date is missing: a parent or a namesake?",
        family=True,
    ),
    Rule("probability >= {join}", "join", "model", ""),
    Rule("was_together AND probability >= {stay}", "join", "model", STAYS),
    Rule("probability >= {ask}", "ask", "model", BETWEEN),
)

# Two first names that are clearly two names part a cluster even when each pair in the chain agreed.
CLEARLY_OTHER_NAME = (
    f"gamma_given_names = 0 AND NOT {IDENTIFIED} AND len(forename_l) > 2 AND len(forename_r) > 2 "
    "AND (name_known_l AND name_known_r OR jaro_winkler_similarity(forename_l, forename_r) < 0.75) "
    "AND judged IS DISTINCT FROM 'same'"
)
OTHER_NAME = "two different first names"
JUDGED_APART = RULES[0].reason
# What a person's "same" overcomes for the whole child: a name or a year may be wrong, two live numbers are not.
OVERCOME = (OTHER_NAME, PARENT)

SCORED = ("a", "b", "weight", "probability", "verdict", "decided_by", "reason", "parts", "bridge")


def weight_sql(model: LinkModel) -> str:
    """The match weight in bits (log2 of the odds) from the levels: prior, agreement, rarity."""
    terms = [f"{math.log2(model.chance / (1 - model.chance))!r}::DOUBLE"]
    terms += [comparison_weight_sql(place, model) for place in range(len(COMPARISONS))]
    return " + ".join(terms)


def comparison_weight_sql(place: int, model: LinkModel) -> str:
    """The weight in bits of the comparison at this place of COMPARISONS, from its level and the value's frequency."""
    comparison, odds = COMPARISONS[place], model.odds()[place]
    whens = []
    for step, (level, (m, u)) in enumerate(zip(comparison.levels, odds, strict=True)):
        value = f"{math.log2(m / u)!r}::DOUBLE"
        if level.frequency_of:
            value += " + " + _rarity(step, place=place, model=model)
        whens.append(f"WHEN {comparison.top - step} THEN {value}")
    return f"CASE {gamma_name(comparison)} {' '.join(whens)} ELSE 0 END"


def _first_that_fits(settings: LinkSettings) -> str:
    """The place of the rule that decides, from 1; a last one stands for all pairs that no rule speaks of."""
    thresholds = {
        "join": settings.join,
        "stay": settings.stay,
        "ask": settings.ask,
        "certain": max(settings.certain, settings.join),
    }
    whens = [
        f"WHEN {rule.condition.format(**thresholds)} THEN {place}"
        for place, rule in enumerate(RULES, 1)
        if settings.family or not rule.family
    ]
    return f"CASE {' '.join(whens)} ELSE {len(RULES) + 1} END"


def _of_rule(column: str) -> str:
    """The rules' words for one column as a list that is read at the place of the rule."""
    values = [getattr(rule, column) for rule in (*RULES, Rule("", "none", "model", ""))]
    words = [str(v).lower() if isinstance(v, bool) else "'" + v.replace("'", "''") + "'" for v in values]
    return f"[{', '.join(words)}][rule]"


def levels_sql(pairs: str, *, people: str = TABLE, quick: bool = True) -> str:
    """SELECT of both records' columns and the level of each comparison, for the pairs (a, b) of a table.

    `quick` asks first what costs little, with the masks of the rows; the levels are the same.
    """
    sides = [_people_columns(side, masks=quick) for side in ("l", "r")]
    gammas = ", ".join(f"{gamma_sql(c, quick=quick)} AS {gamma_name(c)}" for c in COMPARISONS)
    return f"""
    SELECT *, {gammas} FROM (SELECT p.*, {", ".join(sides)}
        FROM {pairs} p JOIN {people} l ON l.n = p.a JOIN {people} r ON r.n = p.b)
    """


def rarity_sql(model: LinkModel) -> str:
    """The bits that the frequency of shared values adds to the levels' own weights."""
    return " + ".join(_rarity_of(place, model) for place in range(len(COMPARISONS)))


def _rarity_of(place: int, model: LinkModel) -> str:
    comparison = COMPARISONS[place]
    whens = [
        f"WHEN {comparison.top - step} THEN {_rarity(step, place=place, model=model)}"
        for step, level in enumerate(comparison.levels)
        if level.frequency_of
    ]
    return f"CASE {gamma_name(comparison)} {' '.join(whens)} ELSE 0 END" if whens else "0"


def _rarity(step: int, *, place: int, model: LinkModel) -> str:
    """As in Splink: the frequency of the shared value, held against how often chance pairs share the whole column."""
    column = COMPARISONS[place].levels[step].frequency_of
    _, u = model.odds()[place][COMPARISONS[place].exact(str(column))]
    floor = model.splink["comparisons"][place]["comparison_levels"][step + 1]["tf_minimum_u_value"]
    return f"coalesce({math.log2(u)!r} - log2(greatest(tf_{column}_l, tf_{column}_r, {floor})), 0)"


def known_sql(settings: LinkSettings) -> str:
    """1 where a number tells that two records are one child, 0 where a rule tells that they are not, else null."""
    says_not = [OTHER_NHS, f"({SAME_SOURCE} AND NOT ({FIRM_NAME_AND_BIRTH} AND {IDENTIFIED}))"]
    if settings.family:
        says_not.append(
            f"((gamma_given_names = 0 OR gamma_birth_date = 0 OR {YEARS_APART} >= 12) AND NOT {IDENTIFIED})"
        )
    return (
        f"CASE WHEN {' OR '.join(f'coalesce({said}, false)' for said in says_not)} THEN 0 "
        f"WHEN {SAME_NHS} AND NOT (gamma_given_names = 0 AND gamma_birth_date = 0) THEN 1 END"
    )


def scored_sql(pairs: str, *, model: LinkModel, settings: LinkSettings, people: str = TABLE, quick: bool = True) -> str:
    """SELECT of SCORED for the pairs (a, b) of a table; needs link_people, link_judged and link_known."""
    return f"""
    WITH levels AS (
        SELECT x.*, j.verdict AS judged, coalesce(kl.child = kr.child, false) AS was_together
        FROM ({levels_sql(pairs, people=people, quick=quick)}) x LEFT JOIN link_judged j ON j.a = x.a AND j.b = x.b
        LEFT JOIN link_known kl ON kl.n = x.a LEFT JOIN link_known kr ON kr.n = x.b
    ), weighed AS (SELECT *, {weight_sql(model)} AS weight FROM levels
    ), likely AS (SELECT *, 1 / (1 + pow(2, -weight)) AS probability FROM weighed
    ), ruled AS (SELECT *, {_first_that_fits(settings)} AS rule FROM likely)
    SELECT *, {_of_rule("verdict")} AS verdict, {_of_rule("decided_by")} AS decided_by,
           {_of_rule("reason")} AS reason,
           {_of_rule("parts")} OR {_parts_by_name(settings)} AS parts,
           gamma_given_names <= 1 AND NOT {IDENTIFIED} AND {str(settings.family).lower()} AS bridge
    FROM ruled
    """


def _parts_by_name(settings: LinkSettings) -> str:
    return f"coalesce({CLEARLY_OTHER_NAME}, false)" if settings.family else "false"


COLUMNS = (
    "source", "local_id", "own_id", "forename", "first_names", "lead", "solo", "names", "surname", "parts", "birth",
    "birth_weak", "sex", "nhs_person", "upn", "ids", "id_schemes", "one_id", "email", "phones",
    "postcode", "postcodes", "sector", "outcode", "address", "address_words", "addresses", "school",
    "name_known", *(f"tf_{column}" for column in TF_COLUMNS),
)  # fmt: skip


def _people_columns(side: str, *, masks: bool) -> str:
    columns = (*COLUMNS, *MASKS) if masks else COLUMNS
    return ", ".join(f"{side}.{column} AS {column}_{side}" for column in columns)


def score_pairs(
    con: duckdb.DuckDBPyConnection,
    *,
    pairs: str,
    into: str,
    keep: str,
    model: LinkModel,
    settings: LinkSettings,
    few: bool = False,
) -> None:
    """Score the pairs of a table and write those that satisfy `keep` (a condition over SCORED) into another.

    `few`: the pairs are of few of the records, so that these are put together first and not all are gone through.
    """
    people = TABLE
    if few:
        people = "link_near"
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {people} AS SELECT * FROM {TABLE} "
            f"SEMI JOIN (SELECT a AS n FROM {pairs} UNION SELECT b FROM {pairs}) USING (n)"
        )
    kept = ", ".join(SCORED)
    scored = scored_sql(pairs, model=model, settings=settings, people=people)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT {kept} FROM ({scored}) WHERE {keep}")
