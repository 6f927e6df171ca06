"""Open and close a missing episode; say that an agency is involved; take an event that a system posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trigpoint.terms.pack import load_pack
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.locks import done_before, lock_child
from trigpoint_web.casework.models import Child, MissingEpisode, PostedEvent
from trigpoint_web.casework.policy import check_acts_on, check_role

INVOLVE = """
    insert into casework_involvement (child_id, agency_id, since, last_on, contact, origin)
    values (%(child)s, %(agency)s, %(today)s, %(today)s, %(phone)s, 'here') on conflict do nothing
"""
AGAIN = """
    update casework_involvement set last_on = %(today)s
    where child_id = %(child)s and agency_id = %(agency)s and origin = 'here'
"""


@dataclass(frozen=True)
class Found:
    """How a missing child came back."""

    at: datetime
    place: str = ""
    easting: int | None = None
    northing: int | None = None
    found_with: str = ""


def open_missing_episode(
    acting: Acting,
    child: Child,
    *,
    since: datetime,
    risk: str,
    place: str = "",
    easting: int | None = None,
    northing: int | None = None,
    request_key: UUID,
) -> MissingEpisode:
    """Write down that the child is missing. The agency is involved from then on.

    Raises RefusedError, FaultyFormError, ChangedMeanwhileError where an episode of this agency is open already.
    """
    with transaction.atomic():
        if done := done_before(MissingEpisode, acting.user, request_key):
            return done
        check_acts_on(acting.user, child, act="post_event")
        _check_code("missing_risk", risk, "risk", _("Choose the level of risk."))
        _not_later("since", since)
        lock_child(child.pk)
        kind = acting.user.agency.kind
        if earlier := MissingEpisode.objects.filter(child=child, agency=kind, found_at=None).first():
            raise ChangedMeanwhileError([earlier])
        involve_agency(acting, child)
        made = MissingEpisode.objects.create(
            child=child, origin=_origin(acting), agency=kind, opened_at=since, risk=risk, from_place=place[:200],
            from_easting=easting, from_northing=northing, by=acting.user, request_key=request_key,
        )  # fmt: skip
        record(acting, Act.WRITE, thing="missing", thing_id=made.pk, child_id=child.pk, detail={"risk": risk})
        return made


def close_missing_episode(acting: Acting, episode: MissingEpisode, *, found: Found) -> MissingEpisode:
    """Write down that the child was found. No later run opens the episode again. The interview's clock starts."""
    with transaction.atomic():
        check_acts_on(acting.user, episode.child, act="post_event")
        _not_later("found_at", found.at)
        if found.at < episode.opened_at:
            raise FaultyFormError({"found_at": _("The child cannot be found before going missing.")})
        if found.found_with:
            _check_code("found_with", found.found_with, "found_with", _("Choose with whom the child was found."))
        lock_child(episode.child_id)
        changed = MissingEpisode.objects.filter(pk=episode.pk, found_at=None).update(
            found_at=found.at, found_place=found.place[:200], found_easting=found.easting,
            found_northing=found.northing, found_with=found.found_with, closed_by=acting.user,
        )  # fmt: skip
        episode.refresh_from_db()
        if not changed:
            raise ChangedMeanwhileError([episode])
        record(acting, Act.WRITE, thing="missing", thing_id=episode.pk, child_id=episode.child_id,
               detail={"found": True})  # fmt: skip
        return episode


def involve_agency(acting: Acting, child: Child) -> None:
    """Write down that the person's agency is involved with the child today."""
    agency = acting.user.agency
    with connection.cursor() as cursor:  # not through the ORM: it would read the row back, which is not visible yet
        given: dict[str, Any] = {"child": child.pk, "agency": agency.pk, "today": today(), "phone": agency.phone}
        cursor.execute(AGAIN, given)
        cursor.execute(INVOLVE, given)


def post_event(
    acting: Acting, *, child: Child | None, kind: str, happened_at: datetime, request_key: UUID, **more: Any
) -> PostedEvent:
    """Take an event from another agency's system: `attributes` and `person` as sent, `place`, `ended_at`.

    The same key from the same client gives the same event. Raises RefusedError, FaultyFormError.
    """
    with transaction.atomic():
        if done := done_before(PostedEvent, acting.user, request_key):
            return done
        check_role(acting.user, "post_event")
        pack = load_pack()
        if kind not in pack.kinds:
            raise FaultyFormError({"kind": _("There is no such kind of event.")})
        if unknown := set(more.get("attributes", {})) - set(pack.kinds[kind].attributes):
            raise FaultyFormError({"attributes": _("%(kind)s has no %(names)s.") % {"kind": kind, "names": unknown}})
        _not_later("happened_at", happened_at)
        if child is not None:
            involve_agency(acting, child)
        made = PostedEvent.objects.create(
            child=child, agency=acting.user.agency, kind=kind, happened_at=happened_at, by=acting.user,
            request_key=request_key, **more,
        )  # fmt: skip
        record(
            acting, Act.WRITE, thing="event", thing_id=made.pk, child_id=child.pk if child else None,
            detail={"kind": kind},
        )  # fmt: skip
        return made


def _check_code(codes: str, value: str, field: str, sentence: str) -> None:
    if value not in load_pack().codes[codes].values:
        raise FaultyFormError({field: sentence})


def _not_later(field: str, moment: datetime) -> None:
    if timezone.is_naive(moment) or moment > timezone.now():
        raise FaultyFormError({field: _("Give a day and time that is not later than now.")})


def _origin(acting: Acting) -> str:
    system = acting.user.role == "system_client"
    return MissingEpisode.Origin.POSTED if system else MissingEpisode.Origin.HERE
