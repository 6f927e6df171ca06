"""What Django knows this app by."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Questions about who is one child, and what people answered."""

    name = "trigpoint_web.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"
