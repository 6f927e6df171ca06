"""A single event that a system posts: how long until the marker is back, and until a person sees it on their screen."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import numpy as np

from benchmarks.rows import Row
from benchmarks.web.load import Person, System, client

POSTS = 20


def measure(address: str, crowd: dict[str, Any], *, size: str) -> list[Row]:
    """Post one after the other and look each up on the pages."""
    answered, seen = asyncio.run(_post(address, crowd))
    return [
        Row("web", "an event posted, answered with the marker", size, _said(answered)),
        Row("web", "from posting until the child's page shows it to a person", size, _said(seen), aim="under 5 s"),
    ]  # fmt: skip


async def _post(address: str, crowd: dict[str, Any]) -> tuple[list[float], list[float]]:
    answered, seen = list[float](), list[float]()
    async with client(address) as web:
        system = System(web, crowd["systems"][1], random.Random(7))
        await system.sign_in()
        worker = next(one for one in crowd["people"] if one["role"] == "supervisor")
        person = Person(web, worker, random.Random(7))
        for face in system.draw.sample(system.known["faces"], 3 * POSTS):
            if len(seen) == POSTS:
                break
            began = time.monotonic()
            sent = {
                "kind": "missing", "person": face, "risk": "high", "happened_at": datetime.now(UTC).isoformat(),
            }  # fmt: skip
            headers = system.headers() | {"Idempotency-Key": str(uuid4())}
            said = (await web.post("/api/v1/events", json=sent, headers=headers)).json()
            if not said.get("linked"):
                continue  # more than one child could be meant: a person has to say who
            answered.append(time.monotonic() - began)
            page = await person._get(f"/children/{said['answer']['child']}/")
            assert "Missing now" in page.text, page.status_code
            seen.append(time.monotonic() - began)
    return answered, seen


def _said(took: list[float]) -> str:
    half, most = np.quantile(took, (0.5, 1.0))
    return f"p50 {1000 * half:.0f} ms, longest {1000 * most:.0f} ms of {len(took)}"
