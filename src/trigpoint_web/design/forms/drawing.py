"""From a bound field of any Django form to a component.

A form may say more about how a field looks in `look`, a mapping of field name to component parameters; `radios` and
`checkboxes` may there take `items` with hints, dividers and conditional parts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe

from trigpoint_web.design.components import render_component
from trigpoint_web.design.forms.dates import PARTS, DateBoxes

Parameters = dict[str, Any]


def draw_field(field: BoundField, /, **more: Any) -> SafeString:
    """The field as a component, with its label, hint, error and what was typed. `more` wins over all else."""
    if field.is_hidden:
        return mark_safe(str(field))  # noqa: S308 - Django's own HTML
    kind, parameters = _component_of(field)
    look = getattr(field.form, "look", {}).get(field.name, {})
    return render_component(kind, parameters | look | more)


def error_list(form: forms.BaseForm) -> list[Parameters]:
    """Every error of a form, in the order of its fields, each linked to where it is mended."""
    general = [{"text": text} for text in form.non_field_errors()]
    return general + [
        {"text": _in_list(form[name], str(text)), "href": f"#{_first_box(form[name])}"}
        for name in form.fields
        for text in form.errors.get(name, [])
    ]


def _in_list(field: BoundField, text: str) -> str:
    """What a date's fault is called away from its boxes: a form may ask for more than one."""
    if not isinstance(field.field.widget, DateBoxes):
        return text
    return f"{field.label} {text}" if str(field.label).endswith(("?", ")")) else f"{field.label}: {text}"


def _first_box(field: BoundField) -> str:
    return f"{_at(field)}-day" if isinstance(field.field.widget, DateBoxes) else _at(field)


def _at(field: BoundField) -> str:
    return field.auto_id or field.html_name


def _component_of(field: BoundField) -> tuple[str, Parameters]:
    for widgets, kind, own in _KINDS:
        if isinstance(field.field.widget, widgets):
            return kind, _shared(field) | own(field)
    raise TypeError(f"No component draws a {type(field.field.widget).__name__}")


def _shared(field: BoundField) -> Parameters:
    return {
        "hint": field.help_text or None,
        "error_message": " ".join(str(error) for error in field.errors) or None,
    }


# What a widget's attributes say that a component takes by name; the rest of them goes in as attributes.
_TAKEN = ("autocomplete", "inputmode", "spellcheck", "rows")
_LEFT = {*_TAKEN, "placeholder", "class", "id", "cols", "required"}


def _box(field: BoundField) -> Parameters:
    attributes = field.field.widget.attrs
    named = {
        "id": _at(field),
        "name": field.html_name,
        "label": field.label,
        "value": field.value(),
        "attributes": {key: value for key, value in attributes.items() if key not in _LEFT},
    }
    return named | {key: attributes[key] for key in _TAKEN if key in attributes and key != "rows"}


def _one_line(field: BoundField) -> Parameters:
    widget: Any = field.field.widget
    kinds: dict[str, Parameters] = {
        "email": {"type": "email", "spellcheck": False},
        "number": {"inputmode": "numeric"},
    }
    return _box(field) | kinds.get(widget.input_type, {"type": str(widget.input_type)})


def _password(field: BoundField) -> Parameters:
    return _box(field) | {"value": None}


def _lines(field: BoundField) -> Parameters:
    return _box(field)


def _list(field: BoundField) -> Parameters:
    return _box(field) | {"value": _text(field.value()), "items": _choices(field)}


def _radios(field: BoundField) -> Parameters:
    items = [item for item in _choices(field) if item["value"] != ""]
    return _group(field) | {"value": _text(field.value()), "items": items}


def _ticks(field: BoundField) -> Parameters:
    values = [_text(value) for value in field.value() or []]
    return _group(field) | {"values": values, "items": _choices(field)}


def _one_tick(field: BoundField) -> Parameters:
    item = {"value": "on", "text": field.label, "checked": bool(field.value())}
    return {"id_prefix": _at(field), "name": field.html_name, "items": [item]}


def _group(field: BoundField) -> Parameters:
    legend = {"text": field.label, "classes": "govuk-fieldset__legend--s"}
    return {"id_prefix": _at(field), "name": field.html_name, "fieldset": {"legend": legend}}


def _date(field: BoundField) -> Parameters:
    values = field.value()
    parts = values if isinstance(values, list | tuple) else _parts(field, values)
    legend = {"text": field.label, "classes": "govuk-fieldset__legend--s"}
    return {
        "id": _at(field),
        "name_prefix": field.html_name,
        "values": dict(zip(PARTS, parts, strict=True)),
        "fieldset": {"legend": legend},
    }


def _file(field: BoundField) -> Parameters:
    return {"id": _at(field), "name": field.html_name, "label": field.label}


def _parts(field: BoundField, values: Any) -> Any:
    boxes: Any = field.field.widget
    return boxes.decompress(values)


def _offered(field: BoundField) -> Any:
    widget: Any = field.field.widget
    return widget.choices


def _choices(field: BoundField) -> list[Parameters]:
    return [{"value": _text(value), "text": text} for value, text in _flat(_offered(field))]


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for value, text in choices:
        flat += text if isinstance(text, list | tuple) else [(value, text)]
    return flat


def _text(value: Any) -> str:
    return "" if value is None else str(value)


# In this order: a kind of widget stands before those it is made from.
_KINDS: list[tuple[Any, str, Callable[[BoundField], Parameters]]] = [
    (DateBoxes, "date_input", _date),
    (forms.PasswordInput, "password_input", _password),
    (forms.FileInput, "file_upload", _file),
    (forms.CheckboxInput, "checkboxes", _one_tick),
    (forms.CheckboxSelectMultiple, "checkboxes", _ticks),
    (forms.RadioSelect, "radios", _radios),
    (forms.Select, "select", _list),
    (forms.Textarea, "textarea", _lines),
    (forms.widgets.Input, "input", _one_line),
]
