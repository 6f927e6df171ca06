"""Our components against the reference: the HTML that GOV.UK Frontend publishes for each of its own examples.

The examples come with the npm package (`fixtures.json`), so a new version of it brings its own judge. Those of MoJ
Frontend are drawn by its own macros, run with nunjucks.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import override
from lxml import html

from trigpoint_web.design.components import render_component
from trigpoint_web.design.components.parameters import PARAMETERS

ROOT = Path(__file__).parents[3]
NODE = shutil.which("node") or str(Path(sys.executable).parent / "node")
GOVUK = ROOT / "node_modules/govuk-frontend/dist/govuk/components"
# What MoJ's macros take, and what ours take for the same.
MOJ: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "badge": (
        {"text": "Urgent <b>", "classes": "moj-badge--red", "attributes": {"id": "a"}},
        {"text": "Urgent <b>", "classes": "moj-badge--red", "attributes": {"id": "a"}},
    ),
    "timeline": (
        {
            "headingLevel": 3,
            "items": [
                {
                    "label": {"text": "Reported missing"},
                    "html": "<p>From home.</p>",
                    "classes": "first",
                    "datetime": {"timestamp": "2026-03-01T09:00:00Z", "format": "1 March 2026"},
                    "byline": {"text": "Jo <Invented>"},
                }
            ],
        },
        {
            "heading_level": 3,
            "items": [
                {
                    "label": "Reported missing",
                    "text": SafeString("<p>From home.</p>"),
                    "classes": "first",
                    "datetime": {"timestamp": "2026-03-01T09:00:00Z", "text": "1 March 2026"},
                    "byline": "Jo <Invented>",
                }
            ],
        },
    ),
    "filter": (
        {
            "heading": {"text": "Filter"},
            "submit": {"text": "Show these"},
            "selectedFilters": {
                "heading": {"text": "Chosen"},
                "clearLink": {"text": "Clear", "href": "/all"},
                "categories": [{"heading": {"text": "Team"}, "items": [{"href": "/one", "text": "Missing"}]}],
            },
            "optionsHtml": "<p>Boxes</p>",
        },
        {
            "heading": "Filter",
            "submit": "Show these",
            "selected_filters": {
                "heading": "Chosen",
                "clear_link": {"text": "Clear", "href": "/all"},
                "categories": [{"heading": "Team", "items": [{"href": "/one", "text": "Missing"}]}],
            },
            "text": SafeString("<p>Boxes</p>"),
        },
    ),
    "side_navigation": (
        {
            "label": "Parts",
            "sections": [
                {"heading": {"text": "One", "headingLevel": 3}, "items": [{"text": "A", "href": "#a", "active": True}]},
                {"heading": {"text": "Two"}, "items": [{"text": "B", "href": "#b"}]},
            ],
        },
        {
            "label": "Parts",
            "sections": [
                {"heading": "One", "heading_level": 3, "items": [{"text": "A", "href": "#a", "active": True}]},
                {"heading": "Two", "items": [{"text": "B", "href": "#b"}]},
            ],
        },
    ),
    "sub_navigation": (
        {"label": "Tabs", "items": [{"text": "A", "href": "#a", "active": True}, {"text": "B", "href": "#b"}]},
        {"label": "Tabs", "items": [{"text": "A", "href": "#a", "active": True}, {"text": "B", "href": "#b"}]},
    ),
}

# Options of the reference that casework has no use for; examples that need one are left out, and counted below.
NOT_TAKEN = {
    "before_input", "after_input", "before_inputs", "after_inputs", "slots", "day", "month", "year",
    "input_wrapper", "button", "show_password_text", "hide_password_text", "show_password_aria_label_text",
    "hide_password_aria_label_text", "password_shown_announcement_text", "password_hidden_announcement_text",
    "menu_button_label",
}  # fmt: skip


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def ours(value: Any, key: str = "") -> Any:
    """Options of the reference as ours: snake case, and one `text` where it has `text` and `html`."""
    if key == "attributes":
        return value
    if isinstance(value, list):
        return [ours(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {snake(name): ours(one, name) for name, one in value.items()}
    for name in [name for name in made if name == "html" or name.endswith("_html")]:
        put = name[:-4] + "text"
        words = made.pop(name)
        if words:
            made[put] = SafeString(words)
    if made.get("value") is False:
        made["value"] = "false"  # as JavaScript writes it
    if isinstance(made.get("conditional"), dict):
        made["conditional"] = made["conditional"].get("text", "")
    return made


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for key, one in value.items() if key != "attributes" for name in names_in(one)}
    return {name for one in value for name in names_in(one)} if isinstance(value, list) else set()


def plain_attributes(value: Any) -> bool:
    """Whether every `attributes` is a mapping of plain values, as ours are."""
    if isinstance(value, list):
        return all(plain_attributes(one) for one in value)
    if not isinstance(value, dict):
        return True
    attributes = value.get("attributes", {})
    plain = isinstance(attributes, dict) and all(isinstance(one, str | bool | int) for one in attributes.values())
    return plain and all(plain_attributes(one) for one in value.values())


def tree(text: str) -> Any:
    """HTML as nested tuples: names, attributes without regard to order, words without regard to white space."""
    return [_node(node) for node in html.fragments_fromstring(f"<div>{text}</div>")[0]]


def _node(node: Any) -> Any:
    attributes = sorted((name, " ".join(value.split())) for name, value in node.attrib.items())
    return node.tag, attributes, _words(node.text), [(_node(one), _words(one.tail)) for one in node]


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def examples(name: str) -> list[dict[str, Any]]:
    folder = GOVUK / name.replace("_", "-")
    return json.loads((folder / "fixtures.json").read_text())["fixtures"] if folder.is_dir() else []


def comparable(name: str, options: dict[str, Any]) -> bool:
    made = ours(options)
    return not (set(made) - PARAMETERS[name]) and not (names_in(made) & NOT_TAKEN) and plain_attributes(options)


CASES = [
    pytest.param(name, example, id=f"{name}: {example['name']}")
    for name in sorted(PARAMETERS)
    for example in examples(name)
    if comparable(name, example["options"])
]


@pytest.mark.parametrize(("name", "example"), CASES)
def test_a_component_is_drawn_as_the_reference_draws_it(name: str, example: dict[str, Any]) -> None:
    with override("en"):
        drawn = render_component(name, ours(example["options"]))
    assert tree(drawn) == tree(example["html"])


def test_components_of_moj_are_drawn_as_its_macros_draw_them() -> None:
    asked = [{"name": name.replace("_", "-"), "options": theirs} for name, (theirs, _) in MOJ.items()]
    script = [NODE, "tests/web/design/moj_reference.mjs"]
    reference = json.loads(
        subprocess.run(script, input=json.dumps(asked), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    )
    with override("en"):
        for (name, (_, options)), expected in zip(MOJ.items(), reference, strict=True):
            assert tree(render_component(name, options)) == tree(expected), name


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_what_is_typed_is_never_html(name: str) -> None:
    hostile = "<script>alert(1)</script>"
    places = {
        "name": "box",
        "items": [
            {"name": "part", "text": hostile, "label": hostile, "href": hostile, "title": hostile, "value": hostile}
        ],
        "rows": [[hostile]] if name == "table" else [{"key": hostile, "value": {"text": hostile}}],
        "navigation": [{"text": hostile, "href": hostile}],
        "error_list": [{"text": hostile, "href": hostile}],
    }
    given = {key: places.get(key, hostile) for key in ("text", "label", "value", *places) if key in PARAMETERS[name]}
    if name == "textarea":
        given["rows"] = hostile
    assert "<script" not in render_component(name, given)


def test_a_mistyped_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="Nearest: button"):
        render_component("buton", {})
    with pytest.raises(ValueError, match="Nearest: classes"):
        render_component("button", {"clases": "x"})


def test_nearly_all_published_examples_are_compared() -> None:
    published = sum(len(examples(name)) for name in PARAMETERS)
    assert len(CASES) >= 0.9 * published
    assert {case.values[0] for case in CASES} == set(PARAMETERS) - set(MOJ)
