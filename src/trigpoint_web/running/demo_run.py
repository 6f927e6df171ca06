"""The demo's invented partnership: run once, then taken across the border."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from trigpoint_web.running.starting import as_owner

BORDER = "trigpoint_web.casework.border"


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
    return True
