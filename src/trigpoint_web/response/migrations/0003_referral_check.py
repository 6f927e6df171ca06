"""The check before a referral to the National Referral Mechanism; it never changes, but for the child it follows."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from trigpoint_web.casework.walls import guarded_by_child, never_changes

TABLE = "response_referralcheck"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("casework", "0002_walls"),
        ("response", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ReferralCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("answers", models.JSONField()),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("request_key", models.UUIDField(unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referral_checks",
                        to="casework.child",
                    ),
                ),
            ],
            options={"ordering": ["child", "pk"]},
        ),
        migrations.RunSQL(guarded_by_child(TABLE) + never_changes([TABLE], but_moves=True)),
    ]
