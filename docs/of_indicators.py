"""Pages made from the pack's indicators and policy, with their examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from docs.words import linked, table

from trigpoint.errors import TermsError
from trigpoint.rules.describe import describe, duration
from trigpoint.rules.examples import AS_AT, Example, ExampleEvent
from trigpoint.rules.policy import PolicyRule, indicators_of, read_policy
from trigpoint.rules.reading import IndicatorFile, read_indicator
from trigpoint.rules.sentence import attribute_words, listed, on
from trigpoint.rules.tree import AllOf, AnyOf, Count, Exists, Indicator, Not, Pattern
from trigpoint.terms.pack import Pack

ANSWERS = {"met": "Met", "not met": "Not met", "not known": "Not known"}


Themes = Mapping[str, list[IndicatorFile]]


def by_theme(pack: Pack) -> Themes:
    """The pack's indicator files, read, by theme in the pack's order; themes without any are left out."""
    found: dict[str, list[IndicatorFile]] = {theme: [] for theme in pack.themes}
    for path in pack.indicator_files:
        one = read_indicator(path, pack)
        found[one.indicator.theme].append(one)
    return {theme: files for theme, files in found.items() if files}


def theme_pages(pack: Pack, themes: Themes) -> dict[str, str]:
    """The page of each theme by the theme's name."""
    users = _users(pack)
    pages = {}
    for theme, files in themes.items():
        head = (
            f"# Indicators: {pack.themes[theme].title}\n\n[All indicators](../indicators.md) · "
            "[how one is written](../../indicators-writing.md) · every child in these examples is invented\n"
        )
        pages[theme] = "\n".join([head, *(_indicator(one, pack, users[one.indicator.id]) for one in files)])
    return pages


def index_page(pack: Pack, themes: Themes) -> str:
    """The page that lists every indicator by theme."""
    parts = [
        f"# Indicators\n\nPack `{pack.name}`, version {pack.version}: {sum(map(len, themes.values()))} indicators. "
        "Each is one file that a safeguarding lead can read and change. An indicator is met, not met or not known; it "
        "says that a child may be exploited and never that it is so. [How one is written](../indicators-writing.md) · "
        "[which together propose a marker](policy.md)\n"
    ]
    for theme, files in themes.items():
        parts.append(f"## [{pack.themes[theme].title}](indicators/{theme}.md)\n")
        rows = [(f"[{one.title}](indicators/{theme}.md#{_anchor(one.id)})", f"`{one.id}`", _forms(one, pack))
                for one in (file.indicator for file in files)]  # fmt: skip
        parts.append(table(["looks for", "name", "can speak for"], rows))
    return "\n".join(parts)


def _users(pack: Pack) -> dict[str, list[PolicyRule]]:
    users: dict[str, list[PolicyRule]] = defaultdict(list)
    for rule in read_policy(pack).rules:
        for name in indicators_of(rule):
            users[name].append(rule)
    return users


def _anchor(name: str) -> str:
    return name.replace("_", "-")


def _words(name: str) -> str:
    return name.replace("_", " ").replace("nrm", "NRM")


def _forms(one: Indicator, pack: Pack) -> str:
    return ", ".join(pack.forms[form].title for form in one.forms) or "no form by itself"


def _indicator(file: IndicatorFile, pack: Pack, users: list[PolicyRule]) -> str:
    one = file.indicator
    back = f" · looks back {duration(one.looks_back)}" if one.looks_back else ""
    parts = [
        f'<a id="{_anchor(one.id)}"></a>\n\n## {one.title}\n',
        f"`{one.id}`, version {one.version} · {pack.themes[one.theme].title}{back} · can speak for: "
        f"{_forms(one, pack)}\n",
        f"**Looks for:** {describe(one.pattern, pack)}.\n",
        f"**Says:** {one.sentence}\n",
    ]
    if one.practice:
        parts.append(f"**What a person may do:** {one.practice}\n")
    if one.caution:
        parts.append(f"**What else could explain it:** {one.caution}\n")
    status = file.located.value["source"].get("status", "confirmed")
    note = f". {one.source_note}" if one.source_note else ""
    parts.append(f"**Source:** {linked(one.source_title, one.source_url or None, status)}{note}\n")
    rules = ", ".join(f"[{rule.id}](../policy.md#{_anchor(rule.id)})" for rule in users)
    parts.append(f"**In the policy:** {rules or 'shown as a finding, asked for by no rule'}\n")
    return "\n".join([*parts, *(_example(each, pack) for each in file.examples)])


def _example(one: Example, pack: Pack) -> str:
    head = f"*{ANSWERS[one.answer]}*" + (f": {one.note}" if one.note else "") + "\n"
    rows = sorted(_rows(one, pack), key=lambda row: row[0])
    shown = table(["day", "event", "what"], [row[1:] for row in rows]) if rows else "No events.\n"
    answer = f"Answer: **{one.answer}**" + (f". “{one.says}”" if one.says else ".")
    return "\n".join([head, shown, " ".join(filter(None, [answer, *_told(one, pack)])) + "\n"])


def _told(one: Example, pack: Pack) -> Iterator[str]:
    """What stands around the events: the child, the days looked at, who reports what."""
    if one.child.born:
        yield f"Child born {on(datetime.combine(one.child.born, datetime.min.time()))}."
    if one.as_at != AS_AT:
        yield f"As at {on(one.as_at)}."
    if one.coverage is not None:
        covered = listed(pack.kinds[kind].title.lower() for kind in one.coverage) if one.coverage else "nothing"
        yield f"Reported throughout: {covered}."


def _rows(one: Example, pack: Pack) -> Iterator[tuple[datetime, str, str, str]]:
    for number, child in enumerate((one.child, *one.others)):
        whose = "" if number == 0 else "another child: " if len(one.others) == 1 else f"other child {number}: "
        for event in child.events:
            yield event.on, _moment(event.on), whose + pack.kinds[event.kind].title.lower(), _what(event, pack)


def _moment(at: datetime) -> str:
    return on(at) + ("" if at == datetime(at.year, at.month, at.day) else f", {at:%H:%M}")


def _what(event: ExampleEvent, pack: Pack) -> str:
    said = [f"until {_moment(event.until)}"] if event.until else []
    said += [
        f"{pack.attributes[name].plain}: {attribute_words(name, value, pack)}"
        for name, value in event.attributes.items()
    ]
    if event.east is not None or event.north is not None:
        km = ((event.east or 0) ** 2 + (event.north or 0) ** 2) ** 0.5
        said.append(f"{km:.3g} km from the middle of the map")
    said += [f"{word} {value}" for word, value in (("place", event.place), ("area", event.area)) if value]
    said += [f"names {pack.mention_kinds[kind].plain or kind} {value}" for kind, value in event.mentions]
    by = [pack.agencies[event.agency].title if event.agency in pack.agencies else event.agency, event.source]
    said += [f"by {' / '.join(filter(None, by))}"] if any(by) else []
    return "; ".join(said)


def policy_page(pack: Pack, themes: Themes) -> str:
    """The page of rules: why, what must come together, how many agencies, what may be considered."""
    policy = read_policy(pack)
    indicators = {file.indicator.id: file.indicator for files in themes.values() for file in files}
    beside = ", ".join(_link(indicators[name]) for name in policy.overlaps)
    parts = [
        f"# Policy\n\nPolicy `{policy.name}`, version {policy.version}: {len(policy.rules)} rules. A rule says which "
        "findings, together, propose that people consider a marker. It holds or does not: there are no points, weights "
        "or bands, what one agency alone saw proposes nothing unless professionals stated exploitation, and a person "
        f"decides. A finding stands at the day on which it was complete.\n\nShown beside any proposal: {beside}.\n"
    ]
    return "\n".join([*parts, *(_rule(one, indicators, pack) for one in policy.rules)])


def _rule(one: PolicyRule, indicators: dict[str, Indicator], pack: Pack) -> str:
    stated = " · professionals themselves stated exploitation" if one.statement else ""
    agencies = "one agency is enough" if one.agencies == 1 else f"at least {one.agencies} agencies must have seen it"
    parts = [
        f'<a id="{_anchor(one.id)}"></a>\n\n## {pack.forms[one.form].title}: {_words(one.id)}\n',
        f"`{one.id}`, version {one.indicator.version} · proposes `{one.form}` · {agencies}{stated}\n",
        f"{one.why}\n",
        "\n".join(_combination(one.indicator.pattern, indicators, 0)) + "\n",
    ]
    if one.considered:
        parts.append(f"**Professionals may consider:** {listed(one.considered)}.\n")
    return "\n".join(parts)


def _combination(pattern: Pattern, indicators: dict[str, Indicator], depth: int) -> Iterator[str]:
    """The lines of a rule's pattern as nested lists."""
    indent = "  " * depth
    match pattern:
        case AllOf(inner, within):
            yield f"{indent}- all of these{f', within {duration(within)}' if within else ''}:"
            yield from _each(inner, indicators, depth + 1)
        case AnyOf(inner):
            yield f"{indent}- any of these:"
            yield from _each(inner, indicators, depth + 1)
        case Not(inner_one):
            yield f"{indent}- and not:"
            yield from _combination(inner_one, indicators, depth + 1)
        case Exists(of):
            yield from _named(of.kinds, indicators, indent, "")
        case Count(of, at_least, within, distinct):
            span = f" within {duration(within)}" if within else ""
            things = "different agencies with" if distinct == "agency" else "different ones of"
            yield from _named(of.kinds, indicators, indent, f"{at_least} or more {things} these{span}:")
        case _:
            said = f"The policy page has no words for {type(pattern).__name__}."
            raise TermsError(said, where="policy.yaml", mend="Add them to docs/of_indicators.py.")


def _each(inner: Iterable[Pattern], indicators: dict[str, Indicator], depth: int) -> Iterator[str]:
    for one in inner:
        yield from _combination(one, indicators, depth)


def _named(kinds: tuple[str, ...], indicators: dict[str, Indicator], indent: str, head: str) -> Iterator[str]:
    links = [_link(indicators[kind]) for kind in kinds]
    if len(links) == 1 and not head:
        yield f"{indent}- {links[0]}"
        return
    yield f"{indent}- {head or 'one of these:'}"
    yield from (f"{indent}  - {link}" for link in links)


def _link(one: Indicator) -> str:
    return f"[{one.title}](indicators/{one.theme}.md#{_anchor(one.id)})"
