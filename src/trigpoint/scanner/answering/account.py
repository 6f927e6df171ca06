"""The answer for an account: the same lure to many, and whether what was received is passed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from trigpoint.scanner.answer import AccountAnswer, Template
from trigpoint.scanner.answering.advice import AdviceBook
from trigpoint.scanner.course.conclude import Weighed
from trigpoint.scanner.course.points import LIKELY
from trigpoint.scanner.course.talk import Talk
from trigpoint.scanner.frames.behaviour import Behaviour

_LURE_FROM = 240  # hundredths of a point that make a message a lure for counting how many were sent it
_MANY = 2


class AccountAnswers:
    """Answers for accounts from the conversations that they take part in."""

    def __init__(self, behaviours: Mapping[str, Behaviour], advice: AdviceBook) -> None:
        self._behaviours = behaviours
        self._by_number = {one.number: one.name for one in behaviours.values()}
        self._advice = advice

    def answer(self, account: str, talks: Sequence[tuple[Talk, Sequence[Weighed]]]) -> AccountAnswer:
        """The answer from `talks`, each with what was weighed in it."""
        sent: list[tuple[str, int, str]] = []
        received: list[tuple[str, int, str]] = []
        for talk, weighed in talks:
            for one in weighed:
                if one.points >= LIKELY and self._behaviours[one.best.behaviour].side == "exploiter":
                    row = (one.best.behaviour, one.best.last.at, talk.conversation)
                    (sent if one.sender == account else received).append(row)
        fan_out = self._fan_out(account, [talk for talk, _ in talks])
        passes_on = any(r[1] < s[1] and r[2] != s[2] for r in received for s in sent)
        return AccountAnswer(
            account=account,
            sent=_counted(sent),
            received=_counted(received),
            fan_out=fan_out,
            passes_on=passes_on,
            sentence=_sentence(sent, received, fan_out=fan_out, passes_on=passes_on),
            advice=self._advice.for_behaviours({b for b, *_ in sent + received}, passes_on=passes_on),
        )

    def _fan_out(self, account: str, talks: Sequence[Talk]) -> tuple[Template, ...]:
        reached: dict[int, set[str]] = {}
        times: dict[int, list[int]] = {}
        lures: dict[int, str] = {}
        for talk in talks:
            for sender, entry in talk.entries():
                best = max(entry.shown, key=lambda s: s[2], default=None)
                if sender == account and entry.template and best and self._is_lure(best):
                    others = (talk.members - {account}) or {talk.conversation}
                    reached.setdefault(entry.template, set()).update(others)
                    times.setdefault(entry.template, []).append(entry.at)
                    lures[entry.template] = self._by_number[best[0]]
        made = (
            Template(template, lures[template], len(who), _when(min(times[template])), _when(max(times[template])))
            for template, who in reached.items()
            if len(who) >= _MANY and len(times[template]) >= _MANY  # one message in one group is one message
        )
        return tuple(sorted(made, key=lambda t: (-t.recipients, t.template)))

    def _is_lure(self, shown: Sequence[int]) -> bool:
        """Whether a message was shown strongly enough to read as an exploiter's; a child's own fear is no lure."""
        number, points = shown[0], shown[2]
        return points >= _LURE_FROM and self._behaviours[self._by_number[number]].side == "exploiter"


def _sentence(
    sent: Sequence[object], received: Sequence[object], *, fan_out: Sequence[Template], passes_on: bool
) -> str:
    told = []
    if passes_on:
        told.append(
            "This account received such messages and later sent such to others: probably an exploited child too."
        )
    elif sent and received:
        told.append("This account both received and sent such messages; it may be an exploited child's.")
    elif sent:
        told.append(
            "Messages of this account read as behaviours of exploitation. They do not say who wrote them, or why."
        )
    elif received:
        told.append("This account received such messages. Whoever uses it may need help.")
    if fan_out:
        told.append(f"The same lure went to {fan_out[0].recipients} others.")
    return " ".join(told) or "None of the behaviours that the scanner knows was found with this account."


def _counted(rows: Sequence[tuple[str, int, str]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(behaviour for behaviour, *_ in rows).items(), key=lambda r: (-r[1], r[0])))


def _when(at: int) -> datetime | None:
    return datetime.fromtimestamp(at, UTC) if at > 10**6 else None
