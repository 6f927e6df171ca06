"""From a component's name and parameters to HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString

from trigpoint.errors import nearest
from trigpoint_web.design.components.parameters import PARAMETERS
from trigpoint_web.design.components.preparing import PREPARED


def render_component(name: str, parameters: Mapping[str, Any]) -> SafeString:
    """The HTML of a component. A parameter of value None counts as not given.

    Raises ValueError where there is no such component, or it takes no such parameter: our own mistake in a template.
    """
    _check(name, parameters)
    given = {key: value for key, value in parameters.items() if value is not None}
    if "items" in PARAMETERS[name]:
        given.setdefault("items", [])  # or the template would find the mapping's own method of that name
    prepare = PREPARED.get(name)
    context = prepare(given) if prepare else given
    return SafeString(get_template(f"components/{name}.html").render({"p": context}))


def _check(name: str, parameters: Mapping[str, Any]) -> None:
    if name not in PARAMETERS:
        raise ValueError(f"There is no component '{name}'. Nearest: {nearest(name, list(PARAMETERS))}")
    for key in parameters:
        if key not in PARAMETERS[name]:
            close = nearest(key, list(PARAMETERS[name]))
            raise ValueError(f"Component '{name}' takes no '{key}'. Nearest: {close}")
