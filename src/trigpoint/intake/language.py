"""The mapping language as typed, frozen things. What each key means to a person is in docs/mappings.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

from trigpoint.terms.located import Located

Kind = Literal["csv", "xlsx", "json", "jsonl", "parquet", "xml"]


def _as_text(value: Any) -> Any:
    """YAML reads 1 as a number; in a code table or a list of codes it is the word '1'."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _truth(value: Any) -> Any:
    return ("true" if value else "false") if isinstance(value, bool) else _as_text(value)


def _as_list(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) or value is None else [value]


Word = Annotated[str, BeforeValidator(_truth)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_as_list)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Value(_Strict):
    """Where one value comes from: a column, several, the first filled of several, or always the same."""

    column: Word | None = None
    columns: Words = ()
    first_of: tuple[Value, ...] = ()
    value: Word | None = None
    join: str = " "
    codes: str | dict[Word, Word] | None = None
    otherwise: Word | None = None
    match: str | None = None
    required: bool = False
    times: float | None = Field(None, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return {"column": data} if isinstance(data, (str, int, float)) else data

    @model_validator(mode="after")
    def _one_origin(self) -> Value:
        if sum(origin in self.model_fields_set for origin in self._origins()) != 1:
            raise ValueError(f"say exactly one of {', '.join(self._origins())}")
        return self

    @classmethod
    def _origins(cls) -> tuple[str, ...]:
        return ("column", "columns", "first_of", "value")

    @property
    def quiet(self) -> bool:
        """Whether an unknown code is left out without a remark (`otherwise: ~`)."""
        return "otherwise" in self.model_fields_set and self.otherwise is None


class DateValue(Value):
    """A date or a time: also from a date and a time column, or from an age at a date."""

    date: Word | None = None
    time: Word | None = None
    age: Word | None = None
    at: Word | None = None
    formats: tuple[str, ...] = ()

    @classmethod
    def _origins(cls) -> tuple[str, ...]:
        return (*super()._origins(), "date", "age")

    @model_validator(mode="after")
    def _together(self) -> DateValue:
        if self.time and not self.date:
            raise ValueError("'time' goes with 'date'")
        if bool(self.age) != bool(self.at):
            raise ValueError("'age' and 'at' go together")
        return self


class ManyValue(Value):
    """A value that may hold several in one cell."""

    split: str | None = None
    take: str | None = None


class NameValue(Value):
    """A whole name in one cell."""

    order: Literal["surname_first", "given_first"] = "given_first"


Many = Annotated[tuple[ManyValue, ...], BeforeValidator(_as_list)]


class Condition(_Strict):
    """Which rows are meant. A list of conditions means all of them."""

    column: Word | None = None
    is_: Words | None = Field(None, alias="is")
    is_not: Words | None = None
    filled: bool | None = None
    matches: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    all_: tuple[Condition, ...] | None = Field(None, alias="all")
    any_: tuple[Condition, ...] | None = Field(None, alias="any")
    not_: Condition | None = Field(None, alias="not")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return {"all": data} if isinstance(data, list) else data

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        tests = self.model_fields_set - {"column"}
        combined = tests & {"all_", "any_", "not_"}
        if not tests:
            raise ValueError("say a test: is, is_not, filled, matches, at_least or at_most")
        if bool(combined) == bool(self.column) or len(combined) > 1:
            raise ValueError("say a column and its test, or one of all, any, not")
        return self


class ForEach(_Strict):
    """One event for each of several columns, parts of a cell, or groups of columns."""

    columns: Words = ()
    column: Word | None = None
    split: str | None = None
    take: str | None = None
    as_: str = Field("each", alias="as")
    groups: tuple[dict[str, Word], ...] = ()

    @model_validator(mode="after")
    def _one_origin(self) -> ForEach:
        if sum(map(bool, (self.columns, self.column, self.groups))) != 1:
            raise ValueError("say exactly one of columns, column, groups")
        if bool(self.column) != bool(self.split):
            raise ValueError("'column' and 'split' go together")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The names that may be used like columns inside the event."""
        if not self.groups:
            return (self.as_,)
        return tuple(dict.fromkeys(name for group in self.groups for name in group))


class Place(_Strict):
    """Where an event happened."""

    id: Value | None = None
    postcode: Value | None = None
    name: Value | None = None
    easting: Value | None = None
    northing: Value | None = None
    lat: Value | None = None
    lon: Value | None = None
    area: Value | None = None

    @model_validator(mode="after")
    def _pairs(self) -> Place:
        if bool(self.easting) != bool(self.northing) or bool(self.lat) != bool(self.lon):
            raise ValueError("easting goes with northing, lat with lon")
        return self


class Mention(_Strict):
    """Somebody or something named in an event."""

    kind: str
    value: ManyValue
    role: str | None = None


class Event(_Strict):
    """What one row, or each part of it, says happened."""

    kind: str
    happened_at: DateValue
    ended_at: DateValue | None = None
    when: Condition | None = None
    if_dated: bool = False
    for_each: ForEach | None = None
    attributes: dict[str, Value] = Field(default_factory=dict)
    place: Place | None = None
    mentions: tuple[Mention, ...] = ()


class Person(_Strict):
    """Whom the row is about."""

    local_id: Value | None = None
    given_names: Value | None = None
    surname: Value | None = None
    full_name: NameValue | None = None
    other_names: Many = ()
    birth_on: DateValue | None = None
    sex: Value | None = None
    ethnicity: Value | None = None
    disability: ManyValue | None = None
    nhs_number: Value | None = None
    upn: Value | None = None
    other_ids: dict[str, Value] = Field(default_factory=dict)
    postcode: Value | None = None
    address: Value | None = None
    phones: Many = ()
    school: Value | None = None
    area: Value | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Person:
        if not any((self.local_id, self.given_names, self.surname, self.full_name, self.nhs_number, self.upn)):
            raise ValueError("say at least one of local_id, a name, nhs_number, upn")
        if self.full_name and (self.given_names or self.surname):
            raise ValueError("say full_name, or given_names and surname")
        return self


class Format(_Strict):
    """Hints for reading the file."""

    kind: Kind | None = None
    delimiter: str | None = None
    quote: str = '"'
    encoding: str | None = None
    fill_down: Words = ()
    skip: int = Field(0, ge=0, le=1000)
    header: Words = ()
    sheet: Word | None = None
    rows: str | dict[str, str] | None = None
    columns: dict[str, str] = Field(default_factory=dict)


class Mapping(_Strict):
    """What an agency's columns mean."""

    mapping: str
    version: int = Field(ge=1)
    title: str
    source: str | None = None
    format: Format = Field(default_factory=lambda: Format(skip=0))
    key: Words = ()
    optional: Words = ()
    also: dict[str, Words] = Field(default_factory=dict)
    dates: tuple[str, ...] = ()
    nulls: Words = ()
    only: Condition | None = None
    learnt_at: DateValue | None = None
    person: Person | None = None
    events: tuple[Event, ...] = ()
    _located: Located | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _something(self) -> Mapping:
        if self.person is None and not self.events:
            raise ValueError("say at least one of person and events")
        return self

    @property
    def name(self) -> str:
        """The mapping's name."""
        return self.mapping
