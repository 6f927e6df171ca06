"""All files of a release in one folder, with a manifest that says the SHA-256 of each."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

import vl_convert

from trigpoint.report.figures import DataTable
from trigpoint.report.release.data import ReleaseData
from trigpoint.report.release.pictures import framed, pictures
from trigpoint.report.release.sheets import write_csv, write_metadata, write_workbook
from trigpoint.report.standalone import draw_page

MANIFEST: Final = "manifest.json"


def draw_release(data: ReleaseData, folder: Path) -> str:
    """Write every file of the release into an empty folder; return the seal: the SHA-256 of its manifest.

    tables/*.csv and datapackage.json, tables.xlsx, charts/*.svg and *.png, method.html, quality.html, manifest.json.
    """
    for inner in ("tables", "charts"):
        (folder / inner).mkdir(parents=True)
    for table in data.tables:
        _put(folder / "tables" / f"{table.name}.csv", write_csv(table))
    _put(folder / "datapackage.json", write_metadata(data))
    write_workbook(data, folder / "tables.xlsx")
    drawn = pictures(data)
    for one in drawn:
        picture = framed(one, data)
        _put(folder / "charts" / f"{one.name}.svg", picture)
        (folder / "charts" / f"{one.name}.png").write_bytes(vl_convert.svg_to_png(picture, scale=2))
    symbols = DataTable(
        "What each symbol means", ("Symbol", "Means"), [(sign, said) for sign, said in data.symbols.items()]
    )
    _put(folder / "method.html", draw_page("release_method.html", data=data, symbols=symbols, figures=drawn))
    _put(folder / "quality.html", draw_page("release_quality.html", data=data, tables=_quality_tables(data)))
    return _manifest(folder, data)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _quality_tables(data: ReleaseData) -> list[DataTable]:
    return [
        DataTable("Totals of the run", ("What", "How much"), list(data.quality), numbers=1),
        DataTable("What was done to each table", ("Table", "Done"), [(one.title, one.done) for one in data.tables]),
    ]


def _put(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _manifest(folder: Path, data: ReleaseData) -> str:
    listed = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): sha256(path) for path in listed}
    said = {
        "release": data.name,
        "title": data.title,
        "partnership": data.partnership,
        "as_at": data.as_at.isoformat(),
        "compared_with": list(data.compared),
        "made_with": dict(data.versions),
        "files": files,
    }
    _put(folder / MANIFEST, json.dumps(said, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
    return sha256(folder / MANIFEST)
