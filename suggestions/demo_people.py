"""Who acts in the demo, and when."""

from __future__ import annotations

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deputies.models import Mandate
from liaison.actor import Actor, deputy_actor
from liaison.calendar import SHANGHAI, add_months
from liaison.models import User
from liaison.selectors.actors import capacities_of
from liaison.selectors.calendar import work_calendar

_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def staff(username: str) -> Actor:
    """The first capacity of an account."""
    return capacities_of(User.objects.get(username=username))[0]


def unit_staff(organisation_id: int) -> Actor:
    """Whoever works in this unit."""
    user = User.objects.filter(postings__organisation_id=organisation_id, postings__ended_at__isnull=True).first()
    if user is None:
        raise LookupError(f"organisation {organisation_id} has no staff in the demo")
    return capacities_of(user)[0]


def deputy(certificate: str) -> Actor:
    """The deputy with this certificate; most of them have no account."""
    mandate = Mandate.objects.select_related("person__user").get(certificate_number=certificate)
    if mandate.person.user is not None:
        return next(actor for actor in capacities_of(mandate.person.user) if actor.is_deputy)
    return deputy_actor(
        user_id=None,
        person_id=mandate.person_id,
        name=mandate.person.name,
        label="益阳市七届人大代表",
        region_prefix=mandate.home_prefix,
        mandate_ids=(mandate.pk,),
    )


def moment(days_ago: int, hour: int = 10) -> dt.datetime:
    """A working moment so many days ago: a day off goes back to the working day before; never in the future."""
    return moment_on(timezone.localdate() - dt.timedelta(days=days_ago), hour)


def moment_on(day: dt.date, hour: int = 10) -> dt.datetime:
    """As ``moment``, for a day."""
    calendar = work_calendar()
    while not calendar.is_working(day):
        day -= dt.timedelta(days=1)
    then = dt.datetime.combine(day, dt.time(hour, (hour * 17) % 60), tzinfo=SHANGHAI)
    return min(then, timezone.now() - dt.timedelta(minutes=1))


def start_of_month_due_next() -> dt.date:
    """A working day whose month ends on the next day that a month can end on: tomorrow, if that is a working day."""
    calendar = work_calendar()
    today = timezone.localdate()
    for ahead in range(1, 12):
        due_on = today + dt.timedelta(days=ahead)
        for back in range(27, 42):
            start = due_on - dt.timedelta(days=back)
            if calendar.is_working(start) and add_months(start, 1, calendar=calendar).due_on == due_on:
                return start
    raise LookupError("no month ends within the next days")


def demo_pdf(name: str) -> SimpleUploadedFile:
    """A small real file for what the services require."""
    return SimpleUploadedFile(name, _PDF, content_type="application/pdf")
