"""Runs a command and says what it spent: a small process between, for Linux counts to a child's peak of memory what
its parent held when it began, and a benchmark may hold gigabytes.

    python -m benchmarks.watched OUT COMMAND ...     writes seconds of processors and peak (ru_maxrss) to OUT
"""

from __future__ import annotations

import os
import subprocess
import sys

if __name__ == "__main__":
    out, *args = sys.argv[1:]
    child = subprocess.Popen(args, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    with open(out, "w", encoding="ascii") as said:
        said.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")
    sys.exit(os.waitstatus_to_exitcode(status) and 1)
