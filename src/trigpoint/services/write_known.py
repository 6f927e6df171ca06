"""Write what is known, as a page or as data, and say the main of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trigpoint.errors import SettingsError
from trigpoint.report.known import render_known
from trigpoint.services.progress import plural


def write_known(known: Mapping[str, Any], output: Path) -> None:
    """Write it as .html or .json. The file appears whole or not at all."""
    check_ending(output)
    is_page = output.suffix.lower() == ".html"
    text = render_known(known) if is_page else json.dumps(known, indent=1, default=str, allow_nan=False)
    half = output.with_name(output.name + ".part")
    try:
        half.write_text(text, encoding="utf-8")
        os.replace(half, output)
    finally:
        half.unlink(missing_ok=True)


def check_ending(output: Path) -> None:
    """Raise SettingsError for a file that can be neither .html nor .json, before anything is worked out for it."""
    ending = output.suffix.lower()
    if ending not in (".html", ".json"):
        raise SettingsError(
            f"What is known is written as HTML or JSON, not '{ending or 'a file without ending'}'.",
            where=str(output), mend="Let the file's name end in .html or .json.",
        )  # fmt: skip


def say_known(known: Mapping[str, Any]) -> list[str]:
    """The main of it in a few plain lines."""
    now, told, links = known["flows"][-1], known["chances"], known["links"]
    apart = [row for row in known["recognition"] if row["reading"] in ("less often", "more often")]
    lines = [
        f"At the end: {plural(now['known'], 'child', 'children')} with a proposed marker, {now['newly']:,} newly in "
        f"the last month, {now['ended']:,} no longer.",
        f"{plural(told['recognised'], 'child', 'children')} marked or referred; for {told['missed']:,} an earlier run "
        "would have proposed a marker.",
        f"{plural(told['proposed_still'], 'child', 'children')} proposed whom nobody has marked or referred yet.",
        f"{plural(len(apart), 'group')} recognised less or more often than others with the same findings.",
    ]
    if known["areas"] is None:
        lines.append("No rates by area: there is no populations.csv.")
    if links is not None:
        lines.append(f"Unsure links move {plural(len(links['moved']), 'published cell')} of {links['cells']:,}.")
    return lines
