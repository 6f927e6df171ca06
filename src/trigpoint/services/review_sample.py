"""A sample of pairs for people to review, and what their answers say of all links.

The sheet is blind: it shows both records and neither score nor outcome. What was drawn and from what is kept in the
store by record ids alone, so that answers can be weighed; a sheet that does not fit it is refused, line by line.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import md5
from pathlib import Path
from typing import Any, cast

from trigpoint.errors import LinkageError, NotFoundError
from trigpoint.linkage.link import drop_tables
from trigpoint.linkage.scoring.model import load_model
from trigpoint.linkage.sureness.estimate import Rate, Verdict, count_answers, from_answers, from_model
from trigpoint.linkage.sureness.frame import Stratum, make_frame
from trigpoint.linkage.sureness.sample import Drawn, draw_pairs
from trigpoint.services.current import show_current
from trigpoint.services.export_table import STARTS_A_FORMULA
from trigpoint.services.judge_records import judge_records
from trigpoint.services.link_records import link_settings, model_file
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.workspace import Workspace

FOLDER = "review"
ANSWERS = ("same", "different", "cannot tell")
SHOWN = (
    "source", "given_names", "surname", "other_names", "birth_on", "sex", "postcode", "address", "school", "nhs_number",
    "upn", "phones",
)  # fmt: skip
HEAD = ("sample", "pair", "answer", "note")

RECORDS = """
    select record_id, {columns} from records where record_id in (select unnest($ids::varchar[])) group by record_id
"""


@dataclass(frozen=True)
class Reviewed:
    """What the answers say: rates from them and from the model, how many answers there were, and judgements kept."""

    from_answers: tuple[Rate, Rate]
    from_model: tuple[Rate, Rate]
    answered: int
    cannot_tell: int
    unanswered: int
    judged: int

    def lines(self) -> Iterator[str]:
        """The same in words."""
        yield from (str(rate) for rate in (*self.from_answers, *self.from_model))
        yield (
            f"{plural(self.answered, 'pair')} answered, {self.cannot_tell} of them 'cannot tell' (left out), "
            f"{self.unanswered} not answered. Pairs that no block brings together are in none of these rates."
        )
        if self.judged:
            yield f"{plural(self.judged, 'answer')} kept as judgements. The next run follows them."


def draw_review_sample(
    workspace: Workspace, output: Path, *, size: int, seed: int = 1, progress: Progress = SILENT
) -> list[str]:
    """Draw `size` pairs, write the sheet to `output` (CSV), and say what was drawn and what the model expects.

    Raises NotFoundError where nothing is linked yet, LinkageError for a size that cannot be.
    """
    if size < 1:
        raise LinkageError("A sample needs at least one pair.", mend="Give a number from 1; 200 is a good beginning.")
    strata, drawn = _drawn(workspace, size=size, seed=seed, progress=progress)
    name = md5(f"{datetime.now().isoformat()}{seed}".encode(), usedforsecurity=False).hexdigest()[:10]
    _keep_design(workspace, name, strata=strata, drawn=drawn)
    _write_sheet(workspace, output, name=name, drawn=drawn)
    return [
        f"Wrote {plural(len(drawn), 'pair')} to {output.name}. It holds personal data: guard it like the extracts.",
        f"Answer each with one of: {', '.join(ANSWERS)}. Then: trigpoint review-sample FOLDER --answers SHEET",
        *(str(rate) for rate in from_model(strata)),
    ]


def take_answers(workspace: Workspace, sheet: Path, *, judge: bool = False, by: str = "") -> Reviewed:
    """Weigh the answers of a sheet; with `judge`, keep "same" and "different" as judgements `by` a named person.

    Raises LinkageError or NotFoundError naming the line and how to mend it; then nothing is kept.
    """
    if judge and not by.strip():
        raise LinkageError("A judgement needs a name.", mend="Say who answered: --by NAME.")
    rows = _read_sheet(sheet)
    name, strata, drawn = _design(workspace, rows, sheet)
    answers = _answers(rows, drawn, sheet)
    said = [(drawn[pair].stratum, verdict) for pair, verdict, _ in answers]
    counted = count_answers(strata, said)
    judged = _judge(workspace, answers, drawn, name=name, by=by) if judge else 0
    unclear = sum(each.cannot_tell for each in counted)
    made = Reviewed(
        from_answers(strata, counted), from_model(strata), len(answers), unclear, len(drawn) - len(answers), judged
    )
    _keep(workspace, f"{name}-answers.json", asdict(made))
    return made


def forget_samples(workspace: Workspace) -> None:
    """Remove what is kept of samples: their pairs name records that may be gone."""
    shutil.rmtree(workspace.store.folder / FOLDER, ignore_errors=True)


def _drawn(
    workspace: Workspace, *, size: int, seed: int, progress: Progress
) -> tuple[tuple[Stratum, ...], list[Drawn]]:
    progress.stage("Weighing all pairs")
    path = model_file(workspace)
    if not path.is_file() or not workspace.store.count("links"):
        raise NotFoundError("Nothing is linked yet.", mend="Link first, with: trigpoint run FOLDER")
    show_current(workspace)
    for table in ("links", "judgements"):
        workspace.store.scan(workspace.con, table, name=f"known_{table}")
    try:
        strata = make_frame(
            workspace.con,
            records_view="records",
            links="known_links",
            judgements="known_judgements",
            model=load_model(path),
            settings=link_settings(workspace),
        )
        return strata, draw_pairs(workspace.con, strata, size=size, seed=seed)
    finally:
        drop_tables(workspace.con)


def _keep_design(workspace: Workspace, name: str, *, strata: Iterable[Stratum], drawn: Iterable[Drawn]) -> None:
    design = {"strata": [asdict(s) for s in strata], "drawn": [asdict(pair) for pair in drawn]}
    _keep(workspace, f"{name}.json", design)


def _keep(workspace: Workspace, name: str, content: dict[str, Any]) -> None:
    folder = workspace.store.folder / FOLDER
    folder.mkdir(exist_ok=True)
    half = folder / f"{name}.part"
    half.write_text(json.dumps(content), encoding="utf-8")
    os.replace(half, folder / name)


def _write_sheet(workspace: Workspace, output: Path, *, name: str, drawn: list[Drawn]) -> None:
    shown = _shown(workspace, sorted({record for pair in drawn for record in (pair.record_a, pair.record_b)}))
    half = output.with_name(output.name + ".part")
    try:
        with half.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*HEAD, *(f"{column}_{side}" for column in SHOWN for side in ("a", "b"))])
            for number, pair in enumerate(drawn, 1):
                a, b = shown[pair.record_a], shown[pair.record_b]
                writer.writerow([name, number, "", "", *(cell for two in zip(a, b, strict=True) for cell in two)])
        os.replace(half, output)
    finally:
        half.unlink(missing_ok=True)


def _shown(workspace: Workspace, ids: list[str]) -> dict[str, list[str]]:
    """What a person sees of each record: all the values that it ever gave, safe to open in a spreadsheet."""
    columns = ", ".join(f"list_sort(list_distinct(list({column}::varchar))) as {column}" for column in SHOWN)
    rows = workspace.con.execute(RECORDS.format(columns=columns), {"ids": ids}).fetchall()
    return {record: [_safe(" / ".join(values or [])) for values in rest] for record, *rest in rows}


def _safe(cell: str) -> str:
    bare = re.sub(r"[\[\]]", "", cell)
    return f"'{bare}" if re.match(STARTS_A_FORMULA, bare) else bare


def _read_sheet(sheet: Path) -> list[dict[str, str]]:
    try:
        text = sheet.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError(
            "There is no such sheet.", where=str(sheet), mend="Name the CSV that you filled in."
        ) from None
    except UnicodeDecodeError:
        raise LinkageError(
            "The sheet is not a CSV in UTF-8.", where=sheet.name, mend='Save it as "CSV UTF-8" and try again.'
        ) from None
    lines = text.splitlines()
    mark = max(",;\t", key=lines[0].count) if lines else ","
    reader = csv.DictReader(lines, delimiter=mark)
    missing = [name for name in ("sample", "pair", "answer") if name not in (reader.fieldnames or [])]
    if missing:
        raise LinkageError(
            f"The sheet has no column {', '.join(missing)}.",
            where=f"{sheet.name}, line 1",
            mend="Fill in the sheet that was drawn, and leave its columns as they are.",
        )
    return [{key: str(value or "").strip() for key, value in row.items() if key} for row in reader]


def _design(workspace: Workspace, rows: list[dict[str, str]], sheet: Path) -> tuple[str, list[Stratum], list[Drawn]]:
    names = {row["sample"] for row in rows}
    if len(names) != 1 or not re.fullmatch(r"[0-9a-f]{10}", name := next(iter(names))):
        raise LinkageError(
            "The sheet's column 'sample' does not name one sample.",
            where=sheet.name,
            mend="Give answers to one drawn sheet at a time, and leave that column as it is.",
        )
    path = workspace.store.folder / FOLDER / f"{name}.json"
    if not path.is_file():
        raise NotFoundError(
            "This sheet was not drawn from this partnership, or its sample was removed.",
            where=sheet.name,
            mend="Draw a new one with: trigpoint review-sample FOLDER -n 200 -o SHEET",
        )
    held = json.loads(path.read_text(encoding="utf-8"))
    return name, [Stratum(**s) for s in held["strata"]], [Drawn(**pair) for pair in held["drawn"]]


def _answers(rows: list[dict[str, str]], drawn: list[Drawn], sheet: Path) -> list[tuple[int, Verdict, str]]:
    """(place of the pair, answer, note) of each row that was answered."""
    made: dict[int, tuple[Verdict, str]] = {}
    for line, row in enumerate(rows, 2):
        answer = " ".join(row["answer"].lower().split())
        if not row["pair"].isdigit() or not 1 <= int(row["pair"]) <= len(drawn):
            raise _fault(sheet, line, "names no pair of this sample", "Leave the column 'pair' as it was drawn.")
        if answer and answer not in ANSWERS:
            raise _fault(sheet, line, "has an answer that is none", f"Answer with one of: {', '.join(ANSWERS)}.")
        pair = int(row["pair"]) - 1
        if pair in made and made[pair][0] != answer:
            raise _fault(sheet, line, "answers a pair a second time, and differently", "Keep one of the two rows.")
        if answer:
            made[pair] = (cast(Verdict, answer), row.get("note", ""))
    return [(pair, verdict, note) for pair, (verdict, note) in sorted(made.items())]


def _fault(sheet: Path, line: int, what: str, mend: str) -> LinkageError:
    return LinkageError(f"A row of the sheet {what}.", where=f"{sheet.name}, line {line}", mend=mend)


def _judge(
    workspace: Workspace, answers: list[tuple[int, Verdict, str]], drawn: list[Drawn], *, name: str, by: str
) -> int:
    kept = 0
    for pair, verdict, note in answers:
        if verdict == "cannot tell":
            continue
        reason = note or f"answered in review sample {name}"
        two = drawn[pair]
        judge_records(
            workspace,
            two.record_a,
            two.record_b,
            verdict=verdict,
            reason=reason,
            by=by,
        )
        kept += 1
    return kept
