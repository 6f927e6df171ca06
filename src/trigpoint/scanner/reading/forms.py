"""The forms of export that are known, how each is recognised, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from trigpoint.errors import ExtractError, SettingsError, nearest
from trigpoint.scanner.reading.apps.discord import looks_like_discord, read_discord
from trigpoint.scanner.reading.apps.instagram import looks_like_instagram, read_instagram
from trigpoint.scanner.reading.apps.snapchat import looks_like_snapchat, read_snapchat
from trigpoint.scanner.reading.apps.telegram import looks_like_telegram, read_telegram
from trigpoint.scanner.reading.apps.whatsapp import looks_like_whatsapp, read_whatsapp
from trigpoint.scanner.reading.files import decoded
from trigpoint.scanner.reading.found import How, Item
from trigpoint.scanner.reading.plain.json_lines import looks_like_json_lines, read_json_lines, read_json_list
from trigpoint.scanner.reading.plain.posts import read_posts
from trigpoint.scanner.reading.plain.table import looks_like_table, read_table
from trigpoint.scanner.reading.values import parsed

Counts = Literal["line", "item"]
_OF_JSON: dict[str, tuple[Callable[[Any], bool], Callable[[Any, How], Iterator[Item]]]] = {
    "discord": (looks_like_discord, read_discord),
    "instagram": (looks_like_instagram, read_instagram),
    "telegram": (looks_like_telegram, read_telegram),
    "snapchat": (looks_like_snapchat, read_snapchat),
    "json": (lambda value: isinstance(value, list), read_json_list),
}
_OF_TEXT: dict[str, tuple[Callable[[str], bool], Callable[[str, How], Iterator[Item]]]] = {
    "jsonl": (looks_like_json_lines, read_json_lines),
    "whatsapp": (looks_like_whatsapp, read_whatsapp),
    "csv": (looks_like_table, read_table),
    "posts": (lambda _: False, read_posts),
}
TITLES = {
    "whatsapp": "WhatsApp chat",
    "telegram": "Telegram Desktop JSON",
    "discord": "DiscordChatExporter JSON",
    "instagram": "Instagram or Messenger data",
    "snapchat": "Snapchat My Data",
    "sms": "SMS Backup & Restore",
    "jsonl": "JSON lines",
    "json": "JSON list",
    "csv": "table (CSV)",
    "posts": "posts or adverts as text",
}


def check_form(name: str | None, /) -> None:
    """Raises SettingsError, with the nearest name, where no reader is called so."""
    if name is not None and name not in TITLES:
        near = nearest(name, list(TITLES))
        hint = f"Did you mean '{near}'?" if near else f"There are: {', '.join(TITLES)}."
        raise SettingsError(f"There is no form of export '{name}'.", mend=hint)


def read_form(data: bytes, how: How, /) -> tuple[str, Counts, Iterator[Item]]:
    """The form of these bytes, what its places count, and its items.

    Raises ExtractError where the form is not known, or the file is not of the form that `how` names.
    """
    if how.form == "sms" or (how.form is None and _is_sms(data)):
        from trigpoint.scanner.reading.apps.sms import read_sms  # lxml is loaded for these alone

        return "sms", "item", read_sms(data, how)
    text = decoded(data)
    form = how.form or _of_text(text)
    if form is not None and form in _OF_TEXT:
        return form, "line", _OF_TEXT[form][1](text, how)
    if how.form is None and text.lstrip("\ufeff \r\n\t")[:1] not in ("{", "["):
        raise _unknown()
    value = parsed(text)
    for name, (looks, read) in _OF_JSON.items():
        if looks(value) and how.form in (None, name):
            return name, "item", read(value, how)
    raise _unknown()


def _is_sms(data: bytes) -> bool:
    return b"<smses" in data[:4096]


def _of_text(text: str) -> str | None:
    json = text.lstrip("\ufeff \r\n\t")[:1] in ("{", "[")
    return next((name for name, (looks, _) in _OF_TEXT.items() if looks(text) and not (json and name == "csv")), None)


def _unknown() -> ExtractError:
    return ExtractError(
        "This is no export that is known.",
        mend="Name its form with --format; for plain words of a post or an advert: --format posts.",
    )
