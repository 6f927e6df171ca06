"""The estimators stand alone: numpy, scipy and pyarrow, and the errors that people see."""

import ast
import sys
from pathlib import Path

import trigpoint.counts.unseen as room

FOLDER = Path(room.__file__).parent
ALLOWED = {"numpy", "scipy", "pyarrow", *sys.stdlib_module_names}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


def test_nothing_else_is_imported():
    modules = sorted(FOLDER.rglob("*.py"))
    assert len(modules) > 20
    strange = {
        (path.name, name)
        for path in modules
        for name in imported(path)
        if name.partition(".")[0] not in ALLOWED
        and name != "trigpoint.errors"
        and not name.startswith("trigpoint.counts.unseen")
    }
    assert strange == set()
