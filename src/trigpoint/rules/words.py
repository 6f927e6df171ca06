"""The words that a pattern may use: kinds of event with their attributes, codes, kinds of mention.

An indicator uses those of the pack; a rule of the policy uses the indicators themselves as its kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from trigpoint.errors import TrigpointError
from trigpoint.rules.node import Node, spelling
from trigpoint.terms.pack import AttributeType, Pack

EVERY_EVENT = {"agency": "text", "source": "text"}  # columns that an event of any kind has


@dataclass(frozen=True)
class Words:
    """Kinds with the attributes they carry, the type of each attribute, the codes of those that are coded."""

    what: str
    kinds: Mapping[str, tuple[str, ...]]
    spells: frozenset[str] = frozenset()
    types: Mapping[str, AttributeType | str] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mention_kinds: tuple[str, ...] = ()

    @classmethod
    def of_pack(cls, pack: Pack) -> Words:
        """The words of a pack's events."""
        coded = {a.name: a.codes for a in pack.attributes.values() if a.codes}
        return cls(
            what="kind of event",
            kinds={name: kind.attributes for name, kind in pack.kinds.items()},
            spells=frozenset(name for name, kind in pack.kinds.items() if kind.spell),
            types={name: a.type for name, a in pack.attributes.items()},
            codes={name: tuple(pack.codes[codes].values) for name, codes in coded.items()},
            mention_kinds=tuple(pack.mention_kinds),
        )

    @classmethod
    def of_findings(cls, indicators: Iterable[str]) -> Words:
        """The words of a policy: every indicator is a kind of event."""
        return cls(what="indicator", kinds=dict.fromkeys(indicators, ()))

    def kinds_at(self, node: Node) -> tuple[str, ...]:
        """The kinds that stand at `node`, each a known one."""
        return tuple(one.one_of(list(self.kinds), what=self.what) for one in node.one_or_more())

    def attribute_at(self, node: Node, kinds: tuple[str, ...]) -> tuple[str, str]:
        """The attribute at `node`, which every one of the kinds has, and its type."""
        name = node.text()
        if name in EVERY_EVENT:
            return name, EVERY_EVENT[name]
        for kind in kinds:
            if name not in self.kinds[kind]:
                known = [*self.kinds[kind], *EVERY_EVENT]
                raise node.fail(f"'{kind}' has no attribute '{name}'", mend=spelling(name, known))
        return name, self.types[name]

    def value_at(self, node: Node, name: str, type_: str) -> str | bool | int | float:
        """The value at `node`, one that the attribute can have."""
        match type_:
            case "boolean":
                return node.flag()
            case "integer":
                return node.whole()
            case "number":
                return node.number()
            case "code":
                return node.one_of(self.codes[name], what=f"code of '{name}'")
            case _:
                return str(node.value)

    def numeric_at(self, node: Node, kinds: tuple[str, ...]) -> str:
        """The attribute at `node`, which must be a number."""
        name, type_ = self.attribute_at(node, kinds)
        if type_ not in ("integer", "number"):
            raise self.not_a_number(node, name)
        return name

    def not_a_number(self, node: Node, name: str) -> TrigpointError:
        """The error for an attribute that cannot be compared."""
        numbers = [one for one, type_ in self.types.items() if type_ in ("integer", "number")]
        return node.fail(f"'{name}' is not a number", mend=f"Compare one of {', '.join(numbers)}, or use 'is:'.")
