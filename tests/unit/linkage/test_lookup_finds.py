"""Who is meant: one child, several for a person to choose from, or none; and an index that is never half there."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from invented import AT, N1, N2, N3, judge, judgement_table, middling_model, random_views, rec, table

from trigpoint.errors import LinkageError, NotFoundError
from trigpoint.linkage.link import link
from trigpoint.linkage.lookup.finding import Finder, Found
from trigpoint.linkage.lookup.growing import update_index
from trigpoint.linkage.lookup.reading import GrownIndex, OpenIndex
from trigpoint.linkage.lookup.request import Request
from trigpoint.linkage.lookup.writing import CURRENT, remove_index, write_index
from trigpoint.linkage.scoring.model import LinkSettings
from trigpoint.records.tables import FIXED

HOME, FAR = {"postcode": "RV1 2AB"}, {"postcode": "LF2 3XY"}
DOB = dt.date(2010, 4, 17)
BORN = "2010-04-17"
FAMILY = [
    rec("police", "Oscar", "Marlow", BORN, id="oscar-1", **HOME),
    rec("education", "Oscar", "Marlow", BORN, id="oscar-2", **HOME),
    rec("police", "Felix", "Marlow", BORN, id="felix-1", **HOME),
    rec("health", "Rosa", "Odell", "2009-02-03", id="rosa-1", nhs=N1, **FAR),
    rec("police", "Jayden", "Finch", BORN, id="jayden-1", local="1", **FAR),
    rec("police", "Hayden", "Finch", BORN, id="hayden-1", local="2", **FAR),
]


def write(
    folder: Path,
    views: list[dict[str, Any]],
    *,
    words: list[dict[str, Any]] | None = None,
    known: pa.Table | None = None,
    how: Callable[..., int] = write_index,
) -> dict[str, str]:
    """Link the views and index them; the child key of each record."""
    judgements = judgement_table(words or [])
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("views_in", table(views))
        con.execute("CREATE TABLE records AS FROM views_in")
        linked = link(con, "records", at=AT, model=middling_model(), judgements=judgements, known_links=known)
        how(
            con, folder, records_view="records", links=linked.links, judgements=judgements,
            model=linked.model, settings=LinkSettings(),
        )  # fmt: skip
    return {row["record_id"]: row["child_key"] for row in linked.links.to_pylist()}


def find(folder: Path, **asked: Any) -> Found:
    return Finder(OpenIndex(folder).now()).find(Request(**asked))


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("index")
    return folder, write(folder, FAMILY)


def test_the_child_who_is_meant(family: tuple[Path, dict[str, str]]) -> None:
    folder, keys = family
    found = find(folder, given="oscar", family="Marlow", born=DOB, postcode="RV1 2AB")
    assert found.answer == "one"
    [candidate] = found.candidates
    assert candidate.child_key == keys["oscar-1"] == keys["oscar-2"]
    assert candidate.probability > 0.99
    said = {item.comparison: item.found for item in candidate.evidence}
    assert said["given names"].startswith("the same first name")
    assert "phone" in candidate.not_compared


@pytest.mark.parametrize("given", [None, "O", "J", ""])
def test_twins_are_both_given_where_the_name_does_not_tell(family: tuple[Path, dict[str, str]], given: str) -> None:
    folder, keys = family
    asked = {"O": "Marlow", "J": "Finch"}.get(given, "Marlow")
    found = find(folder, given=given, family=asked, born=DOB)
    twins = {"jayden-1", "hayden-1"} if given == "J" else {"oscar-1", "felix-1"}
    assert {c.child_key for c in found.candidates} == {keys[record] for record in twins}
    assert found.answer == "ask"


def test_a_name_between_two_twins_is_a_question(family: tuple[Path, dict[str, str]]) -> None:
    folder, keys = family
    found = find(folder, given="Jaydn", family="Finch", born=DOB)
    assert found.answer == "ask"
    assert {c.child_key for c in found.candidates} == {keys["jayden-1"], keys["hayden-1"]}
    assert found.candidates[0].child_key == keys["jayden-1"]


def test_another_nhs_number_is_shown_to_a_person(family: tuple[Path, dict[str, str]]) -> None:
    folder, keys = family
    found = find(folder, given="Rosa", family="Odell", born=dt.date(2009, 2, 3), nhs_number=N2, postcode="LF2 3XY")
    assert found.answer == "ask"
    [candidate] = found.candidates
    assert (candidate.child_key, candidate.verdict) == (keys["rosa-1"], "apart")
    assert candidate.reason == "two different valid NHS numbers"


def test_the_nhs_number_alone_is_enough(family: tuple[Path, dict[str, str]]) -> None:
    folder, keys = family
    assert [c.child_key for c in find(folder, nhs_number=N1).candidates] == [keys["rosa-1"]]


def test_a_number_that_a_person_judged_to_be_the_same_child_s(tmp_path: Path) -> None:
    views = [
        rec("health", "Rosa", "Odell", "2009-02-03", id="rosa-1", nhs=N1),
        rec("police", "Rosa", "Odell", "2009-02-03", id="rosa-2", nhs=N3),
    ]
    write(tmp_path, views, words=[judge("rosa-1", "rosa-2", "same")])
    for number in (N1, N3):
        assert find(tmp_path, given="Rosa", family="Odell", born=dt.date(2009, 2, 3), nhs_number=number).answer == "one"


def test_nobody_is_found_where_nobody_fits(family: tuple[Path, dict[str, str]]) -> None:
    folder, _ = family
    assert find(folder, given="Ines", family="Tesfaye", born=dt.date(2011, 1, 3)) == Found("none", "No child fits.", ())


def test_a_name_that_very_many_share_is_not_guessed_at(tmp_path: Path) -> None:
    write(
        tmp_path, [rec("police", "Jack", "Smith", f"20{n:02d}-05-{m:02d}") for n in range(5, 12) for m in range(1, 29)]
    )
    found = find(tmp_path, given="Jack", family="Smith")
    assert found.answer == "none"
    assert "Too many children share what was given" in found.why
    assert find(tmp_path, given="Jack", family="Smith", born=dt.date(2007, 5, 9)).answer == "one"


def test_a_newer_index_is_noticed_and_a_removed_one_too(tmp_path: Path) -> None:
    write(tmp_path, FAMILY)
    held = OpenIndex(tmp_path)
    before = held.now()
    assert held.now() is before
    write(tmp_path, FAMILY[:3])
    after = held.now()
    assert (before.records, after.records) == (6, 3)
    assert before.row(5)[0] is not None  # what is open stays whole, though its files are gone
    assert len(list(tmp_path.glob("index-*"))) == 1
    remove_index(tmp_path)
    with pytest.raises(NotFoundError, match="no index"):
        held.now()


def test_a_making_that_breaks_off_leaves_the_index_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FAMILY)
    name = (tmp_path / CURRENT).read_text()
    monkeypatch.setattr("trigpoint.linkage.lookup.writing._write_keys", _break_off)
    with pytest.raises(RuntimeError):
        write(tmp_path, FAMILY[:2])
    assert (tmp_path / CURRENT).read_text() == name
    assert [path.name for path in tmp_path.glob("index-*")] == [name]
    assert find(tmp_path, given="Oscar", family="Marlow", born=DOB).answer == "one"


def _break_off(*_: object) -> None:
    raise RuntimeError


def test_an_index_of_other_comparisons_is_refused(tmp_path: Path) -> None:
    write(tmp_path, FAMILY)
    [words] = tmp_path.glob("index-*/index.json")
    words.write_text(words.read_text().replace('"made_for": "', '"made_for": "0'))
    with pytest.raises(LinkageError, match="another version"):
        OpenIndex(tmp_path).now()


def test_no_engine_is_opened_to_answer(family: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = family
    monkeypatch.setattr(duckdb, "connect", _break_off)
    monkeypatch.setattr(duckdb, "sql", _break_off)
    assert find(folder, given="Rosa", family="Odell", born=dt.date(2009, 2, 3)).answer == "one"


def test_an_empty_partnership_finds_nobody(tmp_path: Path) -> None:
    write(tmp_path, [])
    assert find(tmp_path, given="Rosa", family="Odell", born=DOB).answer == "none"


def name(number: int) -> str:
    """A name that nobody else has."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in hashlib.md5(f"{number}".encode()).hexdigest()[:9])  # noqa: S324


def day(number: int) -> dt.date:
    return dt.date(2008, 1, 2) + dt.timedelta(days=37 * number % 3000)


def strangers(number: int) -> dict[str, Any]:
    return rec("health", name(number), name(number + 1000), day(number).isoformat(), id=f"lone{number:016d}")


def as_links(keys: dict[str, str]) -> pa.Table:
    rows = [{"record_id": record, "child_key": key} for record, key in keys.items()]
    return pa.Table.from_pylist(rows, schema=FIXED["links"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_grown_index_answers_as_one_made_anew(tmp_path: Path, seed: int) -> None:
    """Records added, changed and removed, and a child joined by judgement: asked for everybody, the same answers."""
    views = [*random_views(seed, 24), *(strangers(n) for n in range(300))]
    before = write(tmp_path / "grown", views, how=update_index)
    assert not isinstance(OpenIndex(tmp_path / "grown").now(), GrownIndex)
    changed = {**views[4], "surname": "Odell", "postcode": "RV4 7QD", "row_id": "f" * 20}
    after = [*views[:4], changed, *views[6:-3], rec("police", "Kate", "Finch", "2010-04-07", id="new-1", nhs=N3)]
    words = [judge(views[0]["record_id"], views[7]["record_id"], "same")] if views[0]["nhs_number"] is None else []
    known = as_links(before)
    grown = write(tmp_path / "grown", after, words=words, known=known, how=update_index)
    anew = write(tmp_path / "anew", after, words=words, known=known)
    assert grown == anew
    index = OpenIndex(tmp_path / "grown").now()
    assert isinstance(index, GrownIndex)
    assert index.records == len({view["record_id"] for view in after})
    one, other = Finder(index), Finder(OpenIndex(tmp_path / "anew").now())
    for view in [*after[:60], after[-1], *views[:24], *views[-6:]]:
        asked = Request(
            given=view["given_names"], family=view["surname"], born=view["birth_on"],
            postcode=view["postcode"], nhs_number=view["nhs_number"],
        )  # fmt: skip
        assert one.find(asked) == other.find(asked)


def test_an_index_grows_from_its_last_whole_one_and_is_made_anew_when_much_changed(tmp_path: Path) -> None:
    lone = [strangers(n) for n in range(60)]
    keys = write(tmp_path, lone[:50], how=update_index)
    for more in (51, 52, 53):
        keys = write(tmp_path, lone[:more], known=as_links(keys), how=update_index)
        assert isinstance(OpenIndex(tmp_path).now(), GrownIndex)
        assert len(list(tmp_path.glob("index-*"))) == 2
        assert find(tmp_path, given=name(50), family=name(1050), born=day(50)).answer == "one"
    write(tmp_path, lone, known=as_links(keys), how=update_index)
    assert not isinstance(OpenIndex(tmp_path).now(), GrownIndex)
    assert len(list(tmp_path.glob("index-*"))) == 1
