"""What several sources tell of one episode, as one thing with every telling."""

from __future__ import annotations

from collections.abc import Iterable

from trigpoint.services.read_timeline import TimelineEvent

Told = tuple[TimelineEvent, tuple[TimelineEvent, ...]]


def told_once(events: Iterable[TimelineEvent]) -> list[Told]:
    """Each event of a timeline that stands for itself, in the order given, with what other sources tell of the same.

    Where several tell of an episode, the telling stands that is believed about it (`told_first`).
    """
    in_order = list(events)
    here = {one.event_id for one in in_order}
    again: dict[str, list[TimelineEvent]] = {}
    for one in in_order:
        if _is_again(one, here):
            again.setdefault(str(one.told_first), []).append(one)
    return [(one, tuple(again.get(one.event_id, ()))) for one in in_order if not _is_again(one, here)]


def _is_again(one: TimelineEvent, here: set[str]) -> bool:
    return one.told_first not in (None, one.event_id) and one.told_first in here
