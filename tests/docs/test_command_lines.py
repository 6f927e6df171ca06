"""Every `trigpoint ...` that a page shows is a command there is, with options there are."""

import re
import shlex
from typing import get_args, get_origin

import pytest
from docs.of_program import commands
from manual_pages import Block, blocks, by_hand, read

COMMANDS = commands()
GROUPS = {" ".join(path.split()[:n]) for path in COMMANDS for n in range(1, len(path.split()))}
INLINE = re.compile(r"`((?:\.venv/bin/)?trigpoint(?: [^`\n]*)?)`")
ALWAYS = {"--help"}


def lines(block: Block) -> list[tuple[str, str]]:
    """The command lines of a shell block, by place."""
    parts = [
        (f"{block.page}:{number}", part.strip())
        for number, line in enumerate(block.text.splitlines(), block.line + 1)
        for part in line.removeprefix("$ ").split("&&")
    ]
    return [(place, part) for place, part in parts if re.match(r"(\.venv/bin/)?trigpoint(\s|$)", part)]


SHELLS = [block for page in by_hand() for block in blocks(page) if block.language in ("sh", "bash", "")]
SHELL = [one for block in SHELLS for one in lines(block)]
MENTIONED = [(page.name, found[1]) for page in by_hand() for found in INLINE.finditer(read(page))]


def split(line: str) -> tuple[str | None, list[str]]:
    """The longest command that the line begins with, and the rest of it."""
    words = shlex.split(line, comments=True)
    words[0] = words[0].removeprefix(".venv/bin/")
    for n in range(len(words), 0, -1):
        if " ".join(words[:n]) in COMMANDS:
            return " ".join(words[:n]), words[n:]
    return (None, words[1:]) if words[0] in GROUPS else ("?", words)


def options(path: str) -> dict[str, bool]:
    """Every option of a command, and whether a value follows it."""
    found = {}
    for one in COMMANDS[path].params:
        if one.param_type_name == "option":
            found |= dict.fromkeys((*one.opts, *one.secondary_opts), not one.is_flag)
    return found


def placed(path: str, rest: list[str], *, whole: bool) -> list[str]:
    """The words that are arguments, options and their values taken away; in a whole line no value is left out."""
    takes, words, left = options(path), iter(rest), []
    for word in words:
        if word.startswith("-"):
            assert word in takes.keys() | ALWAYS, f"{path} has no option {word}"
            if takes.get(word):
                assert next(words, None) is not None or not whole, f"{word} needs a value"
        else:
            left.append(word)
    return left


@pytest.mark.parametrize(("place", "line"), SHELL, ids=[place for place, _ in SHELL])
def test_a_line_to_type_is_whole(place, line):
    path, rest = split(line)
    assert path is not None
    assert path in COMMANDS, f"there is no command in: {line}"
    arguments = [one for one in COMMANDS[path].params if one.param_type_name == "argument"]
    given = placed(path, rest, whole=True)
    assert sum(one.required for one in arguments) <= len(given) <= len(arguments)
    for one, word in zip(arguments, given, strict=False):
        taken = one.type_descriptor.annotation
        assert get_origin(taken) is None or word in get_args(taken)


@pytest.mark.parametrize(("page", "line"), MENTIONED, ids=[f"{page}: {line}" for page, line in MENTIONED])
def test_a_command_that_is_mentioned_is_there(page, line):
    path, rest = split(line)
    if path is None:  # `trigpoint` alone, `trigpoint --version`, `trigpoint COMMAND --help`
        assert all(word.isupper() or word in {"--help", "--version"} for word in rest)
    else:
        assert path in COMMANDS
        placed(path, rest, whole=False)


def test_there_are_lines_to_test():
    assert len(SHELL) > 10
    assert len(MENTIONED) > 10
