"""What a run kept in English, said in another language: from the same facts, by the same version of the rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from trigpoint.rules.reading import read_indicators
from trigpoint.rules.sentence import agency_words, listed, say
from trigpoint.rules.spoken.changes import say_change
from trigpoint.rules.spoken.read_back import read_back
from trigpoint.rules.spoken.rules import spoken_indicators, spoken_whys
from trigpoint.rules.tree import Indicator
from trigpoint.terms.pack import Pack, load_pack
from trigpoint.terms.spoken import spoken


@dataclass(frozen=True)
class Words:
    """What is said, and the language in which it is said."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Speech:
    """The words of a pack in one language, for what was kept in English.

    Whatever cannot be said with certainty (another version of the rule, a sentence that reads otherwise, a word that
    nobody translated) is given as it was kept.
    """

    language: str
    pack: Pack
    english: Pack
    indicators: Mapping[str, Indicator]
    kept: Mapping[str, Indicator]
    whys: Mapping[tuple[str, int], str]
    kept_whys: Mapping[tuple[str, int], str]

    @property
    def reviewed(self) -> bool:
        """Whether people have reviewed the words; those of a machine say so on pages."""
        return self.pack.said_in is None or self.pack.said_in.reviewed

    def title(self, kept: str, *, indicator: str) -> Words:
        """The name of an indicator, kept as `kept`."""
        one = self.kept.get(indicator)
        return self._words(kept, self.indicators[indicator].title if one and one.title == kept else None)

    def finding(self, kept: str, *, indicator: str, version: int) -> Words:
        """The sentence of a finding, kept as `kept`."""
        one = self.kept.get(indicator)
        if self.pack is self.english or one is None or one.version != version:
            return self._words(kept)
        facts = read_back(kept, one.sentence, pack=self.english)
        template = self.indicators[indicator].sentence
        return self._words(kept, None if facts is None else say(template, facts.__getitem__, pack=self.pack))

    def why(self, kept: str, *, rule: str, version: int) -> Words:
        """Why a marker is proposed, kept as `kept`."""
        same = self.kept_whys.get((rule, version)) == kept
        return self._words(kept, self.whys[rule, version] if same else None)

    def agencies(self, kinds: Iterable[str]) -> str:
        """Kinds of agency as they stand inside a sentence: 'police and the missing-persons service'."""
        asked, known = set(kinds), self.pack.agencies
        in_order = [*(one for one in known if one in asked), *sorted(asked - set(known))]
        return listed((agency_words(one, self.pack) for one in in_order), self.pack)

    def change(self, kept: str) -> Words:
        """What would change a proposal, kept as `kept`."""
        titles = {one.title: self.indicators[name].title for name, one in self.kept.items()}
        return self._words(kept, say_change(kept, titles, pack=self.pack))

    def _words(self, kept: str, said: str | None = None) -> Words:
        return Words(kept, "en") if said is None or self.pack is self.english else Words(said, self.language)


@cache
def speak(language: str, *, pack: str = "england_wales") -> Speech:
    """The words of `pack` in `language`; English ones where it has none of that language.

    Raises TermsError, with position and caret, where they are broken.
    """
    english = load_pack(pack)
    said = spoken(english, language)
    return Speech(
        language=said.said_in.language if said.said_in else "en",
        pack=said,
        english=english,
        indicators=spoken_indicators(said),
        kept={one.id: one for one in read_indicators(english)},
        whys=spoken_whys(said),
        kept_whys=spoken_whys(english),
    )
