"""The scanner: load a pack once, then scan messages, conversations, accounts, or a stream."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from trigpoint.scanner.answer import AccountAnswer, ConversationAnswer, MessageAnswer
from trigpoint.scanner.answering.account import AccountAnswers
from trigpoint.scanner.answering.conversation import ConversationAnswers
from trigpoint.scanner.answering.signals import Signals
from trigpoint.scanner.course.points import LIKELY
from trigpoint.scanner.course.quick import QuickLook
from trigpoint.scanner.course.talk import Talk
from trigpoint.scanner.message import Batch, Message, message_reference
from trigpoint.scanner.pack import ScannerPack, read_pack
from trigpoint.scanner.stream import Stream


class Scanner:
    """Reads text and answers. It keeps nothing between calls; a `stream()` keeps what a conversation needs."""

    def __init__(self, pack: ScannerPack) -> None:
        self.pack = pack
        self._examiner = pack.noter.examiner
        mask = pack.reader.matcher.mask
        cues = {i: (cue.name, cue.plain) for i, cue in enumerate(pack.lexicon.cues.values())}
        signals = Signals(
            pack.behaviours, pack.inhibitors, cues=cues, opinion=pack.opinion, calibration=pack.calibration
        )
        self._conversations = ConversationAnswers(
            pack.behaviours,
            weigher=pack.weigher,
            bound=pack.bound,
            signals=signals,
            advice=pack.advice,
            comply=mask(["comply"]),
            refuse=mask(["refuse"]),
        )

    @classmethod
    def load(cls, pack: str | Path = "england_wales") -> Scanner:
        """Load the pack of that name, or the pack folder at that path.

        Takes about two seconds, and is done once. Raises TermsError, with file and position, where the pack is broken.
        """
        return cls(read_pack(pack))

    def scan_messages(self, messages: Batch | Iterable[Message], /) -> list[MessageAnswer]:
        """Each message read alone, whatever else was said. Messages without a signal are left out.

        `at` of an answer is the place of its message in what was given. A lure spread over several messages is found
        by `scan_conversation` or a stream.
        """
        batch = messages if isinstance(messages, Batch) else None
        listed: Sequence[Message] = () if batch else list(messages)  # type: ignore[arg-type]
        texts = batch.text if batch else [m.text if m.kind == "text" else "" for m in listed]
        answers = []
        for at in self._quick.may_signal(texts):
            answer = self._alone(batch.message(at) if batch else listed[at], at)
            if answer.signals:
                answers.append(answer)
        return answers

    def scan_conversation(self, messages: Iterable[Message], /) -> ConversationAnswer:
        """What one conversation shows, with every span. The order in which messages are given does not matter.

        Messages without a time are taken in the order given. All messages must be of one conversation: raises
        ValueError where they are not.
        """
        listed = list(messages)
        names = {m.conversation for m in listed}
        if len(names) > 1:
            raise ValueError("scan_conversation takes the messages of one conversation; these are of several.")
        stream = self.stream()
        stream.take_quietly(listed)
        return stream.answer_with(names.pop() if names else "", listed)

    def scan_account(self, account: str, messages: Iterable[Message]) -> AccountAnswer:
        """What an account shows across the conversations given."""
        stream = self.stream()
        stream.take_quietly(messages)
        return stream.account(account)

    def stream(self) -> Stream:
        """New, empty state for messages that keep coming."""
        return Stream(
            self.pack.reader,
            self.pack.noter,
            conversations=self._conversations,
            accounts=self._accounts,
            vocabulary=self._vocabulary,
        )

    def _alone(self, message: Message, at: int) -> MessageAnswer:
        talk = Talk(message.conversation, message.surface, searched=1)
        reference = message_reference(message.id)
        (cues,) = self.pack.noter.cues([message.text])
        entry = self.pack.noter.note(
            message.text, cues, at=message.seconds or 0, reference=reference, forwarded=message.forwarded
        )
        if not entry.shown:
            return MessageAnswer(message.id, at, ())
        talk.take(message.sender, entry, message.id)
        raised = [w for w in self._conversations.weighed(talk) if w.points >= LIKELY]
        if not raised:
            return MessageAnswer(message.id, at, ())
        source = self.stream().source_of(message)
        return MessageAnswer(message.id, at, tuple(self._conversations.signals(talk, lambda _: source, weighed=raised)))

    @cached_property
    def _quick(self) -> QuickLook:
        pack = self.pack
        return QuickLook(pack.reader, examiner=self._examiner, bound=pack.bound, opinion=pack.opinion)

    @cached_property
    def _accounts(self) -> AccountAnswers:
        return AccountAnswers(self.pack.behaviours, self.pack.advice)

    @cached_property
    def _vocabulary(self) -> str:
        """Names the cues and behaviours, in their order, for which bits and numbers in saved state stand."""
        frames = [f"{one.name}:{'/'.join(f.name for f in one.frames)}" for one in self.pack.behaviours.values()]
        return hashlib.blake2b(" ".join([*self.pack.lexicon.names, *frames]).encode(), digest_size=8).hexdigest()
