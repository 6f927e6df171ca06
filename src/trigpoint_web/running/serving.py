"""What `trigpoint web serve` does: bring the database and the assets up to date, then answer.

The server is gunicorn: plain Python, threads beside processes, and the restarts without loss that its users rely on.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from gunicorn.app.base import BaseApplication

from trigpoint.errors import SettingsError
from trigpoint_web.running.starting import as_owner

# Seconds after which a thread of Python that computes lets another go on. A look-up waits so long after each question
# to the database while a page is put together beside it: with Python's own five milliseconds, it mostly waited.
TURN: Final = 0.001
KEPT_OPEN: Final = 75  # seconds for which a connection waits for its next call: longer than a proxy keeps it


def bring_up_to_date() -> None:
    """Make or change tables, as their owner."""
    with as_owner():
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)


def prepare_pages() -> None:
    """Database and assets up to date. Raises SettingsError where assets were not built."""
    if not (settings.ASSETS_FOLDER / "casework" / "casework.css").exists():
        raise SettingsError(
            "Style sheets and scripts were not built", where=str(settings.ASSETS_FOLDER), mend="Run: make assets"
        )
    bring_up_to_date()
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)


def prepare_demo() -> None:
    """Invented accounts, and the invented partnership where the demo's run is not loaded yet."""
    from trigpoint_web.accounts.signing_in.demo import make_demo_people
    from trigpoint_web.running.demo_run import load_demo_run_apart

    make_demo_people()
    load_demo_run_apart()


def serve_pages(address: str, *, workers: int, threads: int) -> None:
    """Answer until the process is told to stop."""
    connection.close()
    _Server({"bind": address, "workers": workers, "threads": threads, "worker_class": "gthread", "timeout": 60}).run()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("max_requests", 20_000)  # a worker that leaks does not leak for long
        self.cfg.set("max_requests_jitter", 2_000)
        self.cfg.set("graceful_timeout", 30)
        self.cfg.set("keepalive", KEPT_OPEN)

    def load(self) -> Any:
        from trigpoint_web.wsgi import application

        sys.setswitchinterval(TURN)
        return application
