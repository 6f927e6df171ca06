"""Template tags: `{% load design %}`.

{% component "button" text=words href=address %}
{% within "details" summary_text=words %} … HTML … {% endwithin %}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from trigpoint_web.design.components import render_component
from trigpoint_web.design.drafts import draft_fields
from trigpoint_web.design.forms import draw_field, error_list

register = template.Library()


@register.simple_tag
def component(name: str, given: Mapping[str, Any] | None = None, /, **parameters: Any) -> SafeString:
    """A component. Parameters may come from a mapping that a presenter made, from the template, or both."""
    return render_component(name, {**(given or {}), **parameters})


@register.simple_block_tag
def within(content: SafeString, name: str, given: Mapping[str, Any] | None = None, /, **parameters: Any) -> SafeString:
    """A component around the HTML that stands between the tags (it becomes the component's `text`)."""
    return render_component(name, {**(given or {}), **parameters, "text": content})


@register.simple_tag
def errors(form: BaseForm) -> SafeString:
    """The error summary of a form; nothing where there is no error. Belongs at the top of the page's content."""
    return render_component("error_summary", {"error_list": error_list(form)}) if form.errors else SafeString("")


@register.simple_tag
def field(bound: BoundField, **parameters: Any) -> SafeString:
    """One field of a form as a component."""
    return draw_field(bound, **parameters)


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """All fields of a form, in their order."""
    return SafeString("".join(draw_field(bound) for bound in form))


@register.simple_tag(takes_context=True)
def draft_form(context: Context, kind: str, key: object = "") -> SafeString:
    """The attributes of a form whose words are saved as they are typed."""
    return attributes(draft_fields(context["request"], f"{kind}:{key}").attributes)


@register.simple_tag(takes_context=True)
def draft_inputs(context: Context, kind: str, key: object = "") -> SafeString:
    """Inside such a form: a line that says when it was saved, what marks it as this person's, and "Save draft"."""
    kept = draft_fields(context["request"], f"{kind}:{key}")
    return SafeString(get_template("design/draft_inputs.html").render({"kept": kept}))


@register.simple_tag
def attributes(given: Mapping[str, Any] | None) -> SafeString:
    """HTML attributes from a mapping, with a space before each. True gives a bare name; None and False give none."""
    pairs = (given or {}).items()
    return mark_safe("".join(_attribute(name, value) for name, value in pairs))  # noqa: S308 - each part is escaped


@register.filter
def is_html(words: Any) -> bool:
    """Whether words were marked safe: HTML that we made, not what somebody typed."""
    return isinstance(words, SafeString)


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
