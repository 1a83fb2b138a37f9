"""Notices, deliveries and reminders lose the indexes that another index begins with, or that nothing reads by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("liaison", "0003_audit_in_time_order")]

    operations = [
        migrations.AlterField(
            "delivery",
            "notice",
            models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="deliveries", to="liaison.notice"),
        ),
        migrations.AlterField(
            "notice",
            "recipient",
            models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="notices", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            "reminder",
            "deadline",
            models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="reminders", to="liaison.deadline"),
        ),
        migrations.AlterField(
            "reminder",
            "notice",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="reminders",
                to="liaison.notice",
            ),
        ),
        migrations.AlterField(
            "reminder",
            "recipient",
            models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
    ]
