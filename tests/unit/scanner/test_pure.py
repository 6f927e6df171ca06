"""A platform can embed the scanner alone: it brings in no tables, no network and no learning library."""

import subprocess
import sys

ALONE = """
import sys
from trigpoint.scanner import Message, Scanner
answer = Scanner.load().scan_conversation([Message("c", "A", "who wants to make a quick £300, no risk, dm me", "1")])
assert answer.verdict == "signals"
heavy = {"torch", "sklearn", "duckdb", "splink", "deltalake", "pyarrow", "pandas", "numpy", "pydantic", "socket", "ssl",
         "urllib.request", "http.client", "asyncio"}
print(sorted(heavy & set(sys.modules)))
"""


def test_it_brings_in_nothing_heavy_and_no_network():
    said = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
