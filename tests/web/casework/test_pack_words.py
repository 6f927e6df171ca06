"""The pack's words on pages are the pack's words, in the reader's language."""

from __future__ import annotations

from django.utils.translation import override

from trigpoint.terms.pack import load_pack
from trigpoint.terms.spoken import spoken
from trigpoint_web.casework.presenters.pack_words import agency_titles, form_title, forms, kind_title
from trigpoint_web.casework.presenters.wording import code_title


def test_the_words_are_the_packs_in_either_language() -> None:
    for language in ("en", "cy"):
        pack = spoken(load_pack(), language)
        with override(language):
            assert forms() == dict(pack.forms)
            assert agency_titles(pack.agencies) == [one.title for one in pack.agencies.values()]
    with override("cy"):
        assert form_title("county_lines") == "Llinellau cyffuriau"
        assert kind_title("missing") == "Ar goll"
        assert code_title("found_with", "alone") == "heb neb arall"


def test_a_word_of_a_newer_pack_is_still_shown() -> None:
    with override("cy"):
        assert form_title("forced_labour") == "forced labour"
        assert agency_titles(["fire_service", "police"]) == ["Yr heddlu", "fire_service"]
        assert kind_title("sighting") == "sighting"
