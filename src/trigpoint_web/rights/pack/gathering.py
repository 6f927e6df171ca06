"""Gather everything that is held of one child, in both homes, as entries of a pack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import connection
from django.db.models import Field, ForeignKey, Model

from trigpoint.errors import NotFoundError
from trigpoint.services.gather_held import HeldRow, gather_held
from trigpoint.services.workspace import open_workspace
from trigpoint_web.accounts.models import Agency, Area, User
from trigpoint_web.casework.presenters.pack_words import agency_titles, form_title, kind_title
from trigpoint_web.casework.presenters.wording import code_title
from trigpoint_web.casework.queries.child_page import partnership_folder
from trigpoint_web.rights.models import Request
from trigpoint_web.rights.pack.items import Item
from trigpoint_web.rights.pack.third_parties import with_flags

ROWS: Final = "select held, body from rights_held(%s) order by held, (body->>'id')::text"
# Numbers and keys that lead from row to row, and what only serves searching: they say nothing of anybody.
INNER: Final = frozenset(
    """id request_key grams folded stored_as content_key finding_id finding_ids proposal_id event_id event_ids run_id
    first_run_id row_id record_id record_ids extract_id row_key line place_id child_id child_key child_number request_id
    item_id marker_id plan_id decision_id episode_id step_id citation_id question_id sha256 size content_type order
    number corrects_id replaces_id about_id thing_id action_id superseded_by_id made_as current birth_precision
    day_only opened_day_only""".split()  # noqa: SIM905 - easier to read
)


def gather(request: Request) -> list[Item]:
    """Every entry, with what has to be looked at flagged; by part, then by day.

    Raises StoreError where the partnership's folder is not there: a pack holds both homes or is none.
    """
    items = [*_from_casework(request), *_from_store(request)]
    return with_flags(request, sorted(items, key=lambda one: (one.section, one.table, one.title, one.key)))


def _from_casework(request: Request) -> Iterator[Item]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [request.pk])
        rows = [(table, body if isinstance(body, dict) else json.loads(body)) for table, body in cursor.fetchall()]
    people = _people(rows)
    for table, body in rows:
        fields = {name: value for name, value in _read(table, body, people) if value}
        name = f"{table}:{body.get('id') or body.get('child_id')}"
        yield Item(name, table, fields, _telling(body), stored_as=body.get("stored_as") or "")


def _from_store(request: Request) -> Iterator[Item]:
    with open_workspace(partnership_folder()) as workspace:
        try:
            rows = gather_held(workspace, request.child_key)
        except NotFoundError:  # a child made by hand, whom no run holds yet
            rows = []
    seen: dict[str, int] = {}
    for row in rows:
        table = f"store.{row.table}"
        name = f"{table}:{row.row_id}"
        seen[name] = seen.get(name, 0) + 1
        yield Item(f"{name}-{seen[name]}", table, dict(_plain(row)), _telling(row.fields))


def _telling(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row that say something of somebody."""
    return {name: value for name, value in row.items() if name not in INNER and value not in (None, "", [], {})}


AGENCIES: Final = frozenset({"agency", "agencies", "told_by"})
TITLES: Final = {"kind": kind_title, "kinds": kind_title, "missing": kind_title, "form": form_title,
                 "forms": form_title}  # fmt: skip
CODES: Final = {"sex": "sex", "ethnicity": "ethnicity", "disability": "disability", "found_with": "found_with",
                "risk": "missing_risk"}  # fmt: skip


def _in_words(name: str, value: Any) -> str:
    """A value as words; what the pack has a code for by what it is called: a copy has to be understood by who asks."""
    if not isinstance(value, str | list):
        return _text(value)
    codes = [value] if isinstance(value, str) else value
    if name in AGENCIES:
        return ", ".join(agency_titles(codes))
    if name in TITLES:
        return ", ".join(map(TITLES[name], codes))
    return code_title(CODES[name], value) if name in CODES else _text(value)


def _plain(row: HeldRow) -> Iterator[tuple[str, str]]:
    if row.said:
        yield "said", row.said
    for name, value in _telling(row.fields).items():
        yield name, _in_words(name, value)


def _read(table: str, body: Mapping[str, Any], people: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    model = _model_of(table)
    for known in model._meta.concrete_fields:
        value = body.get(known.column)
        if known.column in INNER or value in (None, "", [], {}):
            continue
        yield known.name, _said(known, value, people)


def _said(known: Field[Any, Any], value: Any, people: Mapping[str, str]) -> str:
    if isinstance(known, ForeignKey):
        return people.get(f"{known.related_model._meta.db_table}:{value}", "")  # type: ignore[union-attr]  # a model
    if known.choices:
        return str(dict(known.flatchoices).get(value, value))
    return _in_words(known.name, value)


def _text(value: Any) -> str:
    """A value as words: lists with commas, mappings as lines, times to the minute."""
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_text(each)}" for name, each in value.items() if each not in (None, "", [], {}))
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and len(value) > 18 and value[10:11] == "T" and value[4:5] == "-":
        return value[:16].replace("T", " ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _people(rows: list[tuple[str, dict[str, Any]]]) -> dict[str, str]:
    """The people, agencies and areas that rows name, by table and number."""
    asked: dict[type[Model], set[Any]] = {User: set(), Agency: set(), Area: set()}
    for table, body in rows:
        for known in _model_of(table)._meta.concrete_fields:
            if isinstance(known, ForeignKey) and known.related_model in asked and body.get(known.column):
                asked[known.related_model].add(body[known.column])
    users = User.objects.select_related("agency").filter(pk__in=asked[User])
    said = {f"accounts_user:{one.pk}": f"{one.full_name}, {one.agency.name}" for one in users}
    for model in (Agency, Area):
        said |= {f"{model._meta.db_table}:{one.pk}": one.name for one in model.objects.filter(pk__in=asked[model])}
    return said


@cache
def _model_of(table: str) -> type[Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)
