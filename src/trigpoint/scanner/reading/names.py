"""Names of accounts: as people know them, and never two people under one name."""

from __future__ import annotations


class Names:
    """Gives each account the name that it shows; a second account of the same name gets its id after it."""

    def __init__(self) -> None:
        self._by_id: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def of(self, account: str, shown: str) -> str:
        """The name for the account of this id that shows itself as `shown`; the first name that it had."""
        if account in self._by_id:
            return self._by_id[account]
        name = shown or account
        if self._taken.setdefault(name, account) != account:
            name = f"{name} ({account})"
        self._by_id[account] = name
        return name
