"""Keep a check before a referral to the National Referral Mechanism."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.locks import done_before, lock_child
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import check_acts_on
from trigpoint_web.response.actions.begin import check_texts, wrote
from trigpoint_web.response.models import ReferralCheck
from trigpoint_web.response.referral_items import ANSWERS, ITEMS


def keep_referral_check(
    acting: Acting, child: Child, *, answers: Mapping[str, str], note: str, seen: int, request_key: UUID
) -> ReferralCheck:
    """Keep the check as a whole, done or not. `seen` is the number of checks that the person saw.

    Raises RefusedError, FaultyFormError, ChangedMeanwhileError.
    """
    with transaction.atomic():
        if done := done_before(ReferralCheck, acting.user, request_key):
            return done
        check_acts_on(acting.user, child, act="write")
        wrong = [name for name, answer in answers.items() if name not in ITEMS or answer not in ANSWERS]
        if wrong or not answers:
            raise FaultyFormError({"": _("Answer at least one question with one of its choices.")})
        said = check_texts({"note": note}, {})
        lock_child(child.pk)
        earlier = list(ReferralCheck.objects.filter(child=child).select_related("by").order_by("number"))
        if len(earlier) != seen:
            raise ChangedMeanwhileError(earlier[seen:])
        made = ReferralCheck.objects.create(
            child=child, number=seen + 1, answers=dict(answers), note=said["note"], by=acting.user,
            request_key=request_key,
        )  # fmt: skip
        wrote(acting, "referral_check", thing_id=made.pk, child_id=child.pk, number=made.number)
        return made
