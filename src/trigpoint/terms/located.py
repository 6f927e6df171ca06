"""YAML read with the place of every value, so that an error can point at it with a caret."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from trigpoint.errors import TermsError, TrigpointError


class _Loader(yaml.SafeLoader):
    """YAML whose only truth words are true and false: `on:`, `yes` and `no` are words, as in YAML 1.2."""


# libyaml reads ten times as fast, and a pack is a few hundred files; not every PyYAML is built with it.
class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # chosen when it runs
    """The same YAML, read by libyaml where it is there."""


for _loader in (_Loader, _FastLoader):
    _loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    _loader.add_implicit_resolver(
        "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
    )

Key = str | int
Position = tuple[int, int]  # line and column, both from 1
_Marks = dict[tuple[Key, ...], Position]


@dataclass(frozen=True)
class Located:
    """Plain data of one YAML file, and where each part of it stands."""

    path: Path
    text: str
    value: Any
    marks: dict[tuple[Key, ...], Position] = field(repr=False)
    key_marks: dict[tuple[Key, ...], Position] = field(default_factory=dict, repr=False)

    def mark(self, keys: Sequence[Key]) -> Position:
        """Line and column of the value at `keys`, or of the nearest part above it that is there."""
        trail = tuple(keys)
        while trail not in self.marks:
            trail = trail[:-1]
        return self.marks[trail]

    def error(
        self,
        message: str,
        *,
        at: Sequence[Key] = (),
        mend: str | None = None,
        kind: type[TrigpointError] = TermsError,
        on_key: bool = False,
    ) -> TrigpointError:
        """An error of `kind` that shows the line at `at` with a caret under the value, or under its key."""
        line, column = self.key_marks.get(tuple(at), self.mark(at)) if on_key else self.mark(at)
        return kind(caret(self.path.name, self.text, position=(line, column), message=message), mend=mend)


def caret(name: str, text: str, *, position: Position, message: str) -> str:
    """`name:line:column: message`, then the line itself, then a caret under the column."""
    line, column = position
    lines = text.splitlines()
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    gutter = f"{line:>5} | "
    return f"{name}:{line}:{column}: {message}\n{gutter}{shown}\n{' ' * (len(gutter) + column - 1)}^"


def read_yaml(path: Path, *, kind: type[TrigpointError] = TermsError) -> Located:
    """Read one YAML document. Raises `kind`, with position and caret, where it is broken."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise kind(f"There is no file {path.name}.", where=str(path.parent)) from None
    except UnicodeDecodeError:
        raise kind(f"{path.name} is not UTF-8 text.", mend="Save it as UTF-8.") from None
    return parse_yaml(text, path=path, kind=kind)


def parse_yaml(text: str, *, path: Path, kind: type[TrigpointError] = TermsError) -> Located:
    """Read YAML `text` as the content of `path`. Raises as `read_yaml` does."""
    marks: dict[tuple[Key, ...], Position] = {(): (1, 1)}
    key_marks: dict[tuple[Key, ...], Position] = {}
    try:
        root = _composed(text)
        value = _Builder(path, text, (marks, key_marks), kind).build(root, ()) if root is not None else None
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        position = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = f"this is not YAML: {fault.problem or fault.context}"
        raise kind(
            caret(path.name, text, position=position, message=message),
            mend="Check the indentation, colons and quotes on and just above this line.",
        ) from None
    return Located(path, text, value, marks, key_marks)


def _composed(text: str) -> yaml.Node | None:
    """The nodes of the document. A broken one is read again by the loader whose errors name the better place."""
    try:
        return yaml.compose(text, Loader=_FastLoader)
    except yaml.YAMLError:
        return yaml.compose(text, Loader=_Loader)


class _Builder:
    """Turns YAML nodes into plain data, noting where each stands."""

    def __init__(self, path: Path, text: str, marks: tuple[_Marks, _Marks], kind: type[TrigpointError]) -> None:
        self._path, self._text, self._kind = path, text, kind
        self._marks, self._key_marks = marks
        self._scalars = yaml.constructor.SafeConstructor()

    def build(self, node: yaml.Node, trail: tuple[Key, ...]) -> Any:
        self._marks[trail] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, trail)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*trail, i)) for i, child in enumerate(node.value)]
        return self._scalars.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, trail: tuple[Key, ...]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self._scalars.construct_object(key_node)
            if key in found:
                position = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
                raise self._kind(
                    caret(self._path.name, self._text, position=position, message=f"'{key}' stands twice"),
                    mend="Keep one of the two.",
                )
            self._key_marks[(*trail, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            found[key] = self.build(value_node, (*trail, key))
        return found
