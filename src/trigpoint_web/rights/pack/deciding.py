"""Decide what of an entry is disclosed. The last decision stands, while the entry is as the officer read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.rights.models import ItemDecision, Request
from trigpoint_web.rights.pack.exemptions import choices_for
from trigpoint_web.rights.pack.items import Item
from trigpoint_web.rights.policy import check_at_work

Verdict = ItemDecision.Verdict


@dataclass(frozen=True)
class Decided:
    """An entry and the decision that stands for it; `waits`: something is pointed out, and nobody decided yet."""

    item: Item
    decision: ItemDecision | None

    @property
    def waits(self) -> bool:
        """Whether an officer has to decide before the pack may leave."""
        return bool(self.item.flags) and self.decision is None

    @property
    def verdict(self) -> str:
        """What becomes of it: as decided, or disclosed where nothing was pointed out."""
        return self.decision.verdict if self.decision else str(Verdict.DISCLOSE)


def with_decisions(request: Request, items: Iterable[Item]) -> list[Decided]:
    """The entries with their standing decisions. A decision on an entry that changed since does not stand."""
    last = {one.item: one for one in ItemDecision.objects.filter(request=request).order_by("pk")}
    return [Decided(item, _standing(last, item)) for item in items]


def decide_item(
    acting: Acting,
    request: Request,
    item: Item,
    *,
    verdict: str,
    words: Sequence[str] = (),
    exemption: str = "",
    reason: str = "",
) -> ItemDecision:
    """Write down what becomes of one entry. Raises FaultyFormError with a sentence for each field that is wrong."""
    check_at_work(acting)
    kept = [word.strip() for word in words if word.strip()]
    if faults := _faults(request, item, verdict=verdict, words=kept, exemption=exemption, reason=reason):
        raise FaultyFormError(faults)
    with transaction.atomic():
        made = ItemDecision.objects.create(
            request=request, item=item.key, fingerprint=item.fingerprint, verdict=verdict,
            words=kept if verdict == Verdict.REDACT else [], exemption="" if verdict == Verdict.DISCLOSE else exemption,
            reason=reason.strip(), by=acting.user,
        )  # fmt: skip
        record(acting, Act.WRITE, thing="pack", thing_id=request.pk, child_id=request.child_id,
               detail={"verdict": verdict, "exemption": made.exemption})  # fmt: skip
        return made


def disclose_as_they_are(acting: Acting, request: Request, items: Sequence[Item], *, reason: str) -> int:
    """Write down that these entries were read and are disclosed as they are; how many."""
    if not items:
        raise FaultyFormError({"items": _("Choose at least one entry.")})
    with transaction.atomic():
        for item in items:
            decide_item(acting, request, item, verdict=Verdict.DISCLOSE, reason=reason)
    return len(items)


def _standing(last: Mapping[str, ItemDecision], item: Item) -> ItemDecision | None:
    found = last.get(item.key)
    return found if found and found.fingerprint == item.fingerprint else None


def _faults(
    request: Request, item: Item, *, verdict: str, words: Sequence[str], exemption: str, reason: str
) -> dict[str, str]:
    faults: dict[str, str] = {}
    if verdict not in Verdict.values:
        return {"verdict": _("Say what becomes of it.")}
    if not reason.strip():
        faults["reason"] = _("Give a reason.")
    if verdict == Verdict.DISCLOSE:
        return faults
    if exemption not in dict(choices_for(request)):
        faults["exemption"] = _("Choose the ground on which it is withheld.")
    text = "\n".join(item.fields.values()).casefold()
    if verdict == Verdict.REDACT and not words:
        faults["words"] = _("Write the words to leave out, one on a line.")
    elif strange := [word for word in words if verdict == Verdict.REDACT and word.casefold() not in text]:
        faults["words"] = _("These words do not stand in the entry: %(words)s") % {"words": ", ".join(strange)}
    return faults
