"""The pages of the manual as the tests read them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: the page, the line on which it begins, what it is, its text."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def pages() -> list[Path]:
    """Every page that a reader can come to."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])


def by_hand() -> list[Path]:
    """The pages that people write."""
    return [path for path in pages() if not path.is_relative_to(REFERENCE)]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_code(text: str) -> str:
    """The page without fenced blocks and without code in a line; lines keep their numbers."""
    blank = FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)
    return re.sub(r"`[^`\n]*`", "``", blank)


def blocks(path: Path) -> list[Block]:
    text = read(path)
    return [
        Block(name(path), text[: found.start()].count("\n") + 1, found[1].strip(), found[2])
        for found in FENCE.finditer(text)
    ]
