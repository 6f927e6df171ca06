"""Components of the GOV.UK and MoJ design systems, as small Django templates.

One component is one template in `templates/components`, one line in `parameters.PARAMETERS` that names what it takes,
and, where something has to be worked out first (which choice is ticked, what describes a field), one function in
`preparing`. Tests compare every one with the HTML of the reference.
"""

from trigpoint_web.design.components.rendering import render_component

__all__ = ["render_component"]
