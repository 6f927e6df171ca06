"""What agencies' extracts tell of a return interview stands beside the episode."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


def text(length: int) -> models.CharField[str, str]:
    """A column of words that may be empty."""
    return models.CharField(max_length=length, blank=True, default="", db_default="")


class Migration(migrations.Migration):
    """Three columns, filled by the next run."""

    dependencies: ClassVar = [("casework", "0007_quick_walls")]
    operations: ClassVar = [
        migrations.AddField("missingepisode", "told_interview", text(10)),
        migrations.AddField("missingepisode", "told_on", models.DateField(blank=True, null=True)),
        migrations.AddField("missingepisode", "told_by", text(40)),
    ]
