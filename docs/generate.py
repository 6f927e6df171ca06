"""Writes the pages of docs/reference from the program and its pack, so that the manual cannot lag.

`python -m docs.generate` writes them; `tests/docs` fails where one is out of date.
"""

from __future__ import annotations

from pathlib import Path

from docs.of_indicators import by_theme, index_page, policy_page, theme_pages
from docs.of_pack import codes_page, kinds_page, mappings_page
from docs.of_program import commands_page, settings_page

from trigpoint.terms.pack import load_pack

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make docs`. Change the program or the pack, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page: its text by its path inside docs/reference."""
    pack = load_pack()
    themes = by_theme(pack)
    made = {
        "commands.md": commands_page(),
        "settings.md": settings_page(),
        "kinds.md": kinds_page(pack),
        "codes.md": codes_page(pack),
        "ready_mappings.md": mappings_page(pack),
        "indicators.md": index_page(pack, themes),
        "policy.md": policy_page(pack, themes),
        **{f"indicators/{theme}.md": text for theme, text in theme_pages(pack, themes).items()},
    }
    return {name: NOTE + text.rstrip() + "\n" for name, text in made.items()}


def write() -> None:
    """Write every page, and remove those that nothing makes any more."""
    made = pages()
    for name, text in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in FOLDER.rglob("*.md"):
        if path.relative_to(FOLDER).as_posix() not in made:
            path.unlink()


if __name__ == "__main__":
    write()
