"""Template tags: `{% load design %}`.

{% component "button" text=words href=address %}
{% within "details" summary_text=words %} … HTML … {% endwithin %}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from trigpoint_web.design.components import render_component

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
