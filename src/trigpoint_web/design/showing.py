"""Every component with invented words, for the page `/design/`."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

from trigpoint_web.design.components import render_component

LINKS = [{"text": "First", "href": "#one"}, {"text": "Second", "href": "#two"}]
CHOICES = [{"value": "a", "text": "One"}, {"value": "b", "text": "Another", "hint": "With a hint"}]
EXAMPLES: dict[str, dict[str, Any]] = {
    "back_link": {"href": "#back"},
    "badge": {"text": "Urgent", "classes": "moj-badge--red"},
    "breadcrumbs": {"items": [*LINKS, {"text": "Here"}]},
    "button": {"text": "Save"},
    "checkboxes": {"name": "ticks", "fieldset": "Which of these", "items": CHOICES, "values": ["b"]},
    "date_input": {"id": "date", "name_prefix": "date", "fieldset": "When", "hint": "Such as 27 3 2026"},
    "details": {"summary_text": "Why this is asked", "text": "Because somebody will read it."},
    "error_message": {"text": "Enter a reason"},
    "error_summary": {"error_list": [{"text": "Enter a reason", "href": "#reason"}], "disable_auto_focus": True},
    "fieldset": {"legend": "A group", "text": "Fields stand here."},
    "file_upload": {"name": "file", "label": "Add a document"},
    "filter": {
        "heading": "Filter this list",
        "selected_filters": {
            "heading": "Chosen",
            "clear_link": {"text": "Clear all", "href": "#clear"},
            "categories": [{"heading": "Team", "items": [{"text": "Missing", "href": "#less"}]}],
        },
    },
    "hint": {"text": "A hint"},
    "input": {"name": "reason", "label": "Reason", "hint": "In one line"},
    "inset_text": {"text": "Something to keep in mind."},
    "label": {"text": "A label"},
    "language_navigation": {
        "aria_label": "Example languages",
        "items": [{"text": "English", "lang": "en", "current": True}, {"text": "Cymraeg", "lang": "cy", "href": "#cy"}],
    },
    "notification_banner": {"text": "Saved", "title_id": "shown-banner"},
    "pagination": {"items": [{"number": 1, "href": "#1", "current": True}, {"number": 2, "href": "#2"}]},
    "panel": {"title_text": "Done", "text": "The marker was set.", "heading_level": 3},
    "password_input": {"name": "secret", "label": "Password"},
    "phase_banner": {"tag": "Invented", "text": "Every person here is invented."},
    "radios": {"name": "choice", "fieldset": "Which one", "items": CHOICES, "value": "a"},
    "select": {"name": "list", "label": "Which one", "items": [{"value": "a", "text": "One"}]},
    "service_navigation": {
        "navigation": LINKS,
        "navigation_id": "shown-navigation",
        "navigation_label": "Example menu",
    },
    "side_navigation": {"label": "Example parts", "items": [{"text": "First", "href": "#one", "active": True}]},
    "skip_link": {"text": "Skip to main content", "href": "#main-content"},
    "sub_navigation": {"label": "Example tabs", "items": [{"text": "First", "href": "#one", "active": True}, LINKS[1]]},
    "summary_list": {
        "rows": [{"key": "School", "value": "An invented school", "actions": [{"text": "Change", "href": "#change"}]}]
    },
    "table": {
        "caption": "Days missing",
        "sortable": True,
        "head": [{"text": "Month", "sort": "none"}, {"text": "Days", "format": "numeric", "sort": "none"}],
        "rows": [["March", {"text": "2", "format": "numeric"}], ["April", {"text": "11", "format": "numeric"}]],
    },
    "tabs": {"id_prefix": "part", "items": [{"label": "One", "panel": "First"}, {"label": "Two", "panel": "Second"}]},
    "tag": {"text": "Marker set"},
    "task_list": {"items": [{"title": "Tell the child", "href": "#task", "status": {"tag": "To do"}}]},
    "textarea": {"name": "note", "label": "Note"},
    "timeline": {
        "heading_level": 3,
        "items": [
            {
                "label": "Reported missing",
                "text": "From home.",
                "datetime": {"timestamp": "2026-03-01", "text": "1 March 2026"},
            }
        ],
    },
    "warning_text": {"text": "A child may be in danger now."},
}


def sections() -> list[tuple[str, SafeString]]:
    """Each component's name, and the component."""
    return [(name.replace("_", " "), render_component(name, given)) for name, given in EXAMPLES.items()]
