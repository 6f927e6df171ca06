"""A partnership is a folder with `partnership.toml`: its areas, its sources and what each agreed to share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from trigpoint.errors import SettingsError, nearest
from trigpoint.terms.pack import Pack, load_pack

FILE_NAME = "partnership.toml"
POSTCODES = re.compile("[A-Z]{1,2}([0-9][A-Z0-9]?( ?[0-9]([A-Z]{2})?)?)?", re.IGNORECASE)
POSTCODES_MEND = 'Write areas ("RV"), districts ("RV1") or sectors ("RV1 2").'
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Area(_Strict):
    """An area of the partnership and the postcodes in it, as areas ("RV"), districts ("RV1") or sectors."""

    code: str = Field(min_length=1, max_length=12)
    name: str
    postcodes: tuple[str, ...] = Field(min_length=1)


class Agreement(_Strict):
    """The sharing agreement: why the source may be used, by whom each column may be seen, and for how long."""

    lawful_basis: str = Field(min_length=3)
    purposes: tuple[str, ...] = Field(min_length=1)
    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    headline_only: bool = False
    retention_years: Annotated[float, Field(gt=0, le=100)]


class Feed(_Strict):
    """One kind of file that a source sends, and the mapping that reads it."""

    name: Name
    files: tuple[str, ...] = Field(min_length=1)
    mapping: str
    each_file: Literal["adds", "replaces"] = "adds"
    learnt_when_unstated: Literal["received", "happened"] = "received"


class Claim(_Strict):
    """Coverage that a source claims: these kinds of event, in this period, for these areas (none: all)."""

    kinds: tuple[str, ...] = Field(min_length=1)
    from_on: date = Field(alias="from")
    to_on: date = Field(alias="to")
    areas: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Claim:
        if self.to_on < self.from_on:
            raise ValueError("'to' lies before 'from'")
        return self


class SourceSettings(_Strict):
    """A source: an agency's feed with its agreement, its files and its coverage."""

    name: Name
    title: str
    agency: str
    agreement: Agreement
    feeds: tuple[Feed, ...] = Field(min_length=1)
    coverage: tuple[Claim, ...] = ()


class Period(_Strict):
    """The days that the partnership looks at; without `to`, up to the day of the run."""

    from_on: date = Field(alias="from")
    to_on: date | None = Field(default=None, alias="to")


class CountSettings(_Strict):
    """How counts leave: small numbers up to `suppress_up_to` are hidden, totals rounded to `round_totals_to`."""

    suppress_up_to: Annotated[int, Field(ge=3, le=50)] = 5
    round_totals_to: Annotated[int, Field(ge=2, le=100)] = 10


class LinkSettings(_Strict):
    """How sure linkage must be to join two records, to keep them joined, to ask a person; a model file to reuse."""

    join_at: Annotated[float, Field(ge=0.5, lt=1)] = 0.95
    keep_at: Annotated[float, Field(ge=0.5, lt=1)] = 0.80
    ask_at: Annotated[float, Field(ge=0.5, lt=1)] = 0.70
    model: str | None = None

    @model_validator(mode="after")
    def _in_order(self) -> LinkSettings:
        if not self.ask_at <= self.keep_at <= self.join_at:
            raise ValueError("'ask_at' must not be above 'keep_at', nor 'keep_at' above 'join_at'")
        return self


class _File(_Strict):
    name: str = Field(min_length=1)
    invented: bool = False
    pack: str = "england_wales"
    period: Period
    areas: tuple[Area, ...] = Field(min_length=1)
    sources: tuple[SourceSettings, ...] = Field(min_length=1)
    counts: CountSettings = CountSettings()
    linkage: LinkSettings = LinkSettings()


class Partnership:
    """A partnership's settings, checked, with its folder and its pack."""

    def __init__(self, folder: Path, *, settings: _File, pack: Pack) -> None:
        self.folder = folder
        self.pack = pack
        self.name = settings.name
        self.invented = settings.invented
        self.period = settings.period
        self.areas = settings.areas
        self.sources = settings.sources
        self.counts = settings.counts
        self.linkage = settings.linkage

    def source(self, name: str) -> SourceSettings:
        """The source `name`. Raises SettingsError, with the nearest name, where there is none."""
        for one in self.sources:
            if one.name == name:
                return one
        names = [one.name for one in self.sources]
        near = nearest(name, names)
        raise SettingsError(
            f"There is no source '{name}' in this partnership.",
            where=FILE_NAME,
            mend=f"Did you mean '{near}'?" if near else f"The sources are: {', '.join(names)}.",
        )

    def mapping_file(self, name: str) -> Path:
        """The mapping `name`: the partnership's own (mappings/NAME.yaml), else the pack's."""
        own = self.folder / "mappings" / f"{name}.yaml"
        return own if own.is_file() else self.pack.mappings.get(name, own)

    @property
    def own_places(self) -> Path | None:
        """The partnership's own gazetteer, places.csv, where there is one."""
        path = self.folder / "places.csv"
        return path if path.is_file() else None


def read_partnership(folder: Path) -> Partnership:
    """Read and check FOLDER/partnership.toml. Raises SettingsError naming file, key and mend."""
    path = folder / FILE_NAME
    settings = _settings(_toml(path))
    pack = load_pack(settings.pack)
    partnership = Partnership(folder, settings=settings, pack=pack)
    for key, message, mend in _faults(partnership):
        raise SettingsError(message, where=f"{FILE_NAME}, {key}", mend=mend)
    return partnership


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"There is no {FILE_NAME} in this folder.",
            where=str(path.parent),
            mend="Make one with: trigpoint new FOLDER",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError(
            f"{FILE_NAME} is not TOML: {fault}",
            where=str(path),
            mend="Mend the line that it names: texts stand in quotes, days (2026-03-31) do not and must exist.",
        ) from None


def _settings(data: dict[str, Any]) -> _File:
    try:
        return _File.model_validate(data)
    except ValidationError as fault:
        # A misspelt key is two faults, one missing and one unknown; the unknown one tells more.
        first = min(fault.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
        key = _key(first["loc"], data)
        raise SettingsError(f"'{key}': {_plain(first)}.", where=f"{FILE_NAME}, {key}", mend=_mend(first)) from None


def _key(loc: tuple[str | int, ...], data: Any) -> str:
    """The key as a person says it: sources.police.feeds.arrests.mapping, by names rather than numbers."""
    said, here = [], data
    for part in loc:
        here = (
            here[part]
            if isinstance(here, list) and isinstance(part, int)
            else (here.get(part) if isinstance(here, dict) else None)
        )
        named = isinstance(part, int) and isinstance(here, dict) and (here.get("name") or here.get("code"))
        said.append(str(named or (part + 1 if isinstance(part, int) else part)))
    return ".".join(said)


def _plain(fault: Any) -> str:
    kinds = {
        "missing": "is missing",
        "extra_forbidden": "is not a setting",
        "tuple_type": "has to be a list, in square brackets",
        "date_from_datetime_parsing": "has to be a day, without quotes, such as 2026-03-31",
    }
    return kinds.get(fault["type"]) or str(fault["msg"]).removeprefix("Value error, ").lower()


def _mend(fault: Any) -> str:
    if fault["type"] == "missing":
        return "Add this key."
    if fault["type"] == "extra_forbidden":
        near = nearest(str(fault["loc"][-1]), _known_keys())
        return f"Did you mean '{near}'?" if near else "Remove it, or check its spelling against docs/partnership.md."
    return "Change the value; docs/partnership.md lists what each key takes."


def _known_keys() -> list[str]:
    """Every key that the settings take."""
    models: tuple[type[BaseModel], ...] = (_File, Period, Area, SourceSettings, Agreement, Feed, Claim)
    return sorted({field.alias or key for model in models for key, field in model.model_fields.items()})


def _faults(partnership: Partnership) -> Iterator[tuple[str, str, str]]:
    """What cannot be right across settings: (key, message, mend), the first of which is shown."""
    yield from _twice("areas", [a.code for a in partnership.areas])
    yield from _twice("sources", [s.name for s in partnership.sources])
    period = partnership.period
    if period.to_on and period.to_on < period.from_on:
        yield "period.to", "The period ends before it begins.", "Swap or mend 'from' and 'to'."
    for area in partnership.areas:
        for postcode in area.postcodes:
            if not POSTCODES.fullmatch(postcode.strip()):
                yield f"areas.{area.code}.postcodes", f"'{postcode}' is no part of a postcode.", POSTCODES_MEND
    for source in partnership.sources:
        key = f"sources.{source.name}"
        yield from _twice(f"{key}.feeds", [f.name for f in source.feeds])
        yield from _unknown(f"{key}.agency", source.agency, list(partnership.pack.agencies), what="agency")
        for feed in source.feeds:
            yield from _feed_faults(partnership, feed, key=f"{key}.feeds.{feed.name}")
        for claim in source.coverage:
            yield from _claim_faults(partnership, claim, key=f"{key}.coverage")


def _feed_faults(partnership: Partnership, feed: Feed, *, key: str) -> Iterator[tuple[str, str, str]]:
    own = [p.stem for p in (partnership.folder / "mappings").glob("*.yaml")]
    known = [*own, *partnership.pack.mappings]
    yield from _unknown(f"{key}.mapping", feed.mapping, known, what="mapping")
    for pattern in feed.files:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            yield (
                f"{key}.files",
                "A file pattern leaves the partnership's folder.",
                "Put the files inside the folder and give the pattern relative to it.",
            )


def _claim_faults(partnership: Partnership, claim: Claim, *, key: str) -> Iterator[tuple[str, str, str]]:
    for kind in claim.kinds:
        yield from _unknown(f"{key}.kinds", kind, list(partnership.pack.kinds), what="kind of event")
    for area in claim.areas:
        yield from _unknown(f"{key}.areas", area, [a.code for a in partnership.areas], what="area")


def _twice(key: str, names: list[str]) -> Iterator[tuple[str, str, str]]:
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield key, f"Two have the one name '{name}'.", "Give each its own name."


def _unknown(key: str, name: str, known: list[str], *, what: str) -> Iterator[tuple[str, str, str]]:
    if name not in known:
        near = nearest(name, known)
        yield (
            key,
            f"There is no {what} '{name}'.",
            f"Did you mean '{near}'?" if near else f"Choose one of: {', '.join(sorted(known)[:12])} ...",
        )
