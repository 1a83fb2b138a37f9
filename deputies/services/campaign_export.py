"""The scoreboard of a campaign as .xlsx: the region and those below it, written by a worker."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.core.files.base import File
from django.utils import timezone

from deputies.models import DutyKind
from deputies.selectors.campaign import get_campaign_for
from deputies.selectors.campaign_board import COLUMNS, OTHERS, campaign_board
from liaison.exceptions import NotAllowed
from liaison.paging import is_storable
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.job import job_finish, job_start
from liaison.services.xlsx import Column, xlsx_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from deputies.models import Campaign
    from deputies.selectors.campaign_board import Board, Figures
    from liaison.actor import Actor
    from liaison.models import Job
    from liaison.services.xlsx import Cell

BOARD_JOB = "campaign.export"
KINDS = (*COLUMNS, *OTHERS)


def _columns() -> tuple[Column, ...]:
    counted = [Column(f"{DutyKind(kind).label}（{DutyKind(kind).unit}）", 18) for kind in KINDS]
    return (
        Column("地区", 20),
        Column("落实情况", 14),
        Column("应参加代表（名）", 16),
        Column("已参加代表（名）", 16),
        *counted,
    )


def board_export_start(*, actor: Actor, campaign: Campaign, code: str) -> Job:
    """Queue the workbook.

    Args:
        code: the region shown; the campaign's own (or the actor's) when empty.

    Raises:
        NotAllowed: the role may not.
    """
    actor.require(Permission.CAMPAIGN_VIEW)
    if not actor.is_congress:
        raise NotAllowed("各地进展只供人大工作机构使用。")
    params = {"campaign": str(campaign.public_id), "code": code[:9] if is_storable(code) else ""}
    return job_start(actor=actor, kind=BOARD_JOB, title=f"导出进展：{campaign.title}", params=params)


def board_export(
    *, actor: Actor, campaign_id: UUID | str, code: str, job: Job, progress: Callable[[int, int], None]
) -> Job:
    """Write the figures of a region and of those below it, and finish the job with them.

    Raises:
        NotFound: the campaign is not visible (any more).
    """
    actor.require(Permission.CAMPAIGN_VIEW)
    campaign = get_campaign_for(actor, campaign_id)
    board = campaign_board(actor, campaign, code=code)
    now = timezone.localtime()
    notes = [
        f"{campaign.title} 进展",
        f"{board.here.name}　截至{now:%Y-%m-%d %H:%M}　导出人：{actor.name}（{actor.label}）",
        f"媒体报道{board.media}篇{'以上' if board.media_more else ''}。数字来自履职记录，不作排名。",
    ]
    with TemporaryFile() as out:
        count = xlsx_write(
            out, sheet="主题活动进展", columns=_columns(), rows=_rows(board), notes=notes, progress=progress
        )
        out.seek(0)
        detail = {"rows": count, "region": board.here.name}
        record_audit(
            actor=actor,
            action="campaign.export",
            target=campaign,
            detail=detail,
            region_prefix=campaign.region_prefix,
        )
        name = f"主题活动进展-{board.here.name}-{now:%Y%m%d}.xlsx"
        return job_finish(job=job, message=f"共{count}行。", file=File(out, name=name), file_name=name)


def _rows(board: Board) -> Iterator[Sequence[Cell]]:
    yield _row("合计", f"{board.joined}/{board.asked}" if board.has_plans else "", board.total)
    for place in board.places:
        name = f"{place.region.name}本级" if place.is_own else place.region.name
        yield _row(name, place.plan_words, place.figures)


def _row(name: str, plan: str, figures: Figures) -> list[Cell]:
    return [name, plan, figures.concerned, figures.taking_part, *(figures.of(kind) for kind in KINDS)]
