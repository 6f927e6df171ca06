"""A child's documents: the list, adding one, opening one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trigpoint.errors import StoreError
from trigpoint_web.audit.acting import acting_in
from trigpoint_web.audit.reading import reads_child
from trigpoint_web.casework.actions.documents import AT_MOST_MB, add_document
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.documents.keeping import path_of
from trigpoint_web.casework.forms.documents import DocumentForm
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import can_act_on, check_acts_on
from trigpoint_web.casework.queries.documents import document_of, documents_of
from trigpoint_web.casework.views.framing import render_child
from trigpoint_web.casework.views.missing import add_faults

TAB = "casework:child-documents"


@require_http_methods(["GET", "POST"])
@reads_child("documents")
def show_documents(request: HttpRequest, child: Child) -> HttpResponse:
    """The documents, and a form to add one."""
    acting = acting_in(request)
    kept = documents_of(acting.user, child)
    if request.method == "POST":
        check_acts_on(acting.user, child, act="write")
        form = DocumentForm(request.POST, request.FILES)
        if form.is_valid() and _added(request, child, form):
            return redirect(TAB, child.key)
    else:
        form = DocumentForm(initial={"request_key": uuid4()})
    may_add = can_act_on(acting.user, child, act="write")
    shown = {"documents": kept, "form": form if may_add else None, "most": AT_MOST_MB}
    return render_child(request, child, "casework/documents.html", tab=TAB, **shown)


def _added(request: HttpRequest, child: Child, form: DocumentForm) -> bool:
    try:
        add_document(acting_in(request), child, **form.cleaned_data)
    except FaultyFormError as fault:
        add_faults(form, fault, {})
    except StoreError as fault:
        form.add_error("file", fault.what)
    else:
        messages.success(request, _("The document was added."))
        return True
    return False


@require_safe
@reads_child("document")
def download(request: HttpRequest, child: Child, document_id: int) -> Any:
    """Hand the file over for keeping; no browser opens it within casework's own pages."""
    found = document_of(acting_in(request).user, child, document_id=document_id)
    try:
        file = path_of(found.stored_as).open("rb")
    except StoreError as fault:
        messages.error(request, fault.what)
        return redirect(TAB, child.key)
    answer = FileResponse(file, as_attachment=True, filename=found.file_name, content_type=found.content_type)
    answer["Cache-Control"] = "private, no-store"
    return answer
