"""When each client called within the last minute. Kept out of the write-ahead log: a call waits for no disk."""

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """One row a client."""

    dependencies: ClassVar = [("api", "0002_walls")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Calls",
            fields=[
                ("client", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("at", django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None)),
            ],
        ),
        migrations.RunSQL("alter table api_calls set unlogged", "alter table api_calls set logged"),
    ]
