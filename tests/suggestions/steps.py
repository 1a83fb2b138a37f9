"""Taking a suggestion along its way through the services, for set-up."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from suggestions.models import Answer, Category, Suggestion
from suggestions.services.cosign import cosigner_invite, cosigner_respond
from suggestions.services.draft import draft_save, suggestion_submit
from suggestions.services.feedback import suggestion_rate
from suggestions.services.handling import suggestion_answer, suggestion_sign
from suggestions.services.sorting import suggestion_assign, suggestion_register

if TYPE_CHECKING:
    from tests.cast import Cast

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(name: str = "答复函.pdf") -> SimpleUploadedFile:
    """A small real PDF."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def texts(**changes: Any) -> dict[str, Any]:
    """What a deputy types, complete."""
    category = Category.objects.get(name="城建环资")
    return {
        "title": "关于治理资江沿岸餐饮油烟的建议",
        "situation": "资江风貌带沿线餐饮店油烟直排，周边三个小区居民长期反映。",
        "proposal": "请生态环境部门开展专项检查，督促安装净化设施。",
        "category_id": category.pk,
        **changes,
    }


def draft(cast: Cast, who: str = "deputy", **changes: Any) -> Suggestion:
    return draft_save(actor=cast.actor(who), client_token=uuid.uuid4(), values=texts(**changes), version=None)


def submitted(cast: Cast, who: str = "deputy", *, cosigner: str | None = None, **changes: Any) -> Suggestion:
    suggestion = draft(cast, who, **changes)
    if cosigner:
        cosigner_invite(
            actor=cast.actor(who),
            public_id=suggestion.public_id,
            mandate_public_ids=[cast.mandates[cosigner].public_id],
        )
        cosigner_respond(actor=cast.actor(cosigner), public_id=suggestion.public_id, confirm=True)
    return suggestion_submit(
        actor=cast.actor(who), client_token=suggestion.client_token, values=texts(**changes), version=None
    )


def registered(cast: Cast, **changes: Any) -> Suggestion:
    suggestion = submitted(cast, **changes)
    return suggestion_register(
        actor=cast.actor("insider"),
        public_id=suggestion.public_id,
        version=None,
        session_id=None,
        category_id=suggestion.category_id,
    )


def assigned(cast: Cast, **changes: Any) -> Suggestion:
    suggestion = registered(cast, **changes)
    suggestion_assign(
        actor=cast.actor("insider"),
        public_id=suggestion.public_id,
        version=None,
        unit_public_id=cast.offices["unit"].public_id,
        requirement="请与代表当面沟通。",
    )
    return fresh(suggestion)


def handling(cast: Cast, **changes: Any) -> Suggestion:
    suggestion = assigned(cast, **changes)
    return suggestion_sign(actor=cast.actor("unit"), public_id=suggestion.public_id)


def answer_values(**changes: Any) -> dict[str, Any]:
    """What a unit types, complete, class A."""
    return {
        "result_class": "A",
        "summary": "已完成整治。",
        "document_number": "益环函〔2026〕12号",
        "document_on": timezone.localdate(),
        "promised_on": None,
        "contact": "刘承办 0737-1234567",
        **changes,
    }


def answer(cast: Cast, suggestion: Suggestion, **changes: Any) -> Answer:
    return suggestion_answer(
        actor=cast.actor("unit"),
        public_id=suggestion.public_id,
        version=None,
        values=answer_values(**changes),
        uploads=[pdf()],
    )


def answered(cast: Cast, *, values: dict[str, Any] | None = None, **changes: Any) -> Suggestion:
    suggestion = handling(cast, **changes)
    answer(cast, suggestion, **(values or {}))
    return fresh(suggestion)


def rate(cast: Cast, suggestion: Suggestion, result: str = "satisfied", who: str = "deputy") -> None:
    suggestion_rate(
        actor=cast.actor(who),
        public_id=suggestion.public_id,
        attitude=result,
        result=result,
        reason="问题没有解决。" if result == "dissatisfied" else "",
    )


def closed(cast: Cast, **changes: Any) -> Suggestion:
    suggestion = answered(cast, **changes)
    rate(cast, suggestion)
    return fresh(suggestion)


def fresh(suggestion: Suggestion) -> Suggestion:
    """The row as it stands now."""
    return Suggestion.objects.get(pk=suggestion.pk)


def tomorrow(days: int = 1) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)
