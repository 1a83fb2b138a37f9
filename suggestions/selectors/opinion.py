"""Finding opinions: by words, alike ones, and what is prepared for 12345."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone

from liaison.dates import cn_date
from liaison.search import likeness, pairs, search_query
from suggestions.models import Opinion
from suggestions.states import OpinionStatus

if TYPE_CHECKING:
    from liaison.actor import Actor

#: Alike ones are looked for among so many, the newest first, of the last months.
MOST_COMPARED = 1000
COMPARED_DAYS = 180
COMPARED_TEXT = 300
#: From this likeness on an opinion is shown as similar.
ALIKE = 0.25
#: The same place counts so much besides.
SAME_PLACE = 0.15


def page_of(opinion: Opinion, actor: Actor) -> str:
    """Where this actor reads it."""
    if actor.is_deputy:
        return opinion.deputy_url
    return opinion.unit_url if actor.is_unit else opinion.get_absolute_url()


def search_opinions(actor: Actor, text: str, *, limit: int) -> list[Opinion]:
    """What the search box finds, newest first."""
    text = text.strip()
    query = search_query(text)
    if not text:
        return []
    found = Q(number__contains=text)
    rows = Opinion.objects.visible_to(actor).filter(found if query is None else found | Q(search=query))
    return list(rows.defer("search").order_by("-id")[:limit])


def similar_to(actor: Actor, opinion: Opinion, *, limit: int = 6) -> list[tuple[Opinion, int]]:
    """Opinions of the same office on the same matter that may lead a group, with their likeness in hundredths (two
    queries)."""
    mine, place = pairs(opinion.text[:COMPARED_TEXT]), pairs(opinion.place)
    rows = (
        Opinion.objects.visible_to(actor)
        .leads()
        .filter(office_id=opinion.office_id, created_at__gte=timezone.now() - dt.timedelta(days=COMPARED_DAYS))
        .exclude(pk=opinion.pk)
        .exclude(status=OpinionStatus.CLOSED)
        .order_by("-id")
        .values_list("pk", Left("text", COMPARED_TEXT), "place")[:MOST_COMPARED]
    )
    scores: dict[int, float] = {}
    for pk, text, its_place in rows:
        score = likeness(mine, pairs(text)) + SAME_PLACE * likeness(place, pairs(its_place))
        if score >= ALIKE:
            scores[pk] = min(score, 1.0)
    best = sorted(scores, key=lambda pk: (-scores[pk], -pk))[:limit]
    found = {one.pk: one for one in Opinion.objects.filter(pk__in=best).select_related("station").defer("search")}
    return [(found[pk], round(scores[pk] * 100)) for pk in best]


def hotline_draft(opinion: Opinion) -> str:
    """What the hand-over to 12345 says, to be read over by staff. The contact itself stays in its fields, which are
    looked at by a press that is audited."""
    person = "已留联系方式，随转办另附" if opinion.contact_name or opinion.contact_phone else "未留联系方式"
    lines = (
        f"来源：{opinion.office.name}（{opinion.number}，{cn_date(timezone.localdate(opinion.created_at))}收到）",
        f"反映人：{person}",
        f"地点：{opinion.place or '未填写'}",
        f"反映内容：{opinion.text}",
        "请按职责办理，并把结果告知我单位。",
    )
    return "\n".join(lines)
