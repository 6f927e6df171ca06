"""Files in the layouts of published statistics. Every number in them is invented; the layouts are those that readers
of the real files use (docs/national.md says which)."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[object]]

OFFICE = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)
MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def write_ods(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """The least OpenDocument spreadsheet that holds these sheets."""
    body = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(_row(row) for row in rows)}</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", OFFICE.format(body))
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    return path


def _row(row: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(_cell(cell) for cell in row) or '<table:table-cell/>'}</table:table-row>"


def _cell(cell: object) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        number = f'office:value-type="float" office:value="{cell}"'
        return f"<table:table-cell {number}><text:p>{cell}</text:p></table:table-cell>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'


def write_csv(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


PLACES = ["Overseas", "UK", "UK and Overseas", "Not specified or unknown", "Total"]


def nrm_by_quarter() -> list[list[object]]:
    """As Table_2: age over place of exploitation, a year's total first, the last year unfinished."""
    groups = ["Adult (18 or over)", "Child (17 or under)", "Age not specified or unknown"]
    above: list[object] = ["", ""]
    for group in groups:
        above += [group, "", "", "", ""]
    heads = ["Year", "Quarter", *PLACES * 3, "Total"]
    rows: list[list[object]] = [
        ["Table 2: Number of NRM referrals by quarter, age at exploitation and location of exploitation [note 1]"],
        ["This worksheet contains one table. Invented numbers."],
        ["Source: invented"], [""], [""],
        [*above, ""],
        heads,
    ]  # fmt: skip
    for year, quarters in ((2023, 4), (2024, 3)):
        each = [
            [value for group in range(3) for value in [10 + number, 20 * (group + 1), 1, 5, 36 + number + 20 * group]]
            for number in range(1, quarters + 1)
        ]
        rows.append([year, "", *[sum(column) for column in zip(*each, strict=True)], 900])
        for number, values in enumerate(each, 1):
            rows.append(["", f"Q{number}", *values, 200 + number])
    rows[-1][3] = "[x]"
    rows.append(["Age is that at the time of exploitation."])
    return rows


def nrm_by_type() -> list[list[object]]:
    """As the table of local authorities as first responders: by type, age, gender; nationalities across."""
    heads = ["Exploitation type", "Age at exploitation", "Gender", "Albanian", "UK", "Total"]
    return [
        ["Table 14: Number of NRM referrals from local authority first responders by exploitation type, age at "
         "exploitation, gender and nationality"],
        ["Invented numbers."], [""], [""], [""],
        heads,
        ["Criminal", "", "", 2, 429, 551],
        ["", "Adult (18 or over)", "", 0, 3, 11],
        ["", "", "Male", 0, 3, 11],
        ["", "Child (17 or under)", "", 2, 426, 540],
        ["", "", "Female", 0, 100, 140],
        ["", "", "Male", 2, 326, 400],
        ["Total", "", "", 2, 429, 551],
    ]  # fmt: skip


def nrm_by_county() -> list[list[object]]:
    return [
        ["Table 12: Number of NRM referrals by UK county"],
        ["Invented numbers."], [""], [""], [""],
        ["UK County", "Total referrals"],
        ["Inventedshire", 31],
        ["Other", "[c]"],
    ]  # fmt: skip


def nrm_file(folder: Path, name: str = "national-referral-mechanism-statistics-uk-quarter-3-2024-tables.ods") -> Path:
    return write_ods(
        folder / name,
        {
            "Cover_sheet": [["Modern slavery: National Referral Mechanism statistics (invented)"]],
            "Notes": [["Notes"], ["Note number", "Note text"], ["Note 1", "Data before 2014 are left out."]],
            "Table_2": nrm_by_quarter(),
            "Table_12": nrm_by_county(),
            "Table_14": nrm_by_type(),
            "Table_30": [["Table 30: Median number of days from referral to decision"], ["Year", "Days"], [2024, 12]],
        },
    )


FACTOR_HEADS = [
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code", "region_name",
    "old_la_code", "new_la_code", "la_name", "category", "Episodes_with_assessment_factor", "Drug_Misuse_child",
    "Going_missing", "Child_sexual_exploitation", "Trafficking", "Gangs", "Child_criminal_exploitation", "Other",
]  # fmt: skip


def factors_rows() -> list[list[object]]:
    england = ["E92000001", "England"]
    return [
        FACTOR_HEADS,
        ["2024", "Reporting year", "National", *england, "", "", "", "", "", "Factors", 500000, 30000, 20000, 15000,
         2500, 10000, 15000, "40,000"],
        ["2025", "Reporting year", "National", *england, "", "", "", "", "", "Factors", 510000, 31000, 21000, 15100,
         2600, 10100, 16000, 41000],
        ["2025", "Reporting year", "Local authority", *england, "E12000001", "North East", "999", "E06000999",
         "Inventedshire", "Factors", 900, 60, 40, "c", "0", "k", "c", "z"],
    ]  # fmt: skip


SEARCH_HEADS = [
    "financial_year", "financial_year_quarter", "geocode", "police_force_area", "region", "legislation",
    "reason_for_search", "outcome", "self_defined_ethnicity_group", "sex", "age_group", "number_of_searches",
]  # fmt: skip


def search_rows() -> list[list[object]]:
    rows: list[list[object]] = [SEARCH_HEADS]
    for quarter, reason, ethnicity, sex, age, number in [
        (1, "Drugs", "White", "Male", "10-17", 40),
        (1, "Drugs", "Black or Black British", "Female", "10-17", 7),
        (2, "Offensive weapons", "White", "Male", "10-17", 12),
        (2, "Drugs", "White", "Male", "18-24", 400),
        (3, "Drugs", "Not Stated", "Male", "Under 10", 2),
    ]:
        rows.append(["2024/25", f"Q{quarter}", "E23000999", "Inventedshire", "North East", "PACE s1", reason,
                     "No further action", ethnicity, sex, age, number])  # fmt: skip
    return rows


ARREST_HEADS = [
    "Financial Year", "Force Name", "Region", "Gender", "Age group", "Ethnic Group (self-defined)",
    "Reason for arrest (offence group)", "Arrests",
]  # fmt: skip


def arrest_rows() -> list[list[object]]:
    return [
        ARREST_HEADS,
        ["2018/19", "Inventedshire", "North East", "Male", "10 - 17 years", "White", "Drug offences", "1,200"],
        ["2018/19", "Inventedshire", "North East", "Male", "10 - 17 years", "Not stated", "Theft", "*"],
        ["2018/19", "Inventedshire", "North East", "Male", "21 years and over", "White", "Theft", "99"],
    ]


STREET_HEADS = [
    "Type", "Date", "Part of a policing operation", "Policing operation", "Latitude", "Longitude", "Gender",
    "Age range", "Self-defined ethnicity", "Officer-defined ethnicity", "Legislation", "Object of search", "Outcome",
    "Outcome linked to object of search", "Removal of more than just outer clothing",
]  # fmt: skip


def street_rows() -> list[list[object]]:
    def one(age: str, what: str) -> list[object]:
        return ["Person search", "2024-09-03T10:00:00+00:00", "", "", "", "", "Male", age, "", "White", "MDA s23", what,
                "A no further action disposal", "", "False"]  # fmt: skip

    searches = [one("10-17", "Controlled drugs")] * 8 + [one("10-17", "Offensive weapons")] * 3
    return [STREET_HEADS, *searches, one("18-24", "Controlled drugs"), one("", "Controlled drugs")]
