"""Words of the pack that many pages show, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from trigpoint.terms.pack import Form
from trigpoint_web.casework.speech import speech


def forms() -> dict[str, Form]:
    """The forms of exploitation, in the order of the pack."""
    return dict(speech().pack.forms)


def form_title(code: str) -> str:
    """The form of exploitation; the code itself where a newer pack has another."""
    known = speech().pack.forms.get(code)
    return known.title if known else code.replace("_", " ")


def agency_title(code: str) -> str:
    """A kind of agency; the code itself where a newer pack has another."""
    known = speech().pack.agencies.get(code)
    return known.title if known else code


def agency_titles(codes: Iterable[str]) -> list[str]:
    """Kinds of agency, in the order of the pack."""
    asked, known = set(codes), speech().pack.agencies
    return [words.title for code, words in known.items() if code in asked] + sorted(asked - set(known))


def kind_title(kind: str) -> str:
    """A kind of event; the code itself where a newer pack has another."""
    known = speech().pack.kinds.get(kind)
    return known.title if known else kind
