"""Nightly files: for each agency whose system may have them, the markers on the children whom it sees.

A file holds what the agency's agreement lets it see and no more: an agency of headlines alone gets no form or level.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from allauth.idp.oidc.models import Client
from django.db import transaction
from django.utils import timezone

from trigpoint_web.accounts.models import User
from trigpoint_web.api.policy import EXPORT, can_be_system
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.models import Purpose
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.reading import exporting
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.models import Child, MarkerStanding
from trigpoint_web.casework.policy import children_visible_to

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
COLUMNS: Final = (
    "child", "given_names", "surname", "birth_on", "own_numbers", "marker", "since", "form", "level", "review_on",
    "disputed", "call",
)  # fmt: skip


def export_nightly(folder: Path) -> dict[str, int]:
    """Write `markers-CODE.csv` for each such agency, each whole or not at all; returns rows by file name.

    Needs the tables' owner; works as each client. The export is recorded. Readable by its writer alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, int] = {}
    for client in Client.objects.select_related("owner__agency").order_by("created_at"):
        owner = client.owner
        if owner is None or not can_be_system(owner) or EXPORT not in client.get_scopes():
            continue
        name = f"markers-{owner.agency.code}.csv"
        if name not in written:
            written[name] = _export(folder / name, owner, own=(client.data or {}).get("own_numbers") or "")
    return written


def _export(path: Path, owner: User, *, own: str) -> int:
    with transaction.atomic(), working_as(owner):
        marked = MarkerStanding.objects.filter(status="set").order_by("set_at")
        children = list(
            children_visible_to(owner)
            .filter(pk__in=marked.values("child"))
            .select_related("face")
            .prefetch_related("identifiers", "involvements__agency")
            .order_by("key")
        )
        rows = list(_rows(children, marked, agreement=Agreement.of(owner.agency), own=own))
        purpose = Purpose.objects.create(
            user=owner, code=Purpose.Code.SAFEGUARDING, text="nightly file", ended_at=timezone.now()
        )
        exporting(Acting(owner, purpose), "nightly", rows=len(rows), children=[one.pk for one in children])
        _write(path, rows)
    return len(rows)


def _rows(
    children: Iterable[Child], marked: Iterable[MarkerStanding], *, agreement: Agreement, own: str
) -> Iterator[dict[str, Any]]:
    of: dict[int, list[MarkerStanding]] = {}
    for one in marked:
        of.setdefault(one.child_id, []).append(one)
    for child in children:
        top = _top(child, agreement, own=own)
        if agreement.headline_only:
            yield top | {"since": min(one.set_at for one in of[child.pk]).date()}
            continue
        for one in of[child.pk]:
            yield top | {
                "since": one.set_at.date(), "form": one.form, "level": one.level, "review_on": one.review_on,
                "disputed": "yes" if one.disputed else "no",
            }  # fmt: skip


def _top(child: Child, agreement: Agreement, *, own: str) -> dict[str, Any]:
    """Who it is, as the agreement shows; the agency's own numbers alone, never another's."""
    numbers = [one.value for one in child.identifiers.all() if one.scheme == own]
    call = [f"{one.agency.name_en} {one.contact or one.agency.phone}".strip() for one in child.involvements.all()]
    seen = {
        name: getattr(child.face, name)
        for name in ("given_names", "surname", "birth_on")
        if agreement.shows_person(name)
    }
    return {"child": child.key, "marker": "yes", "own_numbers": "; ".join(numbers), "call": "; ".join(call)} | seen


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    half = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)


def _safe(value: Any) -> Any:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
