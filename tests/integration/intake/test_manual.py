"""The manual page of the mapping language: its examples are read, and the worked one gives what it says."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from trigpoint.intake import SourceFacts, parse_mapping, read_extract, shape_extract
from trigpoint.terms.pack import load_pack

PAGE = (Path(__file__).parents[3] / "docs" / "mappings.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
YAML = [body for language, body in BLOCKS if language == "yaml"]


@pytest.mark.parametrize("block", YAML, ids=[b.splitlines()[0] for b in YAML])
def test_every_example_is_in_the_language(block: str) -> None:
    text = block if "mapping:" in block else f"mapping: example\nversion: 1\ntitle: An example\n{block}"
    if not re.search("^(person|events):", text, re.MULTILINE):
        text += "person: {local_id: A}\n"
    # A part of a mapping that stands for its possible values is not one value.
    text = re.sub(r"\n  (rows|columns): \{\.\.\.\}", "", text)
    assert parse_mapping(text, load_pack()).version == 1


def told(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def test_the_worked_example_gives_what_the_page_says(tmp_path: Path) -> None:
    mapping = parse_mapping(next(b for b in YAML if "night_list" in b), load_pack())
    (tmp_path / "list.csv").write_text(next(body for language, body in BLOCKS if language == "csv"), encoding="utf-8")
    con = duckdb.connect()
    shaped = shape_extract(
        read_extract(tmp_path / "list.csv", mapping, con), mapping, source=SourceFacts("p", "police", "f"),
        received_at=datetime(2025, 12, 1), extract_id="x", pack=load_pack(), con=con,
    )  # fmt: skip
    tables = [told(body) for language, body in BLOCKS if language == "text"]
    for table, expected in zip(("events", "refusals"), tables, strict=True):
        listed = ", ".join(f'"{c}"' for c in expected[0])
        found = con.execute(f"SELECT {listed} FROM {getattr(shaped, table)} ORDER BY ALL").fetchall()
        assert [[str(v) for v in row] for row in found] == expected[1:]
    con.close()
