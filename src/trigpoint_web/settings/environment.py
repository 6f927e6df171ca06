"""Reading settings from environment variables, with all that is wrong said at once and in plain words."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from trigpoint.errors import SettingsError

Value = TypeVar("Value")
DATABASE_SHAPE = "Write it as postgresql://name:password@host:5432/database"


@dataclass
class Environment:
    """Environment variables as settings. Problems are collected, so that one look mends them all.

    No value is ever put into a problem's words: a variable may hold a password.
    """

    values: Mapping[str, str] = field(default_factory=lambda: os.environ)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """The variable's text, or `default` where it is not set or empty."""
        return self.values.get(name, "").strip() or default

    def needed(self, name: str, mend: str) -> str:
        """The variable's text. A problem is noted where it is missing."""
        if not self.text(name):
            self.problems.append((f"{name} is not set", mend))
        return self.text(name)

    def words(self, name: str) -> list[str]:
        """A list written with commas."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def number(self, name: str, default: int) -> int:
        """A whole number above nought."""
        return self._read(name, default, _whole_number, "Write a whole number above 0")

    def switch(self, name: str, default: bool) -> bool:
        """`yes` or `no`."""
        return self._read(name, default, {"yes": True, "no": False}.__getitem__, "Write yes or no")

    def database(self, name: str) -> dict[str, Any] | None:
        """A database address as Django's own settings of it, or None where none is given."""
        return self._read(name, None, database_settings, DATABASE_SHAPE)

    def check(self) -> None:
        """Raise SettingsError with every problem, if there is one."""
        if self.problems:
            what = "; ".join(what for what, _ in self.problems)
            mend = ". ".join(dict.fromkeys(mend for _, mend in self.problems))
            raise SettingsError(what, where="the environment in which casework is started", mend=mend)

    def _read(self, name: str, default: Value, reader: Callable[[str], Value], mend: str) -> Value:
        if not self.text(name):
            return default
        try:
            return reader(self.text(name))
        except (ValueError, KeyError):
            self.problems.append((f"{name} cannot be read", mend))
            return default


def _whole_number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def database_settings(address: str) -> dict[str, Any]:
    """Django's settings of the PostgreSQL database at `address`. Raises ValueError where it is not such an address."""
    parts = urlsplit(address)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise ValueError(DATABASE_SHAPE)
    host = unquote(options.pop("host", "") or parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {name: unquote(value) for name, value in options.items()},
    }
