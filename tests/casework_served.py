"""Casework as it really runs, for tests of faults: gunicorn with production settings, on a PostgreSQL of its own.

Both are processes that a test may kill. What is in the database is written by a process of its own too.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from benchmarks.web.place import HOST, TRIGPOINT, Place, free_port
from lxml import html

from trigpoint_web.running.embedded import Embedded
from trigpoint_web.running.waiting import wait_until_well

HOLDS = """
import json, sys, time
from pathlib import Path
from trigpoint_web.running.embedded import start_server
server = start_server(Path(sys.argv[1]))
print(json.dumps([server.host, str(server.programs), server.owner]), flush=True)
time.sleep(3600)
"""
CSRF = "c" * 32


class Database:
    """A PostgreSQL server in a folder. It lives as long as a process that holds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = self.start()

    def start(self) -> Embedded:
        """Start it, and wait until it takes connections."""
        said = self._hold()
        assert said, (self.folder / "log").read_text()[-2000:]
        host, programs, owner = json.loads(said)
        return Embedded(self.folder, host, Path(programs), owner)

    def _hold(self) -> str:
        self._holds = subprocess.Popen(
            [sys.executable, "-c", HOLDS, str(self.folder)], stdout=subprocess.PIPE, text=True
        )
        assert self._holds.stdout
        with self._holds.stdout as said:
            return said.readline()

    @property
    def runs(self) -> bool:
        """Whether it was started and not stopped since."""
        return self._holds.poll() is None

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it at once: whoever is connected is cut off, in the middle of a request too."""
        if not self.runs:
            return
        self._holds.kill()
        self._holds.wait()
        with suppress(psutil.NoSuchProcess):
            process = self.postmaster()
            process.send_signal(how)
            process.wait(30)

    def kill(self) -> None:
        """Kill -9 of the server itself: it says goodbye to nobody and writes nothing down any more."""
        self.stop(signal.SIGKILL)

    def postmaster(self) -> psutil.Process:
        """The server's first process: its children each serve one connection, or write for all."""
        return psutil.Process(int((self.folder / "postmaster.pid").read_text().split()[0]))


@dataclass
class Served:
    """Casework at an address, with the processes that answer."""

    place: Place
    port: int
    known: dict[str, Any] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None
    browsers: list[httpx.Client] = field(default_factory=list)

    def start(self) -> None:
        """Start it with two processes that answer, and wait until it does."""
        options = ["--port", str(self.port), "--workers", "2", "--threads", "4"]
        with (self.place.folder / "serve.log").open("a") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-c", TRIGPOINT, "web", "serve", *options],
                env=self.place.environment, stdout=log, stderr=log,
            )  # fmt: skip
        assert wait_until_well(self.port, seconds=120), (self.place.folder / "serve.log").read_text()[-2000:]

    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        assert self.running
        return psutil.Process(self.running.pid).children()

    def kill(self) -> None:
        """Kill -9 all of it at once, as when the machine loses its power."""
        if self.running is None:
            return
        victims = [*self.workers(), psutil.Process(self.running.pid)]
        for one in victims:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(victims, timeout=10)
        self.running.wait()

    def browser(self, who: str = "") -> httpx.Client:
        """Somebody's browser, signed in, behind the proxy that takes HTTPS off; of nobody, as a system calls."""
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Origin": f"https://{HOST}"}
        if who:
            session = self.known["sessions"][who]
            headers["Cookie"] = f"__Host-session={session}; __Host-csrf={CSRF}; django_language=en"
        address = f"http://127.0.0.1:{self.port}"
        self.browsers.append(httpx.Client(base_url=address, headers=headers, timeout=60, trust_env=False))
        return self.browsers[-1]

    def close_browsers(self) -> None:
        """Close those that a test opened."""
        while self.browsers:
            self.browsers.pop().close()

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """What the database says, asked as its owner."""
        import psycopg

        with psycopg.connect(self.place.environment["DATABASE_OWNER_URL"], autocommit=True) as connection:
            cursor = connection.execute(query)  # type: ignore[call-overload]  # a test's own words
            return list(cursor.fetchall()) if cursor.description else []

    def audited(self) -> str:
        """What `trigpoint web verify-audit` says; it fails where the chain does not hold."""
        return self.place.trigpoint("verify-audit").stdout


def filled(page: httpx.Response, **more: Any) -> dict[str, Any]:
    """The fields of the page's form as they stand, with what somebody types into them."""
    (field,) = html.fromstring(page.text).xpath("//form//input[@name='request_key']")
    form = next(field.iterancestors("form"))
    stands = {name: value for name, value in form.form_values() if name != "draft_save"}
    return stands | {"csrfmiddlewaretoken": CSRF} | more


@contextmanager
def served() -> Iterator[tuple[Served, Database]]:
    """Both of them, with a few invented children and people, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="trigpoint-served-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else where the tests run as root
        (folder / "data").mkdir()
        database = Database(folder / "postgres")
        place = Place(database.server, folder, folder / "partnership")
        here = Path(__file__).parent
        os.environ["PYTHONPATH"] = os.pathsep.join([str(here), str(here.parent), os.environ.get("PYTHONPATH", "")])
        one = Served(place, free_port())
        try:
            place.trigpoint("migrate")
            one.known = json.loads(place.run(here / "casework_faults.py").stdout)
            one.start()
            yield one, database
        finally:
            one.kill()
            database.stop()
