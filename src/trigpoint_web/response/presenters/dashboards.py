"""The dashboard in words and tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trigpoint.services.protect_tables import protect_tables
from trigpoint_web.casework.models.markers import Level
from trigpoint_web.casework.presenters.pack_words import kind_title
from trigpoint_web.casework.presenters.wording import day, form_title
from trigpoint_web.response.queries.dashboards import AgencyLine, Deciding, Gap, Waiting

Table = dict[str, Any]
STAGES: Final[dict[str, str | Promise]] = {
    "marker": gettext_lazy("Marker stands"),
    "waiting": gettext_lazy("Proposed, not decided"),
    "declined": gettext_lazy("Declined"),
    "none": gettext_lazy("Nothing proposed"),
    "total": gettext_lazy("All"),
}
DIMENSIONS: Final[dict[str, tuple[str | Promise, dict[str, str | Promise]]]] = {
    "sex": (
        gettext_lazy("Sex"),
        {"girls": gettext_lazy("Girls"), "boys": gettext_lazy("Boys")},
    ),
    "age": (
        gettext_lazy("Age today"),
        {
            "under_10": gettext_lazy("Under 10"),
            "10_12": gettext_lazy("10 to 12"),
            "13_15": gettext_lazy("13 to 15"),
            "16_17": gettext_lazy("16 and 17"),
            "18_over": gettext_lazy("18 and over"),
        },
    ),
    "ethnicity": (
        gettext_lazy("Ethnic group"),
        {
            "asian": gettext_lazy("Asian"),
            "black": gettext_lazy("Black"),
            "mixed": gettext_lazy("Mixed"),
            "other": gettext_lazy("Other"),
            "white": gettext_lazy("White"),
        },
    ),
    "care": (
        gettext_lazy("Care"),
        {"looked_after": gettext_lazy("Looked after"), "not_looked_after": gettext_lazy("Not looked after")},
    ),
}
ELSE: Final[dict[str, str | Promise]] = {"not_known": gettext_lazy("Not known"), "total": gettext_lazy("All")}


def tiles(now: Waiting) -> list[dict[str, Any]]:
    """What waits now: a number, what it counts, and whether it is late."""
    rows = [
        (now.missing, _("Children missing now"), now.missing > 0),
        (now.proposals, _("Proposals that wait"), False),
        (now.evidence, _("Known children with new evidence"), False),
        (now.reviews, _("Marker reviews due"), now.reviews > 0),
        (now.interviews_overdue, _("Return interviews overdue"), now.interviews_overdue > 0),
        (now.actions_overdue, _("Actions overdue"), now.actions_overdue > 0),
        (now.disputes, _("Disputes not answered"), now.disputes > 0),
    ]
    return [{"number": f"{number:,}", "words": words, "late": late} for number, words, late in rows]


def deciding_said(made: Deciding) -> str:
    """How proposals were decided within a year, in one sentence."""
    number = made.accepted + made.declined
    if not number or made.median is None:
        return _("No proposal was decided within a year.")
    given = {"number": number, "accepted": made.accepted, "declined": made.declined, "median": lasting(made.median)}
    return (
        ngettext(
            "%(number)s proposal was decided within a year (%(accepted)s accepted, %(declined)s declined). Middle time "
            "from the run to the decision: %(median)s.",
            "%(number)s proposals were decided within a year (%(accepted)s accepted, %(declined)s declined). Middle "
            "time from the run to the decision: %(median)s.",
            number,
        )
        % given
    )


def lasting(took: timedelta) -> str:
    """A length of time in days, or in hours within the first two days."""
    hours = max(0, int(took.total_seconds() // 3600))
    if hours < 48:
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return ngettext("%(days)s day", "%(days)s days", hours // 24) % {"days": hours // 24}


def forms_table(counted: Mapping[str, Mapping[str, int]]) -> Table:
    """Markers that stand, by form and level."""
    head = [_("Form"), *(level.label for level in Level), _("All")]
    rows = [
        [form_title(form), *(row.get(level, 0) for level in Level), sum(row.values())] for form, row in counted.items()
    ]
    return _table(head, rows, caption=_("Markers that stand, by form"))


def agencies_table(known: list[AgencyLine]) -> Table:
    """Agencies, and until when their records speak."""
    rows = [[one.agency.name, one.children, day(one.last_on) or _("Not known")] for one in known]
    return _table(
        [_("Agency"), _("Children it knows"), _("Last record of")], rows, caption=_("What each agency contributes")
    )


def overdue_table(numbers: list[tuple[str, int]]) -> Table:
    """Overdue actions by agency."""
    return _table([_("Agency"), _("Actions overdue")], [list(one) for one in numbers], caption=_("Overdue actions"))


def gaps_table(found: list[Gap]) -> Table:
    """Kinds that nobody reports."""
    rows = [[kind_title(one.kind), one.children] for one in found]
    head = [_("Records of"), _("Children for whom an answer is not known")]
    return _table(head, rows, caption=_("What no agency sends"))


def equality_tables(counted: Mapping[str, Mapping[str, Mapping[str, int]]]) -> list[Table]:
    """One table for each characteristic, made fit together to be shown to people who may not see the children."""
    stages = [stage for stage in STAGES if stage != "total"]
    filled = {
        dimension: {value: {stage: row.get(stage, 0) for stage in stages} for value, row in counts.items()}
        for dimension, counts in counted.items()
    }
    cells = protect_tables(filled, across="stage").cells
    return [_equality(dimension, cells[dimension]) for dimension in DIMENSIONS if dimension in cells]


def _equality(dimension: str, cells: Mapping[str, Mapping[str, str]]) -> Table:
    title, values = DIMENSIONS[dimension]
    shown = [(words, cells[value]) for value, words in (values | ELSE).items() if value in cells]
    rows = [[str(words), *(row[stage] for stage in STAGES)] for words, row in shown]
    return _table([str(title), *map(str, STAGES.values())], rows, caption=str(title))


def _table(head: list[Any], rows: list[list[Any]], *, caption: str) -> Table:
    """A table of a first column of words and columns of numbers, as the component takes it."""
    return {
        "caption": caption,
        "first_cell_is_header": True,
        "head": [{"text": head[0]}, *({"text": words, "format": "numeric"} for words in head[1:])],
        "rows": [[{"text": row[0]}, *({"text": cell, "format": "numeric"} for cell in row[1:])] for row in rows],
    }
