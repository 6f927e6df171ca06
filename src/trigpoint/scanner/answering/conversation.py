"""The answer for a conversation: its signals, its course, who does what, and what is not enough to tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from trigpoint.scanner.answer import ConversationAnswer, Part, Signal, StageStep, Verdict
from trigpoint.scanner.answering.advice import AdviceBook
from trigpoint.scanner.answering.signals import Signals, Source
from trigpoint.scanner.course.bound import Bound
from trigpoint.scanner.course.conclude import Weighed, Weigher
from trigpoint.scanner.course.points import LIKELY, NEARLY
from trigpoint.scanner.course.talk import Talk
from trigpoint.scanner.frames.behaviour import Behaviour

_STEP_FROM = 2.0
_FEW = 3


class ConversationAnswers:
    """Answers for conversations as they are kept."""

    def __init__(
        self,
        behaviours: Mapping[str, Behaviour],
        *,
        weigher: Weigher,
        bound: Bound,
        signals: Signals,
        advice: AdviceBook,
        comply: int,
        refuse: int,
    ) -> None:
        self._behaviours = behaviours
        self._weigher, self._bound, self._signals, self._advice = weigher, bound, signals, advice
        self._comply, self._refuse = comply, refuse

    def weighed(self, talk: Talk, /) -> list[Weighed]:
        """All that was weighed, with any points at all."""
        return self._weigher.weigh(talk.ordered(), surface=talk.surface, company=len(talk.members) > 1)

    def may_raise(self, talk: Talk, new: Mapping[int, object], /) -> bool:
        """Whether the `new` references of a talk may raise anything; if not, it need not be weighed."""
        return self._bound.within(talk.ordered(), new)

    def signals(self, talk: Talk, source: Callable[[int], Source], *, weighed: Sequence[Weighed]) -> list[Signal]:
        """The signals of what was weighed."""
        return [self._signals.signal(one, source, conversation=talk.conversation) for one in weighed]

    def answer(self, talk: Talk, source: Callable[[int], Source]) -> ConversationAnswer:
        """The whole answer."""
        weighed = self.weighed(talk)
        raised = [one for one in weighed if one.points >= LIKELY]
        near = [one for one in weighed if NEARLY <= one.points < LIKELY]
        why = _why_not_enough(talk, bool(near))
        verdict: Verdict = "signals" if raised else "not_enough" if why else "nothing"
        behaviours = {one.best.behaviour for one in raised}
        return ConversationAnswer(
            conversation=talk.conversation,
            verdict=verdict,
            signals=tuple(self.signals(talk, source, weighed=raised)),
            nearly=tuple(self.signals(talk, source, weighed=near)),
            stages=self._stages(raised, source),
            parts=self._parts(talk, raised),
            searched=talk.searched,
            not_searched=talk.not_searched,
            why_not_enough=why if verdict == "not_enough" else None,
            sentence=self._sentence(verdict, raised, why),
            advice=self._advice.for_behaviours(behaviours),
        )

    def _stages(self, raised: Sequence[Weighed], source: Callable[[int], Source]) -> tuple[StageStep, ...]:
        steps = {}
        for one in raised:
            behaviour = self._behaviours[one.best.behaviour]
            for found in one.times:
                if found.points >= _STEP_FROM or found is one.best:
                    at, reference = found.own[-1][0].order
                    when = datetime.fromtimestamp(at, UTC) if at > 10**6 else None
                    step = StageStep(behaviour.stage, behaviour.name, one.sender, source(reference).id, when)
                    steps[at, reference, behaviour.name] = step
        return _without_repeats([steps[key] for key in sorted(steps)])

    def _parts(self, talk: Talk, raised: Sequence[Weighed]) -> tuple[Part, ...]:
        if not raised:
            return ()
        return tuple(self._part(talk, account, raised) for account in sorted(talk.members))

    def _part(self, talk: Talk, account: str, raised: Sequence[Weighed]) -> Part:
        own = [self._behaviours[one.best.behaviour] for one in raised if one.sender == account]
        asks = sorted({one.plain for one in own if one.side == "exploiter"})
        child = sorted({one.plain for one in own if one.side == "child"})
        if child:
            return Part(account, "asks_for_help", f"this account {_listed(child)}")
        if asks:
            return Part(account, "asks", f"this account's messages read as: {_listed(asks)}")
        cues = 0
        for entry in talk.ledgers[account].entries.values() if account in talk.ledgers else ():
            cues |= entry.cues
        if cues & self._refuse:
            return Part(account, "refuses", "this account says no")
        if cues & self._comply:
            return Part(account, "complies", "this account agrees or does as it is told")
        return Part(account, "unclear", "too little from this account to tell")

    def _sentence(self, verdict: Verdict, raised: Sequence[Weighed], why: str | None) -> str:
        if verdict == "not_enough":
            return f"Not enough to tell. {why}"
        if verdict == "nothing":
            return "None of the behaviours that the scanner knows was found. That does not say that the child is safe."
        plain = list(dict.fromkeys(self._behaviours[one.best.behaviour].plain for one in raised))
        told = f"Messages here read as: {_listed(plain)}."
        return f"{told} A person has to judge what it means; whoever wrote may be an exploited child too."


def _without_repeats(steps: Sequence[StageStep]) -> tuple[StageStep, ...]:
    """The steps in order of time, a run of the same behaviour of one sender told once, where it begins."""
    kept: list[StageStep] = []
    last: dict[str, str] = {}
    for step in steps:
        if last.get(step.sender) != step.behaviour:
            kept.append(step)
        last[step.sender] = step.behaviour
    return tuple(kept)


def _why_not_enough(talk: Talk, near: bool) -> str | None:
    if not talk.searched:
        return "There are no words to search."
    if near:
        return "Something was seen that can be ordinary talk; more of the conversation may tell."
    if talk.not_searched >= _FEW and talk.not_searched > talk.searched:
        return "Most of it is media or deleted, and could not be searched."
    return None


def _listed(plain: Sequence[str]) -> str:
    return plain[0] if len(plain) == 1 else f"{'; '.join(plain[:-1])}; and {plain[-1]}"
