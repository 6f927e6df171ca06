"""Make a child by hand, because no agency's extract holds the child yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.grams import fold, grams
from trigpoint_web.casework.locks import lock_child
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import check_role, children_visible_to

MAKE = "select casework_make_child(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class NewChild:
    """Who a child is, as far as it is known. `area_id` is an area of the partnership."""

    given_names: str = ""
    surname: str = ""
    birth_on: date | None = None
    sex: str = ""
    area_id: int | None = None
    postcode: str = ""
    nhs_number: str = ""
    upn: str = ""


def made_already(acting: Acting, request_key: UUID) -> Child | None:
    """The child that this person made with the same request, if they did: a form that was sent twice."""
    return children_visible_to(acting.user).filter(made_as=_key(acting, request_key)).first()


def make_child(acting: Acting, said: NewChild, *, request_key: UUID) -> Child:
    """Make the child; the person's agency is involved from then on. Goes to the core with the next extract.

    The same `request_key` from the same person again gives the same child.

    Call it after a search: it does not look whether the child is there already. Raises RefusedError, FaultyFormError.
    """
    with transaction.atomic():
        check_role(acting.user, "write")
        key = _key(acting, request_key)
        lock_child(int(key[1:], 16))
        if done := made_already(acting, request_key):
            return done
        _check(said)
        folded = fold(f"{said.given_names} {said.surname}")[:420]
        numbers = {scheme: value for scheme, value in (("nhs", said.nhs_number), ("upn", said.upn)) if value}
        with connection.cursor() as cursor:
            given: list[Any] = [
                key, said.given_names.strip(), said.surname.strip(), folded, grams(folded), said.birth_on, said.sex,
                said.area_id, said.postcode, Jsonb(numbers),
            ]  # fmt: skip
            cursor.execute(MAKE, given)
        child = children_visible_to(acting.user).select_related("face").get(key=key)
        record(acting, Act.WRITE, thing="child", thing_id=key, child_id=child.pk, detail={"made": True})
        return child


def _key(acting: Acting, request_key: UUID) -> str:
    """A key of its own for each request of each person."""
    return f"H{uuid5(request_key, str(acting.user.pk)).hex[:10].upper()}"


def _check(said: NewChild) -> None:
    faults = {}
    if not fold(f"{said.given_names} {said.surname}"):
        faults["given_names"] = _("Enter a first name or a last name")
    if said.birth_on and said.birth_on > today():
        faults["birth_on"] = _("Give a day that is not later than today")
    if faults:
        raise FaultyFormError(faults)
