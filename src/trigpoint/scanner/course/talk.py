"""A conversation as it is kept: a ledger for each sender, who takes part, and how much was searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from trigpoint.scanner.course.entry import Entry, Ledger
from trigpoint.scanner.message import Surface


@dataclass(slots=True)
class Talk:
    """One conversation. `ids` are message ids by reference, for the entries that are kept."""

    conversation: str
    surface: Surface = "direct"
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    ids: dict[int, str] = field(default_factory=dict)
    searched: int = 0
    not_searched: int = 0

    def meet(self, sender: str, recipients: tuple[str, ...]) -> None:
        """Note who takes part."""
        self.members.add(sender)
        self.members.update(recipients)

    def take(self, sender: str, entry: Entry, message_id: str) -> None:
        """Keep an entry of `sender`, and let go the ids of those that are kept no longer."""
        ledger = self.ledgers.setdefault(sender, Ledger({}))
        gone = ledger.take(entry)
        self.ids[entry.reference] = message_id
        if gone is not None:
            self.ids.pop(gone, None)

    def ordered(self) -> dict[str, list[Entry]]:
        """Entries by sender, each in order of time."""
        return {sender: self.ledgers[sender].ordered() for sender in sorted(self.ledgers)}

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Every entry with its sender."""
        return ((sender, entry) for sender, ledger in self.ledgers.items() for entry in ledger.entries.values())

    @property
    def last_at(self) -> int:
        """Seconds of the latest entry, or nought."""
        return max((entry.at for _, entry in self.entries()), default=0)
