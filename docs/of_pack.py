"""Pages made from the words of the pack: kinds of event, code lists, ready-made mappings."""

from __future__ import annotations

from docs.words import codes, head_of, source, table

from trigpoint.intake.mapping import named_columns, read_mapping
from trigpoint.terms.pack import Code, EventKind, Pack


def kinds_page(pack: Pack) -> str:
    """The page of kinds of event, of agencies, and of what an event can mention."""
    parts = [
        f"# Kinds of event\n\nPack `{pack.name}`, version {pack.version}: {len(pack.kinds)} kinds. Each event also "
        "has a time, a place where one is known, the agency, the source and the row it came from.\n"
    ]
    parts += [_kind(kind, pack) for kind in pack.kinds.values()]
    parts.append("## Agencies\n")
    parts.append(table(["agency", "title"], [(f"`{name}`", one.title) for name, one in pack.agencies.items()]))
    parts.append("## What an event can mention\n\nTwo children are connected where they mention the same one.\n")
    mentions = [(f"`{name}`", one.title, one.plain or "") for name, one in pack.mention_kinds.items()]
    parts.append(table(["kind of mention", "title", "in a sentence"], mentions))
    return "\n".join(parts)


def _kind(kind: EventKind, pack: Pack) -> str:
    lines = [f"## {kind.title}\n", f"`{kind.kind}` · {kind.describes}\n"]
    if kind.spell:
        lines.append("It lasts: it has a beginning and an end.\n")
    if kind.retold_within_hours is not None:
        lines.append(
            "Several sources may tell of one: what another source tells within "
            f"{kind.retold_within_hours} hours, or of an overlapping time, is counted once and cited from both.\n"
        )
    if kind.base is not None:
        lines.append("It says where the child lives; distances are measured from there.\n")
    if kind.attributes:
        rows = [(f"`{name}`", pack.attributes[name].plain, _takes(name, pack)) for name in kind.attributes]
        lines.append(table(["attribute", "is", "takes"], rows))
    held = ", ".join(pack.agencies[one].title for one in kind.agencies)
    lines.append(f"Usually held by: {held}. Source: {source(kind.source)}\n")
    return "\n".join(lines)


def _takes(name: str, pack: Pack) -> str:
    attribute = pack.attributes[name]
    if attribute.codes is None:
        return attribute.type
    anchor = pack.codes[attribute.codes].codes.replace("_", "-")
    return f"code list [{attribute.codes}](codes.md#{anchor})"


def codes_page(pack: Pack) -> str:
    """The page of code lists, and of the forms and themes that indicators name."""
    parts = ["# Code lists\n"]
    for entry in pack.codes.values():
        parts.append(f'<a id="{entry.codes.replace("_", "-")}"></a>\n')
        parts.append(f"## {entry.title}\n\n`{entry.codes}` · source: {source(entry.source)}\n")
        rows = [
            (f"`{code}`", value.title + _doubt(value), ", ".join(value.aliases)) for code, value in entry.values.items()
        ]
        parts.append(table(["code", "means", "also read as"], rows))
    parts.append("## Forms of exploitation\n\nA proposed marker names one of these.\n")
    forms = [(f"`{name}`", one.title, one.plain, source(one.source)) for name, one in pack.forms.items()]
    parts.append(table(["form", "title", "is", "source"], forms))
    return "\n".join(parts)


def _doubt(value: Code) -> str:
    return "" if value.status == "confirmed" else " (unconfirmed)"


def mappings_page(pack: Pack) -> str:
    """The page of ready-made mappings with the columns they read."""
    parts = [
        f"# Ready-made mappings\n\nOf the pack `{pack.name}`. [Mappings](../mappings.md) says how to write another.\n",
        "Columns are found whatever their case, spaces and punctuation, and under the spellings a mapping lists.\n",
    ]
    for name, path in pack.mappings.items():
        mapping = read_mapping(path, pack)
        local = {one for event in mapping.events if event.for_each for one in event.for_each.names}
        known = dict.fromkeys(column for _, column, _ in named_columns(mapping))
        needed = [one for one in known if one not in mapping.optional and one not in local]
        kinds = codes(dict.fromkeys(event.kind for event in mapping.events))
        parts.append(f"## {mapping.title}\n\n`{name}`, version {mapping.version}\n\n{head_of(path)}\n")
        parts.append(
            f"- needs: {codes(needed)}\n- may have: {codes(mapping.optional) or 'nothing else'}\n"
            f"- key: {codes(mapping.key) or 'none'}\n- gives: {kinds or 'persons'}\n- layout: {mapping.source}\n"
        )
    return "\n".join(parts)
