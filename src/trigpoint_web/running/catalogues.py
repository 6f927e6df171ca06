"""Catalogues of words: what people translate (`locale/<language>/LC_MESSAGES/django.po`) and what Django reads (`.mo`).

The `.mo` files are made when they are missing or older than the `.po`, in the data folder: nothing built is committed.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCES = Path(__file__).parents[1] / "locale"
PLACE = Path("LC_MESSAGES")


def compiled_catalogues(folder: Path) -> Path:
    """The folder of catalogues as Django reads them, made anew where a source is newer."""
    for source in SOURCES.glob("*/LC_MESSAGES/django.po"):
        target = folder / source.parts[-3] / PLACE / "django.mo"
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _compile(source, target)
    return folder


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    # A draft by machine is shown: better Welsh that waits for review than English. So "fuzzy" entries go in as well.
    partly = target.with_suffix(".partly")
    with partly.open("wb") as file:
        write_mo(file, catalogue, use_fuzzy=True)
    partly.replace(target)
