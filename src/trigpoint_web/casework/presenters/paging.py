"""Lists in pages, with ways to the next and the previous one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import QueryDict

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list. `previous` and `next` are as the component `pagination` takes them, None at the ends."""

    items: Sequence[Item]
    number: int
    previous: dict[str, str] | None
    next: dict[str, str] | None


def page_of(items: Sequence[Item], query: QueryDict, *, size: int) -> Page[Item]:
    """The page that the address asks for (`page`), the first where it asks for none that there is.

    `items` may be a queryset: no more is read of it than the page and one beyond.
    """
    number = page_asked(query)
    held = list(items[(number - 1) * size : number * size + 1])
    if not held and number > 1:
        number, held = 1, list(items[: size + 1])
    more = len(held) > size
    return Page(held[:size], number, _to(query, number - 1) if number > 1 else None,
                _to(query, number + 1) if more else None)  # fmt: skip


def page_asked(query: QueryDict) -> int:
    """The number of the page in the address."""
    said = query.get("page", "1")
    return max(1, int(said)) if said.isdecimal() and len(said) < 6 else 1


def _to(query: QueryDict, number: int) -> dict[str, Any]:
    address = query.copy()
    address["page"] = str(number)
    return {"href": f"?{address.urlencode()}"}
