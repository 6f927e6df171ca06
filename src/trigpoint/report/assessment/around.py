"""What stands around the local numbers: the national picture, the strategy to be written, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from trigpoint.report.assessment import pictures
from trigpoint.report.assessment.content import Ask, Block, Listing, Picture, Points, Section, Sub, Text, Warn
from trigpoint.report.assessment.data import AssessmentData, Grid, National
from trigpoint.report.assessment.missed import sources_table
from trigpoint.report.assessment.saying import listing, local_source, shown
from trigpoint.report.figures import DataTable
from trigpoint.report.wording import day, listed, short_day

HEADS = ("What is counted", "Where", "Kind of period", "Figures, and change from the one before", "Source and day")


def national(data: AssessmentData) -> Section:
    """National figures beside local ones, each with its kind of period; nothing compared across kinds."""
    blocks: list[Block] = []
    if not data.national:
        blocks.append(Text(
            "No published figures are kept in this partnership's folder. They are added from the files that the Home "
            "Office, the Department for Education and the police publish (trigpoint national add), and then stand here "
            "beside the local ones."
        ))  # fmt: skip
    else:
        blocks += _beside(data)
    blocks.append(Ask("What sets us apart from elsewhere", [
        "Where do we differ from the country or from neighbours in a way that counting alone does not explain?",
        "Which national change (law, guidance, recording) moved our numbers?",
    ]))  # fmt: skip
    return Section("national", "The national picture beside ours", blocks)


def _beside(data: AssessmentData) -> list[Block]:
    blocks: list[Block] = [Warn(
        "A quarter is no year, a calendar year no financial year, and referrals, assessments, arrests and children are "
        "different things. A change is given only between two figures of one series and one kind of period that follow "
        "one another.", "Read the kind of period before the figure.",
    )]  # fmt: skip
    drawn = _picture(data)
    blocks += [drawn] if drawn else []
    for series, found in groupby(data.national, key=lambda one: one.series):
        figures = list(found)
        rows = [*_local(data, series), *_rows(figures)]
        foot = " ".join(part for part in (data.national_cautions.get(series, ""), _marks(data)) if part)
        source = f"{listed(sorted({one.source for one in figures}))}, as published; {data.partnership}: published form."
        blocks.append(Listing(DataTable(series, HEADS, rows, foot), source))
    return blocks


def _rows(figures: Sequence[National]) -> list[list[str]]:
    """One row for each thing counted in an area by one kind of period; its figures in the order of time."""
    rows = []
    for (of, area, kind), found in groupby(figures, key=lambda one: (one.of, one.area, one.period_type)):
        line = list(found)
        told = [f"{one.period}: {one.shown}{f' ({one.change})' if one.change else ''}" for one in line]
        sources = [f"{one.source}, {short_day(one.published_on)}" for one in line]
        rows.append([of, area, kind, "; ".join(told), listed(list(dict.fromkeys(sources)))])
    return rows


def _local(data: AssessmentData, series: str) -> list[list[str]]:
    """The local numbers that stand nearest to a series, in the same table, first."""
    if "Referral Mechanism" in series:
        return _local_rows(data, data.referred_by_year, "children first referred to the NRM")
    if "Factors" in series:
        return _local_rows(data, data.forms_by_year, "children first with a proposed marker")
    if "Arrests" in series:
        return _local_rows(data, data.proxies.get("Arrests of 10 to 17 year olds"), "arrests for supply or possession")
    found = data.proxies.get("Searches of 10 to 17 year olds for drugs")
    return _local_rows(data, found, "searches for drugs") if series == "Stop and search" else []


def _local_rows(data: AssessmentData, grid: Grid | None, what: str) -> list[list[str]]:
    if grid is None:
        return []
    across = all(head[:4].isdigit() for head in grid.heads[:-1])
    named = (
        list(zip(grid.heads[:-1], grid.rows[-1][1][:-1], strict=True))
        if across
        else [(label, cells[-1]) for label, cells in grid.rows[:-1]]
    )
    by_kind: dict[str, list[str]] = {}
    for period, cell in named[-3:]:
        said, kind = _kind(data, period)
        by_kind.setdefault(kind, []).append(f"{said}: {shown(cell)}")
    source = f"{data.partnership}, {short_day(data.as_at)}"
    return [[what, data.partnership, kind, "; ".join(told), source] for kind, told in by_kind.items()]


def _kind(data: AssessmentData, period: str) -> tuple[str, str]:
    """A local period with its kind; the one that is not over is said so."""
    starts = int(period[:4])
    ends = (starts + 1, 3, 31) if "/" in period else (starts, 12, 31)
    kind = "financial year" if "/" in period else "calendar year"
    if (data.as_at.year, data.as_at.month, data.as_at.day) < ends:
        return f"{period}, to {day(data.as_at)}", f"part of a {kind}"
    begins = (starts, 4, 1) if "/" in period else (starts, 1, 1)
    if (data.from_on.year, data.from_on.month, data.from_on.day) > begins:
        return f"{period}, from {day(data.from_on)}", f"part of a {kind}"
    return period, kind


def _picture(data: AssessmentData) -> Picture | None:
    chosen = [one for one in data.national if "child criminal exploitation" in one.of and not one.ours]
    drawn = pictures.national(chosen, title="Child criminal exploitation named at the end of an assessment")
    if drawn is None:
        return None
    return Picture(drawn, f"{chosen[0].source}, published {short_day(chosen[-1].published_on)}.")


def _marks(data: AssessmentData) -> str:
    return f"Marks of the publishers: {'; '.join(data.national_marks)}." if data.national_marks else ""


def strategy(_data: AssessmentData) -> Section:
    """What the partnership has to write: priorities, who does what by when, how it will know, and who signs."""
    blank = [[f"{number}.", "", "", ""] for number in range(1, 6)]
    return Section(
        "strategy",
        "Our strategy",
        [
            Text(
                "This section is the partnership's own. Nothing in it is written by a program. It is where the "
                "safeguarding "
                "partners answer what their statutory guidance and the serious violence duty ask of them for exploited "
                "children: what is needed here, what they will do, who leads, and how they will know."
            ),
            Ask("Priorities", [
                "Which needs above come first, and what do we decide not to do this year?",
                "How does this fit the community safety plan and the response strategy under the serious violence "
                "duty?",
            ]),
            Ask("Prevention and help", [
                "What do we offer before exploitation, at the first sign, and after; to whom, and with how long a "
                "wait?",
                "How are children treated as children when they are arrested, excluded or missing?",
                "What is offered to parents and carers, and to children turning eighteen?",
            ]),
            Ask("Disrupting those who exploit", [
                "Which powers were used, by whom, and what came of them?",
                "Who decides across borders when a child is placed or found far away?",
            ]),
            Ask("Learning", [
                "What did reviews of serious incidents, audits and complaints teach us?",
                "How were children, families and front line staff asked, and what changed for it?",
            ]),
            Sub("Who does what by when"),
            Listing(
                DataTable("Actions (for the partnership to fill in)",
                          ["Action", "Lead", "By when", "How we will know"], blank),
                "the partnership", of_agencies=True,
            ),
            Ask("Signed for the partnership", [
                "Local authority: name, office, day.", "Integrated care board: name, office, day.",
                "Police: name, office, day.", "Independent scrutineer: name, day, and what they would question.",
            ]),
        ],
    )  # fmt: skip


def method(data: AssessmentData) -> Section:
    """How it was made: the rule of publishing, symbols, sources, and what it cannot say."""
    symbols = [[symbol, words] for symbol, words in data.symbols.items()]
    return Section(
        "method",
        "How this was made",
        [
            Text(data.rule, "How children are protected."),
            Listing(DataTable("Symbols in place of a number", ["Symbol", "Means"], symbols),
                    "the rule of the Department for Education for its children in need tables", of_agencies=True),
            listing(data, sources_table(data)),
            Points([
                "Records of several agencies were linked to children by stated rules; a person can overrule a link, "
                "and "
                "some links are wrong. Counts are of children, each once, not of episodes.",
                "A marker is proposed where findings together meet the stated policy. There is no score.",
                "Every number here was through the gate for published counts before it came into this document; the "
                "document "
                "may be given to anyone to whom the published tables may be given.",
                "Do not publish it beside another release over nearly the same children without comparing the two.",
                f"Made from: {local_source(data)}",
                *(f"{name}: {value}." for name, value in data.versions.items()),
            ]),
        ],
    )  # fmt: skip
