"""Waits, first signs, own marks, chances and referrals again against plain judges, over invented relations."""

from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from trigpoint.counts.flows import chances, first_seen, own_marks, referred_again, waits
from trigpoint.counts.recognised import RECOGNISED, children_with_findings, recognition

AS_AT = date(2026, 6, 30)
STATED = ["marker_elsewhere"]
# What each indicator counts: the third kind stands in findings as a home does, for its distance alone.
COUNTS = {"missing_often": ["missing", "arrest"], "arrests": ["arrest", "marker_set", "nrm_referral"]}
SIGNS = pa.table(
    {
        "indicator": [name for name, kinds in COUNTS.items() for _ in kinds],
        "kind": [kind for kinds in COUNTS.values() for kind in kinds],
    }
)
AGENCIES = ["education", "health", "police"]
DAYS = [date(2025, 1, 31) + timedelta(days=30 * n) for n in range(18)]


class World:
    """Invented children with events, findings, proposals and a history, as plain rows and in a database."""

    def __init__(self, seed, children=40):
        rng = np.random.default_rng(seed)
        self.children, self.events, self.findings, self.history = [], [], [], []
        self.proposed = set()
        for c in (f"c{n}" for n in range(children)):
            born = date(2007, 1, 1) + timedelta(days=int(rng.integers(0, 4000)))
            known = sorted(rng.choice(AGENCIES, size=rng.integers(1, 4), replace=False).tolist())
            self.children.append({"child_key": c, "birth_on": born if rng.random() < 0.9 else None, "agencies": known,
                                  "sex": rng.choice(["F", "M"]), "ethnicity": rng.choice(["WBRI", "BCRB", "AIND"]),
                                  "disability": rng.choice(["NONE", "HAND"]) if rng.random() < 0.5 else None,
                                  "in_care": bool(rng.random() < 0.2), "area": rng.choice(["RV", "LF"])})  # fmt: skip
            for n in range(rng.integers(0, 9)):
                kind = rng.choice(
                    ["missing", "arrest", "referral", "nrm_referral", "marker_set"], p=[0.4, 0.3, 0.2, 0.05, 0.05]
                )
                at = datetime(2025, 1, 1) + timedelta(hours=int(rng.integers(0, 13_000)))
                self.events.append({"event_id": f"{c}.{n}", "record_id": f"r{c}", "kind": str(kind), "happened_at": at,
                                    "agency": str(rng.choice(known)), "child": c})  # fmt: skip
            mine = [e for e in self.events if e["child"] == c]
            for _ in range(rng.integers(0, 3) if mine else 0):
                used = [mine[i] for i in rng.choice(len(mine), size=rng.integers(1, len(mine) + 1), replace=False)]
                others = [self.events[int(rng.integers(0, len(self.events)))]] if rng.random() < 0.3 else []
                self.findings.append({
                    "child_key": c, "indicator": str(rng.choice(["missing_often", "arrests", *STATED])),
                    "event_ids": [e["event_id"] for e in used + others],
                    "agencies": sorted({e["agency"] for e in used}),
                    "from_on": min(e["happened_at"] for e in used).date()})  # fmt: skip
            if rng.random() < 0.5:
                self.proposed.add(c)
                for day in DAYS[int(rng.integers(0, 12)) :: int(rng.integers(1, 3))]:
                    self.history.append({"child_key": c, "month_end": day, "statement": bool(rng.random() < 0.2)})
        self.history = [*self.history, *({"child_key": c, "month_end": AS_AT, "statement": False}
                                         for c in sorted(self.proposed)[::2])]  # fmt: skip

    def database(self):
        con = duckdb.connect()
        tables = {
            "children": pa.Table.from_pylist(self.children),
            "events": pa.Table.from_pylist(self.events),
            "findings": pa.Table.from_pylist(self.findings),
            "proposals": pa.table({"child_key": sorted(self.proposed)}),
            "links": pa.table({"record_id": [f"r{c['child_key']}" for c in self.children],
                               "child_key": [c["child_key"] for c in self.children]}),
        }  # fmt: skip
        for name, table in tables.items():
            con.register("given", table)
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
            con.unregister("given")
        return con

    def told(self):
        return pa.Table.from_pylist(self.history)

    def signs(self, child):
        own = {e["event_id"]: e for e in self.events if e["child"] == child}
        used = [(f["indicator"], i) for f in self.findings if f["child_key"] == child for i in f["event_ids"]]
        return [own[i] for name, i in used if i in own and own[i]["kind"] in COUNTS.get(name, [])]

    def recognised_on(self, child, kinds=("marker_set", "nrm_referral")):
        days = [e["happened_at"].date() for e in self.events if e["child"] == child and e["kind"] in kinds]
        return min(days, default=None)

    def shown_on(self, child):
        return min(
            (h["month_end"] for h in self.history if h["child_key"] == child and not h["statement"]), default=None
        )


@pytest.fixture(params=range(4), scope="module")
def world(request):
    return World(request.param)


@pytest.fixture(scope="module")
def con(world):
    with world.database() as made:
        yield made


def eighteen(born):
    return born.replace(year=born.year + 18, day=28 if (born.month, born.day) == (2, 29) else born.day)


def test_waits_are_those_of_the_plain_judge(world, con):
    made = waits(con, world.told(), as_at=AS_AT, signs=SIGNS)
    ends = {"proposed": world.shown_on, "marked": lambda c: world.recognised_on(c, ("marker_set",)),
            "referred": lambda c: world.recognised_on(c, ("nrm_referral",))}  # fmt: skip
    for what, end_of in ends.items():
        held, before = [], 0
        for child in world.children:
            signs = world.signs(child["child_key"])
            if not signs:
                continue
            first = min(e["happened_at"] for e in signs).date()
            last = min(AS_AT, eighteen(child["birth_on"])) if child["birth_on"] else AS_AT
            end = end_of(child["child_key"])
            if last < first:
                continue
            if end is not None and end < first:
                before += 1
            else:
                done = end is not None and end <= last
                held.append(((end if done else last) - first, done))
        assert made[what]["before"] == before
        got = [(timedelta(days=int(d)), bool(e)) for d, e in zip(made[what]["days"], made[what]["ended"], strict=True)]
        assert sorted(got) == sorted(held)


def test_who_saw_first_is_that_of_the_plain_judge(world, con):
    cells = {(r["row_value"], r["column_value"]): r["count"]
             for r in first_seen(con, signs=SIGNS).to_pylist()}  # fmt: skip
    saw = {}
    for child in world.proposed:
        if signs := world.signs(child):
            first = min(e["happened_at"].date() for e in signs)
            saw[child] = {e["agency"] for e in signs if e["happened_at"].date() == first}
    assert cells["total", "total"] == len(saw)
    for agency in AGENCIES:
        assert cells.get((agency, "total"), 0) == sum(agency in agencies for agencies in saw.values())


def test_own_marks_are_findings_that_repeat_a_statement(world, con):
    ratings, agencies = own_marks(con, statements=STATED)
    marks = {(f["child_key"], a) for f in world.findings if f["indicator"] in STATED for a in f["agencies"]}
    assert agencies == sorted({a for _, a in marks})
    found = {f["child_key"] for f in world.findings}
    known = {(c["child_key"], a) for c in world.children for a in c["agencies"] if c["child_key"] in found}
    assert (ratings == 1).sum() == len(marks)
    assert (ratings >= 0).sum() == len({pair for pair in known | marks if pair[1] in agencies})


def test_chances_are_those_of_the_plain_judge(world, con):
    made = chances(con, world.told(), as_at=AS_AT)
    recognised = [(c["child_key"], world.recognised_on(c["child_key"])) for c in world.children]
    recognised = [(c, day) for c, day in recognised if day is not None and day <= AS_AT]
    missed = [c for c, day in recognised if (shown := world.shown_on(c)) is not None and shown < day]
    assert (made["recognised"], made["missed"]) == (len(recognised), len(missed))
    assert sum(one["children"] for one in made["earlier"]) == len(recognised)
    still = {h["child_key"] for h in world.history if h["month_end"] == AS_AT and not h["statement"]}
    assert made["proposed_still"] == sum(world.recognised_on(c) is None for c in still)


def test_referrals_again_are_those_within_a_year(world, con):
    rows = referred_again(con, as_at=AS_AT)
    for kind in ("referral", "nrm_referral"):
        days = {}
        for e in world.events:
            if e["kind"] == kind and e["happened_at"].date() <= AS_AT:
                days.setdefault(e["child"], set()).add(e["happened_at"].date())
        again = sum(
            (late - soon).days <= 365
            for each in days.values()
            for soon, late in zip(sorted(each), sorted(each)[1:], strict=False)
        )
        assert sum(r["referrals"] for r in rows if r["kind"] == kind) == sum(len(each) for each in days.values())
        assert sum(r["again"] for r in rows if r["kind"] == kind) == again


def test_recognition_counts_children_with_findings_and_never_the_statement_itself(world, con):
    themes = pa.table({"indicator": ["missing_often", "arrests", *STATED], "theme": ["missing", "police", "care"]})
    children = children_with_findings(con, themes=themes, statements=STATED, as_at=AS_AT)
    found = {f["child_key"] for f in world.findings if f["indicator"] not in STATED and f["from_on"] <= AS_AT}
    assert set(children["child_key"].to_pylist()) == found
    for row in recognition(children):
        if row["by"] == "sex":
            inside = {c["child_key"] for c in world.children if {"F": "girls", "M": "boys"}[c["sex"]] == row["group"]}
            assert row["children"] == len(inside & found)
            if row["way"] == "proposed":
                assert row["recognised"] == len(inside & found & world.proposed)
            if row["way"] == "referred":
                referred = {c for c in found if world.recognised_on(c, ("nrm_referral",))}
                assert row["recognised"] == len(inside & referred)
    assert {row["way"] for row in recognition(children)} == set(RECOGNISED)
