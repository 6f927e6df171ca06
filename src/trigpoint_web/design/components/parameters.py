"""What each component takes. A name that is not here is a mistake, and is refused.

Names are those of the reference macros in snake_case. `text` takes a string, escaped unless it is marked safe; where
the reference has `text` and `html` for one place, ours has `text` alone. `label`, `hint`, `error_message`, `title` and
their like take a string or a mapping of `text`, `classes` and `attributes`.
"""

from __future__ import annotations

_EVERY = "classes attributes"
_FIELD = "id name label hint error_message described_by disabled form_group value"
_SAID = {
    "back_link": "text href",
    "badge": "text",
    "breadcrumbs": "items collapse_on_mobile label_text",
    "button": "text type name value disabled href prevent_double_click is_start_button id",
    "checkboxes": "id_prefix name items values hint error_message described_by fieldset form_group",
    "date_input": "id name_prefix items values hint error_message fieldset form_group",
    "details": "text summary_text id open",
    "error_message": "text id visually_hidden_text",
    "error_summary": "title_text description_text error_list disable_auto_focus",
    "fieldset": "legend described_by role text",
    "file_upload": "id name label hint error_message described_by disabled form_group multiple",
    "filter": "heading selected_filters submit text",
    "hint": "text id",
    "input": f"{_FIELD} type inputmode autocomplete autocapitalize pattern spellcheck prefix suffix after",
    "inset_text": "text id",
    "label": "text for is_page_heading",
    "language_navigation": "items aria_label",
    "notification_banner": "text title_text title_heading_level type role title_id disable_auto_focus",
    "pagination": "items previous next landmark_label",
    "panel": "title_text heading_level text",
    "password_input": f"{_FIELD} autocomplete",
    "phase_banner": "tag text",
    "radios": "id_prefix name items value hint error_message fieldset form_group",
    "select": f"{_FIELD} items",
    "service_navigation": "service_name service_url navigation navigation_label navigation_id aria_label"
    " menu_button_text collapse_navigation_on_mobile navigation_classes",
    "side_navigation": "items sections label",
    "skip_link": "text href",
    "sub_navigation": "items label",
    "summary_list": "rows card",
    "table": "head rows caption caption_classes first_cell_is_header sortable",
    "tabs": "id id_prefix title items",
    "tag": "text",
    "task_list": "items id_prefix",
    "textarea": f"{_FIELD} rows autocomplete spellcheck",
    "timeline": "items heading_level",
    "warning_text": "text icon_fallback_text",
}

PARAMETERS: dict[str, frozenset[str]] = {name: frozenset(f"{said} {_EVERY}".split()) for name, said in _SAID.items()}
"""Each component's name, and the names of what it takes."""
