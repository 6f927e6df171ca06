"""Pages made from the program: its commands, and the settings of a partnership."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import typer
from docs.words import table

from trigpoint.cli.main import app
from trigpoint.records import partnership as settings
from trigpoint.services.new_partnership import TEMPLATE

SECTIONS = {
    "The top of the file": settings._File,
    "[period]": settings.Period,
    "[[areas]]": settings.Area,
    "[[sources]]": settings.SourceSettings,
    "[sources.agreement]": settings.Agreement,
    "[[sources.feeds]]": settings.Feed,
    "[[sources.coverage]]": settings.Claim,
    "[counts]": settings.CountSettings,
    "[linkage]": settings.LinkSettings,
}
WORDS = {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
         "array": "a list", "object": "a table"}  # fmt: skip


def commands() -> dict[str, Any]:
    """Every command by its full name, `trigpoint terms check`, as typer's own command objects."""
    return dict(_commands(typer.main.get_command(app), "trigpoint"))


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, one in inner.items():
        yield from _commands(one, f"{path} {name}")


def commands_page() -> str:
    """The page of commands with their arguments and options."""
    parts = ["# Commands\n", "In the order in which work goes. `trigpoint COMMAND --help` says the same.\n"]
    for path, command in commands().items():
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
        usage = " ".join([path, *(_placed(one) for one in arguments), *(["[OPTIONS]"] if options else [])])
        parts.append(f"## `{path}`\n\n{(command.help or '').strip()}\n\n```text\n{usage}\n```\n")
        rows = [(_name(one), _said(one), _without(one)) for one in (*arguments, *options)]
        parts.append(table(["argument or option", "what it is", "without it"], rows))
    parts.append(
        "## Exit codes\n\n0 done · 1 not done, with a reason and how to mend it · 2 wrong usage · 70 a fault of "
        "Trigpoint's own · 130 stopped with Ctrl-C.\n\n`trigpoint --version` shows the version."
    )
    return "\n".join(parts)


def _placed(argument: Any) -> str:
    name = argument.name.upper()
    return name if argument.required else f"[{name}]"


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`"
    return ", ".join(f"`{one}`" for one in (*parameter.opts, *parameter.secondary_opts))


def _said(parameter: Any) -> str:
    """The help of a parameter, and the words it takes if only certain ones may stand there."""
    taken = parameter.type_descriptor.annotation
    choices = f"`{'` or `'.join(get_args(taken))}`" if get_origin(taken) is Literal else ""
    words = [parameter.help or "", f"{choices}." if choices else ""]
    return " ".join(filter(None, words)) or "A file."


def _without(parameter: Any) -> str:
    if parameter.required:
        return "asked for" if getattr(parameter, "prompt", None) else "must be there"
    if isinstance(parameter.show_default, str):
        return parameter.show_default
    return "" if parameter.default in (None, False) else f"`{parameter.default}`"


def settings_page() -> str:
    """The page of every key of partnership.toml."""
    parts = ["# Settings of a partnership\n", "Every key that `partnership.toml` takes. "
             "[Partnership folders](../partnership.md) says what they are for.\n"]  # fmt: skip
    parts.append(
        f"## A whole file\n\nWhat `trigpoint new` writes:\n\n```toml\n{TEMPLATE.format(name='Our place')}```\n"
    )
    for section, shape in SECTIONS.items():
        said = "" if shape is settings._File else f"{(shape.__doc__ or '').strip()}\n"
        schema = shape.model_json_schema()
        needed = schema.get("required", [])
        rows = [
            (f"`{key}`", _takes(entry), "must be there" if key in needed else _default(entry))
            for key, entry in schema["properties"].items()
        ]
        parts.append(f"## {section}\n\n{said}\n{table(['key', 'takes', 'without it'], rows)}")
    return "\n".join(parts)


def _takes(entry: dict[str, Any]) -> str:
    if "enum" in entry:
        return " or ".join(f"`{v}`" for v in entry["enum"])
    if "anyOf" in entry:
        return " or ".join(_takes(e) for e in entry["anyOf"] if e.get("type") != "null")
    said = "a day" if entry.get("format") == "date" else WORDS.get(entry.get("type", ""), "a table (below)")
    if "pattern" in entry:
        said += " of small letters, figures and `_`"
    low = f"from {entry['minimum']}" if "minimum" in entry else f"above {entry.get('exclusiveMinimum')}"
    high = f"to {entry['maximum']}" if "maximum" in entry else f"to below {entry.get('exclusiveMaximum')}"
    return said if "None" in low + high else f"{said} {low} {high}"


def _default(entry: dict[str, Any]) -> str:
    value = entry.get("default")
    if isinstance(value, dict) and value:
        return "as shown below"
    if value in (None, [], {}):
        return "nothing"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
