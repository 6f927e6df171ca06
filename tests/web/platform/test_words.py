"""Every word that a page may show has Welsh, with the same places for what is filled in."""

from __future__ import annotations

import io
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from trigpoint_web.running import words
from trigpoint_web.running.commands import ROOMS


def missing_by_room() -> dict[str, list[str]]:
    welsh, missing = words.read_welsh(), {}
    for each in words.all_words():
        if each.id and not words._translated(welsh, each):
            for place, _line in each.locations:
                missing.setdefault(place.split("/")[1], []).append(str(each.id))
    return missing


@pytest.fixture(scope="module")
def missing() -> dict[str, list[str]]:
    return missing_by_room()


@pytest.mark.parametrize("room", [*ROOMS, "design", "settings", "running"])
def test_every_word_has_welsh(missing: dict[str, list[str]], room: str) -> None:
    assert missing.get(room, []) == []


def test_entries_that_nobody_reviewed_say_so() -> None:
    said = [each.user_comments for each in words.read_welsh() if each.id]
    assert all(comments in ([words.DRAFT], []) for comments in said)
    assert [words.DRAFT] in said


def from_template(text: str) -> list[Any]:
    found = words.from_template(io.BytesIO(text.encode()), words.KEYWORDS, [], {})
    return [message for _line, _function, message, _comments in found]


def test_words_of_templates_are_found() -> None:
    assert from_template("""{% load i18n %}{% translate "It's so (now)" as x %}""") == ["It's so (now)"]
    assert from_template("{% blocktranslate with a=b %}by {{ a }} (now){% endblocktranslate %}") == ["by %(a)s (now)"]
    plural = "{% blocktranslate count n=x %}{{ n }} child{% plural %}{{ n }} children{% endblocktranslate %}"
    assert from_template(plural) == [("%(n)s child", "%(n)s children")]
    assert from_template('{{ _("short") }}') == ["short"]


@pytest.mark.parametrize(
    ("welsh", "stands"),
    [("gan %(who)s", True), ("gan %(pwy)s", False), ("gan", False), ("", False)],
)
def test_welsh_that_lost_a_place_does_not_count(welsh: str, stands: bool) -> None:
    catalogue = Catalog(locale="cy")
    catalogue.add("by %(who)s", welsh)
    english = Catalog()
    english.add("by %(who)s")
    assert words._translated(catalogue, english["by %(who)s"]) is stands


def test_the_catalogue_can_be_read_again() -> None:
    with words.WELSH.open("rb") as file:
        assert read_po(file, locale="cy", abort_invalid=True).locale is not None
