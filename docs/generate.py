"""Writes the pages of docs/reference from the program itself, so that the manual cannot lag.

`python -m docs.generate` writes them; `tests/docs` fails where one is out of date.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import typer

from trigpoint.cli.main import app
from trigpoint.intake.mapping import named_columns, read_mapping
from trigpoint.records import partnership as settings
from trigpoint.terms.pack import Pack, load_pack

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make docs`. Change the program or the pack, not this page. -->\n"


def pages() -> dict[str, str]:
    """Every page by file name."""
    pack = load_pack()
    made = {
        "commands.md": "\n".join(_commands()),
        "settings.md": "\n".join(_settings()),
        "kinds.md": "\n".join(_kinds(pack)),
        "codes.md": "\n".join(_codes(pack)),
        "ready_mappings.md": "\n".join(_mappings(pack)),
        "indicators.md": "\n".join(_indicators(pack)),
        "policy.md": "\n".join(_policy(pack)),
    }
    return {name: NOTE + text.rstrip() + "\n" for name, text in made.items()}


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield from _command(typer.main.get_command(app), ["trigpoint"], {})


def _command(command: click.Command, path: list[str], parent: dict[str, object]) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _command(inner, [*path, name], parent)
        return
    yield f"## `{' '.join(path)}`\n\n{(command.help or '').strip()}\n"
    yield "| argument or option | what it does |\n|---|---|"
    for parameter in command.params:
        if parameter.name != "help":
            yield _parameter(parameter)
    yield ""


def _parameter(parameter: click.Parameter) -> str:
    is_option = isinstance(parameter, click.Option)
    name = ", ".join(parameter.opts) if is_option else (parameter.name or "").upper()
    said = getattr(parameter, "help", None) or ""
    kind = parameter.type
    choices = f" One of: {', '.join(map(str, kind.choices))}." if isinstance(kind, click.Choice) else ""
    return f"| `{name}` | {said}{choices} |"


SECTIONS = {
    "the top of the file": settings._File,
    "[period]": settings.Period,
    "[[areas]]": settings.Area,
    "[[sources]]": settings.SourceSettings,
    "[sources.agreement]": settings.Agreement,
    "[[sources.feeds]]": settings.Feed,
    "[[sources.coverage]]": settings.Claim,
    "[counts]": settings.CountSettings,
    "[linkage]": settings.LinkSettings,
}


def _settings() -> Iterator[str]:
    yield "# Settings of a partnership\n\nEvery key that `partnership.toml` takes.\n"
    for section, shape in SECTIONS.items():
        yield (
            f"## {section}\n\n{(shape.__doc__ or '').strip()}\n" if shape is not settings._File else f"## {section}\n"
        )
        yield "| key | takes | without it |\n|---|---|---|"
        schema = shape.model_json_schema()
        for key, entry in schema["properties"].items():
            needed = key in schema.get("required", [])
            yield f"| `{key}` | {_takes(entry)} | {'must be there' if needed else _default(entry)} |"
        yield ""


def _takes(entry: dict[str, object]) -> str:
    if "enum" in entry:
        return " or ".join(f"`{v}`" for v in entry["enum"])  # type: ignore[attr-defined]  # JSON schema is untyped
    if "anyOf" in entry:
        return " or ".join(_takes(e) for e in entry["anyOf"] if e.get("type") != "null")  # type: ignore[attr-defined]
    words = {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
             "array": "a list", "object": "a table"}  # fmt: skip
    said = "a day" if entry.get("format") == "date" else words.get(str(entry.get("type")), "a table (below)")
    low, high = (
        entry.get("minimum", entry.get("exclusiveMinimum")),
        entry.get("maximum", entry.get("exclusiveMaximum")),
    )
    return f"{said} from {low} to {high}" if low is not None and high is not None else said


def _default(entry: dict[str, object]) -> str:
    value = entry.get("default")
    if value in (None, [], {}):
        return "nothing"
    return (
        "as shown below"
        if isinstance(value, dict)
        else f"`{str(value).lower() if isinstance(value, bool) else value}`"
    )


def _kinds(pack: Pack) -> Iterator[str]:
    yield f"# Kinds of event\n\nPack {pack.name}, version {pack.version}: {len(pack.kinds)} kinds.\n"
    for kind in pack.kinds.values():
        yield f"## {kind.title} (`{kind.kind}`)\n\n{kind.describes}\n"
        if kind.spell:
            yield "It lasts: it has a beginning and an end.\n"
        if kind.attributes:
            yield "| attribute | takes |\n|---|---|"
            for name in kind.attributes:
                attribute = pack.attributes[name]
                codes = f"code list [{attribute.codes}](codes.md)" if attribute.codes else attribute.type
                yield f"| `{name}` ({attribute.plain}) | {codes} |"
            yield ""
        held = ", ".join(pack.agencies[a].title for a in kind.agencies)
        yield f"Usually held by: {held}. Source: {_source(kind.source)}\n"


def _source(source: object) -> str:
    title, url = getattr(source, "title"), getattr(source, "url")  # noqa: B009 - any term's source has these
    said = f"[{title}]({url})" if url else str(title)
    return said + ("" if getattr(source, "status") == "confirmed" else " (unconfirmed)")  # noqa: B009 - as above


def _mappings(pack: Pack) -> Iterator[str]:
    yield f"# Ready-made mappings\n\nOf the pack {pack.name}. [Mappings](../mappings.md) says how to write another.\n"
    yield "Columns are found whatever their case, spaces and punctuation, and under the spellings a mapping lists.\n"
    for name, path in pack.mappings.items():
        mapping = read_mapping(path, pack)
        optional = list(mapping.optional)
        local = {n for event in mapping.events if event.for_each for n in event.for_each.names}
        known = dict.fromkeys(column for _, column, _ in named_columns(mapping))
        needed = [column for column in known if column not in optional and column not in local]
        yield f"## {mapping.title} (`{name}`, version {mapping.version})\n\n{_head(path)}\n"
        yield f"- needs: {_listed(needed)}\n- may have: {_listed(optional)}"
        kinds = _listed(dict.fromkeys(event.kind for event in mapping.events))
        yield f"- key: {_listed(mapping.key) or 'none'}\n- gives: {kinds or 'persons'}\n- layout: {mapping.source}\n"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _head(path: Path) -> str:
    """The comment at the top of a file, as paragraphs."""
    lines = itertools.takewhile(lambda line: line.startswith("#"), path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line[1:].removeprefix(" ") for line in lines)


def _codes(pack: Pack) -> Iterator[str]:
    yield "# Code lists\n"
    for entry in pack.codes.values():
        yield f"## {entry.title} (`{entry.codes}`)\n\nSource: {_source(entry.source)}\n"
        yield "| code | means | also read as |\n|---|---|---|"
        for code, value in entry.values.items():
            yield f"| `{code}` | {value.title} | {', '.join(value.aliases)} |"
        yield ""
