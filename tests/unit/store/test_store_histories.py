"""Random histories of writes, faults, deaths, forgetting and expiry, against a plain list of states as the judge."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from stored_rows import events, everything_in, links, opened

from trigpoint.errors import StoreError

NAMES = st.lists(st.sampled_from([f"n{number:02}x" for number in range(12)]), min_size=1, max_size=4)
STAGES = ["announced", "began events", "wrote events", "wrote links", "flushed", "committed", "swept"]

Kept = dict[str, list[str]]


class Died(BaseException):
    """The writer is gone: no code of its own runs any more."""


class FaultError(StoreError):
    """The writer meets a fault and can still clear up."""


class Histories(RuleBasedStateMachine):
    """`states` is the judge: every state by commit, None once it may no longer be read."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.states: list[Kept | None] = [{"events": [], "links": []}]
        self.stop: tuple[str, type[BaseException]] | None = None
        self.forgotten: set[str] = set()
        self.store = opened(self.folder, step=self.reach)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def reach(self, stage: str) -> None:
        if self.stop and self.stop[0] == stage:
            kind = self.stop[1]
            self.stop = None
            if kind is Died:
                self.store._roll_back = lambda _turn: None
            raise kind("arranged")

    def write(self, act, new: Kept) -> None:
        """Do it, interrupted or not; the judge takes the ledger's word only on whether it came to stand."""
        before = self.store.head().number
        with suppress(Died, FaultError):
            act()
        self.stop = None
        if "_roll_back" in vars(self.store):
            self.store = opened(self.folder, step=self.reach)
        after = self.store.head().number
        assert after in (before, before + 1)
        if after > before:
            self.states.append(new)

    @rule(stage=st.sampled_from(STAGES), kind=st.sampled_from([Died, FaultError]))
    def arrange_a_fault(self, stage, kind) -> None:
        self.stop = (stage, kind)

    @rule(more=NAMES, link=NAMES)
    def append(self, more, link) -> None:
        now = self.states[-1]

        def act():
            with self.store.write("append") as tx:
                tx.append("events", events(*more))
                tx.replace("links", links(dict.fromkeys(link, "c")))

        self.write(act, {"events": sorted(now["events"] + more), "links": sorted(set(link))})
        self.forgotten -= {*more, *link}

    @rule(some=NAMES)
    def delete(self, some) -> None:
        now = self.states[-1]

        def act():
            with self.store.write("delete") as tx:
                tx.delete("events", pa.table({"event_id": some}))

        self.write(act, {**now, "events": [name for name in now["events"] if name not in some]})

    @rule(some=NAMES)
    def forget(self, some) -> None:
        now = self.states[-1]
        before = len(self.states)
        picked = ", ".join(f"'{name}'" for name in some)

        def act():
            self.store.purge({"events": f"event_id IN ({picked})", "links": f"record_id IN ({picked})"}, what="forget")

        self.write(act, {table: [name for name in names if name not in some] for table, names in now.items()})
        if len(self.states) > before:
            self.states[:before] = [None] * before
            self.store = opened(self.folder, step=self.reach)
            self.forgotten |= set(some)

    @rule(keep=st.integers(1, 4))
    def expire(self, keep) -> None:
        before = len(self.states)
        self.write(lambda: self.store.expire(keep=keep), self.states[-1])
        if len(self.states) > before:
            oldest = max(0, before - keep)
            self.states[:oldest] = [None] * oldest

    @rule()
    def compact(self) -> None:
        self.write(lambda: self.store.compact(more_than=2), self.states[-1])

    @rule()
    def reopen(self) -> None:
        self.store = opened(self.folder, step=self.reach)

    @invariant()
    def every_state_that_may_be_read_is_as_the_judge_says(self) -> None:
        readable = [number for number, state in enumerate(self.states) if state is not None]
        assert self.store.head().number == readable[-1]
        assert self.store.head().oldest <= readable[0]
        for number in {readable[0], readable[-1], readable[len(readable) // 2]}:
            state = self.states[number]
            found = self.store.read("events", at=number).column("event_id").to_pylist()
            assert sorted(found) == state["events"]
            assert sorted(self.store.read("links", at=number).column("record_id").to_pylist()) == state["links"]
            assert self.store.count("events", at=number) == len(state["events"])

    @precondition(lambda self: self.forgotten)
    @invariant()
    def nothing_forgotten_is_left_on_the_disk(self) -> None:
        kept = everything_in(self.store.folder)
        assert not [name for name in self.forgotten if name in kept]


Histories.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestHistories = Histories.TestCase
