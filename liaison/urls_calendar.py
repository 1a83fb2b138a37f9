"""Routes of the work calendar and of the reminder rules."""

from django.urls import URLPattern, URLResolver, path, register_converter

from liaison.converters import DayConverter
from liaison.views import holiday, reminder

register_converter(DayConverter, "day")

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar/", holiday.year, name="calendar"),
    path("calendar/<int:year>/", holiday.year, name="calendar_year"),
    path("calendar/days/add/", holiday.add, name="holiday_add"),
    path("calendar/days/<day:day>/edit/", holiday.edit, name="holiday_edit"),
    path("calendar/days/<day:day>/remove/", holiday.remove, name="holiday_remove"),
    path("calendar/import/", holiday.import_, name="holiday_import"),
    path("calendar/import/confirm/", holiday.import_confirm, name="holiday_import_confirm"),
    path("system/reminders/", reminder.rules, name="reminder_rules"),
    path("system/reminders/<slug:kind>/", reminder.rule, name="reminder_rule"),
    path("system/reminders/<slug:kind>/reset/", reminder.reset, name="reminder_rule_reset"),
]
