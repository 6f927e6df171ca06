"""Forms: Django's fields drawn with components, an error summary, dates in three boxes, times."""

from trigpoint_web.design.forms.dates import DateField
from trigpoint_web.design.forms.drawing import draw_field, error_list
from trigpoint_web.design.forms.starting import start_form
from trigpoint_web.design.forms.times import TimeField

__all__ = ["DateField", "TimeField", "draw_field", "error_list", "start_form"]
