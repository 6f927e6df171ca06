"""Checks a pack's words in another language: none is missing, none is of nothing, and placeholders agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from trigpoint.errors import TermsError, TrigpointError
from trigpoint.rules.node import Node, spelling
from trigpoint.rules.policy import read_policy
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.sentence import facts_in
from trigpoint.rules.spoken.phrases import PHRASES
from trigpoint.terms.catalogue import NAMED, Catalogue, read_catalogue
from trigpoint.terms.located import Located
from trigpoint.terms.pack import Pack

OF_PERSONS: Final = ("sex", "ethnicity", "disability")  # code lists of what is said of a child, and of no event


def check_words(pack: Pack, language: str) -> Iterator[TrigpointError]:
    """The faults in the words of `language` of the pack, each with its place."""
    try:
        catalogue = read_catalogue(pack.folder, language)
    except TrigpointError as fault:
        yield fault
        return
    yield from _Checker(pack, catalogue).faults()


@dataclass(frozen=True)
class _Checker:
    pack: Pack
    catalogue: Catalogue

    def faults(self) -> Iterator[TrigpointError]:
        yield from self._named()
        yield from self._coded()
        yield from self._rules()
        yield from self._indicators()

    def _named(self) -> Iterator[TrigpointError]:
        words = Node(self.catalogue.files["words"])
        for part in NAMED:
            english: Mapping[str, Any] = getattr(self.pack, part)
            yield from self._same(words[part], english, what=part)
            for name, said in self.catalogue.words[part].items():
                if name in english and english[name].plain and not said.plain:
                    yield words[part][name].fail("'plain' is missing: sentences say it", mend="Add 'plain:' here.")
        yield from self._same(words["attributes"], self.pack.attributes, what="attributes")
        phrases = Node(self.catalogue.files["phrases"])
        yield from self._same(phrases, PHRASES, what="phrases")
        for name in PHRASES.keys() & self.catalogue.phrases.keys():
            yield from _places(phrases[name], PHRASES[name])

    def _coded(self) -> Iterator[TrigpointError]:
        codes = Node(self.catalogue.files["codes"])
        shown = {one.codes for one in self.pack.attributes.values() if one.codes} | {*OF_PERSONS}
        yield from self._same(codes, shown & self.pack.codes.keys(), what="code lists")
        for name in shown & self.catalogue.codes.keys() & self.pack.codes.keys():
            yield from self._same(codes[name], self.pack.codes[name].values, what=f"codes of '{name}'")

    def _rules(self) -> Iterator[TrigpointError]:
        policy = Node(self.catalogue.files["policy"])
        rules = {one.id: one for one in read_policy(self.pack).rules}
        yield from self._same(policy, rules, what="rules")
        for name in rules.keys() & self.catalogue.rules.keys():
            yield from _of_version(policy[name], rules[name].indicator.version)
            yield from _places(policy[name]["why"], rules[name].why)

    def _indicators(self) -> Iterator[TrigpointError]:
        indicators = {one.id: one for one in read_indicators(self.pack)}
        files = self.catalogue.indicator_files
        for name in sorted(files.keys() - indicators.keys()):
            yield _of_nothing(Node(files[name])[name], name, indicators)
        for name, one in indicators.items():
            if name not in files:
                yield self._missing(f"indicator '{name}'")
                continue
            node = Node(files[name])[name]
            yield from _of_version(node, one.version)
            yield from _places(node["sentence"], one.sentence)
            for part in ("practice", "caution"):
                if getattr(one, part) and not getattr(self.catalogue.indicators[name], part):
                    yield node.fail(f"'{part}' is missing", mend=f"Add '{part}:' here.")

    def _same(self, node: Node, english: Collection[str], *, what: str) -> Iterator[TrigpointError]:
        """Faults where the names at `node` are not those that the pack has."""
        for name in node.value:
            if name not in english:
                yield _of_nothing(node[name], name, english)
        for name in sorted(set(english) - node.value.keys()):
            yield node.fail(f"'{name}' is missing among the {what}", mend=f"Add '{name}:' with its words here.")

    def _missing(self, what: str) -> TrigpointError:
        place: Located = self.catalogue.files["language"]
        return TermsError(
            f"The {what} has no words in {self.catalogue.title}.",
            where=f"{place.path.parent.name}/indicators",
            mend="Add it to one of the files there, under its name.",
        )


def _of_nothing(node: Node, name: str, english: Collection[str]) -> TrigpointError:
    return node.fail_key(f"the pack has no '{name}' that these could be the words of", mend=spelling(name, english))


def _of_version(node: Node, version: int) -> Iterator[TrigpointError]:
    if node["version"].value != version:
        yield node["version"].fail(
            f"the English is at version {version}", mend="Look at these words again, then write its version here."
        )


def _places(node: Node, english: str) -> Iterator[TrigpointError]:
    """A fault where the placeholders are not those of the English."""
    asked, given = set(facts_in(english)), set(facts_in(node.text()))
    for name in sorted(asked ^ given):
        yield node.fail(
            f"{{{name}}} stands in {'the English' if name in asked else 'these words'} alone",
            mend="Both have to name the same facts, in any order.",
        )
