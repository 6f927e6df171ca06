"""Drafts: what somebody was writing, kept as they type, so that a time-out or a lost connection loses nothing.

A form asks for it with the tags `draft_form` and `draft_inputs`. Its words are kept three ways, all into one row:
a script posts them as they are typed; without scripts there is a button "Save draft"; and where the session ended
before the form was sent, what was sent is kept for the person for whom the page was made (a signature says who).
The page that shows the form again reads the draft, and drops it once the form was accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from trigpoint_web.design.models import Draft

SIGNER = TimestampSigner(salt="trigpoint.draft")
KEPT_FOR = 60 * 60 * 24  # seconds after which a page left open no longer keeps what is sent from it
AT_MOST = 200_000  # characters; a long narrative is some 20,000
OWNER, SAVE = "draft_owner", "draft_save"
NOT_KEPT = {"csrfmiddlewaretoken", OWNER, SAVE}
Fields = dict[str, list[str]]


@dataclass(frozen=True)
class DraftFields:
    """What a form carries so that its words are kept."""

    owner: str
    attributes: Mapping[str, str]


def draft_fields(request: HttpRequest, key: str) -> DraftFields:
    """What the form `key` carries for the person of this request."""
    url = reverse("design:draft", args=[key])
    said = {"data-draft-saved": _("Draft saved"), "data-draft-failed": _("Draft not saved: check your connection")}
    return DraftFields(SIGNER.sign(f"{request.user.pk}|{key}"), {"data-draft-url": url} | said)


def read_draft(request: HttpRequest, key: str) -> QueryDict | None:
    """What this person was writing in the form `key`, to fill the form with; None where nothing is kept."""
    kept = Draft.objects.filter(user=request.user.pk, key=key).first()
    return as_posted(kept.fields) if kept else None


def drop_draft(request: HttpRequest, key: str) -> None:
    """Forget the draft: the form was accepted, or the person does not want it."""
    Draft.objects.filter(user=request.user.pk, key=key).delete()


def keep_draft(user_id: UUID | str, key: str, fields: Fields) -> None:
    """Keep what somebody is writing in the form `key`, in place of what was kept before."""
    Draft.objects.update_or_create(user_id=user_id, key=key, defaults={"fields": fields})


def keep_for_owner(posted: QueryDict, *, only: str | None = None) -> str | None:
    """Keep a form for the person for whom its page was made, who may not be signed in any more.

    The draft's key, or None where none is to be kept: no signature or a false one, or it is not of the person `only`.
    """
    try:
        user_id, key = SIGNER.unsign(posted.get(OWNER, ""), max_age=KEPT_FOR).split("|", 1)
    except BadSignature:
        return None
    fields = as_kept(posted)
    if only not in (None, user_id) or not can_be_kept(fields):
        return None
    keep_draft(user_id, key, fields)
    return key


def can_be_kept(fields: Fields) -> bool:
    """Whether the database can hold them, and they are no longer than any form of ours."""
    values = [value for values in fields.values() for value in (*values, *fields)]
    return sum(map(len, values)) <= AT_MOST and not any("\x00" in value for value in values)


def as_kept(posted: QueryDict) -> Fields:
    """The fields of a form as they are kept."""
    return {name: [str(value) for value in posted.getlist(name)] for name in posted if name not in NOT_KEPT}


def as_posted(fields: Mapping[str, Any]) -> QueryDict:
    """Kept fields as a form takes them."""
    posted = QueryDict(mutable=True)
    for name, values in fields.items():
        posted.setlist(name, [str(value) for value in values])
    return posted
