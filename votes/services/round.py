"""Preparing a secret vote (投票): the question, its lines, and taking it back.

Sources: 地方各级人民代表大会和地方各级人民政府组织法 (who has a congress, quorum, majority); rulebook section 3.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deputies.models import Congress, Session
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.permissions import Permission
from liaison.services.history import record_state_change
from votes import rules
from votes.models import Candidate, Programme, Project, Round, RoundKind, RoundOption
from votes.models.round import CHOOSING
from votes.sealing import MOST_LINES
from votes.selectors.programme import refusal_of
from votes.selectors.round import UNFINISHED
from votes.services.asking import tell_asker
from votes.services.ballot_box import empty_box
from votes.services.roll import fill_roll, new_session_code
from votes.services.round_locking import audit, check_office, lock_round, touch
from votes.states import ROUND_TRANSITIONS, CandidateStatus, ProgrammeStatus, RoundStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.models import Organisation


@dataclass(frozen=True, slots=True)
class OptionInput:
    """One line of an appraisal's ballot.

    Args:
        name: what or who is rated; a project's own name when left out.
        project_public_id: the project that is rated, if it is one of the portal.
    """

    name: str = ""
    detail: str = ""
    project_public_id: UUID | str | None = None


@transaction.atomic
def round_create(
    *,
    actor: Actor,
    congress_public_id: UUID | str,
    programme_public_id: UUID | str | None = None,
    kind: str,
    title: str,
    session_id: int | None = None,
    places: int | None = None,
    scale: str = "three",
    options: Sequence[OptionInput] = (),
    closes_at: dt.datetime | None = None,
    is_public: bool = True,
) -> Round:
    """Set up a vote with its ballot and its roll (建立投票).

    Args:
        kind: a ``RoundKind`` but RUN_OFF, which comes from ``run_off_create``.
        places: how many projects are to be chosen; the programme's places when left out. None for appraisals.
        options: lines of an appraisal. A vote on projects takes the programme's approved candidates.

    Raises:
        InvalidInput: messages by field.
        DomainError: ``no_vote_here``, ``round_unfinished``, ``not_contested``, ``no_candidates``.
    """
    actor.require(Permission.ROUND_RUN)
    congress, programme = _place(actor, congress_public_id, programme_public_id)
    round_ = Round(
        congress=congress,
        office=office_of(actor, congress, programme),
        region_prefix=congress.region.prefix,
        programme=programme,
        session=_session(congress, session_id, programme),
        kind=kind,
        title=title.strip(),
        places=places,
        scale=scale,
        closes_at=closes_at,
        is_public=is_public,
        session_code=new_session_code(),
    )
    check_office(actor, round_)
    lines = _lines(actor, round_, options)
    return put_up(actor, round_, lines)


def put_up(actor: Actor, round_: Round, lines: Sequence[RoundOption]) -> Round:
    """Check, number and store a new round with its ballot and its roll."""
    _check_unfinished(round_)
    _check(round_, len(lines))
    if round_.programme_id:
        last = Round.objects.filter(programme_id=round_.programme_id, kind=round_.kind).aggregate(last=Max("number"))
        round_.number = (last["last"] or 0) + 1
    round_.save()
    for position, line in enumerate(lines, start=1):
        line.round, line.position = round_, position
    RoundOption.objects.bulk_create(lines)
    fill_roll(round_)
    round_.save(update_fields=["roll_count"])
    record_state_change(actor=actor, obj=round_, act="create", label="建立投票", old="", new=round_.status)
    audit(
        actor, round_, "round.create", round_kind=round_.kind, places=round_.places or 0, count=len(lines),
        roll=round_.roll_count,
    )  # fmt: skip
    return round_


def _place(actor: Actor, congress_id: UUID | str, programme_id: UUID | str | None) -> tuple[Congress, Programme | None]:
    """The congress, and the programme if one is named; the programme's row is locked, so that one round begins."""
    congress = Congress.objects.visible_to(actor).select_related("region", "office").filter(public_id=congress_id)
    found = congress.first()
    if found is None:
        raise NotFound
    if programme_id is None:
        return found, None
    programme = (
        Programme.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("office")
        .filter(public_id=programme_id, congress=found)
        .first()
    )
    if programme is None:
        raise NotFound
    return found, programme


def office_of(actor: Actor, congress: Congress, programme: Programme | None = None) -> Organisation:
    """The office that holds a vote: the programme's, else the congress's, else the actor's own.

    Raises:
        DomainError: there is none.
    """
    office = programme.office if programme is not None else congress.office
    if office is not None:
        return office
    from liaison.models import Organisation

    own = Organisation.objects.unscoped(reason="the actor's own office").filter(pk=actor.organisation_id or 0).first()
    if own is None or own.region_id != congress.region_id:
        raise DomainError("这届人民代表大会还没有设置工作机构，请联系系统管理员。", code="no_office")
    return own


def _session(congress: Congress, session_id: int | None, programme: Programme | None) -> Session | None:
    if session_id is None:
        return programme.session if programme is not None else None
    session = Session.objects.filter(congress=congress, pk=session_id).first()
    if session is None:
        message = "请选择这届人民代表大会的会议。"
        raise InvalidInput(message, fields={"session_id": message})
    return session


def _lines(actor: Actor, round_: Round, options: Sequence[OptionInput]) -> list[RoundOption]:
    if round_.kind == RoundKind.PROJECTS:
        return _candidates(round_)
    if round_.kind == RoundKind.RUN_OFF:
        raise InvalidInput("再次投票从上一轮的结果页发起。", fields={"kind": "再次投票从上一轮的结果页发起。"})
    lines: list[RoundOption] = []
    visible = {
        str(project.public_id): project
        for project in Project.objects.visible_to(actor).filter(
            public_id__in=[option.project_public_id for option in options if option.project_public_id],
            programme__congress_id=round_.congress_id,
        )
    }
    for option in options:
        project = visible.get(str(option.project_public_id)) if option.project_public_id else None
        if option.project_public_id and project is None:
            raise NotFound
        name = option.name.strip() or (project.name if project else "")
        if name:
            lines.append(RoundOption(name=name, detail=option.detail.strip(), project=project))
    return lines


def _candidates(round_: Round) -> list[RoundOption]:
    """The lines of a vote on projects: the approved candidates in their order."""
    programme = round_.programme
    if programme is None:
        message = "项目票决须从年度民生实事项目发起。"
        raise InvalidInput(message, fields={"programme": message})
    if reason := refusal_of(round_.congress.region):
        raise DomainError(reason, code="no_vote_here")
    if programme.status not in (ProgrammeStatus.LISTED, ProgrammeStatus.VOTING):
        raise DomainError(
            f"候选项目审定之后才能建立票决；目前处于“{programme.get_status_display()}”。", code="list_not_approved"
        )
    if declared := Round.objects.filter(programme=programme, kind__in=CHOOSING, status=RoundStatus.DECLARED).first():
        raise DomainError(
            f"“{declared.title}”的结果已经宣布。还有空缺名额的，请从最近一轮的结果页组织再次投票。",
            code="declared_already",
        )
    if round_.places is None:
        round_.places = programme.places
    return candidate_lines(programme.candidates.filter(status=CandidateStatus.LISTED).order_by("number"))


def candidate_lines(candidates: Iterable[Candidate]) -> list[RoundOption]:
    """Lines of a ballot for candidate projects, with what a voter should know of each."""
    return [
        RoundOption(
            name=candidate.name,
            detail=(
                f"{candidate.content}\n地点：{candidate.place}；投资{candidate.investment.normalize():f}万元"
                f"（{candidate.money_source}）；责任单位：{candidate.unit_name}；"
                f"{candidate.finish_on.year}年{candidate.finish_on.month}月完成。"
            )[:2000],
            candidate=candidate,
        )
        for candidate in candidates
    ]


def _check_unfinished(round_: Round) -> None:
    if round_.programme_id is None:
        return
    other = Round.objects.filter(programme_id=round_.programme_id, status__in=UNFINISHED).first()
    if other is not None and other.pk != round_.pk:
        raise DomainError(
            f"“{other.title}”还没有结束（{other.get_status_display()}），请先完成或宣告无效，再建立新的投票。",
            code="round_unfinished",
        )


def _check(round_: Round, lines: int) -> None:
    """Whether the question can be put: fields, lines, and 差额 (more candidates than places)."""
    fields: dict[str, str] = {}
    if round_.kind not in CHOOSING:
        round_.places = None
    try:
        round_.clean_fields(exclude=["congress", "office", "programme", "session"])
    except ValidationError as error:
        fields |= {name: "".join(messages) for name, messages in error.message_dict.items()}
    if not lines:
        fields["options"] = "还没有候选项目。" if round_.kind in CHOOSING else "请至少列出一项。"
    elif lines > MOST_LINES:
        fields["options"] = f"一张选票最多{MOST_LINES}项。"
    elif round_.kind in CHOOSING:
        places = round_.places or 0
        if places < 1:
            fields["places"] = "应选数至少为1。"
        elif not rules.is_contested(lines, places):
            fields["places"] = f"应当实行差额票决：候选项目{lines}件，应选数须少于{lines}。"
    if round_.closes_at is not None and round_.closes_at <= timezone.now():
        fields["closes_at"] = "截止时间须在现在之后。"
    if fields:
        raise InvalidInput("投票还没有设置好。" if len(fields) > 1 else next(iter(fields.values())), fields=fields)


#: What may be changed while the vote is prepared; while it runs only ``closes_at``.
EDITABLE = ("title", "places", "scale", "is_public", "closes_at", "session_id")


@transaction.atomic
def round_edit(*, actor: Actor, public_id: UUID | str, version: int | None, values: dict[str, Any]) -> Round:
    """Change a vote that is not open yet; of an open one only the closing time (延长或提前截止).

    Args:
        values: some of title, places, scale, is_public, closes_at, session_id, options (appraisals).
    """
    round_ = lock_round(actor, public_id, version=version)
    check_office(actor, round_)
    allowed: tuple[str, ...] = ("closes_at",) if round_.status == RoundStatus.OPEN else EDITABLE
    if round_.status not in (RoundStatus.PREPARING, RoundStatus.OPEN):
        ROUND_TRANSITIONS.check(round_, "open", actor)  # says in which state it is
    changed = [name for name in allowed if name in values and values[name] != getattr(round_, name)]
    refused = [name for name in EDITABLE if name not in allowed and name in values]
    if any(values[name] != getattr(round_, name) for name in refused):
        raise DomainError("投票已经开始，只能调整截止时间。", code="round_open")
    if "session_id" in changed and values["session_id"] is not None:
        _session(round_.congress, values["session_id"], None)
    for name in changed:
        setattr(round_, name, values[name].strip() if isinstance(values[name], str) else values[name])
    options = values.get("options")
    lines = round_.options.count()
    if options is not None and round_.kind not in CHOOSING and round_.status == RoundStatus.PREPARING:
        rows = _lines(actor, round_, options)
        _check(round_, len(rows))
        round_.options.all().delete()
        for position, row in enumerate(rows, start=1):
            row.round, row.position = round_, position
        RoundOption.objects.bulk_create(rows)
        changed.append("options")
    elif changed:
        _check(round_, lines)
    touch(round_, *(name.removesuffix("_id") for name in changed if name != "options"))
    audit(actor, round_, "round.edit", changed=changed)
    return round_


@transaction.atomic
def round_annul(*, actor: Actor, public_id: UUID | str, version: int | None = None, reason: str) -> Round:
    """Declare a round void (宣告无效) before its result is declared. Sealed ballots are destroyed unopened."""
    round_ = lock_round(actor, public_id, version=version, gathering=None)
    ROUND_TRANSITIONS.check(round_, "annul", actor)
    reason = reason.strip()
    if not reason:
        raise InvalidInput("请写明无效的原因。", fields={"reason": "请写明无效的原因。"})
    void(actor, round_, reason[:300])
    audit(actor, round_, "round.annul", reason=round_.void_reason)
    return round_


def void(actor: Actor, round_: Round, reason: str) -> None:
    """Make a locked round void: no tally, no ballots, no keys, nothing left of who voted when."""
    ROUND_TRANSITIONS.apply(round_, "annul", actor, reason=reason)
    round_.void_reason = reason
    round_.result = None
    round_.session_code = ""
    empty_box(round_)
    touch(round_, "void_reason", "result", "session_code", "box_key")
    tell_asker(actor, round_)
