"""The pack's words on pages are the pack's words."""

from __future__ import annotations

from django.utils.translation import override

from trigpoint.terms.pack import load_pack
from trigpoint_web.casework.presenters.pack_words import AGENCIES, FORMS, agency_titles, form_title


def test_the_words_are_the_packs() -> None:
    pack = load_pack()
    with override("en"):
        assert {code: (str(title), str(plain)) for code, (title, plain) in FORMS.items()} == {
            code: (form.title, form.plain) for code, form in pack.forms.items()
        }
        assert {code: str(title) for code, title in AGENCIES.items()} == {
            code: agency.title for code, agency in pack.agencies.items()
        }


def test_a_word_of_a_newer_pack_is_still_shown() -> None:
    with override("en"):
        assert form_title("forced_labour") == "forced labour"
        assert agency_titles(["fire_service", "police"]) == ["Police", "fire_service"]
