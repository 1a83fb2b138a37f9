"""The one row that numbers the states of the work calendar."""

from typing import Any

from django.db import migrations


def first_state(apps: Any, schema_editor: Any) -> None:
    apps.get_model("liaison", "CalendarState").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [("liaison", "0001_initial")]
    operations = [migrations.RunPython(first_state, migrations.RunPython.noop)]
