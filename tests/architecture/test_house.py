"""The sizes and names of the house, and nothing in it that speaks of a machine or leaks where it should not."""

import ast
import re
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Django writes migrations; their length and names are its own.
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts)
REFUSED_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "manager", "misc", "stuff"}


def functions(path: Path) -> list[ast.FunctionDef]:
    return [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_a_module_is_short_and_has_a_name_that_says_something(path):
    assert len(path.read_text().splitlines()) <= 500
    assert path.stem not in REFUSED_NAMES
    assert not set(path.relative_to(ROOT).parts) & REFUSED_NAMES


def test_a_function_is_short_in_the_median():
    lengths = [f.end_lineno - f.lineno + 1 for path in SOURCES for f in functions(path)]
    assert statistics.median(lengths) < 10


def test_a_room_is_not_crowded():
    """Ten modules beside its inner rooms are the aim, fourteen the most. A service is one verb a file."""
    rooms = {p.parent for p in SOURCES} - {ROOT / "src/trigpoint/services"}
    counted = {str(room.relative_to(ROOT)): len([p for p in room.glob("*.py") if p.stem[0] != "_"]) for room in rooms}
    assert {room: modules for room, modules in counted.items() if modules > 14} == {}


def test_every_public_thing_says_what_it_is():
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_" and not ast.get_docstring(node)
    ]
    assert silent == []


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def test_no_tracked_file_names_a_registry_host_or_a_path_of_a_machine():
    pattern = re.compile(r"(pypi|npmjs|debian)\.(org|com)|(?<![\w.])/(tmp|root|work)/|/home/[a-z]")
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{i}" for i, line in enumerate(text.splitlines(), 1) if pattern.search(line)
        ]
    assert [f for f in found if not f.startswith("tests/architecture/")] == []


def test_locks_pin_with_hashes_and_without_addresses():
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_no_tracked_file_is_large():
    assert [str(p.relative_to(ROOT)) for p in tracked() if p.stat().st_size > 1_500_000] == []


def test_no_two_files_of_tests_share_a_name():
    """They are collected by name: the second of two would not be run."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
