"""What a page gives as an example is read by the program without fault. docs/mappings.md has a test of its own."""

import tomllib

import pytest
from manual_pages import ROOT, Block, blocks, by_hand, pages

from trigpoint.engines.examples import run_examples
from trigpoint.intake import parse_mapping
from trigpoint.records import partnership as settings
from trigpoint.rules.examples import ANSWERS
from trigpoint.rules.reading import parse_indicator
from trigpoint.terms.pack import load_pack

PAGES = [page for page in by_hand() if page != ROOT / "docs/mappings.md"]
BLOCKS = [block for page in PAGES for block in blocks(page)]
YAML = [block for block in BLOCKS if block.language.split(" ")[0] in ("yaml", "yml")]
TOML = [block for page in pages() for block in blocks(page) if block.language == "toml"]
WHOLE = [block for block in YAML if "indicator:" in block.text.partition("\n")[0]]
AROUND = """indicator: part_of_a_page
version: 1
title: A part of a page
theme: care
source: {title: none}
pattern:
PATTERN
sentence: "Seen {count} times."
examples: [{answer: not met}]
"""


def where(block: Block) -> str:
    return block.place


@pytest.mark.parametrize("block", YAML, ids=where)
def test_every_yaml_example_is_in_its_language(block):
    pack = load_pack()
    if block.language == "yaml pattern":
        inner = "\n".join("  " + line for line in block.text.splitlines())
        assert parse_indicator(AROUND.replace("PATTERN", inner), pack).indicator.pattern
    elif block in WHOLE:
        assert parse_indicator(block.text, pack).indicator.id
    else:
        assert parse_mapping(block.text, pack).version >= 1


@pytest.mark.parametrize("block", WHOLE, ids=where)
def test_a_whole_indicator_gives_the_answers_it_states(block):
    pack = load_pack()
    outcomes = run_examples(parse_indicator(block.text, pack), pack)
    assert {one.answer for one in outcomes} == set(ANSWERS)
    assert [fault for one in outcomes for fault in one.faults] == []


@pytest.mark.parametrize("block", TOML, ids=where)
def test_every_toml_example_is_a_partnership(block):
    assert settings._File.model_validate(tomllib.loads(block.text)).sources


def test_the_page_about_writing_indicators_shows_every_operator_and_condition():
    page = (ROOT / "docs/indicators-writing.md").read_text(encoding="utf-8")
    operators = ("exists", "count", "agencies", "sequence", "unfollowed", "change", "all_of", "any_of", "not")
    words = ("attribute", "age", "distance", "out_of_area", "during", "together", "shares", "any", "not")
    assert [one for one in operators if f"**{one}**" not in page] == []
    assert [one for one in words if f"`{{{one}:" not in page] == []


def test_there_are_examples():
    assert WHOLE
    assert TOML
    assert len(YAML) >= 10
