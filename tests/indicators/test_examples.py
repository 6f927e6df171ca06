"""Every example of every indicator file gives the answer, the sentence and the evidence that it states.

The memory engine is asked here; `test_examples_duckdb.py` asks the other.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from trigpoint.engines.examples import check_indicator
from trigpoint.rules.reading import read_indicator
from trigpoint.terms.pack import Pack, load_pack

FILES = [pytest.param(path, id=path.stem) for path in load_pack().indicator_files]


@pytest.mark.parametrize("path", FILES)
def test_the_file_is_right(path: Path, pack: Pack) -> None:
    assert [str(fault) for fault in check_indicator(path, pack)] == []


@pytest.mark.parametrize("path", FILES)
def test_a_met_example_says_the_sentence(path: Path, pack: Pack) -> None:
    met = [one for one in read_indicator(path, pack).examples if one.answer == "met"]
    assert any(one.says for one in met), "the manual shows the sentence of at least one met example"
