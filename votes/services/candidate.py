"""Candidate projects (候选项目): drafting them, their order, pictures, withdrawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotFound, StaleVersion
from liaison.models import Organisation
from liaison.permissions import Permission
from liaison.selectors.history import last_act_text
from liaison.services.attachment import attachment_add, attachment_remove
from liaison.services.audit import record_audit
from liaison.services.history import record_state_change
from votes.models import Candidate, Programme, Proposal
from votes.models.candidate import PICTURE_SLOT
from votes.selectors.candidate import DRAFT_STATES, pictures_of, units_for
from votes.services.programme import lock_programme, require_office
from votes.services.programme_checks import field_errors
from votes.services.proposal_screening import adopt_into, lock_proposal
from votes.states import CANDIDATE_TRANSITIONS, PROPOSAL_TRANSITIONS, CandidateStatus, ProposalStatus

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from decimal import Decimal
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from liaison.actor import Actor

TEXTS = ("name", "content", "place", "money_source")
MAX_PICTURES = 9


def lock_candidate(actor: Actor, public_id: UUID, *, version: int | None = None) -> Candidate:
    """The candidate, locked for the rest of the transaction.

    Raises:
        NotFound: no such candidate, or not visible to the actor.
        StaleVersion: somebody changed it in between.
    """
    candidate = (
        Candidate.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("programme__congress__region", "programme__office", "unit")
        .filter(public_id=public_id)
        .first()
    )
    if candidate is None:
        raise NotFound
    if version is not None and candidate.version != version:
        raise StaleVersion(f"您打开页面之后，这个候选项目已有变化。您填写的内容仍在下方。{last_act_text(candidate)}")
    return candidate


def audit(actor: Actor, candidate: Candidate, verb: str, **detail: Any) -> None:
    """The audit row of one act on a candidate."""
    record_audit(
        actor=actor,
        action=f"candidate.{verb}",
        target=candidate,
        region_prefix=candidate.programme.region_prefix,
        detail=detail,
    )


def check_drafting(programme: Programme, actor: Actor) -> None:
    """Raise unless this office may put up candidates now."""
    actor.require(Permission.PROGRAMME_EDIT)
    require_office(programme, actor)
    if programme.status not in DRAFT_STATES:
        raise IllegalTransition(
            f"{programme}现在是“{programme.get_status_display()}”，候选项目只在征集和筛选期间拟定、修改。"
            "名单审定后需要修改的，请由审核人先退回筛选。"
        )


def check_changing(candidate: Candidate, actor: Actor) -> None:
    """Raise unless this candidate may be changed now."""
    check_drafting(candidate.programme, actor)
    if candidate.status != CandidateStatus.DRAFT:
        raise IllegalTransition(f"这个候选项目{candidate.get_status_display()}，不能再修改。{last_act_text(candidate)}")


@transaction.atomic
def candidate_create(
    *,
    actor: Actor,
    programme_public_id: UUID,
    values: Mapping[str, Any],
    uploads: Sequence[UploadedFile[Any]] = (),
    proposal_public_id: UUID | None = None,
) -> Candidate:
    """Put up a candidate (拟定候选项目), from scratch or out of a proposal, which is adopted with it.

    Args:
        values: name, content, place, investment (万元), money_source, unit_id or unit_name, finish_on.
        uploads: pictures.
        proposal_public_id: the proposal that it comes from.

    Raises:
        InvalidInput: something is missing, the money source among it; messages by field.
    """
    programme = lock_programme(actor, programme_public_id)
    check_drafting(programme, actor)
    proposal = None
    if proposal_public_id is not None:
        proposal = lock_proposal(actor, proposal_public_id)
        PROPOSAL_TRANSITIONS.check(proposal, "adopt", actor)
        if proposal.programme_id != programme.pk:
            raise DomainError("这件建议属于另一个年度。", code="other_programme")
    last: int = programme.candidates.aggregate(last=Max("number"))["last"] or 0
    candidate = Candidate(programme=programme, number=last + 1)
    _assign(candidate, values)
    candidate.save()
    record_state_change(actor=actor, obj=candidate, act="create", label="拟定候选项目", old="", new=candidate.status)
    _add_pictures(actor, candidate, uploads)
    audit(actor, candidate, "create", from_proposal=proposal.title if proposal else "")
    if proposal is not None:
        adopt_into(actor, proposal, candidate)
    return candidate


@transaction.atomic
def candidate_edit(
    *,
    actor: Actor,
    public_id: UUID,
    version: int | None,
    values: Mapping[str, Any],
    uploads: Sequence[UploadedFile[Any]] = (),
) -> Candidate:
    """Change a candidate that is being drafted.

    Args:
        values, uploads: as for ``candidate_create``.
    """
    candidate = lock_candidate(actor, public_id, version=version)
    check_changing(candidate, actor)
    names = (*TEXTS, "investment", "unit_id", "unit_name", "finish_on")
    before = {name: getattr(candidate, name) for name in names}
    _assign(candidate, values)
    candidate.version += 1
    candidate.save(update_fields=[*TEXTS, "investment", "unit", "unit_name", "finish_on", "version", "updated_at"])
    _add_pictures(actor, candidate, uploads)
    audit(actor, candidate, "edit", changed=[name for name, old in before.items() if getattr(candidate, name) != old])
    return candidate


def _assign(candidate: Candidate, values: Mapping[str, Any]) -> None:
    fields: dict[str, str] = {}
    for name in TEXTS:
        setattr(candidate, name, str(values.get(name) or "").strip())
    for name in ("investment", "finish_on"):
        setattr(candidate, name, values.get(name))
    _assign_unit(candidate, values, fields)
    fields = field_errors(candidate, exclude=["programme", "unit"]) | fields
    if not candidate.money_source:
        fields["money_source"] = "请填写资金来源。没有落实资金来源的，不能列为候选项目。"
    investment: Decimal | None = values.get("investment")
    if investment is not None and investment <= 0:
        fields["investment"] = "请填写投资额，应大于0。"
    year = candidate.programme.year
    finish_on: dt.date | None = values.get("finish_on")
    if finish_on is not None and finish_on.year > year:
        fields["finish_on"] = f"民生实事项目应当年完成，完成时间不能晚于{year}年12月31日。"
    if fields:
        raise InvalidInput("候选项目还没有填好。", fields=fields)


def _assign_unit(candidate: Candidate, values: Mapping[str, Any], fields: dict[str, str]) -> None:
    """A unit with accounts here, or only the name of one."""
    unit_id, typed = values.get("unit_id"), str(values.get("unit_name") or "").strip()
    candidate.unit, candidate.unit_name = None, typed
    if unit_id:
        if unit_id not in {pk for pk, _ in units_for(candidate.programme)}:
            fields["unit_id"] = "请重新选择责任单位。"
            return
        candidate.unit = Organisation.objects.get(pk=unit_id)
        candidate.unit_name = candidate.unit.name
    elif not typed:
        fields["unit_name"] = "请选择责任单位；还没有开通账号的，填写单位名称。"


def _add_pictures(actor: Actor, candidate: Candidate, uploads: Sequence[UploadedFile[Any]]) -> None:
    for upload in uploads:
        attachment = attachment_add(actor=actor, owner=candidate, slot=PICTURE_SLOT, upload=upload, field="uploads")
        if not attachment.mime.startswith("image/"):
            text = f"“{attachment.name}”不是图片，请上传JPG、PNG或WebP图片。"
            raise InvalidInput(text, fields={"uploads": text})
    if len(pictures_of([candidate]).get(candidate.pk, [])) > MAX_PICTURES:
        text = f"一个候选项目最多{MAX_PICTURES}张图片。"
        raise InvalidInput(text, fields={"uploads": text})


@transaction.atomic
def candidate_remove_picture(*, actor: Actor, public_id: UUID, picture_public_id: UUID) -> Candidate:
    """Take a picture off a candidate that is being drafted."""
    candidate = lock_candidate(actor, public_id)
    check_changing(candidate, actor)
    attachment_remove(actor=actor, owner=candidate, public_id=picture_public_id)
    return candidate


@transaction.atomic
def candidate_withdraw(*, actor: Actor, public_id: UUID, version: int | None, reason: str) -> Candidate:
    """Take a candidate off the draft list (撤下); the proposals that it came from are screened anew.

    Raises:
        InvalidInput: no reason.
    """
    candidate = lock_candidate(actor, public_id, version=version)
    CANDIDATE_TRANSITIONS.check(candidate, "withdraw", actor)
    check_drafting(candidate.programme, actor)
    reason = reason.strip()
    if not reason:
        raise InvalidInput("请写明撤下的原因。", fields={"reason": "请写明撤下的原因。"})
    CANDIDATE_TRANSITIONS.apply(candidate, "withdraw", actor, reason=reason)
    candidate.withdrawn_reason = reason
    candidate.version += 1
    candidate.save(update_fields=["status", "withdrawn_reason", "version", "updated_at"])
    proposals = Proposal.objects.select_for_update(of=("self",)).select_related("programme")
    for proposal in proposals.filter(candidate=candidate, status=ProposalStatus.ADOPTED):
        PROPOSAL_TRANSITIONS.apply(proposal, "reopen", actor, reason=f"候选项目“{candidate.name}”撤下")
        proposal.candidate = None
        proposal.version += 1
        proposal.save(update_fields=["status", "candidate", "version", "updated_at"])
    audit(actor, candidate, "withdraw", reason=reason)
    return candidate


@transaction.atomic
def candidate_restore(*, actor: Actor, public_id: UUID, version: int | None) -> Candidate:
    """Put a withdrawn candidate back on the draft list (恢复)."""
    candidate = lock_candidate(actor, public_id, version=version)
    CANDIDATE_TRANSITIONS.check(candidate, "restore", actor)
    check_drafting(candidate.programme, actor)
    CANDIDATE_TRANSITIONS.apply(candidate, "restore", actor)
    candidate.withdrawn_reason = ""
    candidate.version += 1
    candidate.save(update_fields=["status", "withdrawn_reason", "version", "updated_at"])
    audit(actor, candidate, "restore")
    return candidate


@transaction.atomic
def candidates_renumber(*, actor: Actor, programme_public_id: UUID, numbers: Mapping[int, int]) -> None:
    """Order the drafted candidates anew (调整序号): 1, 2, 3 … by the numbers typed; withdrawn ones follow.

    Args:
        numbers: candidate id → number; equal ones keep their present order.

    Raises:
        InvalidInput: a candidate is missing, or a number below 1.
    """
    programme = lock_programme(actor, programme_public_id)
    check_drafting(programme, actor)
    candidates = list(Candidate.objects.select_for_update(of=("self",)).filter(programme=programme).order_by("number"))
    standing = [one for one in candidates if one.status != CandidateStatus.WITHDRAWN]
    wrong = {str(one.pk): "请填写1以上的序号。" for one in standing if numbers.get(one.pk, 0) < 1}
    if wrong:
        raise InvalidInput("还有候选项目没有序号。", fields=wrong)
    ordered = sorted(standing, key=lambda one: (numbers[one.pk], one.number))
    ordered += [one for one in candidates if one.status == CandidateStatus.WITHDRAWN]
    changed = []
    for number, candidate in enumerate(ordered, start=1):
        if candidate.number != number:
            candidate.number = number
            candidate.version += 1
            candidate.save(update_fields=["number", "version", "updated_at"])
            changed.append(candidate.name)
    if changed:
        record_audit(
            actor=actor,
            action="candidate.renumber",
            target=programme,
            region_prefix=programme.region_prefix,
            detail={"changed": changed},
        )
