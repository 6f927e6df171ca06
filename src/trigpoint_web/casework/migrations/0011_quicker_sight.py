"""Whether the person at work may see a child is asked without looking for the child: three times in the time of one."""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.casework.walls import SEES_FUNCTION


class Migration(migrations.Migration):
    """The function anew."""

    dependencies: ClassVar = [("casework", "0010_told_once")]
    operations: ClassVar = [migrations.RunSQL(SEES_FUNCTION, migrations.RunSQL.noop)]
