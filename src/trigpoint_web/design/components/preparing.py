"""What has to be worked out before a component is drawn: ids, what describes a field, which choice is ticked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

Given = dict[str, Any]


def words(value: Any) -> Given:
    """A place for words: a string, or a mapping of `text`, `classes`, `attributes`."""
    if not value:
        return {}
    return dict(value) if isinstance(value, Mapping) else {"text": value}


def field(given: Given) -> Given:
    """A field of one box: its label, hint and error, and the ids by which they describe it."""
    at = given.get("id") or given.get("name", "")
    return {
        **given,
        "id": at,
        "label": words(given.get("label")) | {"for": at},
        **_described(given, at, given.get("described_by", "")),
    }


def _described(given: Given, at: str, described_by: str) -> Given:
    hint, error = words(given.get("hint")), words(given.get("error_message"))
    ids = [described_by, f"{at}-hint" if hint else "", f"{at}-error" if error else ""]
    return {
        "hint": hint and hint | {"id": f"{at}-hint"},
        "error_message": error and error | {"id": f"{at}-error"},
        "described_by": " ".join(filter(None, ids)),
    }


def input_box(given: Given) -> Given:
    """A one-line box: also what stands before and after it."""
    spelling = given.get("spellcheck")
    return field(given) | {
        "type": given.get("type") or "text",
        "prefix": words(given.get("prefix")),
        "suffix": words(given.get("suffix")),
        "spellcheck": None if spelling is None else str(bool(spelling)).lower(),
    }


def password_box(given: Given) -> Given:
    """A box for a password, with a button that shows what was typed; a script takes the button's `hidden` away."""
    at = given.get("id") or given.get("name", "")
    group = dict(given.get("form_group") or {})
    shown = {
        "text": _("Show"),
        "type": "button",
        "classes": "govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle",
        "attributes": {"aria-controls": at, "aria-label": _("Show password"), "hidden": True},
    }
    own = f" {given['classes']}" if given.get("classes") else ""
    return {
        "button": shown,
        "input": given
        | {
            "type": "password",
            "spellcheck": False,
            "autocapitalize": "none",
            "autocomplete": given.get("autocomplete") or "current-password",
            "classes": f"govuk-password-input__input govuk-js-password-input-input{own}",
            "form_group": {
                "classes": f"govuk-password-input {group.get('classes', '')}".strip(),
                "attributes": {"data-module": "govuk-password-input"} | _password_words() | group.get("attributes", {}),
                "wrapper_classes": "govuk-password-input__wrapper",
            },
        },
    }


def _password_words() -> Given:
    """What the script says in place of its own English, where the page is not in English."""
    if get_language() == "en":
        return {}
    return {
        "data-i18n.show-password": _("Show"),
        "data-i18n.hide-password": _("Hide"),
        "data-i18n.show-password-aria-label": _("Show password"),
        "data-i18n.hide-password-aria-label": _("Hide password"),
        "data-i18n.password-shown-announcement": _("Your password is visible"),
        "data-i18n.password-hidden-announcement": _("Your password is hidden"),
    }


def textarea(given: Given) -> Given:
    """A box of many lines."""
    spelling = given.get("spellcheck")
    return field(given) | {"spellcheck": None if spelling is None else str(bool(spelling)).lower()}


def select(given: Given) -> Given:
    """A list to choose one from."""
    chosen = given.get("value")
    items = [_option(dict(item), chosen) for item in given.get("items", []) if item]
    return field(given) | {"items": items}


def _option(item: Given, chosen: Any) -> Given:
    effective = item.get("value", item.get("text"))
    ticked = bool(chosen) and effective == chosen and item.get("selected") is not False
    return item | {"selected": item.get("selected", ticked), "has_value": "value" in item}


def radios(given: Given) -> Given:
    """Choices of which one is taken."""
    chosen = given.get("value")
    return _choices(given, lambda value: bool(chosen) and value == chosen)


def checkboxes(given: Given) -> Given:
    """Choices of which any may be taken."""
    chosen = given.get("values") or []
    prepared = _choices(given, lambda value: value in chosen)
    if not prepared["fieldset"]:
        for item in prepared["items"]:
            item["described_by"] = " ".join(filter(None, [prepared["described_by"], item.get("described_by", "")]))
    return prepared


def _choices(given: Given, is_chosen: Callable[[Any], bool]) -> Given:
    at = given.get("id_prefix") or given.get("name", "")
    return {
        **given,
        "fieldset": _fieldset(given),
        "items": [_choice(item, f"{at}-{n}" if n > 1 else at, is_chosen) for n, item in _numbered(given)],
        **_described(given, at, words(given.get("fieldset")).get("described_by") or given.get("described_by", "")),
    }


def _numbered(given: Given) -> list[tuple[int, Given]]:
    """Items with their number from 1; an empty place in the list counts, and is left out."""
    return [(n, dict(item)) for n, item in enumerate(given.get("items", []), 1) if item]


def _choice(item: Given, at: str, is_chosen: Callable[[Any], bool]) -> Given:
    at = item.get("id") or at
    hint = words(item.get("hint"))
    ticked = item.get("checked", is_chosen(item.get("value")) and item.get("checked") is not False)
    return item | {
        "id": at,
        "checked": ticked,
        "hint": hint and hint | {"id": f"{at}-item-hint"},
        "described_by": f"{at}-item-hint" if hint else "",
        "conditional_id": f"conditional-{at}",
    }


def _fieldset(given: Given) -> Given:
    fieldset = given.get("fieldset")
    if not fieldset:
        return {}
    known = dict(fieldset) if isinstance(fieldset, Mapping) else {"legend": fieldset}
    return known | {"legend": words(known.get("legend")), "given": True}


def date_input(given: Given) -> Given:
    """Day, month and year in three boxes. `values` holds what was typed in each, by `day`, `month`, `year`."""
    at = given.get("id", "")
    prefix = f"{given['name_prefix']}-" if given.get("name_prefix") else ""
    values = given.get("values") or {}
    items = given.get("items") or [{"name": "day"}, {"name": "month"}, {"name": "year"}]
    some_in_error = any(_in_error(item) for item in items)
    all_in_error = bool(given.get("error_message")) and not some_in_error
    shared: Given = {"prefix": prefix, "values": values, "all_in_error": all_in_error}
    return {
        **given,
        "fieldset": _fieldset(given),
        "items": [_date_part(dict(item), at, **shared) for item in items if item],
        **_described(given, at, words(given.get("fieldset")).get("described_by", "")),
    }


def _in_error(item: Given) -> bool:
    return bool(item.get("error")) or "govuk-input--error" in (item.get("classes") or "")


def _date_part(item: Given, at: str, *, prefix: str, values: Given, all_in_error: bool) -> Given:
    name, own = item["name"], item.get("classes") or ""
    in_error = item.get("error") or (all_in_error and item.get("error") is not False)
    error = "govuk-input--error" if in_error and "govuk-input--error" not in own else ""
    width = "" if "govuk-input--width-" in own else f"govuk-input--width-{4 if name == 'year' else 2}"
    return item | {
        "label": item.get("label") or _part_name(name),
        "id": item.get("id") or f"{at}-{name}",
        "classes": " ".join(filter(None, ["govuk-date-input__input", error, width, own])),
        "name": prefix + name,
        "value": item.get("value", values.get(prefix + name, values.get(name))),
    }


def _part_name(name: str) -> str:
    known = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    return known.get(name, name.capitalize())


def fieldset(given: Given) -> Given:
    """A group of fields under one legend."""
    return given | {"legend": words(given.get("legend"))}


def summary_list(given: Given) -> Given:
    """Facts in rows, with what can be done with each."""
    rows = [_summary_row(dict(row)) for row in given.get("rows", []) if row]
    any_actions = any(row["actions"]["items"] for row in rows)
    card = dict(given["card"]) if given.get("card") else None
    if card:
        card |= {"title": words(card.get("title")), "actions": _actions(card.get("actions"))}
    return given | {"rows": rows, "any_actions": any_actions, "card": card}


def _summary_row(row: Given) -> Given:
    return row | {
        "key": words(row.get("key")),
        "value": words(row.get("value")),
        "given_actions": bool(words(row.get("actions")).get("items") is not None),
        "actions": _actions(row.get("actions")),
    }


def _actions(actions: Any) -> Given:
    known = dict(actions) if isinstance(actions, Mapping) else {"items": actions or []}
    return known | {"items": list(known.get("items") or [])}


def table(given: Given) -> Given:
    """A table. A cell is a string or a mapping of `text`, `format`, `classes`, `attributes` and spans."""
    return given | {
        "head": [words(cell) for cell in given.get("head") or []],
        "rows": [[_cell(cell) for cell in row] for row in given["rows"] if row],
    }


def _cell(cell: Any) -> Given:
    return dict(cell) if isinstance(cell, Mapping) else {"text": cell}


def tabs(given: Given) -> Given:
    """Parts of a page of which scripts show one at a time; without scripts all are shown."""
    prefix = given.get("id_prefix", "")
    return given | {"items": [_tab(item, f"{prefix}-{n}") for n, item in _numbered(given)]}


def _tab(item: Given, at: str) -> Given:
    return item | {"id": item.get("id") or at, "panel": words(item.get("panel"))}


def task_list(given: Given) -> Given:
    """Tasks, each with how far it has come."""
    prefix = given.get("id_prefix") or "task-list"
    return given | {"items": [_task(item, f"{prefix}-{n}") for n, item in _numbered(given)]}


def _task(item: Given, at: str) -> Given:
    hint, status = words(item.get("hint")), words(item.get("status"))
    described_by = f"{at}-hint {at}-status" if hint else f"{at}-status"
    return item | {
        "title": words(item.get("title")),
        "hint": hint and hint | {"id": f"{at}-hint"},
        "status": status | {"id": f"{at}-status", "tag": words(status.get("tag"))},
        "described_by": described_by,
    }


def service_navigation(given: Given) -> Given:
    """The pages of the service."""
    navigation = [item for item in given.get("navigation") or [] if item]
    collapse = given.get("collapse_navigation_on_mobile")
    return given | {"navigation": navigation, "collapse": len(navigation) > 1 if collapse is None else collapse}


def phase_banner(given: Given) -> Given:
    """A line that says in which state the service is."""
    return given | {"tag": words(given.get("tag"))}


def error_summary(given: Given) -> Given:
    """All that is wrong with a form, each linked to its field. No heading given: "There is a problem"."""
    return {"title_text": _("There is a problem")} | given


def pagination(given: Given) -> Given:
    """Ways to the next and the previous page, and to numbered ones."""
    numbered = [item for item in given.get("items") or [] if item]
    sides = given.get("previous") or given.get("next")
    return given | {"items": numbered, "block": bool(sides) and not numbered}


PREPARED: dict[str, Callable[[Given], Given]] = {
    "checkboxes": checkboxes,
    "date_input": date_input,
    "error_summary": error_summary,
    "fieldset": fieldset,
    "file_upload": field,
    "input": input_box,
    "pagination": pagination,
    "password_input": password_box,
    "phase_banner": phase_banner,
    "radios": radios,
    "select": select,
    "service_navigation": service_navigation,
    "summary_list": summary_list,
    "table": table,
    "tabs": tabs,
    "task_list": task_list,
    "textarea": textarea,
}
"""The preparation of each component that needs one."""
