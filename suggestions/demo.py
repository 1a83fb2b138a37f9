"""The demo's forty suggestions and six transfers, in all states and ages, made by the real services in a moved past."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from deputies.models import Mandate
from liaison.clock import moved_to
from liaison.models import Delivery, Notice, Organisation
from liaison.models.notice import DeliveryStatus
from suggestions.demo_people import demo_pdf, deputy, moment, staff, unit_staff
from suggestions.demo_texts import TEXTS, Text
from suggestions.demo_transfers import load_transfers
from suggestions.models import Category, RefusalClause, Suggestion
from suggestions.services.cosign import cosigner_invite, cosigner_respond
from suggestions.services.draft import draft_save, suggestion_submit
from suggestions.services.feedback import suggestion_rate
from suggestions.services.handling import suggestion_answer, suggestion_sign
from suggestions.services.sorting import (
    suggestion_assign,
    suggestion_refuse,
    suggestion_register,
    suggestion_return,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.actor import Actor

_SPACE = uuid.UUID("6d1a1f6e-6f0a-4c57-9c36-0d5b2f7a4309")


class Way(NamedTuple):
    """How far a suggestion has come, and how many days ago it was submitted."""

    state: str
    days: int
    result_class: str = "A"


#: Ages are chosen so that every light is on: handover within 10 working days, answer within 3 months.
WAYS: tuple[Way, ...] = (
    Way("handling", 60), Way("handling", 97), Way("closed", 150), Way("handling", 125), Way("handling", 45),
    Way("closed", 170, "B"), Way("answered", 70), Way("handling", 84), Way("submitted", 1), Way("draft", 0),
    Way("answered", 95, "C"), Way("handling", 92), Way("closed", 140), Way("submitted", 3), Way("registered", 6),
    Way("closed", 160), Way("refused", 30), Way("submitted", 8), Way("handling", 30), Way("assigned", 9),
    Way("rework", 100), Way("closed", 130), Way("registered", 12), Way("answered", 50), Way("submitted", 13),
    Way("handling", 20), Way("coordinating", 165), Way("answered", 80, "B"), Way("returned", 9), Way("submitted", 20),
    Way("handling", 110), Way("assigned", 7), Way("handling", 75), Way("registered", 4), Way("answered", 65),
    Way("closed", 120, "C"), Way("assigned", 5), Way("draft", 2), Way("registered", 9), Way("assigned", 4),
)  # fmt: skip


def load(say: Callable[[str], None]) -> None:
    """Make what is missing; a suggestion that is there stays where it stands."""
    numbered = list(enumerate(zip(TEXTS, WAYS, strict=True)))
    oldest_first = sorted(numbered, key=lambda item: -item[1][1].days)
    made = [_suggestion(number, text, way) for number, (text, way) in oldest_first]
    transfers = load_transfers([suggestion_of(number) for number in range(len(TEXTS))])
    _settle_old_notices()
    say(f"代表建议 {len(TEXTS)} 件（本次新增 {sum(made)} 件），转交线索 {transfers} 件")


def suggestion_of(number: int) -> Suggestion:
    """The demo suggestion with this place in the list."""
    return Suggestion.objects.get(client_token=uuid.uuid5(_SPACE, str(number)))


def _lead(number: int) -> Actor:
    """Who leads: the two deputies of the sign-in page often, else one of the others."""
    certificate = {0: "YY07001", 1: "YY07001", 2: "YY07002"}.get(number % 5, f"YY07{number % 40 + 3:03d}")
    if number in {9, 28, 37}:
        certificate = "YY07001"
    return deputy(certificate)


def _suggestion(number: int, text: Text, way: Way) -> bool:
    token = uuid.uuid5(_SPACE, str(number))
    if Suggestion.objects.filter(client_token=token).exists():
        return False
    lead = _lead(number)
    city = Mandate.objects.get(person_id=lead.deputy_id, congress__short_name="益阳市七届人大")
    unit = Organisation.objects.get(name=f"益阳市{text.unit}")
    values = {
        "lead_id": city.pk,
        "title": text.title,
        "situation": text.situation,
        "proposal": text.proposal,
        "category_id": Category.objects.get(name=text.category).pk,
        "wished_unit_id": unit.pk,
        "contact_phone": city.person.phone,
        "wants_talk": number % 3 == 0,
    }
    with moved_to(moment(way.days, 9)):
        suggestion = draft_save(actor=lead, client_token=token, values=values, version=None)
        if number % 4 == 0:
            _cosign(lead, suggestion)
    if way.state != "draft":
        with moved_to(moment(way.days, 10)):
            suggestion_submit(actor=lead, client_token=token, values={}, version=None)
        _sort(suggestion, way, lead, unit)
    return True


def _cosign(lead: Actor, suggestion: Suggestion) -> None:
    other = "YY07002" if lead.deputy_id != _person("YY07002") else "YY07001"
    mandate = Mandate.objects.get(certificate_number=other)
    cosigner_invite(actor=lead, public_id=suggestion.public_id, mandate_public_ids=[mandate.public_id])
    if suggestion.pk % 3:
        cosigner_respond(actor=deputy(other), public_id=suggestion.public_id, confirm=True)


def _person(certificate: str) -> int:
    return Mandate.objects.get(certificate_number=certificate).person_id


def _sort(suggestion: Suggestion, way: Way, lead: Actor, unit: Organisation) -> None:
    clerk = staff("demo_clerk")
    public_id = suggestion.public_id
    if way.state == "submitted":
        return
    with moved_to(moment(way.days - 1, 11)):
        if way.state == "returned":
            suggestion_return(actor=clerk, public_id=public_id, version=None, reason="请补充具体路段和现场照片。")
            return
        if way.state == "refused":
            clause = RefusalClause.objects.get(name="不属于本级职权范围")
            suggestion_refuse(
                actor=staff("demo_approver"),
                clause_id=clause.pk,
                reason="该事项由省级主管部门负责，建议通过省人大代表提出。",
                public_id=public_id,
                version=None,
            )
            return
        suggestion_register(
            actor=clerk,
            public_id=public_id,
            version=None,
            session_id=None,
            category_id=Suggestion.objects.get(pk=suggestion.pk).category_id,
        )
    if way.state == "registered":
        return
    with moved_to(moment(way.days - 2, 15)):
        suggestion_assign(
            actor=clerk,
            public_id=public_id,
            version=None,
            unit_public_id=unit.public_id,
            requirement="请与代表当面沟通后答复。",
        )
    if way.state == "assigned":
        return
    with moved_to(moment(way.days - 3, 9)):
        suggestion_sign(actor=unit_staff(unit.pk), public_id=suggestion.public_id)
    if way.state == "handling":
        return
    _finish(suggestion, way, lead, unit)


def _finish(suggestion: Suggestion, way: Way, lead: Actor, unit: Organisation) -> None:
    """Answer, and rate as the state asks. The answer came 12 days ago at the latest for one still to be rated."""
    answered = 8 if way.state == "answered" else max(12, way.days - 55)
    _answer(suggestion, way, unit, answered)
    if way.state == "answered":
        return
    if way.state == "closed":
        result = "satisfied" if suggestion.pk % 3 else "basically"
        _rate(lead, suggestion, result, "", max(1, answered - 5))
        return
    _rate(lead, suggestion, "dissatisfied", "问题仍然存在，未见具体措施。", max(2, answered - 4))
    if way.state == "coordinating":
        _answer(suggestion, way, unit, max(2, answered - 30))
        _rate(lead, suggestion, "dissatisfied", "整改进度没有达到承诺。", max(1, answered - 36))


def _answer(suggestion: Suggestion, way: Way, unit: Organisation, days: int) -> None:
    with moved_to(moment(days, 15)):
        today = timezone.localdate()
        promised = today + dt.timedelta(days=120) if way.result_class == "B" else None
        suggestion_answer(
            actor=unit_staff(unit.pk),
            public_id=suggestion.public_id,
            version=None,
            values={
                "result_class": way.result_class,
                "summary": "已会同有关单位现场办公，向代表当面通报了办理情况，具体措施见所附答复函。",
                "document_number": f"益函〔{today.year}〕{suggestion.pk % 90 + 10}号",
                "document_on": today,
                "promised_on": promised,
                "contact": "办公室 0737-4220000",
            },
            uploads=[demo_pdf("答复函.pdf")],
        )


def _rate(lead: Actor, suggestion: Suggestion, result: str, reason: str, days: int) -> None:
    with moved_to(moment(days, 16)):
        suggestion_rate(actor=lead, public_id=suggestion.public_id, attitude=result, result=result, reason=reason)


def _settle_old_notices() -> None:
    """What the demo's past told people: read after three days, and its mails never leave."""
    Notice.objects.filter(read_at__isnull=True, created_at__lt=timezone.now() - dt.timedelta(days=3)).update(
        read_at=timezone.now()
    )
    Delivery.objects.filter(status=DeliveryStatus.QUEUED, notice__created_at__lt=timezone.now()).delete()
