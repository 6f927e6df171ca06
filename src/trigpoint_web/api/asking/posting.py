"""Take an event from a system: link it at once where the child is sure, keep it for the next run where not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from trigpoint.terms.pack import load_pack
from trigpoint_web.api.asking.identify import Meant, who_is_meant
from trigpoint_web.api.asking.shapes import Event
from trigpoint_web.api.models import AnsweredRequest
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions import missing
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import Child, MissingEpisode, PostedEvent
from trigpoint_web.casework.policy import check_role, check_sees_whole, children_visible_to

WAIT = "select pg_advisory_xact_lock(7422, hashtext(%s))"  # 7422: requests of one key, among this database's locks
TOLD = {"missing": {"risk": "missing_risk"}, "found": {"found_with": "found_with"}, "arrest": {"offence": "offence"}}
OWN = ("risk", "found_with", "offence")  # fields that belong to one kind of event each


@dataclass(frozen=True)
class Taken:
    """What became of the event. `repeated`: the same request came before, and nothing was done again."""

    kept: AnsweredRequest
    meant: Meant
    repeated: bool

    @property
    def linked(self) -> bool:
        """Whether it stands with a child."""
        row = self.kept.episode or self.kept.event
        return row is not None and row.child_id is not None

    @property
    def name(self) -> str:
        """The event's name here."""
        return f"missing-{self.kept.episode_id}" if self.kept.episode_id else f"event-{self.kept.event_id}"


def take_event(acting: Acting, sent: Event, *, key: UUID) -> Taken:
    """Write the event down. The agency is involved with a child who is surely meant from then on.

    Raises FaultyFormError where a field cannot be, or the key was used for something else; RefusedError for agencies
    that take part with headlines alone.
    """
    _check(acting, sent)
    with connection.cursor() as cursor:
        cursor.execute(WAIT, [f"{acting.user.pk}{key}"])
    fingerprint = _fingerprint(sent)
    before = AnsweredRequest.objects.filter(by=acting.user, key=key).select_related("event", "episode").first()
    if before is not None:
        return _again(before, sent, fingerprint)
    meant = who_is_meant(sent.person)
    child_id = (*meant.seen, *meant.unseen)[0] if meant.answer == "one" else None
    event, episode = _write(acting, sent, child_id=child_id, key=key)
    kept = AnsweredRequest.objects.create(
        by=acting.user, key=key, fingerprint=fingerprint, event=event, episode=episode
    )
    return Taken(kept, meant if child_id is None else Meant("one", (child_id,)), repeated=False)


def _check(acting: Acting, sent: Event) -> None:
    check_role(acting.user, "post_event")
    check_sees_whole(acting.user, Child())
    pack = load_pack()
    for name in OWN:
        codes = TOLD[sent.kind].get(name)
        value = getattr(sent, name)
        if value and codes is None:
            raise FaultyFormError({name: _("This is not told of an event of this kind.")})
        if codes and (value or name == "risk") and value not in pack.codes[codes].values:
            raise FaultyFormError({name: _("Give one of the codes of %(list)s.") % {"list": codes}})


def _again(before: AnsweredRequest, sent: Event, fingerprint: str) -> Taken:
    if before.fingerprint != fingerprint:
        raise FaultyFormError({"Idempotency-Key": _("This key was used for another event. Take a new one.")})
    row = before.episode or before.event
    child_id = row.child_id if row else None
    return Taken(before, Meant("one", (child_id,)) if child_id else who_is_meant(sent.person), repeated=True)


def _write(
    acting: Acting, sent: Event, *, child_id: int | None, key: UUID
) -> tuple[PostedEvent | None, MissingEpisode | None]:
    child = _involved(acting, child_id) if child_id else None
    if child is not None and sent.kind == "missing":
        return None, _open(acting, child, sent, key=key)
    if child is not None and sent.kind == "found" and (episode := _open_one(acting, child)):
        found = missing.Found(sent.happened_at, place=sent.place, found_with=sent.found_with)
        return None, missing.close_missing_episode(acting, episode, found=found)
    return missing.post_event(
        acting, child=child, kind=sent.kind, happened_at=sent.happened_at, request_key=key,
        attributes={name: getattr(sent, name) for name in TOLD[sent.kind] if getattr(sent, name)},
        person=sent.person.model_dump(mode="json", exclude_defaults=True) | _own_number(sent), place=sent.place,
    ), None  # fmt: skip


def _involved(acting: Acting, child_id: int) -> Child:
    """The child, whom the agency sees from now on because it holds the child's event."""
    seen = children_visible_to(acting.user).filter(pk=child_id)
    if not seen.exists():
        record(acting, Act.WRITE, thing="involvement", child_id=child_id, detail={"by": "event"})
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"child": child_id, "agency": acting.user.agency_id, "today": today(),
                 "phone": acting.user.agency.phone}  # fmt: skip
        cursor.execute(missing.AGAIN, given)
        cursor.execute(missing.INVOLVE, given)
    return seen.select_related("face").get()


def _open(acting: Acting, child: Child, sent: Event, *, key: UUID) -> MissingEpisode:
    """The open episode of this agency: the one that is open already, or a new one."""
    return _open_one(acting, child) or missing.open_missing_episode(
        acting, child, since=sent.happened_at, risk=sent.risk, place=sent.place, request_key=key
    )


def _open_one(acting: Acting, child: Child) -> MissingEpisode | None:
    return child.missing_episodes.filter(agency=acting.user.agency.kind, found_at=None).first()


def _own_number(sent: Event) -> dict[str, str]:
    return {"reference": sent.reference} if sent.reference else {}


def _fingerprint(sent: Event) -> str:
    keyed = hashlib.blake2b(key=settings.SECRET_KEY.encode()[:64], digest_size=32)
    keyed.update(sent.model_dump_json().encode())
    return keyed.hexdigest()
