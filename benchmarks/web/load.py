"""Fifty people at their work and five systems that ask, at once, over HTTP; how long each answer took.

A person opens a page, reads it for some seconds and opens the next: half of that time by chance. A page counts from
the moment in which it was asked for until its last byte came, not counting style sheets, which browsers keep.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PAUSE = (3.0, 7.0)  # seconds for which a page is read
ASKS_EVERY = 1.0  # seconds between two look-ups of one system
CSRF = "c" * 32
# What people open, and how often of a hundred times.
PAGES = {
    "inbox": 25,
    "search": 15,
    "child": 30,
    "markers": 10,
    "findings": 5,
    "missing": 5,
    "chronology": 5,
    "lists": 5,
}


@dataclass
class Took:
    """Answers by what was asked for: when, how many seconds it took, and the status."""

    answers: dict[str, list[tuple[float, float, int]]] = field(default_factory=dict)

    async def note(self, what: str, asked: Awaitable[httpx.Response]) -> httpx.Response:
        """Await an answer and note it."""
        began = time.time()
        try:
            answer = await asked
            status = answer.status_code
        except httpx.HTTPError:
            answer, status = httpx.Response(599), 599
        self.answers.setdefault(what, []).append((began, time.time() - began, status))
        return answer


@dataclass
class Person:
    """Somebody signed in, at one server."""

    web: httpx.AsyncClient
    known: dict[str, Any]
    draw: random.Random

    async def open_one(self, took: Took) -> None:
        """One page, as often as such pages are opened."""
        what = self.draw.choices(list(PAGES), list(PAGES.values()))[0]
        await took.note(what, getattr(self, what, self.tab(what))())

    def inbox(self) -> Awaitable[httpx.Response]:
        return self._get("/")

    def lists(self) -> Awaitable[httpx.Response]:
        """One list of the inbox, opened."""
        return self._get(f"/?list={self.draw.choice(['proposals', 'evidence', 'missing', 'reviews'])}")

    def child(self) -> Awaitable[httpx.Response]:
        return self._get(f"/children/{self.draw.choice(self.known['keys'])}/")

    def tab(self, name: str) -> Callable[[], Awaitable[httpx.Response]]:
        """Another page of a child."""
        return lambda: self._get(f"/children/{self.draw.choice(self.known['keys'])}/{name}/")

    def search(self) -> Awaitable[httpx.Response]:
        face = self.draw.choice(self.known["faces"])
        year, month, day = face["born"].split("-")
        sent = {"csrfmiddlewaretoken": CSRF, "name": f"{face['given_names']} {face['surname']}"}
        if self.draw.random() < 0.5:
            sent |= {"birth_on-day": day, "birth_on-month": month, "birth_on-year": year}
        return self.web.post("/search/", data=sent, headers=self._headers())

    def _get(self, path: str) -> Awaitable[httpx.Response]:
        return self.web.get(path, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Cookie": f"__Host-session={self.known['session']}; __Host-csrf={CSRF}; django_language=en"}


@dataclass
class System:
    """An agency's system with a token."""

    web: httpx.AsyncClient
    known: dict[str, Any]
    draw: random.Random
    token: str = ""

    async def sign_in(self) -> None:
        sent = {
            "grant_type": "client_credentials",
            "client_id": self.known["id"],
            "client_secret": self.known["secret"],
        }
        self.token = (await self.web.post("/api/token", data=sent)).raise_for_status().json()["access_token"]

    def look_up(self) -> Awaitable[httpx.Response]:
        """Ask about a child whom the agency knows, mostly; at times about one whom nobody does."""
        person = dict(self.draw.choice(self.known["faces"]))
        if self.draw.random() < 0.2:
            person["surname"] = f"Nobody{person['surname']}"
        return self.web.post("/api/v1/look-up", json={"person": person, "happening": "arrest"}, headers=self.headers())

    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Trigpoint-Purpose": "safeguarding",
            "Trigpoint-Legal-Basis": "law_enforcement",
        }


def client(address: str) -> httpx.AsyncClient:
    """One that speaks to casework as the proxy in front of it does."""
    headers = {"Host": "casework.invalid", "X-Forwarded-Proto": "https", "Origin": "https://casework.invalid"}
    return httpx.AsyncClient(base_url=address, headers=headers, timeout=60, limits=httpx.Limits(max_connections=None))


async def work(address: str, crowd: dict[str, Any], *, until: Path, took: Took) -> None:
    """All of them at work until the file `until` is there."""
    async with client(address) as web:
        systems = [System(web, known, random.Random(n)) for n, known in enumerate(crowd["systems"])]
        for one in systems:
            await one.sign_in()
        people = [Person(web, known, random.Random(n)) for n, known in enumerate(crowd["people"])]
        await asyncio.gather(
            *(_at_work(one, until=until, took=took) for one in people),
            *(_asking(one, until=until, took=took) for one in systems),
        )


async def _at_work(person: Person, *, until: Path, took: Took) -> None:
    await asyncio.sleep(person.draw.uniform(0, PAUSE[1]))
    while not until.exists():
        await person.open_one(took)
        await asyncio.sleep(person.draw.uniform(*PAUSE))


async def _asking(system: System, *, until: Path, took: Took) -> None:
    while not until.exists():
        began = time.monotonic()
        await took.note("look-up", system.look_up())
        await asyncio.sleep(max(0.0, ASKS_EVERY * system.draw.uniform(0.6, 1.4) - (time.monotonic() - began)))


def main(address: str, crowd: str, until: str, answers: str) -> None:
    """Work until told to stop, then write what every answer took."""
    took = Took()
    asyncio.run(work(address, json.loads(Path(crowd).read_text()), until=Path(until), took=took))
    Path(answers).write_text(json.dumps(took.answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
