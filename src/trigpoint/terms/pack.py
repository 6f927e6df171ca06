"""A pack: the words of one country as data, loaded into typed things and checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field

from trigpoint.errors import TermsError, nearest
from trigpoint.terms.catalogue import Catalogue
from trigpoint.terms.located import Located, read_yaml
from trigpoint.terms.typed import Strict, typed

PACKS = Path(__file__).parent / "packs"
AttributeType = Literal["text", "code", "integer", "number", "boolean"]
_Term = TypeVar("_Term", bound=BaseModel)


class Source(Strict):
    """Where a term comes from: a document, its address, and whether the fact was confirmed there."""

    title: str
    url: str | None = None
    note: str | None = None
    status: Literal["confirmed", "unconfirmed"] = "confirmed"


class Code(Strict):
    """One value of a code list, its plain words, and spellings of it that extracts use."""

    title: str
    aliases: tuple[str, ...] = ()
    note: str | None = None
    group: str | None = None
    status: Literal["confirmed", "unconfirmed"] = "confirmed"


class CodeList(Strict):
    """The values that a code may take."""

    codes: str
    title: str
    source: Source
    values: dict[str, Code]

    def spelling(self) -> dict[str, str]:
        """Every accepted spelling, lower case, to its code."""
        found = {}
        for code, entry in self.values.items():
            for word in (code, entry.title, *entry.aliases):
                found[word.strip().lower()] = code
        return found


class Attribute(Strict):
    """Something an event may carry beside its time and place."""

    name: str
    type: AttributeType
    plain: str
    codes: str | None = None
    unit: Literal["per_cent"] | None = None


class EventKind(Strict):
    """A kind of event: its shape, who usually holds it, and how it is said."""

    kind: str
    title: str
    plain: str
    agencies: tuple[str, ...]
    describes: str
    source: Source
    spell: bool = False
    base: int | None = None
    retold_within_hours: int | None = Field(default=None, ge=1)  # another source's telling is of the same episode
    attributes: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


class Form(Strict):
    """A form that criminal exploitation takes."""

    title: str
    plain: str
    source: Source


class Titled(Strict):
    """A theme, an agency or a kind of identifier, with its title in plain words."""

    title: str
    plain: str | None = None


class _Manifest(Strict):
    pack: str
    version: int
    title: str
    describes: str
    themes: dict[str, Titled]
    agencies: dict[str, Titled]
    mention_kinds: dict[str, Titled]
    forms: dict[str, Form]
    notes: tuple[str, ...] = ()


class _Attributes(Strict):
    attributes: dict[str, Mapping[str, Any]] = Field(min_length=1)


@dataclass(frozen=True)
class Pack:
    """Everything that one pack declares. `folder` holds indicators/, policy.yaml, mappings/ and places/.

    Its words are English, or those of `said_in` where `spoken` gave them.
    """

    name: str
    version: int
    title: str
    folder: Path = field(repr=False)
    kinds: Mapping[str, EventKind] = field(repr=False)
    attributes: Mapping[str, Attribute] = field(repr=False)
    codes: Mapping[str, CodeList] = field(repr=False)
    themes: Mapping[str, Titled] = field(repr=False)
    agencies: Mapping[str, Titled] = field(repr=False)
    mention_kinds: Mapping[str, Titled] = field(repr=False)
    forms: Mapping[str, Form] = field(repr=False)
    said_in: Catalogue | None = field(default=None, repr=False)

    @property
    def indicator_files(self) -> list[Path]:
        """The indicator files, by path."""
        return sorted((self.folder / "indicators").rglob("*.yaml"))

    @property
    def policy_file(self) -> Path:
        """The file that says which findings propose which marker."""
        return self.folder / "policy.yaml"

    @property
    def mappings(self) -> dict[str, Path]:
        """The ready-made mappings by name."""
        return {p.stem: p for p in sorted((self.folder / "mappings").glob("*.yaml"))}

    @property
    def base_kinds(self) -> tuple[str, ...]:
        """Kinds that say where a child lives, the strongest first."""
        based = [(k.base, k.kind) for k in self.kinds.values() if k.base is not None]
        return tuple(kind for _, kind in sorted(based))

    @property
    def retold(self) -> dict[str, int]:
        """Kinds that several sources tell of, and the hours within which they tell of one episode."""
        return {k.kind: k.retold_within_hours for k in self.kinds.values() if k.retold_within_hours is not None}

    def plain(self, attribute: str, value: str) -> str:
        """The plain words of an attribute's value; the value itself where the pack has none."""
        codes = self.attributes[attribute].codes
        entry = self.codes[codes].values.get(value) if codes else None
        return entry.title if entry else value


@cache
def load_pack(name: str = "england_wales", /) -> Pack:
    """Load the pack `name` (of those that come with Trigpoint) or the pack folder at that path.

    Raises TermsError, with file, position and mend, where a file is broken or one names what another lacks.
    """
    folder = Path(name) if "/" in name or Path(name).is_dir() else PACKS / name
    if not (folder / "pack.yaml").is_file():
        known = sorted(p.name for p in PACKS.iterdir() if p.is_dir())
        raise TermsError(f"There is no pack '{name}'.", mend=f"Choose one of: {', '.join(known)}.")
    manifest = typed(read_yaml(folder / "pack.yaml"), _Manifest)
    codes = {term.codes: term for term, _ in _each(folder / "codes", CodeList)}
    attributes = _attributes(folder / "attributes.yaml", codes)
    return Pack(
        name=manifest.pack,
        version=manifest.version,
        title=manifest.title,
        folder=folder,
        kinds=_kinds(folder / "events", manifest, attributes),
        attributes=attributes,
        codes=codes,
        themes=manifest.themes,
        agencies=manifest.agencies,
        mention_kinds=manifest.mention_kinds,
        forms=manifest.forms,
    )


def _each(folder: Path, shape: type[_Term]) -> list[tuple[_Term, Located]]:
    located = [read_yaml(path) for path in sorted(folder.glob("*.yaml"))]
    return [(typed(one, shape), one) for one in located]


def _attributes(path: Path, codes: Mapping[str, CodeList]) -> dict[str, Attribute]:
    located = read_yaml(path)
    named = typed(located, _Attributes).attributes
    found = {}
    for name, entry in named.items():
        shape = Located(path, located.text, {"name": name, **entry}, located.marks)
        attribute = typed(shape, Attribute)
        if attribute.codes is not None:
            _known(located, attribute.codes, list(codes), what="code list", at=("attributes", name, "codes"))
        found[name] = attribute
    return found


def _kinds(folder: Path, manifest: _Manifest, attributes: Mapping[str, Attribute]) -> dict[str, EventKind]:
    found: dict[str, EventKind] = {}
    for kind, located in _each(folder, EventKind):
        for part, names, known in (
            ("attributes", kind.attributes, list(attributes)),
            ("agencies", kind.agencies, list(manifest.agencies)),
            ("mentions", kind.mentions, list(manifest.mention_kinds)),
        ):
            for i, name in enumerate(names):
                _known(located, name, known, what=part, at=(part, i))
        found[kind.kind] = kind
    return found


def _known(located: Located, name: str, known: list[str], *, what: str, at: tuple[str | int, ...]) -> None:
    if name not in known:
        near = nearest(name, known)
        raise located.error(f"there is no {what} '{name}'", at=at, mend=f"Did you mean '{near}'?" if near else None)
