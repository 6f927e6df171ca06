"""Casework as a partnership runs it: production settings, a PostgreSQL server, gunicorn behind what takes HTTPS off."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from trigpoint_web.running.embedded import DATABASE, Embedded
from trigpoint_web.running.roles import WEB_ROLE
from trigpoint_web.running.waiting import wait_until_well

HOST = "casework.invalid"
TRIGPOINT = "from trigpoint.cli.main import run; run()"
WORKERS, THREADS = 2, 8  # what `trigpoint web serve` takes by itself


@dataclass(frozen=True)
class Place:
    """Where casework runs: its environment, its data folder, the partnership that it reads timelines from."""

    server: Embedded
    folder: Path
    partnership: Path
    database: str = DATABASE

    @property
    def environment(self) -> dict[str, str]:
        """Production settings, with nothing left out that production needs."""
        own = {
            "DJANGO_SETTINGS_MODULE": "trigpoint_web.settings.production",
            "DATABASE_URL": self.server.address(WEB_ROLE, self.database),
            "DATABASE_OWNER_URL": self.server.address(self.server.owner, self.database),
            "TRIGPOINT_WEB_SECRET_KEY": "invented: signs the sessions of a measurement and nothing else",
            "TRIGPOINT_WEB_HOSTS": f"{HOST},127.0.0.1",
            "TRIGPOINT_WEB_DATA": str(self.folder / "data"),
            "TRIGPOINT_WEB_MAIL_HOST": "mail.invalid",
            "TRIGPOINT_WEB_MAIL_FROM": "casework@example.invalid",
            "TRIGPOINT_WEB_SCANNER": "none",
            "TRIGPOINT_WEB_BEHIND_PROXY": "yes",
            "TRIGPOINT_WEB_PARTNERSHIP": str(self.partnership),
        }
        return {**os.environ, **own}

    def trigpoint(self, *args: str | Path) -> subprocess.CompletedProcess[str]:
        """A command of `trigpoint web`, to its end."""
        return self.run("-c", TRIGPOINT, "web", *args)

    def run(self, *args: str | Path) -> subprocess.CompletedProcess[str]:
        """Python with these arguments in this place; its words are in the error where it fails."""
        done = subprocess.run(
            [sys.executable, *args], env=self.environment, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{args[-2:]}: {done.stderr[-2000:]}")
        return done

    def copied(self, name: str) -> Place:
        """The same with a copy of its database, made anew."""
        with psycopg.connect(self.server.address(self.server.owner, "postgres"), autocommit=True) as connection:
            fresh, kept = sql.Identifier(name), sql.Identifier(DATABASE)
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(fresh))
            connection.execute(sql.SQL("create database {} template {} strategy file_copy").format(fresh, kept))
        return Place(self.server, self.folder, self.partnership, name)


@dataclass(frozen=True)
class Answering:
    """Casework that answers: its address, the process that its workers belong to, and the folder of its database."""

    address: str
    process: int
    postgres: Path

    def processors(self) -> tuple[float, float]:
        """Seconds of processors that casework, and that PostgreSQL, have taken up to now."""
        postmaster = int((self.postgres / "postmaster.pid").read_text().split()[0])
        return _processors(self.process), _processors(postmaster)


def _processors(first: int) -> float:
    """Of the processes below this one."""
    return sum(sum(one.cpu_times()[:2]) for one in psutil.Process(first).children(recursive=True))


@contextmanager
def answering(place: Place, *, more: Mapping[str, str] | None = None) -> Iterator[Answering]:
    """Casework answering on this machine, served as `trigpoint web serve` serves it."""
    port = free_port()
    options = ["--port", str(port), "--workers", str(WORKERS), "--threads", str(THREADS)]
    said = place.folder / "serve.log"
    with said.open("w") as log:
        command = [sys.executable, "-c", TRIGPOINT, "web", "serve", *options]
        served = subprocess.Popen(command, env={**place.environment, **(more or {})}, stdout=log, stderr=log)
        try:
            if not wait_until_well(port, seconds=120):
                raise RuntimeError(said.read_text()[-2000:])
            yield Answering(f"http://127.0.0.1:{port}", served.pid, place.server.folder)
        finally:
            served.terminate()
            served.wait(timeout=60)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
