"""Deadlines for tests of the clock itself: on an organisation, of a kind that only the tests know."""

from __future__ import annotations

import datetime as dt
from typing import Any

from liaison.actor import system_actor
from liaison.calendar import SHANGHAI
from liaison.models import Deadline, Organisation, Region, User
from liaison.models.deadline import PeriodUnit
from liaison.permissions import OrganisationKind
from liaison.registry import DeadlineKind, SubjectType
from liaison.services.deadline import deadline_open

KIND = DeadlineKind("test_answer", "答复测试事项", "自交办之日起答复（测试规则）。")
SUBJECT = SubjectType(
    model_label="liaison.Organisation",
    label="测试事项",
    visible=Organisation.objects.visible_to,
    title=str,
    url=lambda organisation: f"/matters/{organisation.public_id}/",
)
SYSTEM = system_actor()


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """A moment in Asia/Shanghai."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def make_matter(region: Region, name: str) -> Organisation:
    """Something that a deadline may be opened on."""
    return Organisation.objects.create(name=name, kind=OrganisationKind.UNIT, region=region)


def open_until(
    due_on: dt.date,
    *,
    subject: Organisation,
    holder: Organisation | None = None,
    holder_user: User | None = None,
    supervisor: Organisation | None = None,
    starts_on: dt.date | None = None,
    kind: str = KIND.code,
    **kwargs: Any,
) -> Deadline:
    """A deadline that ends on this day (a working day, or it rolls on)."""
    return deadline_open(
        actor=SYSTEM,
        subject=subject,
        kind=kind,
        unit=PeriodUnit.DATE,
        fixed_on=due_on,
        starts_on=starts_on or due_on - dt.timedelta(days=60),
        holder=holder if holder or holder_user else subject,
        holder_user=holder_user,
        supervisor=supervisor,
        **kwargs,
    )
