"""Forms: Django's fields drawn with components, an error summary, dates in three boxes."""

from trigpoint_web.design.forms.dates import DateField
from trigpoint_web.design.forms.drawing import draw_field, error_list
from trigpoint_web.design.forms.starting import start_form

__all__ = ["DateField", "draw_field", "error_list", "start_form"]
