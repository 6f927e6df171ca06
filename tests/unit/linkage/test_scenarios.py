"""Named situations, one line each, readable by a social worker: who is one child, who is not, and what is asked.

All people are invented. `a`, `b`, `c` ... are the records in order; "ab|c" says that a and b are one child, c another.
"""

# ruff: noqa: E501  one line a situation is the point of this table

from __future__ import annotations

from typing import Any

import pytest
from invented import N1, N2, N3, groups, judge, judgement_table, link_views, middling_model, rec

HOME, OTHER, FAR = {"postcode": "RV1 2AB"}, {"postcode": "RV4 7QD"}, {"postcode": "LF2 3XY"}
PHONE = {"phones": ["+447700900123"]}
CARE = {"postcode": "RV9 9ZZ"}
DOB, DOB2 = "2010-04-17", "2012-09-03"

P, S, E, H, M = "police", "social_care", "education", "health", "missing"

SCENARIOS: list[tuple[str, list[dict[str, Any]], str, list[str]]] = [
    ("the same child seen by two agencies", [rec(P, "Jack", "Marlow", DOB, **HOME), rec(S, "Jack", "Marlow", DOB, **HOME)], "ab", []),
    ("two children who only share a common name", [rec(P, "Jack", "Smith", DOB, **HOME), rec(S, "Jack", "Smith", DOB2, **FAR)], "a|b", []),
    ("Mohammed written in three ways", [rec(P, "Mohammed", "Khan", DOB, **HOME), rec(S, "Muhammad", "Khan", DOB, **HOME), rec(E, "Mohamed", "Khan", DOB, **HOME)], "abc", []),
    ("a brother's name does not come in by the shared first Muhammad", [rec(P, "Muhammad Hassan", "Khan", DOB, **HOME), rec(S, "Muhammad Bilal", "Khan", DOB, **HOME)], "a|b", ["guard"]),
    ("Muhammad Ali is known at school as Ali", [rec(P, "Muhammad Ali", "Raza", DOB, **HOME), rec(E, "Ali", "Raza", DOB, **HOME)], "ab", []),
    ("Kate and Katherine", [rec(P, "Kate", "Marlow", DOB, **HOME), rec(S, "Katherine", "Marlow", DOB, **HOME)], "ab", []),
    ("an accent that one agency left out", [rec(P, "Zoe", "Novak", DOB, **HOME), rec(S, "Zoë", "Novák", DOB, **HOME)], "ab", []),
    ("names in the wrong columns", [rec(P, "Marlow", "Tamsin", DOB, **HOME), rec(S, "Tamsin", "Marlow", DOB, **HOME)], "ab", []),
    ("two letters swapped in the first name", [rec(P, "Tasmin", "Marlowe", DOB, **HOME), rec(S, "Tamsni", "Marlowe", DOB, **HOME)], "ab", []),
    ("a middle name that only one agency holds", [rec(P, "Tamsin Jane", "Marlow", DOB, **HOME), rec(S, "Tamsin", "Marlow", DOB, **HOME)], "ab", []),
    ("a double-barrelled surname and half of it", [rec(P, "Tamsin", "Marlow-Finch", DOB, **HOME), rec(S, "Tamsin", "Finch", DOB, **HOME)], "ab", []),
    ("a step-parent's surname, same home and phone", [rec(P, "Tamsin", "Marlow", DOB, **HOME, **PHONE), rec(S, "Tamsin", "Odell", DOB, **HOME, **PHONE)], "ab", []),
    ("a former surname kept as another name", [rec(P, "Tamsin", "Odell", DOB, aka=["Tamsin Marlow"], **HOME), rec(S, "Tamsin", "Marlow", DOB, **HOME)], "ab", []),
    ("Harpreet Kaur and Harpreet Kaur Gill", [rec(P, "Harpreet", "Kaur", DOB, **HOME, **PHONE), rec(S, "Harpreet Kaur", "Gill", DOB, **HOME, **PHONE)], "ab", []),
    ("two girls called Kaur who share nothing else", [rec(P, "Harpreet", "Kaur", DOB, **HOME), rec(S, "Simran", "Kaur", DOB, **FAR)], "a|b", []),
    ("Kowalski and Kowalska", [rec(P, "Zuzanna", "Kowalska", DOB, **HOME), rec(S, "Zuzanna", "Kowalski", DOB, **HOME)], "ab", []),
    ("a Somali patronymic used as a surname", [rec(P, "Ayaan Warsame", "Farah", DOB, **HOME), rec(S, "Ayaan", "Warsame", DOB, **HOME)], "ab", []),
    ("O'Brien and O Brien", [rec(P, "Niamh", "O'Brien", DOB, **HOME), rec(S, "Niamh", "O Brien", DOB, **HOME)], "ab", []),
    ("day and month swapped", [rec(P, "Tamsin", "Marlow", "2010-04-07", **HOME), rec(S, "Tamsin", "Marlow", "2010-07-04", **HOME)], "ab", []),
    ("one digit of the birth date wrong", [rec(P, "Tamsin", "Marlow", "2010-04-17", **HOME), rec(S, "Tamsin", "Marlow", "2010-04-11", **HOME)], "ab", []),
    ("a birthday estimated as 1 January", [rec(P, "Tamsin", "Marlow", "2010-01-01", **HOME), rec(S, "Tamsin", "Marlow", "2010-08-23", **HOME)], "ab", []),
    ("two children share an estimated 1 January and a surname", [rec(P, "Yonas", "Tesfaye", "2009-01-01", **CARE), rec(S, "Dawit", "Tesfaye", "2009-01-01", **CARE)], "a|b", []),
    ("only the year of birth is known", [rec(P, "Tamsin", "Marlow", "2010-01-01", precision="year", **HOME), rec(S, "Tamsin", "Marlow", DOB, **HOME)], "ab", []),
    ("a child who moved, with the old home in the history", [rec(P, "Tamsin", "Marlow", DOB, **HOME), rec(S, "Tamsin", "Marlow", DOB, **OTHER, id="m" * 20, learnt="2025-03-01"), rec(S, "Tamsin", "Marlow", DOB, **HOME, id="m" * 20)], "ab", []),
    ("a child placed far away with the same NHS number", [rec(P, "Tamsin", "Marlow", DOB, nhs=N1, **HOME), rec(S, "Tam", "Odell", DOB, nhs=N1, **FAR)], "ab", []),
    ("twins of one home, one agency each", [rec(P, "Oscar", "Marlow", DOB, **HOME, **PHONE), rec(S, "Felix", "Marlow", DOB, **HOME, **PHONE)], "a|b", ["guard"]),
    ("twins whom one agency holds under two numbers", [rec(P, "Oscar", "Marlow", DOB, local="1", **HOME), rec(P, "Felix", "Marlow", DOB, local="2", **HOME)], "a|b", []),
    ("twins Hassan and Hussain, near in spelling", [rec(P, "Hassan", "Raza", DOB, **HOME), rec(S, "Hussain", "Raza", DOB, **HOME)], "a|b", ["guard"]),
    ("twins with an NHS number each", [rec(P, "Oscar", "Marlow", DOB, nhs=N1, **HOME), rec(S, "Felix", "Marlow", DOB, nhs=N2, **HOME)], "a|b", []),
    ("an initial that could be either twin", [rec(P, "Jack", "Marlow", DOB, **HOME), rec(S, "Jude", "Marlow", DOB, **HOME), rec(E, "J", "Marlow", DOB, **HOME)], "a|b|c", ["contradiction", "contradiction", "guard"]),
    ("brothers two years apart", [rec(P, "Oscar", "Marlow", DOB, **HOME, **PHONE), rec(S, "Felix", "Marlow", DOB2, **HOME, **PHONE)], "a|b", []),
    ("a father of the same name in the same home", [rec(P, "Tamsin", "Marlow", "1979-04-17", **HOME, **PHONE), rec(S, "Tamsin", "Marlow", DOB, **HOME, **PHONE)], "a|b", []),
    ("two valid NHS numbers are not joined; who agrees in all else is asked about", [rec(P, "Tamsin", "Marlow", DOB, nhs=N1, **HOME, **PHONE), rec(S, "Tamsin", "Marlow", DOB, nhs=N2, **HOME, **PHONE)], "a|b", ["guard"]),
    ("two valid NHS numbers, one name and birth date in two towns: two children", [rec(P, "Jack", "Smith", DOB, nhs=N1, **HOME), rec(S, "Jack", "Smith", DOB, nhs=N2, **FAR)], "a|b", []),
    ("twins with an NHS number each and near names are not asked about", [rec(P, "Hassan", "Raza", DOB, nhs=N1, **HOME), rec(S, "Hussain", "Raza", DOB, nhs=N2, **HOME)], "a|b", []),
    ("an NHS number that the same agency replaced, and another still sends: asked", [rec(H, "Tamsin", "Marlow", DOB, nhs=N1, id="h" * 20, **HOME), rec(H, "Tamsin", "Marlow", DOB, nhs=N2, id="h" * 20, learnt="2025-06-01", **HOME), rec(S, "Tamsin", "Marlow", DOB, nhs=N1, **HOME)], "a|b", ["guard"]),
    ("a twin's record with the other twin's NHS number is asked about, not left silent", [rec(P, "Oscar", "Marlow", DOB, nhs=N1, **HOME), rec(H, "Felix", "Marlow", DOB, nhs=N1, **HOME), rec(S, "Felix", "Marlow", DOB, nhs=N2, **HOME)], "ab|c", ["guard"]),
    ("Alfie at school, Alfred at the doctor's", [rec(E, "Alfie", "Odell", DOB, **HOME), rec(H, "Alfred", "Odell", DOB, **HOME)], "ab", []),
    ("a third record does not bridge two NHS numbers", [rec(P, "Tamsin", "Marlow", DOB, nhs=N1, **HOME, **PHONE), rec(S, "Tamsin", "Marlow", DOB, nhs=N2, **HOME), rec(E, "Tamsin", "Marlow", DOB, **HOME, **PHONE)], "ac|b", ["contradiction"]),
    ("the same NHS number with another name and birth date is asked about", [rec(P, "Tamsin", "Marlow", DOB, nhs=N1, **HOME), rec(S, "Oscar", "Odell", DOB2, nhs=N1, **FAR)], "a|b", ["guard"]),
    ("one agency, two live numbers, only name and birth date: asked", [rec(P, "Tamsin", "Marlow", DOB, local="1", **HOME), rec(P, "Tamsin", "Marlow", DOB, local="2", **HOME)], "a|b", ["duplicate"]),
    ("one agency, two live numbers, name, birth date and pupil number agree", [rec(E, "Tamsin", "Marlow", DOB, local="1", upn="A123456789012", **HOME), rec(E, "Tamsin", "Marlow", DOB, local="2", upn="A123456789012", **HOME)], "ab", []),
    ("one agency's two numbers are not bridged by another agency", [rec(P, "Tamsin", "Marlow", DOB, local="1", **HOME), rec(P, "Tamsin", "Marlow", "2010-04-11", local="2", **HOME), rec(S, "Tamsin", "Marlow", DOB, **HOME)], "ac|b", ["contradiction"]),
    ("a superseded number that the new record names", [rec(S, "Tamsin", "Marlow", DOB, local="17", **HOME), rec(S, "Tamsin", "Odell", DOB, local="99", ids=["social_care:17"], **FAR)], "ab", []),
    ("the same pupil number, other surname and home", [rec(E, "Tamsin", "Marlow", DOB, upn="A123456789012", **HOME), rec(S, "Tamsin", "Odell", DOB, upn="A123456789012", **FAR)], "ab", []),
    ("a custody number in common", [rec(P, "Tamsin", "Marlow", DOB, ids=["pnc:23/0001X"], **HOME), rec(M, "Tam", "Marlow", "2010-04-01", ids=["pnc:23/0001X"])], "ab", []),
    ("children of one children's home are not one child", [rec(P, "Yonas", "Tesfaye", DOB, **CARE), rec(S, "Callum", "Reed", DOB, **CARE)], "a|b", []),
    ("a common name and the children's home with no birth date", [rec(P, "Jack", "Smith", None, **CARE), rec(S, "Jack", "Smith", DOB, **CARE)], "a|b", ["guard"]),
    ("cousins of one name in two homes, months apart", [rec(P, "Mohammed", "Ali", "2010-02-03", **HOME), rec(S, "Mohammed", "Ali", "2010-11-29", **OTHER)], "a|b", []),
    ("nothing but a shared phone", [rec(P, "Oscar", "Marlow", DOB, **PHONE), rec(S, "Tamsin", "Finch", DOB2, **PHONE)], "a|b", []),
    ("no first name, same birth date and home: asked, not guessed", [rec(P, None, "Marlow", DOB, **HOME, **PHONE), rec(S, "Tamsin", "Marlow", DOB, **HOME, **PHONE)], "a|b", ["guard"]),
    ("placeholders of an empty record join nobody", [rec(P, None, None, None), rec(S, None, None, None), rec(E, None, None, None)], "a|b|c", []),
    ("three NHS numbers and one nameless bridge", [rec(P, "Tamsin", "Marlow", DOB, nhs=N1, **HOME), rec(S, "Tamsin", "Marlow", DOB, nhs=N2, **HOME), rec(E, "Tamsin", "Marlow", DOB, nhs=N3, **HOME), rec(M, "Tamsin", "Marlow", DOB, **HOME)], "|", ["contradiction", "contradiction", "guard"]),
    # --- twins, triplets, brothers and sisters
    ("a boy and a girl twin, Daniel and Danielle", [rec(P, "Daniel", "Marlow", DOB, sex="M", **HOME), rec(S, "Danielle", "Marlow", DOB, sex="F", **HOME)], "a|b", ["guard"]),
    ("twins whose names rhyme, one agency each", [rec(P, "Jayden", "Marlow", DOB, **HOME), rec(S, "Hayden", "Marlow", DOB, **HOME)], "a|b", ["guard"]),
    ("twins Amir and Amira", [rec(P, "Amir", "Raza", DOB, sex="M", **HOME), rec(S, "Amira", "Raza", DOB, sex="F", **HOME)], "a|b", ["guard"]),
    ("triplets seen by three agencies", [rec(P, "Oscar", "Marlow", DOB, **HOME), rec(S, "Felix", "Marlow", DOB, **HOME), rec(E, "Rosa", "Marlow", DOB, **HOME)], "a|b|c", ["guard", "guard", "guard"]),
    ("twins who share a pupil number by mistake", [rec(E, "Oscar", "Marlow", DOB, upn="A123456789012", local="1", **HOME), rec(E, "Felix", "Marlow", DOB, upn="A123456789012", local="2", **HOME)], "a|b", []),
    ("sisters eleven months apart, one home and phone", [rec(P, "Rosa", "Marlow", "2010-02-03", **HOME, **PHONE), rec(S, "Ines", "Marlow", "2011-01-05", **HOME, **PHONE)], "a|b", []),
    ("step-brothers of one birth date in one home are asked about, not joined", [rec(P, "Oscar", "Marlow", DOB, **HOME), rec(S, "Felix", "Odell", DOB, **HOME)], "a|b", ["guard"]),
    ("a foster child and the child of the house", [rec(S, "Yonas", "Tesfaye", "2010-05-02", **HOME, **PHONE), rec(E, "Oscar", "Marlow", "2010-09-20", **HOME, **PHONE)], "a|b", []),
    ("brothers with an estimated birthday each", [rec(P, "Yonas", "Tesfaye", "2009-01-01", **HOME, **PHONE), rec(S, "Dawit", "Tesfaye", "2009-01-01", **HOME, **PHONE)], "a|b", []),
    # --- parents, uncles, cousins
    ("an uncle of the same name, fifteen years older", [rec(P, "Mohammed", "Khan", "1995-04-17", **HOME), rec(S, "Mohammed", "Khan", DOB, **HOME)], "a|b", []),
    ("cousins of one name in one street, eight months apart", [rec(P, "Ayaan", "Raza", "2010-02-03", **HOME), rec(S, "Ayaan", "Raza", "2010-10-21", postcode="RV1 2AC")], "a|b", []),
    ("cousins of one name on one site, born the same year, are asked about", [rec(P, "Patrick", "Doherty", "2010-03-05", **CARE), rec(S, "Patrick", "Doherty", "2010-11-28", **CARE)], "a|b", ["guard"]),
    # --- names from many communities
    ("Yusuf, Youssef and Yousef", [rec(P, "Yusuf", "Haddad", DOB, **HOME), rec(S, "Youssef", "Haddad", DOB, **HOME), rec(E, "Yousef", "Haddad", DOB, **HOME)], "abc", []),
    ("Abdul Rahman and Abdulrahman", [rec(P, "Abdul Rahman", "Haddad", DOB, **HOME), rec(S, "Abdulrahman", "Haddad", DOB, **HOME)], "ab", []),
    ("Gurpreet Singh and Gurpreet Singh Dhillon", [rec(P, "Gurpreet", "Singh", DOB, **HOME), rec(S, "Gurpreet", "Singh Dhillon", DOB, **HOME)], "ab", []),
    ("two boys called Singh of one birth date, far apart", [rec(P, "Gurpreet", "Singh", DOB, **HOME), rec(S, "Harjit", "Singh", DOB, **FAR)], "a|b", []),
    ("a Vietnamese family name written last", [rec(P, "Van Minh", "Nguyen", DOB, **HOME), rec(S, "Nguyen", "Van Minh", DOB, **HOME)], "ab", []),
    ("Li Wei and Wei Li", [rec(P, "Wei", "Li", DOB, **HOME), rec(S, "Li", "Wei", DOB, **HOME)], "ab", []),
    ("a Somali child with the grandfather's name at school", [rec(P, "Abdi Hassan", "Farah", "2009-01-01", **HOME), rec(E, "Abdi", "Hassan Farah", "2009-01-01", **HOME)], "ab", []),
    ("Stefan without the marks of his alphabet", [rec(P, "Stefan Ionut", "Munteanu", DOB, **HOME), rec(S, "Ștefan Ionuț", "Munteanu", DOB, **HOME)], "ab", []),
    ("Seán and Sean", [rec(P, "SEAN", "DOHERTY", DOB, **HOME), rec(S, "Seán", "Doherty", DOB, **HOME)], "ab", []),
    ("ap Rhys and Rhys", [rec(P, "Dafydd", "ap Rhys", DOB, **HOME), rec(S, "Dafydd", "Rhys", DOB, **HOME)], "ab", []),
    ("two Portuguese surnames and the second of them", [rec(P, "Ines", "Silva Santos", DOB, **HOME), rec(S, "Ines", "Santos", DOB, **HOME)], "ab", []),
    ("called by the second name at school", [rec(P, "Robert James", "Odell", DOB, **HOME), rec(E, "James", "Odell", DOB, **HOME)], "ab", []),
    # --- changes in a life
    ("adopted: new name, new number, new home, and the past stays apart", [rec(S, "Tamsin", "Marlow", DOB, nhs=N1, **HOME), rec(H, "Tamsin", "Finch", DOB, nhs=N2, **FAR)], "a|b", []),
    ("another first name and sex, the same NHS number", [rec(H, "Rosa", "Odell", DOB, sex="F", nhs=N1, **HOME), rec(S, "Ross", "Odell", DOB, sex="M", nhs=N1, **HOME)], "ab", []),
    ("placed far away, known by a rare name and a phone", [rec(P, "Tamsin", "Marlowe-Odell", DOB, **HOME, **PHONE), rec(S, "Tamsin", "Marlowe-Odell", DOB, **FAR, **PHONE)], "ab", []),
    ("first written down as Baby Marlow, with the same NHS number", [rec(H, "Baby", "Marlow", DOB, nhs=N1, **HOME), rec(S, "Tamsin", "Marlow", DOB, nhs=N1, **HOME)], "ab", []),
    ("a new surname, and day and month swapped, at one home and phone", [rec(P, "Tamsin", "Marlow", "2010-04-07", **HOME, **PHONE), rec(S, "Tamsin", "Odell", "2010-07-04", **HOME, **PHONE)], "ab", []),
    ("two figures of the birth year swapped", [rec(P, "Tamsin", "Marlow", "2010-04-17", **HOME), rec(S, "Tamsin", "Marlow", "2001-04-17", **HOME)], "ab", []),
    # --- numbers
    ("one agency's old and new number, the new one naming the old", [rec(P, "Tamsin", "Marlow", DOB, local="17", **HOME), rec(P, "Tamsin", "Marlow", DOB, local="99", ids=["police:17"], **HOME)], "ab", []),
    ("the same case number in two agencies says nothing", [rec(P, "Oscar", "Marlow", DOB, local="17", **HOME), rec(S, "Yonas", "Tesfaye", DOB2, local="17", **FAR)], "a|b", []),
    ("a charity that knows a first name, a birth date and a phone", [rec(M, "Tamsin", None, DOB, **PHONE), rec(S, "Tamsin", "Marlow", DOB, **HOME, **PHONE)], "ab", []),
    ("a common name and one birth date in two towns: a move is likelier than a stranger", [rec(P, "Jack", "Smith", DOB, **HOME), rec(S, "Jack", "Smith", DOB, **FAR)], "ab", []),
]  # fmt: skip


def _letters(views: list[dict[str, Any]]) -> dict[str, str]:
    ids = list(dict.fromkeys(view["record_id"] for view in views))
    return {record_id: "abcdefgh"[place] for place, record_id in enumerate(ids)}


@pytest.mark.parametrize(("name", "views", "children", "asked"), SCENARIOS, ids=[one[0] for one in SCENARIOS])
def test_scenario(name: str, views: list[dict[str, Any]], children: str, asked: list[str]) -> None:
    linked = link_views(views, model=middling_model())
    letters = _letters(views)
    found = {frozenset(letters[record] for record in group) for group in groups(linked)}
    if children == "|":
        assert len(found) == 3
    else:
        assert found == {frozenset(part) for part in children.split("|")}
    assert sorted(q["kind"] for q in linked.questions.to_pylist()) == asked


def test_the_table_is_long_enough_and_says_everything_once() -> None:
    assert len(SCENARIOS) >= 60
    assert len({one[0] for one in SCENARIOS}) == len(SCENARIOS)


JUDGED: list[tuple[str, list[dict[str, Any]], list[tuple[str, str, str]], str]] = [
    ("a person parts what looks alike", [rec(P, "Tamsin", "Marlow", DOB, **HOME), rec(S, "Tamsin", "Marlow", DOB, **HOME)], [("a", "b", "different")], "a|b"),
    ("a person joins what does not", [rec(P, "Tamsin", "Marlow", DOB, **HOME), rec(S, "Rosa", "Odell", DOB2, **FAR)], [("a", "b", "same")], "ab"),
    ("'different' holds against the same NHS number", [rec(P, "Tamsin", "Marlow", DOB, nhs=N1), rec(S, "Tamsin", "Marlow", DOB, nhs=N1)], [("a", "b", "different")], "a|b"),
    ("'different' holds against a bridging third record", [rec(P, "Tamsin", "Marlow", DOB, **HOME, **PHONE), rec(S, "Tamsin", "Marlow", DOB, **HOME), rec(E, "Tamsin", "Marlow", DOB, **HOME, **PHONE)], [("a", "b", "different")], "ac|b"),
    ("'same' holds against two NHS numbers", [rec(P, "Tamsin", "Marlow", DOB, nhs=N1), rec(S, "Tamsin", "Marlow", DOB, nhs=N2)], [("a", "b", "same")], "ab"),
    ("'same' on two NHS numbers holds for their other records", [rec(P, "Tamsin", "Marlow", DOB, nhs=N1), rec(S, "Tamsin", "Marlow", DOB, nhs=N2), rec(E, "Tamsin", "Marlow", DOB, nhs=N1), rec(H, "Tamsin", "Marlow", DOB, nhs=N2)], [("a", "b", "same")], "abcd"),
    ("'same' holds against two numbers of one agency", [rec(P, "Tamsin", "Marlow", DOB, local="1"), rec(P, "Tam", "Marlow", DOB, local="2")], [("a", "b", "same")], "ab"),
    ("'same' holds for twins, if a person says so", [rec(P, "Oscar", "Marlow", DOB, **HOME), rec(S, "Felix", "Marlow", DOB, **HOME)], [("a", "b", "same")], "ab"),
    ("a later word on the same pair counts", [rec(P, "Tamsin", "Marlow", DOB, **HOME), rec(S, "Tamsin", "Marlow", DOB, **HOME)], [("a", "b", "different"), ("b", "a", "same")], "ab"),
    ("a chain of 'same' does not overcome 'different'", [rec(P, "Tamsin", "Marlow", DOB), rec(S, "Rosa", "Odell", DOB2), rec(E, "Ines", "Finch", DOB2)], [("a", "b", "same"), ("b", "c", "same"), ("a", "c", "different")], "ab|c"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "views", "words", "children"), JUDGED, ids=[s[0] for s in JUDGED])
def test_a_person_has_the_last_word(
    name: str, views: list[dict[str, Any]], words: list[tuple[str, str, str]], children: str
) -> None:
    letters = _letters(views)
    ids = {letter: record for record, letter in letters.items()}
    rows = [
        judge(ids[a], ids[b], verdict, number=number, at=f"2025-06-{number + 1:02d}")
        for number, (a, b, verdict) in enumerate(words)
    ]
    linked = link_views(views, model=middling_model(), judgements=judgement_table(rows))
    found = {frozenset(letters[record] for record in group) for group in groups(linked)}
    if children == "ab|c":
        assert not any({"a", "c"} <= group for group in found)
        assert linked.questions.num_rows
    else:
        assert found == {frozenset(part) for part in children.split("|")}


def test_what_two_answers_tell_together_is_not_asked_again() -> None:
    """The hospital gave Felix his twin's number. A person says that its Felix is not Oscar, and is the school's Felix."""
    views = [
        rec(P, "Oscar", "Marlow", DOB, nhs=N1, **HOME),
        rec(H, "Felix", "Marlow", DOB, nhs=N1, **HOME),
        rec(E, "Felix", "Marlow", DOB, nhs=N2, **HOME),
    ]
    oscar, hospital, school = (view["record_id"] for view in views)
    words = [judge(oscar, hospital, "different", number=1), judge(hospital, school, "same", number=2)]
    linked = link_views(views, model=middling_model(), judgements=judgement_table(words))
    assert groups(linked) == {frozenset({oscar}), frozenset({hospital, school})}
    assert linked.questions.num_rows == 0
