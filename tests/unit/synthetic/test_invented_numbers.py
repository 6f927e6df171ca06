"""Invented numbers look right, belong to nobody, and are nobody's twice."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from trigpoint.synthetic.people.numbers import nhs_numbers, phone, upns
from trigpoint.synthetic.people.places import places
from trigpoint.terms.pack import load_pack

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_is_valid(number: str) -> bool:
    check = 11 - sum(int(d) * w for d, w in zip(number[:9], range(10, 1, -1), strict=True)) % 11
    return len(number) == 10 and check % 11 == int(number[9]) and check != 10


def upn_is_valid(upn: str) -> bool:
    return LETTERS[sum(int(d) * p for p, d in enumerate(upn[1:], 2)) % 23] == upn[0]


def test_nhs_numbers_are_of_the_test_range_with_a_valid_check_digit() -> None:
    made = nhs_numbers(np.arange(20_000), seed=5).tolist()
    assert all(nhs_is_valid(n) for n in made)
    assert all("9000000000" <= n <= "9999999999" for n in made)


@pytest.mark.parametrize("known", ["9434765919", "9990000018", "9000000017", "9000000009"])
def test_the_test_of_nhs_numbers_knows_published_ones(known: str) -> None:
    assert nhs_is_valid(known)
    assert not nhs_is_valid(known[:-1] + str((int(known[-1]) + 1) % 10))


def test_no_two_children_share_an_nhs_number_or_a_upn() -> None:
    child = np.arange(300_000)
    assert len(set(nhs_numbers(child, seed=1).tolist())) == len(child)
    assert len(set(upns(child, authority=np.full(len(child), 998)).tolist())) == len(child)


def test_upns_have_a_valid_letter_and_a_pseudo_authority() -> None:
    made = upns(np.arange(5_000), authority=np.full(5_000, 997)).tolist()
    assert all(upn_is_valid(u) and len(u) == 13 for u in made)
    assert {u[1:4] for u in made} == {"997"}
    assert upn_is_valid("H801200001001")  # computed by the rule in the guide


def test_phones_are_of_the_range_kept_for_drama() -> None:
    assert all(re.fullmatch(r"07700 900\d{3}", phone(n)) for n in (0, 7, 999, 1_000, 123_456))


def test_no_postcode_area_of_the_invented_places_is_real() -> None:
    lines = (load_pack().folder / "places" / "postcode_areas.csv").read_text(encoding="utf-8").splitlines()
    real = {line.split(",")[0] for line in lines if not line.startswith("#")}
    assert len(real) > 100
    ours = {re.match(r"[A-Z]+", s.key)[0] for s in places().sectors}  # type: ignore[index]  # every key has letters
    assert not ours & real


def test_every_phone_and_postcode_in_the_files_is_invented(folder: Path) -> None:
    areas = "|".join(sorted({re.match(r"[A-Z]+", s.key)[0] for s in places().sectors}))  # type: ignore[index]  # see above
    for path in folder.rglob("*.csv"):
        text = path.read_text(encoding="cp1252" if "compact" in path.name else "utf-8")
        for found in re.findall(r"\b07\d{3} ?\d{6}\b", text):
            assert re.fullmatch(r"07700 ?900\d{3}", found)
        for found in re.findall(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b", text):
            assert re.match(rf"({areas})\d", found), path.name
