"""Add a document to a child."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.documents.keeping import drop_file, keep_file
from trigpoint_web.casework.documents.kinds import KINDS, FileKind, kind_of
from trigpoint_web.casework.documents.scanning import is_harmful
from trigpoint_web.casework.locks import done_before, lock_child
from trigpoint_web.casework.models import Child, Document
from trigpoint_web.casework.policy import check_acts_on

AT_MOST_MB: Final = 20


def add_document(
    acting: Acting, child: Child, *, file: UploadedFile, title: str, about: str, request_key: UUID
) -> Document:
    """Check the file and keep it. The same key from the same person again gives the same document.

    Raises RefusedError, FaultyFormError where the file is none that may be kept, StoreError where the scanner does
    not answer or the disk does not take it.
    """
    check_acts_on(acting.user, child, act="write")
    kind = _checked(acting, child, file, title)
    name = uuid4()
    try:
        with transaction.atomic():
            lock_child(child.pk)
            if done := done_before(Document, acting.user, request_key):
                return done
            fingerprint = keep_file(name, file.chunks())
            made = Document.objects.create(
                child=child, title=title.strip(), about=about.strip(), file_name=_file_name(file),
                content_type=kind.media_type, size=file.size or 0, sha256=fingerprint, stored_as=name,
                state=Document.State.CLEAN, by=acting.user, agency=acting.user.agency, request_key=request_key,
            )  # fmt: skip
            record(acting, Act.WRITE, thing="document", thing_id=made.pk, child_id=child.pk,
                   detail={"size": made.size, "type": kind.media_type})  # fmt: skip
            return made
    except Exception:
        drop_file(name)
        raise


def _checked(acting: Acting, child: Child, file: UploadedFile, title: str) -> FileKind:
    if not title.strip():
        raise FaultyFormError({"title": _("Say what the document is.")})
    if not file.size:
        raise FaultyFormError({"file": _("The file is empty. Choose the file again.")})
    if file.size > AT_MOST_MB * 1024 * 1024:
        raise FaultyFormError({"file": _("The file is larger than %(most)s MB.") % {"most": AT_MOST_MB}})
    if is_harmful(file.file):  # type: ignore[arg-type]  # an open file
        record(acting, Act.REFUSE, thing="document", child_id=child.pk, detail={"rule": "harmful", "size": file.size})
        raise FaultyFormError(
            {"file": _("Something harmful was found in the file. It was not kept. Tell your IT team.")}
        )
    kind = kind_of(file.file, name=file.name or "")  # type: ignore[arg-type]
    if kind is None:
        known = ", ".join(ending for one in KINDS for ending in one.endings)
        raise FaultyFormError(
            {
                "file": _("The file is none of these, or its content is not what its name says: %(known)s.")
                % {"known": known}
            }
        )
    return kind


def _file_name(file: UploadedFile) -> str:
    """The name that the file had, without folders and signs that a header or a disk may take for something else."""
    plain = (file.name or "").replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in plain if sign.isprintable() and sign not in '"<>:|?*;')
    return kept[-200:] or "document"
