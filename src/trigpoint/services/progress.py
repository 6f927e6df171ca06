"""How a service tells the person who waits what it is doing."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told of each stage and each step in it. No message may carry a person's data."""

    def stage(self, title: str) -> None:
        """A stage of the run begins."""

    def step(self, said: str) -> None:
        """Something in this stage was done."""


class Silent:
    """Tells nobody: for programs that call a service and show nothing."""

    def stage(self, title: str) -> None:
        """Say nothing."""

    def step(self, said: str) -> None:
        """Say nothing."""


SILENT = Silent()


def plural(number: int, one: str, many: str | None = None) -> str:
    """'1 child', '2 children', '12,345 rows'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
