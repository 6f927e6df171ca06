"""Identifiers in SQL against plain Python judges: NHS numbers, UPNs, postcodes, phones."""

from __future__ import annotations

import random
import re

import duckdb
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.intake.compile import identifiers

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_judge(text: str) -> str | None:
    digits = text.replace(" ", "").replace("-", "")
    if not re.fullmatch("[0-9]{10}", digits) or len(set(digits)) == 1:
        return None
    total = sum(int(d) * (10 - i) for i, d in enumerate(digits[:9]))
    check = 11 - total % 11
    return digits if (0 if check == 11 else check) == int(digits[9]) else None


def upn_judge(text: str) -> str | None:
    upn = text.replace(" ", "").upper()
    if not re.fullmatch(f"[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]", upn):
        return None
    values = [int(c) if c.isdigit() else LETTERS.index(c) for c in upn[1:]]
    return upn if LETTERS[sum(v * (i + 2) for i, v in enumerate(values)) % 23] == upn[0] else None


def run(function: str, values: list[str]) -> list[str | None]:
    con = duckdb.connect()
    con.execute("CREATE TABLE t AS SELECT unnest(?::VARCHAR[]) AS x", [values])
    found = con.execute(f"SELECT {getattr(identifiers, function)('x')} FROM t").fetchall()
    con.close()
    return [row[0] for row in found]


def test_nhs_numbers_agree_with_the_judge() -> None:
    rng = random.Random(1)  # noqa: S311  # invented numbers, the same in every run
    values = [f"{rng.randrange(9 * 10**9, 10**10)}" for _ in range(3000)]
    values += [
        "999 000 0018",
        "900-000-0017",
        "9000000009",
        "9999999999",
        "",
        "943476591",
        "94347659190",
        "94347a5919",
    ]
    assert run("nhs_number", values) == [nhs_judge(v) for v in values]
    assert sum(v is not None for v in run("nhs_number", values)) > 100


def test_upns_agree_with_the_judge() -> None:
    rng = random.Random(2)  # noqa: S311  # invented numbers, the same in every run
    values = ["H801200001001", "h801200001001", "A801200001001", "", "H80120000100"]
    for _ in range(3000):
        body = "".join(rng.choice("0123456789") for _ in range(11)) + rng.choice("0123456789" + LETTERS + "IOS")
        values.append(rng.choice(LETTERS + "IOS") + body)
    assert run("upn", values) == [upn_judge(v) for v in values]
    assert sum(v is not None for v in run("upn", values)) > 50


@given(st.lists(st.text(alphabet="0123456789ABH -x\u00e9\u0660", max_size=15), max_size=8))
@settings(max_examples=60, deadline=None)
def test_odd_texts_are_judged_alike(values: list[str]) -> None:
    assert run("nhs_number", values) == [nhs_judge(v) for v in values]
    assert run("upn", values) == [upn_judge(v) for v in values]


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("RV1 2AB", "RV1 2AB"),
        ("rv12ab", "RV1 2AB"),
        (" RV1  2AB", "RV1 2AB"),
        ("RV12 2AB", "RV12 2AB"),
        ("EC1A1BB", "EC1A 1BB"),
        ("RV1", "RV1"),
        ("rv12", "RV12"),
        ("RV1-2AB", "RV1 2AB"),
        ("RV1 2A", None),
        ("nowhere", None),
        ("12345", None),
    ],
)
def test_postcodes_have_one_spelling(given_text: str, expected: str | None) -> None:
    assert run("postcode", [given_text]) == [expected]


def judge_phone(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


SPELLINGS = ("0{n}", "+44{n}", "0044{n}", "+44 (0){n}", "{n}", "44{n}", "0{a} {b}", "(0{a}) {b}", "+44 {a}-{b}")


def uk_numbers() -> list[tuple[str, str]]:
    """(a spelling, E.164) of numbers that the library calls valid, of every kind of British number."""
    rng = random.Random(3)  # noqa: S311  # invented numbers, the same in every run
    found = [f"7700900{n:03d}" for n in range(0, 1000, 37)]
    for _ in range(6000):
        national = rng.choice("12357789") + "".join(rng.choice("0123456789") for _ in range(rng.choice((8, 9, 9, 9))))
        if judge_phone("0" + national):
            found.append(national)
    return [(rng.choice(SPELLINGS).format(n=n, a=n[:4], b=n[4:]), f"+44{n}") for n in found]


def test_every_valid_british_number_gets_the_spelling_of_the_library() -> None:
    numbers = uk_numbers()
    assert len(numbers) > 1500
    got = run("phone", [spelling for spelling, _ in numbers])
    assert [(n, g) for n, g in zip(numbers, got, strict=True) if g != n[1]] == []


def test_numbers_that_cannot_be_are_left_out() -> None:
    values = [
        "",
        "unknown",
        "0",
        "0770090012",
        "077009001234",
        "12",
        "ring 07700 900123 after 5",
        "0000000000",
        "+44123",
    ]
    assert run("phone", values) == [None] * len(values)


def test_numbers_of_other_countries_keep_their_code() -> None:
    assert run("phone", ["+353 1 234 5678", "0033 1 23 45 67 89"]) == ["+35312345678", "+33123456789"]


def test_handles_and_vehicles_meet_across_spellings() -> None:
    assert run("handle", ["@Star_99", "star_99", "https://www.instagram.com/star_99"]) == ["star_99"] * 3
    assert run("vehicle", ["ab12 cde", "AB12CDE"]) == ["AB12CDE"] * 2
