"""What Django knows this app by."""

from django.apps import AppConfig


class ResponseConfig(AppConfig):
    """What people do about it: meetings, decisions, actions, plans, interviews."""

    name = "trigpoint_web.response"
    label = "response"
    default_auto_field = "django.db.models.BigAutoField"
