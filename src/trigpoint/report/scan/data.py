"""What a scan shows to people, on a screen or a page: plain words in order, with the marked places of each message."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of a message's words, with the numbers of the signals that stand on it (none: nothing marked)."""

    text: str
    signals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as it stood: `number` counts within its conversation; `remarks` such as edited, deleted, forwarded."""

    number: int
    sender: str
    when: str
    segments: tuple[Segment, ...]
    remarks: tuple[str, ...] = ()
    signals: tuple[int, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that counted for or against: in words, its points, and the very words where there are some."""

    plain: str
    points: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class ShownSignal:
    """One signal with all that it stands on. `messages` are numbers of messages of the conversation."""

    number: int
    title: str
    stage: str
    sender: str
    strength: str
    when: str
    sentence: str
    points: float
    for_it: tuple[Counted, ...]
    against_it: tuple[Counted, ...]
    usual: str
    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the course: when, which stage, what, by whom, in which message."""

    when: str
    stage: str
    title: str
    sender: str
    message: int


@dataclass(frozen=True, slots=True)
class Advised:
    """What might be done now, and where that comes from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class ShownConversation:
    """A conversation with what it shows."""

    name: str
    verdict: str
    sentence: str
    span: str
    senders: tuple[str, ...]
    steps: tuple[Step, ...]
    signals: tuple[ShownSignal, ...]
    nearly: tuple[str, ...]
    parts: tuple[tuple[str, str, str], ...]
    advice: tuple[Advised, ...]
    messages: tuple[ShownMessage, ...]
    searched: int
    not_searched: int


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """What an account shows across conversations."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownScan:
    """All of it. `read` = messages + refused; `refused` are (where, why, how to mend) and hold no words."""

    title: str
    sha256: str
    forms: tuple[str, ...]
    zone: str
    read: int
    kinds: dict[str, int]
    refused: tuple[tuple[str, str, str], ...]
    unread: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    conversations: tuple[ShownConversation, ...]
    accounts: tuple[ShownAccount, ...] = ()
    made_with: str = ""
    invented: bool = field(default=False)

    @property
    def with_signals(self) -> tuple[ShownConversation, ...]:
        """The conversations in which a behaviour was seen."""
        return tuple(c for c in self.conversations if c.signals)
