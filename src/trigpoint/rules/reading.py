"""Reads an indicator file into the tree. Every fault is shown with file, line, column, a caret and how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from trigpoint.rules.examples import Example, ExampleReader, check_ids
from trigpoint.rules.node import Node, spelling
from trigpoint.rules.patterns import PatternReader
from trigpoint.rules.sentence import ATTRIBUTE, FACTS, facts_in
from trigpoint.rules.tree import Indicator, Pattern, Shares, Together, all_conditions, selected_kinds
from trigpoint.rules.words import EVERY_EVENT, Words
from trigpoint.terms.located import Located, parse_yaml, read_yaml
from trigpoint.terms.pack import Pack

NEEDS = ("indicator", "version", "title", "theme", "source", "pattern", "sentence", "examples")
MAY = ("forms", "looks_back", "practice", "caution")
NAME = re.compile(r"[a-z][a-z0-9_]*")


_READ: dict[Path, tuple[tuple[tuple[Path, int], ...], list[Indicator]]] = {}


@dataclass(frozen=True)
class IndicatorFile:
    """An indicator with its examples, and the file it was read from."""

    indicator: Indicator
    examples: tuple[Example, ...]
    located: Located


def read_indicators(pack: Pack) -> list[Indicator]:
    """Every indicator of the pack, by id. Raises TermsError at the first broken file.

    Files are read again only when one of them has changed: a run asks several times.
    """
    stamp = tuple((path, path.stat().st_mtime_ns) for path in pack.indicator_files)
    held = _READ.get(pack.folder)
    if held is None or held[0] != stamp:
        found = [read_indicator(path, pack).indicator for path, _ in stamp]
        held = _READ[pack.folder] = (stamp, sorted(found, key=lambda one: one.id))
    return list(held[1])


def read_indicator(path: Path, pack: Pack) -> IndicatorFile:
    """The indicator file at `path`. Raises TermsError, with position and caret, where it is broken."""
    return _read(read_yaml(path), pack)


def parse_indicator(text: str, pack: Pack, *, path: Path = Path("indicator.yaml")) -> IndicatorFile:
    """Read `text` as the content of the indicator file `path`. Raises as `read_indicator` does."""
    return _read(parse_yaml(text, path=path), pack)


def _read(located: Located, pack: Pack) -> IndicatorFile:
    node = Node(located).mapping(needs=NEEDS, may=MAY)
    indicator = _indicator(node, pack)
    reader = ExampleReader(pack)
    examples = tuple(reader.read(one) for one in node["examples"].items())
    for one in examples:
        check_ids(one)
    return IndicatorFile(indicator, examples, located)


def _indicator(node: Node, pack: Pack) -> Indicator:
    words = Words.of_pack(pack)
    pattern = PatternReader(words).read(node["pattern"])
    _check_sentence(node["sentence"], pattern, words)
    source = node["source"].mapping(needs=["title"], may=["url", "note", "status"])
    forms = node["forms"].one_or_more() if node.has("forms") and node["forms"].value else []
    return Indicator(
        id=_name(node["indicator"], node.located.path),
        version=node["version"].whole(least=1),
        title=node["title"].text(),
        theme=node["theme"].one_of(list(pack.themes), what="theme"),
        pattern=pattern,
        sentence=node["sentence"].text(),
        looks_back=node["looks_back"].seconds() if node.has("looks_back") else None,
        forms=tuple(one.one_of(list(pack.forms), what="form") for one in forms),
        practice=node["practice"].text() if node.has("practice") else "",
        caution=node["caution"].text() if node.has("caution") else "",
        source_title=source["title"].text(),
        source_url=source["url"].text() if source.has("url") else "",
        source_note=source["note"].text() if source.has("note") else "",
    )


def _name(node: Node, path: Path) -> str:
    name = node.text()
    if not NAME.fullmatch(name):
        raise node.fail("an indicator's name is small letters, figures and _", mend="Like 'found_far_away'.")
    if path.name != "indicator.yaml" and path.stem != name:
        raise node.fail(f"the file is called {path.stem}", mend=f"Write '{path.stem}' or rename the file.")
    return name


def _check_sentence(node: Node, pattern: Pattern, words: Words) -> None:
    kinds = selected_kinds(pattern)
    named = {a for kind in kinds for a in words.kinds[kind]} | EVERY_EVENT.keys()
    known = [*FACTS, *(ATTRIBUTE + name for name in sorted(named))]
    for fact in facts_in(node.text()):
        if fact not in known:
            raise node.fail(f"there is no fact {{{fact}}} to fill in", mend=spelling(fact, known))
    others = any(isinstance(c, Together | Shares) for c in all_conditions(pattern))
    if "others" in facts_in(node.text()) and not others:
        raise node.fail("{others} needs 'together' or 'shares' in the pattern", mend="Take {others} out.")
