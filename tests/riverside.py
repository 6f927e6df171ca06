"""The invented partnership of examples/riverside, and what the tests do with a partnership again and again."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from trigpoint.services.export_table import export_table
from trigpoint.services.run_partnership import RunSummary, run_partnership
from trigpoint.services.workspace import open_workspace

ROOT = Path(__file__).parents[1]
RIVERSIDE = ROOT / "examples" / "riverside"
AS_AT = date(2026, 10, 31)
COMMAND = [sys.executable, "-c", "from trigpoint.cli.main import run; run()"]


FEW_SOURCES = ("police", "missing_persons", "nrm", "bank", "platform")


def keep_sources(folder: Path, names: tuple[str, ...] = FEW_SOURCES) -> Path:
    """Leave only some sources in the settings: a smaller partnership, too small to train a model on, runs faster."""
    path = folder / "partnership.toml"
    head, *blocks = path.read_text().split("[[sources]]\n")
    kept = [block for block in blocks if any(block.startswith(f'name = "{name}"') for name in names)]
    assert len(kept) == len(names)
    path.write_text("[[sources]]\n".join([head, *kept]))
    return folder


@dataclass(frozen=True)
class Ran:
    folder: Path
    report: Path
    summary: RunSummary


def run(folder: Path) -> RunSummary:
    return run_partnership(folder, report=folder / "report.html", as_at=AS_AT)


def exported(folder: Path, what: str, target: Path):
    output = target / f"{what}.parquet"
    with open_workspace(folder) as workspace:
        export_table(workspace, what, output=output)
    return pq.read_table(output)


def rows(folder: Path, what: str, target: Path) -> list[dict]:
    return sorted(exported(folder, what, target).to_pylist(), key=str)


def facts(folder: Path, what: str, target: Path) -> list[str]:
    """The rows with each child told by its records and not by its key."""
    named: dict[str, set[str]] = {}
    for row in rows(folder, "clusters", target):
        named.setdefault(row["child_key"], set()).add(row["record_id"])
    by_key = {key: min(records) for key, records in named.items()}
    left_out = {"child_key", "finding_ids", "proposal_id"}
    return sorted(
        str((by_key[row["child_key"]], {k: v for k, v in row.items() if k not in left_out}))
        for row in rows(folder, what, target)
        if row.get("answer", "met") == "met"
    )
