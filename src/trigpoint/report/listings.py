"""The plain tables of the report: sources, refusals, questions about links, and counts in their published form."""

from __future__ import annotations

from typing import Any

from trigpoint.report.data import MOST, ReportData
from trigpoint.report.figures import DataTable
from trigpoint.report.wording import number, sentence, short_day

TOTAL = "total"


def sources(data: ReportData) -> DataTable | None:
    """Rows of each source, with totals that add up: read = loaded + refused + repeated."""
    rows = data.sources.to_pylist()
    if not rows:
        return None
    counted = ("read", "loaded", "refused", "repeated", "corrected", "values_left_out")
    body = [
        [
            data.words.say("sources", row["source"]),
            data.words.say("agencies", row["agency"]),
            short_day(row["latest_on"]),
            *(number(row[name] or 0) for name in ("files", *counted)),
        ]
        for row in rows
    ]
    sums = [sum(row[name] or 0 for row in rows) for name in ("files", *counted)]
    body.append(["All sources", "", "", *(number(each) for each in sums)])
    adds_up = all(row["read"] == row["loaded"] + row["refused"] + row["repeated"] for row in rows)
    return DataTable(
        "Rows of each source",
        [
            "Source",
            "Agency",
            "Latest",
            "Files",
            "Read",
            "Loaded",
            "Refused",
            "Repeated",
            "Corrected",
            "Values left out",
        ],
        body,
        foot="Read is loaded, refused and repeated together, in every line."
        if adds_up
        else "Read is not loaded, refused and repeated together in some line: something is wrong with the loading.",
        numbers=7,
    )


def refusals(data: ReportData) -> DataTable | None:
    """The commonest reasons for refusal, with how to mend them."""
    rows = data.refusals.to_pylist()[: MOST["refusals"]]
    if not rows:
        return None
    return DataTable(
        "The commonest refusals and how to mend them",
        ["Source", "Column", "What is wrong", "How to mend it", "Times"],
        [
            [
                data.words.say("sources", row["source"]),
                row["column"] or "whole row",
                sentence(row["reason"] or ""),
                sentence(row["mend"] or ""),
                number(row["rows"]),
            ]
            for row in rows
        ],
        numbers=1,
    )


def attention(data: ReportData) -> DataTable | None:
    """Questions about links that only a person can answer."""
    rows = data.attention.to_pylist()
    if not rows:
        return None
    return DataTable(
        "Links that need a person's answer",
        ["Question", "Why it is asked", "How many"],
        [
            [data.words.say("questions", row["kind"]), sentence(row["reason"] or ""), number(row["questions"])]
            for row in rows
        ],
        numbers=1,
    )


def passed_over(data: ReportData) -> DataTable | None:
    """What very many records share, so that they were compared only where something else agrees too."""
    rows = data.passed_over.to_pylist()
    if not rows:
        return None
    return DataTable(
        "What too many records share to be compared by it",
        ["What they share", "How many values", "Pairs of records that share one"],
        [[sentence(row["shared"]).rstrip("."), number(row["values"]), number(row["pairs"])] for row in rows],
        numbers=2,
    )


def published(data: ReportData) -> list[DataTable]:
    """Every protected table, rows by columns; one table a layer where it has layers."""
    found = []
    for name in data.published:
        rows = data.published[name].to_pylist()
        layers = list(dict.fromkeys(row["layer_value"] for row in rows))
        found += [
            _cross(data, [row for row in rows if row["layer_value"] == layer], name=name, layer=layer)
            for layer in layers
        ]
    return found


def _cross(data: ReportData, rows: list[dict[str, Any]], *, name: str, layer: str | None) -> DataTable:
    first = rows[0]
    columns = list(dict.fromkeys(row["column_value"] for row in rows))
    lines = list(dict.fromkeys(row["row_value"] for row in rows))
    shown = {
        (row["row_value"], row["column_value"]): row["shown"] + _limits(data, name, row, layer=layer) for row in rows
    }
    kept = lines if len(lines) <= MOST["published_rows"] else [*lines[: MOST["published_rows"] - 1], lines[-1]]
    caption = f"{first['counts']}, by {first['row']}" + (f" and {first['column']}" if first["column"] else "")
    if layer is not None:
        caption += f": {'all areas' if layer == TOTAL else _value(data, first['layer'], layer)}"
    left_out = len(lines) - len(kept)
    return DataTable(
        caption[:1].upper() + caption[1:],
        [first["row"].capitalize(), *(_value(data, first["column"], column) for column in columns)],
        [[_value(data, first["row"], line), *(shown.get((line, column), "z") for column in columns)] for line in kept],
        foot=f"{left_out} more rows: trigpoint export {data.folder} counts." if left_out else "",
        numbers=len(columns),
    )


def _limits(data: ReportData, name: str, row: dict[str, Any], *, layer: str | None) -> str:
    """How far unsure links move a number, in brackets after it; nothing where they do not, or it was not asked."""
    found = data.limits.get((name, row["row_value"], row["column_value"])) if layer is None else None
    return f" ({found[0]} to {found[1]})" if found else ""


_WORDS = {"form": "forms", "area": "areas", "source": "sources", "indicator": "indicators"}


def _value(data: ReportData, dimension: str | None, value: str | None) -> str:
    if value is None:
        return "Number"
    if value == TOTAL:
        return "Total"
    if value.startswith("without "):
        return f"without {_value(data, dimension, value.removeprefix('without '))}"
    if dimension in _WORDS and value != "not known":
        return data.words.say(_WORDS[dimension], value)
    return value.replace("_", " ")
