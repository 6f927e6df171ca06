"""The generated pages are those that the program would write now."""

import pytest
from docs.generate import pages
from manual_pages import REFERENCE

MADE = pages()


@pytest.mark.parametrize("page", MADE)
def test_a_generated_page_is_up_to_date(page):
    path = REFERENCE / page
    assert path.is_file(), "run: make docs"
    assert path.read_text(encoding="utf-8") == MADE[page], "run: make docs"


def test_no_page_is_left_that_nothing_makes():
    there = {path.relative_to(REFERENCE).as_posix() for path in REFERENCE.rglob("*") if path.is_file()}
    assert there == set(MADE)
