"""What Django knows this app by."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The record of who looked, searched, wrote, exported or was refused."""

    name = "trigpoint_web.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
