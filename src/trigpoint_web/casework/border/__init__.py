"""The border: a run comes in whole, once, as citations that never change; what people decided goes back."""

from trigpoint_web.casework.border.extract import write_extract
from trigpoint_web.casework.border.register import Registered, register_run, take_run

__all__ = ["Registered", "register_run", "take_run", "write_extract"]
