"""What is known: in short, how many, where, which forms, and since when."""

from __future__ import annotations

from collections.abc import Sequence

from trigpoint.report.assessment import pictures
from trigpoint.report.assessment.content import Ask, Block, KeyNumbers, Picture, Points, Section, Text, Warn
from trigpoint.report.assessment.data import AssessmentData, Count
from trigpoint.report.assessment.saying import about, grid_table, listing, local_source, shown
from trigpoint.report.figures import DataTable, Figure
from trigpoint.report.wording import day, listed

OVERLAP = "One child can stand in several rows, so that the rows may sum to more than the total."


def in_short(data: AssessmentData) -> Section:
    """The findings in a few sentences, each of which a later section shows."""
    said = [
        f"From {day(data.from_on)} to {day(data.as_at)}, what agencies recorded, taken together, proposes a marker for "
        f"{about(data.total)}.",
        f"In the same time {about(data.referred)} were referred to the National Referral Mechanism.",
        *_form_said(data), *_area_said(data), *_unseen_said(data), *_silence_said(data),
    ]  # fmt: skip
    return Section(
        "short",
        "In short",
        [
            KeyNumbers([
                (_large(data.total), "children with a proposed marker"),
                (_large(data.referred), "children referred to the NRM"),
                (str(len([one for one in data.forms if one.shown != "0"])), "forms of exploitation named"),
            ]),
            Points(said),
            Warn(
                "A proposed marker is a question to professionals, not a finding that a child is exploited; and "
                "children "
                "whom no agency sees are in no table.", "None of these is a count of exploited children.",
            ),
            Ask("Our conclusions", [
                "Which three things must change this year, and why these?",
                "What did we say last year that we would do, and what came of it for children?",
                "What do children and families tell us that these numbers do not?",
            ]),
        ],
    )  # fmt: skip


def how_many(data: AssessmentData) -> Section:
    """How many are known, by form and to the NRM; and what police counted."""
    blocks: list[Block] = [
        Text(
            f"{about(data.total).capitalize()} had a proposed marker between {day(data.from_on)} and "
            f"{day(data.as_at)}: "
            "what two or more agencies recorded of them, or one recorded in a way that the policy names, meets what "
            "professionals agreed should raise the question. "
            f"{about(data.referred).capitalize()} were referred to the National Referral Mechanism."
        ),
    ]
    if data.limits:
        low, high = data.limits
        blocks.append(Text(
            "Records are linked to children by likeness, and some links are unsure: under other links as plausible "
            "the "
            f"number with a proposed marker would lie between {shown(low)} and {shown(high)}."
        ))  # fmt: skip
    if data.first_seen:
        title = "Children with a proposed marker, by who saw the first sign and age then"
        foot = "Two agencies that saw it on one day both count."
        blocks.append(listing(data, grid_table(title, data.first_seen, foot=foot)))
    for title, grid in data.proxies.items():
        named = f"{title}, by financial year (1 April to 31 March)"
        blocks.append(listing(data, grid_table(named, grid, foot=_part_year(data))))
    if data.proxies:
        blocks.append(Text(
            "Arrests and searches are counted here, not children. They reflect policing as much as exploitation, and "
            "are "
            "shown because Counting Lives (The Children's Society, 2019) found them the nearest proxy where nobody "
            "counts "
            "exploitation itself."
        ))  # fmt: skip
    blocks.append(Ask("What we make of how many", [
        "Is this more or fewer than practitioners expected, and what explains the difference?",
        "How many of these children have a plan, a lead professional and a review date?",
        "For which of them did arrest come before any safeguarding referral?",
    ]))  # fmt: skip
    return Section("known", "How many children are known", blocks)


def where(data: AssessmentData) -> Section:
    """Where they live."""
    blocks: list[Block] = [Text("Children stand in the area where they lived when they were first seen so.")]
    blocks += _pictured(data, pictures.areas(data))
    if data.forms_by_area:
        table = grid_table("Children with a proposed marker, by form and area", data.forms_by_area, foot=OVERLAP)
        blocks.append(listing(data, table))
    if data.rates:
        blocks.append(_rates(data))
    else:
        blocks.append(Text(
            "Counts by area do not say where risk is greater: areas differ in how many children live there, in how "
            "much "
            "is recorded, and in who looks. Rates need the number of children in each area (populations.csv)."
        ))  # fmt: skip
    blocks.append(Ask("What we know of places", [
        "Which places, routes, lines and online spaces come up again, and who leads on each?",
        "Where do children from elsewhere come to, and where do ours go?",
        "Where does an area with few known children also record little?",
    ]))  # fmt: skip
    return Section("where", "Where", blocks)


def which_forms(data: AssessmentData) -> Section:
    """Which forms of exploitation."""
    blocks = _pictured(data, pictures.forms(data))
    blocks.append(Text(OVERLAP + " A form that stands as not yet clear waits for a professional to say more."))
    blocks.append(Ask("What we do about each form", [
        "Which form do we have no service or disruption plan for?",
        "How do we respond to money moved through children's accounts, and to control online?",
        "How often is sexual exploitation named of the same children, and do the two responses meet?",
    ]))  # fmt: skip
    return Section("forms", "Which forms", blocks)


def trend(data: AssessmentData) -> Section:
    """Year by year."""
    blocks: list[Block] = [Text(
        "A child counts in the calendar year in which it was first so seen. More in a year can mean more exploitation, "
        "more recording, or a new source of records." + _part_year(data, calendar=True)
    )]  # fmt: skip
    if data.forms_by_year:
        title, what = (
            "Children first with a proposed marker, by calendar year",
            "Children first proposed, by calendar year",
        )
        says = f"One bar a calendar year.{_part_year(data, calendar=True)}"
        blocks += _pictured(data, pictures.years(data.forms_by_year, name="years", title=title, says=says, what=what))
        blocks.append(listing(data, grid_table("By form and calendar year", data.forms_by_year, foot=OVERLAP)))
    if data.known_by_year:
        title = "Children known in a year, newly and from before"
        foot = "Known is who had a proposed marker at the end of a month of the year, as a run on that day would say."
        blocks.append(listing(data, grid_table(title, data.known_by_year, foot=foot)))
    else:
        blocks.append(Text(
            "Who was newly known and who was known before stands here once it has been worked out (trigpoint known)."
        ))  # fmt: skip
    if data.referred_by_year:
        table = grid_table(
            "Children referred to the NRM, by type and calendar year", data.referred_by_year, foot=OVERLAP
        )
        blocks.append(listing(data, table))
    blocks.append(Ask("What lies behind the trend", [
        "What changed in practice, recording or data sharing in these years?",
        "Which of the changes did we bring about, and which happened to us?",
    ]))  # fmt: skip
    return Section("trend", "Trend", blocks)


def _pictured(data: AssessmentData, drawn: Figure | None) -> list[Block]:
    if drawn is None:
        return [Text("Every number of this table is too small to be published.")]
    return [Picture(drawn, local_source(data))]


def _rates(data: AssessmentData) -> Block:
    rows = [[one.label, one.children, one.rate] for one in data.rates]
    table = DataTable(
        "Children with a proposed marker for each 10,000 children who live there",
        ["Area", "Children who live there", "For each 10,000"], rows,
        "Worked out from the published counts, so rounded as they are. Areas stand in the order of the partnership, "
        "not of "
        f"the rate. Populations: {listed(data.population_sources)}.", numbers=2,
    )  # fmt: skip
    return listing(data, table)


def _part_year(data: AssessmentData, *, calendar: bool = False) -> str:
    ends = (12, 31) if calendar else (3, 31)
    if (data.as_at.month, data.as_at.day) == ends:
        return ""
    return f" The last year is not whole: it goes up to {day(data.as_at)}."


def _large(count: Count) -> str:
    return f"About {shown(count.shown)}" if count.why == "rounded" and count.shown.isdecimal() else shown(count.shown)


def _form_said(data: AssessmentData) -> list[str]:
    named = [one for one in data.forms if one.shown.isdecimal() and one.shown != "0"][:2]
    return (
        [f"The forms most often named are {listed([f'{one.label} ({about(one)})' for one in named])}."] if named else []
    )


def _area_said(data: AssessmentData) -> list[str]:
    named = [one for one in data.areas if one.shown.isdecimal() and one.shown != "0"][:3]
    return [f"They live in {listed([f'{one.label} ({about(one)})' for one in named])}."] if named else []


def _unseen_said(data: AssessmentData) -> list[str]:
    if data.unseen is None:
        return []
    if not data.unseen.trusted:
        return [f"How many no agency sees cannot be said: {data.unseen.verdict}."]
    return [
        f"Methods that estimate how many no agency sees say between {data.unseen.low} and {data.unseen.high} in all, "
        "seen "
        "and unseen; none of them is the answer."
    ]


def _silence_said(data: AssessmentData) -> list[str]:
    silent = sorted(data.recorders, key=lambda one: -float(one.share))[:2]
    said: Sequence[str] = [f"{one.agency} ({one.share} %)" for one in silent if float(one.share) > 0]
    return [f"Recording falls silent most at {listed(said)} of the months of a kind that they claim."] if said else []
