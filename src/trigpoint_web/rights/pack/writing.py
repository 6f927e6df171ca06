"""Write the pack: a page to read and print, the same as JSON and as tables, and the documents, in one zip file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.documents.keeping import path_of
from trigpoint_web.casework.models import Run
from trigpoint_web.rights.models import Disclosure, ItemDecision, Request
from trigpoint_web.rights.pack.deciding import Decided
from trigpoint_web.rights.pack.exemptions import said
from trigpoint_web.rights.pack.items import SECTIONS
from trigpoint_web.rights.pack.redacting import Leaving, leaving
from trigpoint_web.rights.policy import check_at_work

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
LOOKED: Final = """
    select coalesce(a.name_en, ''), coalesce(a.name_cy, ''), count(*)
    from audit_of_child(%s, 9223372036854775807, 1000000) r join accounts_agency a on a.id = r.agency_id
    group by 1, 2 order by 1
"""
Verdict = ItemDecision.Verdict


@dataclass(frozen=True)
class Pack:
    """A pack that was made: the bytes of the zip file, and the row that says that it left."""

    body: bytes
    disclosure: Disclosure


def make_pack(acting: Acting, request: Request, decided: Sequence[Decided]) -> Pack:
    """Make the pack and write down that it left. Step-up sign-in is the page's to ask for.

    Raises FaultyFormError while an entry waits for a decision, StoreError where a document's file is not there.
    """
    check_at_work(acting)
    if any(one.waits for one in decided):
        raise FaultyFormError({"items": _("Decide first on every entry in which something is pointed out.")})
    with transaction.atomic():
        body = _zipped(request, leaving(decided))
        verdicts = Counter(one.verdict for one in decided)
        made = Disclosure.objects.create(
            request_number=request.pk, child_number=request.child_id, child_key=request.child_key,
            entries=verdicts[Verdict.DISCLOSE] + verdicts[Verdict.REDACT], redacted=verdicts[Verdict.REDACT],
            withheld=verdicts[Verdict.WITHHOLD] + verdicts[Verdict.OMIT], exemptions=_exemptions(decided),
            sha256=hashlib.sha256(body).hexdigest(), by=acting.user,
        )  # fmt: skip
        record(acting, Act.EXPORT, thing="pack", thing_id=request.pk, child_id=request.child_id,
               detail={"rows": made.entries, "redacted": made.redacted, "withheld": made.withheld,
                       "sha256": made.sha256})  # fmt: skip
    return Pack(body, made)


def _exemptions(decided: Iterable[Decided]) -> dict[str, int]:
    return dict(Counter(one.decision.exemption for one in decided if one.decision and one.decision.exemption))


def _zipped(request: Request, entries: Sequence[Leaving]) -> bytes:
    files = {each.stored_as: f"documents/document-{n}{_ending(each)}"
             for n, each in enumerate((one for one in entries if one.stored_as), 1)}  # fmt: skip
    parts = [(name, title, [one for one in entries if one.section == name]) for name, (title, _t) in SECTIONS.items()]
    parts = [part for part in parts if part[2]]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("index.html", _page(request, parts, files))
        zipped.writestr("everything.json", json.dumps(_as_data(parts, files), ensure_ascii=False, indent=1))
        for name, _title, each in parts:
            zipped.writestr(f"tables/{name}.csv", _table(each))
        for stored, name in files.items():
            zipped.write(path_of(UUID(stored)), name)
    return held.getvalue()


def _page(request: Request, parts: Sequence[Any], files: dict[str, str]) -> str:
    shown = {
        "request_number": request.pk, "parts": parts, "files": files, "made_on": timezone.localdate(),
        "recipients": _recipients(request), "partnership": _partnership(), "language": get_language(),
        "grounds": sorted({said(one.exemption) for one in ItemDecision.objects.filter(request=request).exclude(
            exemption="").exclude(verdict=Verdict.OMIT)}),
    }  # fmt: skip
    return render_to_string("rights/pack_leaves.html", shown)


def _recipients(request: Request) -> list[str]:
    """The agencies whose people opened or changed the record: to whom it was disclosed (UK GDPR Art 15(1)(c))."""
    with connection.cursor() as cursor:
        cursor.execute(LOOKED, [request.child_id])
        return [(cy if get_language() == "cy" else "") or en for en, cy, _number in cursor.fetchall()]


def _partnership() -> str:
    run = Run.objects.order_by("-at").first()
    return run.partnership if run else ""


def _as_data(parts: Sequence[Any], files: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {column: value for column, _label, value in one.fields}
            | ({"note": one.note} if one.note else {})
            | ({"in_this_pack": files[one.stored_as]} if one.stored_as else {})
            for one in each
        ]
        for name, _title, each in parts
    }


def _table(entries: Sequence[Leaving]) -> str:
    columns = list(dict.fromkeys(column for one in entries for column, _label, _value in one.fields))
    out = io.StringIO()
    writer = csv.DictWriter(out, [*columns, "note_on_this_entry"], restval="")
    writer.writeheader()
    for one in entries:
        row = {column: _safe(value) for column, _label, value in one.fields}
        writer.writerow(row | ({"note_on_this_entry": one.note} if one.note else {}))
    return out.getvalue()


def _safe(value: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def _ending(entry: Leaving) -> str:
    name = next((value for column, _label, value in entry.fields if column == "file_name"), "")
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return ending if ending[1:].isalnum() and len(ending) < 6 else ""
