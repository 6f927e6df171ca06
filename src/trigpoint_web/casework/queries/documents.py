"""Documents of a child."""

from __future__ import annotations

from django.db.models import QuerySet

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.models import Child, Document
from trigpoint_web.casework.policy import check_sees_whole


def documents_of(user: User, child: Child) -> QuerySet[Document]:
    """The child's documents, newest first."""
    check_sees_whole(user, child)
    return child.documents.select_related("by", "agency").order_by("-at", "-pk")


def document_of(user: User, child: Child, *, document_id: int) -> Document:
    """One that was checked and may be opened. Raises NotThereError."""
    found = documents_of(user, child).filter(pk=document_id, state=Document.State.CLEAN).first()
    if found is None:
        raise NotThereError(thing="document", thing_id=document_id)
    return found
