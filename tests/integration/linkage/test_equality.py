"""Whom do links fail: rates by ethnic group, sex, age and care, on an invented partnership whose truth is known.

The rates at which invented names and dates vary are assumptions, so this compares groups and measures no level.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow.csv as pc
import pytest

from trigpoint.linkage.sureness.equality import GroupRates, rates_by_group
from trigpoint.services.current import show_current
from trigpoint.services.link_records import link_records
from trigpoint.services.load_extracts import load_extracts
from trigpoint.services.workspace import open_workspace
from trigpoint.synthetic import Rates, invent

SEED, CHILDREN = 20_261, 1_500
# Twins, moves, care and step-parents more often than usual, so that small groups are large enough to be measured.
HARD = Rates(twins=0.06, in_care=0.12, moved=0.2, step_surname=0.12, exploited_small=0.04, case_studies=False)
ENOUGH = 150  # true pairs: with fewer, chance alone moves F1 by points
MOST_UNDER = 0.03
BROAD = {"W": "White", "M": "Mixed", "A": "Asian", "B": "Black", "C": "Asian", "O": "Other"}


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str], Path]:
    """Child keys and true children of records."""
    folder = tmp_path_factory.mktemp("equality") / "place"
    invent(folder, children=CHILDREN, seed=SEED, rates=HARD)
    with open_workspace(folder) as workspace:
        load_extracts(workspace)
        show_current(workspace)
        made = link_records(workspace, since=None)
        assert made is not None
        truth = workspace.con.execute(
            f"""SELECT s.record_id, mode(t.child) FROM raw_sightings s
            JOIN read_csv('{folder}/truth/clusters.csv', all_varchar = true) t
              ON t.source = s.source AND t.file = s.file AND t.row = s.row::VARCHAR
            WHERE s.record_id IS NOT NULL GROUP BY 1"""
        ).fetchall()
    found = {row["record_id"]: row["child_key"] for row in made.links.to_pylist()}
    return found, dict(truth), folder / "truth/children.csv"


def groups(file: Path) -> dict[str, dict[str, str]]:
    """The group of each child by characteristic."""
    rows = pc.read_csv(file).to_pylist()
    return {
        "ethnic group": {row["child"]: BROAD.get(row["ethnicity"][:1], "Other") for row in rows},
        "sex": {row["child"]: row["sex"] for row in rows},
        "age": {row["child"]: _age(str(row["birth_on"])) for row in rows},
        "care": {row["child"]: {"yes": "in care", "no": "not in care"}[row["in_care"]] for row in rows},
    }


def _age(born: str) -> str:
    age = 2026 - int(born[:4])
    return "under 10" if age < 10 else "10 to 13" if age < 14 else "14 and older"


def told(rates: Mapping[str, GroupRates]) -> str:
    """The table, for whoever reads why this failed."""
    return "\n".join(
        f"{one.group:14} {one.true_pairs:6} true pairs  false {one.false_links:.4f}  missed {one.missed_links:.4f}  "
        f"F1 {one.f1:.4f}"
        for one in sorted(rates.values(), key=lambda each: each.f1)
    )


@pytest.mark.parametrize("characteristic", ["ethnic group", "sex", "age", "care"])
def test_no_group_is_linked_much_worse_than_the_whole(
    linked: tuple[dict[str, str], dict[str, str], Path], characteristic: str
) -> None:
    found, truth, file = linked
    rates = rates_by_group(found, truth, groups(file)[characteristic])
    large = [one for one in rates.values() if one.true_pairs >= ENOUGH]
    assert len(large) >= 3, told(rates)  # two groups and the whole
    assert min(one.f1 for one in large) >= rates["all"].f1 - MOST_UNDER, told(rates)
    print(told(rates))  # noqa: T201  shown with -s: the equality table
