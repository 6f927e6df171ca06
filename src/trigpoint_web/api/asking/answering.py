"""What a system is told: the marker, whom to call, and what to consider now."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import Agency, User
from trigpoint_web.api.asking.considering import what_to_consider
from trigpoint_web.api.asking.identify import Meant
from trigpoint_web.api.asking.shapes import Answer, Contact, Happening, MarkerSaid
from trigpoint_web.casework.models import Child, MarkerStanding
from trigpoint_web.casework.models.markers import Level
from trigpoint_web.casework.policy import can_see_whole, children_visible_to
from trigpoint_web.casework.presenters.pack_words import form_title
from trigpoint_web.casework.queries.search import WHOM


def who_is_known(user: User, meant: Meant) -> Child | None:
    """The child who is surely meant, where the system may see it."""
    if meant.answer != "one" or not meant.seen:
        return None
    return children_visible_to(user).get(pk=meant.seen[0])


def answer_for(user: User, meant: Meant, *, known: Child | None, happening: Happening | None = None) -> Answer:
    """The answer about whoever is meant; `known` is who `who_is_known` gave. The caller audits it."""
    if known is not None:
        return marker_of(user, known, happening=happening)
    contacts = _whom_to_ask(user, meant)
    if meant.answer == "none" or not contacts:
        return Answer(marker="no", why=_("No marker is known to you for this child."))
    if meant.answer == "one":
        return Answer(marker="ask", why=_("Another agency knows this child. Call it."), contacts=contacts)
    why = _("More than one child could be meant, or none surely. A person has to say who: call one of these.")
    return Answer(marker="ask", why=why, contacts=contacts)


def marker_of(user: User, child: Child, *, happening: Happening | None = None) -> Answer:
    """The marker on a child whom the system sees."""
    standing = list(child.marker_standings.filter(status="set").order_by("set_at"))
    whole = can_see_whole(user, child)
    why = _("There is a marker on this child.") if standing else _("There is no marker on this child.")
    return Answer(
        marker="yes" if standing else "no",
        why=why,
        child=child.key,
        since=min((one.set_at.date() for one in standing), default=None),
        markers=[_said(one) for one in standing] if whole else [],
        contacts=_whom_to_call(child),
        consider=what_to_consider(user, child, marked=bool(standing), happening=happening),
    )


def _said(one: MarkerStanding) -> MarkerSaid:
    return MarkerSaid(
        form=one.form, form_title=str(form_title(one.form)), level=Level(one.level), since=one.set_at.date(),
        review_on=one.review_on, disputed=one.disputed,
    )  # fmt: skip


def _whom_to_call(child: Child) -> list[Contact]:
    """The agencies that work with the child, each once, the latest first."""
    found = list(child.involvements.select_related("agency").order_by("-last_on", "agency__name_en"))
    latest = {one.agency_id: one for one in reversed(found)}
    return [
        Contact(agency=one.agency.name, phone=one.contact or one.agency.phone, last_on=one.last_on)
        for one in found
        if latest[one.agency_id] is one
    ]


def _whom_to_ask(user: User, meant: Meant) -> list[Contact]:
    """The agencies of all who may be meant, each once, by name: how many children there are is not told."""
    seen = children_visible_to(user).filter(pk__in=meant.seen).values_list("involvements__agency", flat=True)
    agencies = {agency for agency in seen if agency}
    agencies.update(agency for child in meant.unseen for agency in _asked_of(child))
    return _contacts(Agency.objects.filter(pk__in=agencies))


def _asked_of(child: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(WHOM, [child])
        return [row[1] for row in cursor.fetchall()]


def _contacts(agencies: Iterable[Agency]) -> list[Contact]:
    return sorted(
        (Contact(agency=one.name, phone=one.phone, last_on=None) for one in agencies), key=lambda one: one.agency
    )
