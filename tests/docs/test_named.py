"""Everything that a person can type, set, send or get is named in the manual."""

import re

import duckdb
import pytest
from docs.of_indicators import by_theme
from docs.of_program import SECTIONS, commands
from manual_pages import ROOT, read

from trigpoint.records.tables import FIXED
from trigpoint.rules.policy import read_policy
from trigpoint.services.export_table import EXPORTS
from trigpoint.terms.pack import load_pack

PACK = load_pack()
REFERENCE = ROOT / "docs/reference"
EMPTY = {  # what the queries of the exports read beside the tables of the store
    "raw_sightings": FIXED["sightings"],
    "unmet_answers": FIXED["unanswered"],
}


def section(page: str, heading: str) -> str:
    """The text under a heading that begins so, up to the next of its level."""
    found = re.search(rf"^## {re.escape(heading)}.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"there is no section '{heading}'"
    return found[0]


def columns(what: str) -> list[str]:
    """The columns of an export, from its own query over empty tables."""
    con = duckdb.connect()
    for name, schema in (FIXED | EMPTY).items():
        con.register(f"empty_{name}", schema.empty_table())
        con.execute(f'create table "{name}" as select * from "empty_{name}"')
    con.execute("alter table unmet_answers add column answer varchar")
    return [row[0] for row in con.execute(f"describe {EXPORTS[what]}").fetchall()]


def absent(names, page: str) -> list[str]:
    return [name for name in names if f"`{name}`" not in page]


@pytest.mark.parametrize("path", commands())
def test_a_command_is_named_with_all_it_takes(path):
    text = section(read(REFERENCE / "commands.md"), f"`{path}`")
    params = [one for one in commands()[path].params if one.name != "help"]
    names = [n for one in params for n in ([one.name.upper()] if one.param_type_name == "argument" else one.opts)]
    assert absent(names, text) == []


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_setting_is_named(heading):
    text = section(read(REFERENCE / "settings.md"), heading)
    assert absent(SECTIONS[heading].model_json_schema()["properties"], text) == []


@pytest.mark.parametrize("what", EXPORTS)
def test_an_export_is_named_with_its_columns(what):
    text = section(read(ROOT / "docs/exports.md"), f"{what}:")
    first_cells = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
    named = {column for cell in first_cells for column in re.findall(r"`(\w+)`", cell)}
    assert named == set(columns(what))


def test_no_export_is_described_that_is_not_there():
    assert set(re.findall(r"^## (\w+):", read(ROOT / "docs/exports.md"), re.MULTILINE)) == set(EXPORTS)


def test_every_kind_of_event_is_named_with_its_attributes():
    page = read(REFERENCE / "kinds.md")
    for kind in PACK.kinds.values():
        text = section(page, kind.title)
        assert absent([kind.kind, *kind.attributes], text) == []


def test_every_code_is_named():
    page = read(REFERENCE / "codes.md")
    for entry in PACK.codes.values():
        assert absent([entry.codes, *entry.values], section(page, entry.title)) == []
    assert absent(PACK.forms, page) == []


def test_every_ready_mapping_is_named():
    assert absent(PACK.mappings, read(REFERENCE / "ready_mappings.md")) == []


def test_every_indicator_is_named_in_the_index_and_on_its_page():
    index = read(REFERENCE / "indicators.md")
    themes = by_theme(PACK)
    assert sum(map(len, themes.values())) == len(PACK.indicator_files) > 0
    for theme, files in themes.items():
        names = [file.indicator.id for file in files]
        assert absent(names, index) == []
        assert absent(names, read(REFERENCE / "indicators" / f"{theme}.md")) == []


def test_an_indicator_page_says_what_a_person_needs():
    page = read(REFERENCE / "indicators/school.md")
    for word in ("Looks for", "Says", "What a person may do", "What else could explain it", "Source", "In the policy"):
        assert f"**{word}:**" in page
    assert "| day | event | what |" in page


def test_every_rule_is_named_with_its_reason():
    page = read(REFERENCE / "policy.md")
    for rule in read_policy(PACK).rules:
        assert f"`{rule.id}`, version {rule.indicator.version}" in page
        assert rule.why in page


def test_every_setting_of_the_environment_is_named():
    used = {
        found
        for path in (ROOT / "src/trigpoint").rglob("*.py")
        for found in re.findall(r"TRIGPOINT_[A-Z]+", path.read_text(encoding="utf-8"))
    }
    assert used
    assert absent(used, re.sub(r"`(\w+)=\w+`", r"`\1`", read(ROOT / "docs/partnership.md"))) == []


def test_every_setting_of_casework_is_named():
    settings = "".join(path.read_text() for path in (ROOT / "src/trigpoint_web").rglob("*.py"))
    used = set(re.findall(r"\bTRIGPOINT_WEB_[A-Z_]*[A-Z]\b", settings)) | {"DATABASE_URL", "DATABASE_OWNER_URL"}
    assert len(used) > 10
    assert absent(used, read(ROOT / "docs/deployment.md")) == []


def test_the_glossary_is_in_order_and_names_each_word_once():
    words = [one.lower() for one in re.findall(r"^\| \*\*(.+?)\*\*", read(ROOT / "GLOSSARY.md"), re.MULTILINE)]
    assert len(words) > 20
    assert words == sorted(set(words))
