"""What is not known: who is missed, those on nobody's list, and what agencies do not record."""

from __future__ import annotations

from collections.abc import Sequence

from trigpoint.report.assessment import pictures
from trigpoint.report.assessment.content import Ask, Block, Listing, Picture, Points, Section, Sub, Text, Warn
from trigpoint.report.assessment.data import AssessmentData, Group, Recognition, Unseen
from trigpoint.report.assessment.saying import listing, local_source, percent, shown
from trigpoint.report.figures import DataTable
from trigpoint.report.wording import day, listed

READ_AS = (
    "It compares what agencies did with what they had seen: a child counts beside other children with the same kinds "
    "of "
    "finding. It says nothing of the children themselves, and nothing of any one of them."
)


NO_SHARES = "No shares are given: of so few children a rounded total would make them wrong."
TITLES = {"In care": "whether they are looked after"}


def who(data: AssessmentData) -> Section:
    """Who is known, and who is recognised less often."""
    blocks: list[Block] = [Text(
        "Age is that when the child was first seen so. Under ten stands apart: such children are easily missed. What "
        "no "
        "agency said is not known; it is not nought."
    )]  # fmt: skip
    blocks += [listing(data, _group_table(group)) for group in data.groups]
    blocks.append(Sub("Who is recognised less often"))
    blocks += _recognition(data)
    blocks.append(Ask("What we do about who is missed", [
        "Which of these differences do we believe, and what would show that we are wrong?",
        "Which services meet girls, children under ten, disabled children and children of each ethnic group, and do "
        "they "
        "know what to ask and whom to tell?",
        "Where do we read a child as an offender first, and who reviews that?",
        "How did we meet the public sector equality duty in this?",
    ]))  # fmt: skip
    return Section("missed", "Who is known, and who is missed", blocks)


def _group_table(group: Group) -> DataTable:
    referred = {one.label: one for one in group.referred}
    shares = any(one.share for one in group.proposed)
    heads = [group.title, "With a proposed marker", *(["Share"] if shares else [])]
    heads += ["Referred to the NRM"] if referred else []
    rows = []
    for one in group.proposed:
        row = [one.label, shown(one.shown), *([percent(one.share)] if shares else [])]
        other = referred.get(one.label)
        rows.append([*row, *([shown(other.shown) if other else "0"] if referred else [])])
    foot = "" if any(one.share for one in group.proposed) else NO_SHARES
    return DataTable(f"Children by {TITLES.get(group.title, group.title.lower())}", heads, rows, foot, len(heads) - 1)


def _recognition(data: AssessmentData) -> list[Block]:
    told = [one for one in data.recognition if any(ratio for _, ratio in one.readings.values())]
    few = [f"{one.by.lower()}: {one.group}" for one in data.recognition if one not in told]
    if not told:
        return [Text("Nothing can be said of this: too few children have findings, or the groups are too small.")]
    blocks: list[Block] = [Text(READ_AS)]
    clear = [said for one in told for said in _clear(one)]
    blocks.append(Points(clear) if clear else Text(
        "No group is clearly recognised less or more often than others. With few children that is no proof that none "
        "is."
    ))  # fmt: skip
    ways = list(told[0].readings)
    rows = [[f"{one.by}: {one.group}", *(_cell(one.readings[way]) for way in ways)] for one in told]
    foot = "1 is as often as the others; in brackets the range that chance alone would give 95 times in 100."
    foot += f" Too few to say: {'; '.join(few)}." if few else ""
    heads = ["Group", *(way[:1].upper() + way[1:] for way in ways)]
    title = "How often a group is recognised, beside others with the same findings"
    source = local_source(data, what="findings, proposed markers, markers set and referrals; readings without counts")
    return [*blocks, Listing(DataTable(title, heads, rows, foot), source, of_agencies=True)]


def _cell(told: tuple[str, str]) -> str:
    reading, ratio = told
    return f"{reading}, {ratio}" if ratio else reading


def _clear(one: Recognition) -> list[str]:
    """The readings of one group that are clear, as sentences."""
    return [
        f"{one.by}, {one.group}: {reading} {way} than others in whom the same was seen; {ratio} times as often."
        for way, (reading, ratio) in one.readings.items()
        if ratio and reading in ("less often", "more often")
    ]


def unseen(data: AssessmentData) -> Section:
    """Those on nobody's list, with the caveats; never one number."""
    found = data.unseen
    blocks: list[Block] = [Text(
        "No count of known children says how many nobody knows. Where agencies' lists overlap little, many may be "
        "missing; "
        "multiple systems estimation turns this into a range, if the lists allow it."
    )]  # fmt: skip
    blocks += [Text("It was not worked out for this document.")] if found is None else _verdict(data, found)
    blocks.append(Ask("What we do about those whom nobody sees", [
        "Which doors do children have to knock at here, and which children cannot reach any of them?",
        "Which list is missing: a school, a youth club, a hospital, a bank, a platform, a faith group?",
        "How do children tell us themselves, and what happens then?",
    ]))  # fmt: skip
    return Section("unseen", "Those whom nobody sees", blocks)


def _verdict(data: AssessmentData, found: Unseen) -> list[Block]:
    verdict = f"{found.verdict[:1].upper()}{found.verdict[1:]}."
    blocks: list[Block] = [Warn(" ".join(found.reasons), verdict)]
    blocks.append(Text(
        f"The lists: {listed(found.lists)}. On one list or more: {shown(found.seen)} children; on two or more: "
        f"{shown(found.on_several)}. {found.made_from}"
    ))  # fmt: skip
    if found.trusted:
        blocks.append(Text(
            f"Taking in the unseen, {found.methods} methods say between {found.low} and {found.high} children in "
            "all. That "
            "is how they disagree; each has its own interval besides. No one of them is the answer, and the range is "
            "quoted with its lists and assumptions or not at all."
        ))  # fmt: skip
    else:
        blocks.append(Text(
            "So no range is printed here. That is a finding: the agencies' lists are too thin, too few or too alike "
            "to say "
            "how many children are on none of them."
        ))  # fmt: skip
    blocks.append(Points([
        *found.warnings,
        "All methods assume that nobody enters or leaves while the lists are kept, that every link between lists is "
        "right, "
        "and that everybody had some chance of being listed. None of this is quite true here.",
        "Agencies tell one another by duty, so that their lists depend on one another; an overlap made by a referral "
        "makes "
        "the estimate too small.",
        "An estimate of all says nothing about any child, ward, school or family.",
        f"Source: {local_source(data, what='linked lists of agencies')}",
    ]))  # fmt: skip
    return blocks


def recording(data: AssessmentData) -> Section:
    """What agencies do not record: months and kinds of event, no children."""
    blocks: list[Block] = [Text(
        "This section counts months and kinds of event, not children. An agency claims the kinds that it reports and "
        "since "
        "when; a claimed month of a kind without one event is silent. Silence is not safety: where nothing is "
        "recorded, "
        "nothing can be known."
    )]  # fmt: skip
    drawn = pictures.silence(data) if data.recorders else None
    source = local_source(data, what="claimed coverage against events received")
    blocks += [Picture(drawn, source)] if drawn else []
    never = [one for one in data.recorders if one.never]
    if never:
        blocks.append(Listing(DataTable(
            "Claimed, and nothing ever came", ["Agency", "Kinds of event", "Last month with any event"],
            [[one.agency, listed(one.never), one.last] for one in never],
        ), source, of_agencies=True))  # fmt: skip
    blocks.append(Text(
        "Who sends nothing at all is in no picture: schools, hospitals, banks and platforms without an agreement are "
        "not "
        "silent here, they are absent. The sources that this document stands on are listed at its end."
    ))  # fmt: skip
    blocks.append(Ask("What we will record", [
        "Which agency has no agreement yet, and who will ask it by when?",
        "Which of the silent months were quiet, and which were never sent?",
        "Is one marker for child criminal exploitation on each agency's system, with who set it, when and why?",
    ]))  # fmt: skip
    return Section("recording", "What agencies do not record", blocks)


def sources_table(data: AssessmentData) -> DataTable:
    """The sources of the document, with the day of the latest file of each."""
    rows: Sequence[Sequence[str]] = [
        [one.title, one.agency, day(one.latest_on) if one.latest_on else "nothing received", str(one.files)]
        for one in data.sources
    ]
    return DataTable("Sources", ["Source", "Agency", "Latest file received", "Files"], rows, numbers=1)
