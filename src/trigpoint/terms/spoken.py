"""A pack with its words in another language: what is counted, asked and coded stays; what is said changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from trigpoint.terms.catalogue import Catalogue, Said, languages, read_catalogue
from trigpoint.terms.pack import CodeList, Pack

Named = TypeVar("Named", bound=BaseModel)


def spoken(pack: Pack, language: str) -> Pack:
    """The pack in `language`; in English where it has no such words, and any word of its own that they lack.

    Raises TermsError, with position and caret, where the words are broken.
    """
    if language not in languages(pack.folder):
        return pack
    catalogue = read_catalogue(pack.folder, language)
    words = catalogue.words
    plain = catalogue.attributes
    return replace(
        pack,
        kinds=_said(pack.kinds, words["kinds"]),
        themes=_said(pack.themes, words["themes"]),
        agencies=_said(pack.agencies, words["agencies"]),
        mention_kinds=_said(pack.mention_kinds, words["mention_kinds"]),
        forms=_said(pack.forms, words["forms"]),
        attributes={n: a.model_copy(update={"plain": plain.get(n, a.plain)}) for n, a in pack.attributes.items()},
        codes={name: _coded(codes, catalogue) for name, codes in pack.codes.items()},
        said_in=catalogue,
    )


def _said(terms: Mapping[str, Named], words: Mapping[str, Said]) -> dict[str, Named]:
    return {
        name: term.model_copy(update=words[name].model_dump(exclude_none=True)) if name in words else term
        for name, term in terms.items()
    }


def _coded(codes: CodeList, catalogue: Catalogue) -> CodeList:
    said = catalogue.codes.get(codes.codes, {})
    values = {
        code: entry.model_copy(update={"title": said[code]}) if code in said else entry
        for code, entry in codes.values.items()
    }
    return codes.model_copy(update={"values": values})
