"""A pack's words in another language: a folder beside its files, called by the language, that says the same again.

`language.yaml` says whether people have reviewed it; `words.yaml`, `codes.yaml`, `indicators/`, `policy.yaml` and
`phrases.yaml` say what the pack and its sentences say, under the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pydantic import RootModel

from trigpoint.terms.located import Located, read_yaml
from trigpoint.terms.typed import Strict, typed

NAMED: Final = ("forms", "themes", "agencies", "mention_kinds", "kinds")


class Said(Strict):
    """A title, and how it is said inside a sentence."""

    title: str
    plain: str | None = None


class IndicatorSaid(Strict):
    """An indicator's words. `version` is that of the English that they say."""

    version: int
    title: str
    sentence: str
    practice: str = ""
    caution: str = ""


class RuleSaid(Strict):
    """Why a rule of the policy proposes what it does. `version` is that of the English that it says."""

    version: int
    why: str


class _Language(Strict):
    language: str
    title: str
    status: Literal["machine_draft", "reviewed"]


class _Words(Strict):
    forms: dict[str, Said]
    themes: dict[str, Said]
    agencies: dict[str, Said]
    mention_kinds: dict[str, Said]
    kinds: dict[str, Said]
    attributes: dict[str, str]


class _Codes(RootModel[dict[str, dict[str, str]]]):
    """Code lists, by name: the plain words of each code."""


class _Indicators(RootModel[dict[str, IndicatorSaid]]):
    """Indicators by id."""


class _Rules(RootModel[dict[str, RuleSaid]]):
    """Rules of the policy by id."""


class _Phrases(RootModel[dict[str, str]]):
    """Turns of phrase by name."""


@dataclass(frozen=True)
class Catalogue:
    """The words of a language. `reviewed` is false while they are a draft by machine.

    `words` has a part each of forms, themes, agencies, mention_kinds and kinds. `files` and `indicator_files` (by id)
    are where they stand, for errors.
    """

    language: str
    title: str
    reviewed: bool
    words: Mapping[str, Mapping[str, Said]]
    attributes: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    indicators: Mapping[str, IndicatorSaid]
    rules: Mapping[str, RuleSaid]
    phrases: Mapping[str, str]
    files: Mapping[str, Located] = field(repr=False)
    indicator_files: Mapping[str, Located] = field(repr=False)


def languages(folder: Path) -> list[str]:
    """The languages, beside English, in which the pack in `folder` has words."""
    return sorted(path.parent.name for path in folder.glob("*/language.yaml"))


def read_catalogue(folder: Path, language: str) -> Catalogue:
    """The catalogue of `language` of the pack in `folder`. Raises TermsError, with position, where it is broken."""
    place = folder / language
    files = {name: read_yaml(place / f"{name}.yaml") for name in ("language", "words", "codes", "policy", "phrases")}
    about, words = typed(files["language"], _Language), typed(files["words"], _Words)
    themes = [(read, typed(read, _Indicators).root) for read in map(read_yaml, sorted(place.glob("indicators/*.yaml")))]
    return Catalogue(
        language=about.language,
        title=about.title,
        reviewed=about.status == "reviewed",
        words={name: getattr(words, name) for name in NAMED},
        attributes=words.attributes,
        codes=typed(files["codes"], _Codes).root,
        indicators={name: one for _, found in themes for name, one in found.items()},
        rules=typed(files["policy"], _Rules).root,
        phrases=typed(files["phrases"], _Phrases).root,
        files=files,
        indicator_files={name: read for read, found in themes for name in found},
    )
