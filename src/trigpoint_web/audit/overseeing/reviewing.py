"""Say what was found about unusual reading. What was said stays: a second officer adds their own."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act, UnusualReadingReview
from trigpoint_web.audit.policy import check_oversees
from trigpoint_web.audit.refusals import RefusedError


def review_unusual(
    acting: Acting, *, rule: str, person: User, day: date, outcome: str, reason: str
) -> UnusualReadingReview:
    """Keep what an officer says about one thing that a rule pointed out. Said twice, the first stands.

    Raises RefusedError where the person is no governance officer, or it is their own reading.
    """
    check_oversees(acting.user)
    if person.pk == acting.user.pk:
        raise RefusedError(_("Another officer reviews your own reading."), rule="own_reading", thing="unusual")
    with transaction.atomic():
        made, new = UnusualReadingReview.objects.get_or_create(
            rule=rule, person=person, day=day, by=acting.user, defaults={"outcome": outcome, "reason": reason}
        )
        if new:
            record(acting, Act.WRITE, thing="unusual", thing_id=made.pk, detail={"rule": rule, "outcome": outcome})
        return made
