"""What opinions tell the kernel: clocks, the subject of attachments and reminders, audit wording, search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.masking import mask_text
from liaison.registry import DeadlineKind, SearchHit, SubjectType, registry
from suggestions.models import Opinion
from suggestions.selectors.opinion import page_of, search_opinions
from suggestions.states import OPINION_TRANSITIONS

if TYPE_CHECKING:
    from liaison.actor import Actor

#: The search box shows at most so many opinions.
MOST_HITS = 10
EXCERPT = 60


def register() -> None:
    """Called by ``suggestions.registrations.register()``."""
    for kind in (
        DeadlineKind(
            "opinion_sorting",
            "社情民意分办",
            "收到群众反映后按时分办，默认2个工作日（办理规则可调整）。",
            thresholds=(1, 0),
        ),
        DeadlineKind(
            "opinion_deputy",
            "代表答复群众",
            "代表按时答复群众反映，默认24小时（快应答，办理规则可调整）。",
            thresholds=(1, 0),
        ),
        DeadlineKind(
            "opinion_unit",
            "单位答复群众",
            "承办单位自交办之日起按时答复群众反映，默认1个月（办理规则可调整）。",
            thresholds=(10, 3, 1, 0),
        ),
    ):
        registry.add_deadline_kind(kind)
    registry.add_subject(
        SubjectType(
            model_label="suggestions.Opinion",
            label="社情民意",
            visible=Opinion.objects.visible_to,
            title=str,
            url=Opinion.get_absolute_url,
        )
    )
    registry.searches.append(hits)
    registry.demos.append("suggestions.demo_opinions.load")
    registry.demo_hints.append("suggestions.demo_opinions.hints")
    labels = {f"opinion.{step.name}": f"{step.label}（社情民意）" for step in OPINION_TRANSITIONS.rows()}
    labels |= {
        "opinion.receive": "收到社情民意",
        "opinion.bulk": "批量登记社情民意",
        "opinion.say": "反映人补充内容（社情民意）",
        "opinion.reply": "回复反映人（社情民意）",
        "opinion.told": "电话告知反映人（社情民意）",
        "opinion.unmask": "查看反映人联系方式",
        "opinion.categorise": "确定类别（社情民意）",
        "opinion.group": "归入同类事项（社情民意）",
        "opinion.ungroup": "从同类事项中取出（社情民意）",
    }
    registry.add_audit_labels(labels)


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Opinions that the actor may see, by words or number."""
    return [
        SearchHit(
            title=str(opinion),
            url=page_of(opinion, actor),
            kind="社情民意",
            excerpt=f"{opinion.get_status_display()} · {mask_text(opinion.text)[:EXCERPT]}",
        )
        for opinion in search_opinions(actor, text, limit=MOST_HITS)
    ]
