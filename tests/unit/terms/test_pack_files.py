"""A broken file of the pack is explained with file, line, caret and mend; a right one is read as it stands."""

import shutil
from pathlib import Path

import pytest

from trigpoint.errors import TermsError
from trigpoint.terms.located import parse_yaml, read_yaml
from trigpoint.terms.pack import PACKS, Pack, load_pack

HERE = Path("words.yaml")


@pytest.fixture
def own_pack(tmp_path: Path) -> Path:
    """A copy of the pack to break."""
    folder = tmp_path / "own"
    shutil.copytree(PACKS / "england_wales", folder, ignore=shutil.ignore_patterns("indicators", "mappings"))
    return folder


def broken(pack: Path, file: str, *, old: str, new: str) -> str:
    """What is said of the pack once `old` is `new` in `file`."""
    path = pack / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TermsError) as caught:
        load_pack(str(pack))
    return str(caught.value)


def pointed_at(message: str) -> str:
    """The rest of the line above the caret, from where the caret stands."""
    lines = message.splitlines()
    (at,) = [i for i, line in enumerate(lines) if line.strip() == "^"]
    return lines[at - 1][lines[at].index("^") :]


def test_a_copy_of_the_pack_is_a_pack(own_pack: Path) -> None:
    assert isinstance(load_pack(str(own_pack)), Pack)
    assert load_pack(str(own_pack)).indicator_files == []


def test_an_unknown_attribute_is_pointed_at_and_the_near_word_offered(own_pack: Path) -> None:
    said = broken(own_pack, "events/missing.yaml", old="risk, absence_type", new="risk, absense_type")
    assert "missing.yaml:" in said
    assert pointed_at(said).startswith("absense_type")
    assert "Did you mean 'absence_type'?" in said


def test_an_unknown_agency_is_pointed_at(own_pack: Path) -> None:
    said = broken(own_pack, "events/arrest.yaml", old="agencies: [police]", new="agencies: [polise]")
    assert pointed_at(said).startswith("polise")


def test_an_attribute_with_an_unknown_code_list_is_pointed_at(own_pack: Path) -> None:
    said = broken(own_pack, "attributes.yaml", old="codes: missing_risk", new="codes: missing_risks")
    assert pointed_at(said) == "missing_risks"
    assert "Did you mean 'missing_risk'?" in said


def test_a_key_that_no_kind_has_is_pointed_at(own_pack: Path) -> None:
    said = broken(own_pack, "events/arrest.yaml", old="spell: false", new="spells: false")
    assert pointed_at(said).startswith("false")
    assert "spells" in said


def test_a_missing_key_says_which(own_pack: Path) -> None:
    said = broken(own_pack, "events/arrest.yaml", old="title: Arrest\n", new="")
    assert "title: field required" in said


def test_an_unknown_pack_is_told_the_known_ones() -> None:
    with pytest.raises(TermsError, match="england_wales"):
        load_pack("atlantis")


def test_yes_no_and_on_are_words_and_only_true_and_false_are_truth() -> None:
    read = parse_yaml("on: yes\nno: off\nspell: true\n", path=HERE)
    assert read.value == {"on": "yes", "no": "off", "spell": True}


def test_every_part_knows_its_line_and_column() -> None:
    read = parse_yaml("a:\n  - b: 1\n  - {c: 2}\n", path=HERE)
    assert read.mark(["a", 0, "b"]) == (2, 8)
    assert read.mark(["a", 1, "c"]) == (3, 9)
    assert read.mark(["a", 7, "gone"]) == read.mark(["a"])


@pytest.mark.parametrize(
    ("text", "said", "where"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "not YAML", "words.yaml:3:2"),
        ("a: 1\n\tb: 2\n", "not YAML", "words.yaml:2:1"),
        ("a: 1\nb: 2\na: 3\n", "'a' stands twice", "words.yaml:3:1"),
    ],
)
def test_what_is_not_yaml_is_pointed_at(text: str, said: str, where: str) -> None:
    with pytest.raises(TermsError) as caught:
        parse_yaml(text, path=HERE)
    assert said in str(caught.value)
    assert str(caught.value).startswith(where)
    assert "mend:" in str(caught.value)


def test_a_file_in_another_encoding_says_so(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_bytes("title: Café".encode("cp1252"))
    with pytest.raises(TermsError, match="not UTF-8"):
        read_yaml(path)


def test_yaml_cannot_make_objects() -> None:
    assert parse_yaml("a: !!python/object/apply:os.getcwd []\n", path=HERE).value == {"a": []}
    with pytest.raises(TermsError):
        parse_yaml("a: !!python/name:os.getcwd ''\n", path=HERE)
