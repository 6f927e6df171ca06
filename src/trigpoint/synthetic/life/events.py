"""Events of one chunk as columns, kind by kind, before any agency has written them down."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from trigpoint.synthetic.columns import Objects, Whole, YesNo


@dataclass
class Events:
    """Events of one kind. Times are minutes since 1970, -1 for none; `child` counts within the chunk.

    `pattern` is the planted pattern ("" where none); `words` the attributes and mentions, object arrays with None
    where an event has none.
    """

    child: Whole
    at: Whole
    end: Whole
    place: Whole
    learnt: Whole
    pattern: Objects
    words: dict[str, Objects] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.child)

    def word(self, name: str) -> Objects:
        """An attribute or mention, None where there is none."""
        return self.words.get(name, np.full(len(self), None, dtype=object))

    def take(self, chosen: Whole | YesNo) -> Events:
        """Only the `chosen` events."""
        return Events(
            self.child[chosen],
            self.at[chosen],
            self.end[chosen],
            self.place[chosen],
            self.learnt[chosen],
            self.pattern[chosen],
            {name: held[chosen] for name, held in self.words.items()},
        )


def put_together(parts: list[Events]) -> Events:
    """All of `parts` in one, with the attributes of any of them."""
    wanted = dict.fromkeys(name for part in parts for name in part.words)
    return Events(
        np.concatenate([p.child for p in parts]),
        np.concatenate([p.at for p in parts]),
        np.concatenate([p.end for p in parts]),
        np.concatenate([p.place for p in parts]),
        np.concatenate([p.learnt for p in parts]),
        np.concatenate([p.pattern for p in parts]),
        {name: np.concatenate([p.word(name) for p in parts]) for name in wanted},
    )


def no_events() -> Events:
    """None at all."""
    none = np.zeros(0, dtype=np.int64)
    return Events(none, none, none, none, none, np.zeros(0, dtype=object))
