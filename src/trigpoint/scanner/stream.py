"""Messages as they come, in any order and in parts; state that is small, can be saved, and can be forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from trigpoint.scanner.answer import AccountAnswer, ConversationAnswer, Signal
from trigpoint.scanner.answering.account import AccountAnswers
from trigpoint.scanner.answering.conversation import ConversationAnswers
from trigpoint.scanner.answering.signals import Source
from trigpoint.scanner.course.note import Noter
from trigpoint.scanner.course.points import LIKELY
from trigpoint.scanner.course.saved import restored, saved
from trigpoint.scanner.course.talk import Talk
from trigpoint.scanner.frames.reading import Reader
from trigpoint.scanner.message import Message, message_reference

_AT_ONCE = 1024  # messages that are searched together


class Stream:
    """The state of one partition. The same messages give the same answers in whatever order and parts they come.

    That holds as long as messages carry their times; where they do not, the order of arrival is their order. A
    conversation keeps the forty messages of most worth of each sender; what is older and weaker is let go.
    """

    def __init__(
        self,
        reader: Reader,
        noter: Noter,
        *,
        conversations: ConversationAnswers,
        accounts: AccountAnswers,
        vocabulary: str,
    ) -> None:
        self._reader, self._noter = reader, noter
        self._conversations, self._accounts = conversations, accounts
        self._vocabulary = vocabulary
        self._talks: dict[str, Talk] = {}
        self._of_account: dict[str, set[str]] = defaultdict(set)

    def take(self, messages: Iterable[Message], /) -> tuple[Signal, ...]:
        """Take messages in; the signals that these messages raise or make whole, each conversation read once."""
        fresh: dict[str, dict[int, Message]] = {}
        for message, reference in self._kept_of(messages):
            fresh.setdefault(message.conversation, {})[reference] = message
        return tuple(signal for name, new in fresh.items() for signal in self._raised(self._talks[name], new))

    def take_quietly(self, messages: Iterable[Message], /) -> None:
        """Take messages in without asking what they raise."""
        for _ in self._kept_of(messages):
            pass

    def conversation(self, name: str, /) -> ConversationAnswer:
        """What a conversation shows. Spans are given by `Scanner.scan_conversation`, which has the words at hand."""
        talk = self._talks.get(name) or Talk(name)
        return self._conversations.answer(talk, lambda reference: _kept(talk, reference))

    def account(self, name: str, /) -> AccountAnswer:
        """What an account shows across the conversations that it takes part in."""
        talks = [self._talks[c] for c in sorted(self._of_account.get(name, ()))]
        return self._accounts.answer(name, [(talk, self._conversations.weighed(talk)) for talk in talks])

    def conversations(self) -> tuple[str, ...]:
        """The conversations of which anything is kept."""
        return tuple(sorted(self._talks))

    def snapshot(self) -> bytes:
        """All state as bytes. No words of a message are in it; names of accounts and conversations are, as given."""
        return saved(self._talks.values(), vocabulary=self._vocabulary)

    def restore(self, data: bytes, /) -> None:
        """Take up saved state in place of what is here. Raises StateError where it is damaged or of another pack."""
        talks = {talk.conversation: talk for talk in restored(data, vocabulary=self._vocabulary)}
        self._talks = talks
        self._of_account = defaultdict(set)
        for talk in talks.values():
            for member in talk.members:
                self._of_account[member].add(talk.conversation)

    def forget(self, *, before: int) -> int:
        """Let go of conversations whose last evidence is earlier than `before` (seconds since 1970); how many went."""
        old = [name for name, talk in self._talks.items() if talk.last_at < before]
        for name in old:
            for member in self._talks.pop(name).members:
                self._of_account[member].discard(name)
        return len(old)

    def _kept_of(self, messages: Iterable[Message]) -> Iterator[tuple[Message, int]]:
        """Note messages; those that hold anything, with their references."""
        some = iter(messages)
        while many := list(islice(some, _AT_ONCE)):
            found = self._noter.cues([m.text if m.kind == "text" else "" for m in many])
            for message, cues in zip(many, found, strict=True):
                reference = self._keep(message, cues)
                if reference is not None:
                    yield message, reference

    def _keep(self, message: Message, cues: int) -> int | None:
        """Note a message in which `cues` stand; its reference where it has any. Who writes "X joined" takes no part."""
        if message.kind == "system":
            return None
        talk = self._talks.get(message.conversation)
        if talk is None:
            talk = self._talks[message.conversation] = Talk(message.conversation, message.surface)
        talk.meet(message.sender, message.recipients)
        for member in (message.sender, *message.recipients):
            self._of_account[member].add(message.conversation)
        if message.kind != "text":
            talk.not_searched += 1
            return None
        talk.searched += 1
        if not cues:
            return None
        reference = message_reference(message.id)
        at = message.seconds
        entry = self._noter.note(
            message.text,
            cues,
            at=talk.searched if at is None else at,
            reference=reference,
            forwarded=message.forwarded,
        )
        talk.take(message.sender, entry, message.id)
        return reference

    def _raised(self, talk: Talk, new: dict[int, Message]) -> list[Signal]:
        if not self._conversations.may_raise(talk, new):
            return []
        weighed = self._conversations.weighed(talk)
        raised = [w for w in weighed if w.points >= LIKELY and any(e.reference in new for e, _ in w.best.parts)]

        def source(reference: int) -> Source:
            message = new.get(reference)
            return self.source_of(message) if message else _kept(talk, reference)

        return self._conversations.signals(talk, source, weighed=raised)

    def source_of(self, message: Message, /) -> Source:
        """A message whose words are at hand, as answers cite it."""
        reading = self._reader.read(message.text)
        shown = self._noter.examiner.examine(reading, forwarded=message.forwarded).shown
        return Source(message.id, message.surface, reading, shown)

    def answer_with(self, name: str, messages: Iterable[Message]) -> ConversationAnswer:
        """The answer for a conversation whose messages are all at hand, so that every span can be shown."""
        talk = self._talks.get(name) or Talk(name)
        by_reference = {message_reference(m.id): m for m in messages}
        read: dict[int, Source] = {}

        def source(reference: int) -> Source:
            if reference not in read:
                read[reference] = self.source_of(by_reference[reference])
            return read[reference]

        return self._conversations.answer(talk, source)


def _kept(talk: Talk, reference: int) -> Source:
    return Source(talk.ids.get(reference, str(reference)), talk.surface)
