"""Mappings that cannot be: what, where (with a caret), and how to mend."""

from __future__ import annotations

import pytest
from intake_loading import MISSING

from trigpoint.errors import MappingError
from trigpoint.intake import parse_mapping
from trigpoint.terms.pack import Pack


def broken(pack: Pack, text: str) -> str:
    with pytest.raises(MappingError) as fault:
        parse_mapping(text, pack)
    said = str(fault.value)
    assert "^" in said
    assert "mend:" in said
    return said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: missing", "kind: misssing", ["no event kind 'misssing'", "Did you mean 'missing'?"]),
        ("risk: RISK", "rsk: RISK", ["no attribute 'rsk'", "'risk'"]),
        ("happened_at: START", "hapened_at: START", ["hapened_at", "happened_at"]),
        ("risk: RISK", "risk: {column: RISK, codes: {H: hihg}}", ["no 'hihg'", "'high'"]),
        ("risk: RISK", "risk: {value: hihg}", ["no 'hihg'"]),
        ("risk: RISK", "risk: {column: RISK, codes: ethncity}", ["no code list 'ethncity'", "'ethnicity'"]),
        ("risk: RISK", "risk: {column: RISK, columns: [A]}", ["exactly one of"]),
        ("risk: RISK", 'risk: {column: RISK, match: "("}', ["regular expression"]),
        ("happened_at: START", "happened_at: {time: START}", ["exactly one of"]),
        ("happened_at: START", 'happened_at: {column: START, formats: ["%q"]}', ["'%q' is not a date directive"]),
        ("kind: missing", "kind: arrest", ["does not last"]),
        ("title: Missing", "titel: Missing", ["title"]),
        ("version: 1", "version: one", ["version"]),
        ("key: [CHILD, START]", "key: [CHILD, START", ["this is not YAML"]),
    ],
)
def test_a_broken_mapping_is_explained(pack: Pack, old: str, new: str, words: list[str]) -> None:
    said = broken(pack, MISSING.replace(old, new, 1))
    for word in words:
        assert word in said


def test_a_mapping_needs_a_person_or_an_event(pack: Pack) -> None:
    assert "person and events" in broken(pack, "mapping: a\nversion: 1\ntitle: b\n")
    assert "set of keys" in broken(pack, "- a\n")


def test_a_mention_kind_that_is_none(pack: Pack) -> None:
    assert "no mention kind" in broken(
        pack, MISSING.replace("optional:", "    mentions: [{kind: fone, value: A}]\noptional:")
    )
