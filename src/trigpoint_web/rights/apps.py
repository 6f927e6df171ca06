"""What Django knows this app by."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """Retention, erasure, legal holds, and requests of the people whose records these are."""

    name = "trigpoint_web.rights"
    label = "rights"
    default_auto_field = "django.db.models.BigAutoField"
