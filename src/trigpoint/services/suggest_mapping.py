"""Draft a mapping for a new extract."""

from __future__ import annotations

from pathlib import Path

from trigpoint.errors import ExtractError
from trigpoint.intake import suggest_mapping as draft
from trigpoint.terms.pack import load_pack


def suggest_mapping(file: Path, *, pack: str = "england_wales") -> tuple[str, list[str]]:
    """The draft as YAML, and remarks on what to check. Raises ExtractError where the file cannot be read."""
    if not file.is_file():
        raise ExtractError("There is no such file.", where=str(file), mend="Check the path.")
    text, remarks = draft(file, load_pack(pack))
    return text, list(remarks)
