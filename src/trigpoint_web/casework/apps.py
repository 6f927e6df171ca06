"""What Django knows this app by."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The child's page, the marker, and the people who decide."""

    name = "trigpoint_web.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
