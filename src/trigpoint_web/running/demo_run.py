"""The demo's invented partnership: run once, then taken across the border."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from trigpoint.errors import StoreError
from trigpoint_web.running.ready import keep_ready
from trigpoint_web.running.starting import as_owner, start_django

BORDER = "trigpoint_web.casework.border"


def load_demo_run_apart() -> None:
    """Do it in a process of its own: the store's threads would not survive in the workers that a server forks.

    Raises StoreError where it fails; what went wrong stands on the process's own standard error.
    """
    done = subprocess.run([sys.executable, "-m", "trigpoint_web.running.demo_run"], check=False)
    if done.returncode:
        raise StoreError("The demo's run could not be taken in.", mend="Read the error above.")


def load_demo_run() -> bool:
    """Register the run that lies in the demo's partnership folder. False where there is none, or it is loaded already.

    `make demo` runs the invented partnership into that folder (TRIGPOINT_WEB_DEMO_RUN).
    """
    folder = Path(str(getattr(settings, "DEMO_RUN", "")))
    if not folder.is_dir() or find_spec(BORDER) is None:
        return False
    register = getattr(import_module(BORDER), "register_run", None)
    if register is None:
        return False
    with as_owner():  # a run comes in past the rows' own walls
        register(folder)
    keep_ready(folder)
    return True


if __name__ == "__main__":
    start_django(demo=True)
    load_demo_run()
