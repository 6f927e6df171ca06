"""Can the time that an answer takes tell a child who may not be known from one who is not there?

The answers themselves are compared letter by letter by the tests; here their times are, one kind after the other in an
order drawn by chance, on a server that does nothing else.
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu

from benchmarks.rows import Row
from benchmarks.web.load import Person, client

ASKED = 120  # times each kind


def measure(address: str, apart: dict[str, Any], *, size: str) -> list[Row]:
    """Ask for children of three kinds, and compare what each took with the unknown ones."""
    took, bodies = asyncio.run(_ask(address, apart))
    unknown, rows = took["unknown"], []
    for kind in ("restricted", "forbidden"):
        chance = mannwhitneyu(took[kind], unknown).pvalue
        apart_by = 1000 * (np.median(took[kind]) - np.median(unknown))
        said = f"{apart_by:+.2f} ms between medians of {1000 * np.median(unknown):.1f} ms; p = {chance:.2f}"
        same = "the same answer" if len(bodies) == 1 else f"{len(bodies)} ANSWERS"
        rows.append(Row("web", f"{kind} against unknown: {same}", size, said, aim="no telling: p above 0.01"))
    return rows


async def _ask(address: str, apart: dict[str, Any]) -> tuple[dict[str, list[float]], set[tuple[int, str]]]:
    draw, took, bodies = random.Random(11), dict[str, list[float]](), set[tuple[int, str]]()
    kinds = ["restricted", "forbidden", "unknown"]
    async with client(address) as web:
        person = Person(web, apart, draw)
        for turn in range(ASKED + 10):
            for kind in draw.sample(kinds, len(kinds)):
                key = draw.choice(apart[kind])
                began = time.perf_counter()
                answer = await person._get(f"/children/{key}/")
                if turn >= 10:  # the first ones warm it up
                    took.setdefault(kind, []).append(time.perf_counter() - began)
                bodies.add((answer.status_code, answer.text.replace(key, "KEY")))
    return took, bodies
