"""A program that lets writers die, and a fresh copy of a small store for each of them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from dying_writers import SCHEMAS

from trigpoint.store import Store


@pytest.fixture(scope="module")
def writers():
    """Ask for one more writer to live and perhaps die; what became of it."""
    program = Path(__file__).with_name("dying_writers.py")
    with subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask(**order) -> dict:
            process.stdin.write(json.dumps(order, default=str) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A store with a few commits, to be copied for each writer."""
    folder = tmp_path_factory.mktemp("begun")
    store = Store.open(folder, schemas=SCHEMAS)
    for number in range(5):
        with store.write("load") as tx:
            tx.append("events", pa.table({"event_id": [f"old-{number}"]}))
            tx.replace("links", pa.table({"record_id": ["r1"], "child_key": [f"c{number}"]}))
    return folder


@pytest.fixture
def folder(begun, tmp_path):
    return Path(shutil.copytree(begun, tmp_path / "partnership"))
