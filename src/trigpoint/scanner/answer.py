"""What the scanner says: behaviours with exact spans, what speaks for and against, and how usual that is.

Nothing here says that a person is guilty. A signal names a behaviour in a message; a part says who asks and who
complies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from trigpoint.scanner.message import Surface

Verdict = Literal["signals", "not_enough", "nothing"]
Stage = Literal["approach", "trust", "test", "task", "control", "harm"]
PartName = Literal["asks", "complies", "refuses", "asks_for_help", "passes_on", "unclear"]


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a message: code points `start` to `end` (half open) of its raw text, and the words there."""

    message: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that counted, with its points: above nought speaks for the behaviour, below nought against.

    `kind` is the cue, inhibitor or phrase by name, `plain` is how a person says it. `span` is None where it is the
    absence or the course of something (who complied, how often).
    """

    kind: str
    plain: str
    points: float
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """The learned second opinion: `points` are added to the frame's, within limits, and are the sum of the phrases'.

    `probability` is the calibrated share of texts of such a score, in the training material, that were written as
    exploitation. That material is invented: it is not the chance that this message is exploitation.
    """

    points: float
    probability: float
    phrases: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Usual:
    """How usual such a score is in ordinary talk on a surface.

    With `looked_at` benign messages of `corpus`, at most `at_most` of ordinary messages reach it (conformal bound,
    (1 + those that did) / (1 + all)). `surface` is the one that was calibrated, which may stand in for another.
    """

    surface: Surface
    at_most: float
    looked_at: int
    corpus: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One behaviour, shown in one message or in several of one sender.

    `points` is the sum of the evidence's and the opinion's. `messages` are ids in order of time. `strength` is 'clear'
    or 'likely', by the points alone. `usual` is None where the pack was not calibrated. `sentence` says what stands
    there and no more.
    """

    behaviour: str
    title: str
    stage: Stage
    conversation: str
    sender: str
    messages: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None
    points: float
    strength: Literal["clear", "likely"]
    for_it: tuple[Evidence, ...]
    against_it: tuple[Evidence, ...]
    opinion: Opinion
    usual: Usual | None
    sentence: str
    surface: Surface = "direct"

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the evidence for it stands, in order."""
        found = {e.span for e in self.for_it if e.span}
        return tuple(sorted(found, key=lambda s: (self.messages.index(s.message), s.start)))


@dataclass(frozen=True, slots=True)
class MessageAnswer:
    """The signals of one message read alone. Most messages have none and are left out of a batch's answer."""

    message: str
    at: int
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class StageStep:
    """A step of the course of exploitation: approach, trust, test, task, control; `harm` is the child's side."""

    stage: Stage
    behaviour: str
    sender: str
    message: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """What an account does in a conversation: who asks, who complies. Never who is guilty."""

    account: str
    part: PartName
    why: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What a professional might do now, in order; `act` names it, `text` says it, `source` says where it comes from."""

    act: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class ConversationAnswer:
    """What a conversation shows.

    `verdict` is 'signals', 'nothing' (nothing that the scanner knows of; that is not a statement of safety), or
    'not_enough' where something was seen that does not carry an answer; `why_not_enough` then says what is missing.
    `nearly` are the behaviours for which some but not enough was seen. `searched` counts the messages with words.
    """

    conversation: str
    verdict: Verdict
    signals: tuple[Signal, ...]
    nearly: tuple[Signal, ...]
    stages: tuple[StageStep, ...]
    parts: tuple[Part, ...]
    searched: int
    not_searched: int
    why_not_enough: str | None
    sentence: str
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """The same lure, its names, numbers and links masked, sent by one account to several others."""

    template: int
    behaviour: str
    recipients: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    """What an account shows across conversations.

    `fan_out` are lures sent to several recipients. `passes_on` is true where the account received a lure or was
    controlled and later sent such to others: it is then *probably an exploited child too*, and `sentence` says so.
    """

    account: str
    sent: tuple[tuple[str, int], ...]
    received: tuple[tuple[str, int], ...]
    fan_out: tuple[Template, ...]
    passes_on: bool
    sentence: str
    advice: tuple[Advice, ...]
