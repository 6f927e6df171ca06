"""Beginning a form: with what was sent, or else with what was kept as a draft."""

from __future__ import annotations

from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest

from trigpoint_web.design.drafts import read_draft

FormKind = TypeVar("FormKind", bound=BaseForm)


def start_form(kind: type[FormKind], request: HttpRequest, *, draft: str = "", **named: Any) -> FormKind:
    """The form of this request. Where it is only asked for, it holds what the person had typed under the key `draft`.

    `named` goes to the form as it is. Call `drop_draft` when what was sent is accepted.
    """
    if request.method == "POST":
        return kind(request.POST, request.FILES, **named)
    kept = read_draft(request, draft) if draft else None
    if kept is None:
        return kind(**named)
    fields = kind(**named).fields
    typed = {name: field.widget.value_from_datadict(kept, {}, name) for name, field in fields.items()}
    return kind(**named | {"initial": dict(named.get("initial") or {}) | typed})
