"""A missing episode that several sources tell stands once, and names who else tells of it."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    """One column; the next run fills it."""

    dependencies: ClassVar = [("casework", "0009_quick_inbox")]
    operations: ClassVar = [
        migrations.AddField(
            "missingepisode", "also_told", models.JSONField(default=list, db_default=Value([], models.JSONField()))
        ),
    ]
