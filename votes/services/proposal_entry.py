"""Proposals that staff enter: from paper, several at once, and from a sheet; all rows or none."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.models import Mandate
from liaison.dates import cn_date
from liaison.exceptions import DomainError, InvalidInput
from liaison.models import Organisation
from liaison.permissions import OrganisationKind, Permission
from liaison.services.audit import record_audit
from votes.models import Programme, Proposal, ProposalChannel, ProposalSource
from votes.selectors.programme import get_programme_for
from votes.services.programme import lock_programme, require_office
from votes.services.proposal import CONTACT, TEXTS, assign_texts, keep
from votes.states import ProgrammeStatus

if TYPE_CHECKING:
    from uuid import UUID

    from liaison.actor import Actor

#: While proposals that came in time may still be entered.
ENTRY_STATES = (ProgrammeStatus.COLLECTING, ProgrammeStatus.SCREENING)
NEW, SAME, WRONG = "new", "same", "wrong"


@dataclass(slots=True)
class EntryRow:
    """One row as judged: what would be kept, or why not.

    Args:
        line: its number on the page or in the sheet.
        verdict: new, same (kept before, or twice in this sheet) or wrong.
        problems: by field name.
    """

    line: int
    proposal: Proposal
    verdict: str = NEW
    problems: dict[str, str] = field(default_factory=dict)


class People:
    """Deputies of a congress and departments of its place, by what people write for them (two queries)."""

    def __init__(self, programme: Programme) -> None:
        self.by_certificate: dict[str, Mandate] = {}
        self.by_name: dict[str, list[Mandate]] = defaultdict(list)
        mandates = Mandate.objects.unscoped(reason="who proposed is looked up in the congress of the programme")
        for mandate in mandates.in_force().filter(congress_id=programme.congress_id).select_related("person"):
            self.by_certificate[mandate.certificate_number.upper()] = mandate
            self.by_name[mandate.person.name].append(mandate)
        units = Organisation.objects.unscoped(reason="a department is looked up in the place of the programme")
        prefixes = {programme.region_prefix, programme.region_prefix[:6]}
        found = units.active().filter(kind=OrganisationKind.UNIT, region__prefix__in=prefixes)
        self.units = {unit.name: unit for unit in found}

    def deputy(self, name: str) -> tuple[Mandate | None, str]:
        """The mandate of a certificate number or a name, or why there is none."""
        if not name:
            return None, "代表提出的，请写代表姓名或者代表证号。"
        if (known := self.by_certificate.get(name.upper())) is not None:
            return known, ""
        found = self.by_name.get(name) or self.by_name.get(name.removesuffix("代表")) or []
        if len(found) > 1:
            numbers = "、".join(one.certificate_number for one in found)
            return None, f"有{len(found)}名代表同名，请改写代表证号（{numbers}）。"
        return (found[0], "") if found else (None, f"本届人大在任代表中没有“{name}”，请核对姓名或者代表证号。")


def judge(programme: Programme, rows: Sequence[tuple[int, Mapping[str, Any], UUID]], channel: str) -> list[EntryRow]:
    """Each row as it would be kept, same rows and wrong ones named (four queries, however many rows).

    Args:
        rows: (line, values, submission key); values: source, name, contact, title, content, place, received_on.
    """
    people = People(programme)
    keys = [key for _, _, key in rows]
    known = set(Proposal.objects.filter(submission_key__in=keys).values_list("submission_key", flat=True))
    judged: list[EntryRow] = []
    for line, values, key in rows:
        row = _judge_one(programme, people, line, values, channel)
        row.proposal.submission_key = key
        if row.verdict == NEW and key in known:
            row.verdict = SAME
        known.add(key)
        judged.append(row)
    return judged


def _judge_one(programme: Programme, people: People, line: int, values: Mapping[str, Any], channel: str) -> EntryRow:
    proposal = Proposal(programme=programme, channel=channel)
    problems: dict[str, str] = {}
    source, name = str(values.get("source") or ""), str(values.get("name") or "").strip()
    if source not in ProposalSource.values:
        problems["source"] = "请选择来源：群众、代表或者部门。"
    else:
        proposal.source = source
    proposal_name = name
    if source == ProposalSource.DEPUTY:
        proposal.mandate, problem = people.deputy(name)
        proposal_name = ""
        if problem:
            problems["name"] = problem
    elif source == ProposalSource.DEPARTMENT:
        proposal.organisation = people.units.get(name)
        proposal_name = "" if proposal.organisation else name
        if not name:
            problems["name"] = "部门提出的，请写部门名称。"
    received_on = values.get("received_on") or timezone.localdate()
    if problem := _date_problem(programme, received_on):
        problems["received_on"] = problem
    proposal.received_on = received_on if isinstance(received_on, dt.date) else timezone.localdate()
    texts = {**values, "proposer_name": proposal_name, "proposer_contact": values.get("contact", "")}
    wrong = assign_texts(proposal, texts, (*TEXTS, *CONTACT))
    for known, shown in (("proposer_name", "name"), ("proposer_contact", "contact")):
        if known in wrong:
            problems.setdefault(shown, wrong[known])
    problems |= {field_name: text for field_name, text in wrong.items() if field_name in TEXTS}
    return EntryRow(line, proposal, WRONG if problems else NEW, problems)


def _date_problem(programme: Programme, received_on: Any) -> str:
    """A proposal counts when it came while the call was open."""
    if not isinstance(received_on, dt.date):
        return "收到日期看不懂，请写成 2026-11-21。"
    if received_on > timezone.localdate():
        return "收到日期不能晚于今天。"
    if programme.call_from and received_on < programme.call_from:
        return f"收到日期早于征集开始（{cn_date(programme.call_from)}）。"
    if programme.call_until and received_on > programme.call_until:
        return f"收到日期晚于征集截止（{cn_date(programme.call_until)}），逾期的建议不再录入。"
    return ""


def check_entry(programme: Programme, actor: Actor) -> None:
    """Raise unless this office may enter proposals now."""
    actor.require(Permission.PROGRAMME_EDIT)
    require_office(programme, actor)
    if programme.status not in ENTRY_STATES:
        raise DomainError(
            f"{programme}现在是“{programme.get_status_display()}”，只在公开征集和筛选初定期间录入项目建议。",
            code="no_entry",
        )


@transaction.atomic
def proposals_enter(
    *, actor: Actor, programme_public_id: UUID, batch: UUID, rows: Sequence[Mapping[str, Any]]
) -> list[Proposal]:
    """Enter proposals from paper, one page of rows at once (录入纸质建议); sending the page twice enters it once.

    Args:
        batch: of the page that was filled.
        rows: as for ``judge``, with ``line``, the row's place on the page; blank rows left out.

    Returns:
        The proposals that are new.

    Raises:
        InvalidInput: a row is wrong; ``fields`` names it as ``<line>-<field>``. Nothing is kept.
    """
    programme = lock_programme(actor, programme_public_id)
    check_entry(programme, actor)
    if not rows:
        raise InvalidInput("还没有填写任何一行。")
    keyed = [(int(row["line"]), row, uuid.uuid5(batch, str(row["line"]))) for row in rows]
    return _write(actor, programme, judge(programme, keyed, ProposalChannel.PAPER))


def row_key(programme: Programme, values: Mapping[str, Any]) -> UUID:
    """What makes two rows of sheets the same: who proposed what to this programme."""
    parts = [str(values.get(name) or "").strip() for name in ("source", "name", "title", "content", "place")]
    return uuid.uuid5(programme.public_id, "\x1f".join(parts))


def preview(
    *, actor: Actor, programme_public_id: UUID, rows: Sequence[tuple[int, Mapping[str, Any]]]
) -> list[EntryRow]:
    """What an import of these rows would do; nothing is written."""
    programme = get_programme_for(actor, programme_public_id)
    check_entry(programme, actor)
    keyed = [(line, values, row_key(programme, values)) for line, values in rows]
    return judge(programme, keyed, ProposalChannel.IMPORT)


@transaction.atomic
def proposals_import(
    *, actor: Actor, programme_public_id: UUID, rows: Sequence[tuple[int, Mapping[str, Any]]]
) -> list[Proposal]:
    """Import the rows of a sheet (导入项目建议), all or none; the same sheet again brings nothing new.

    Args:
        rows: (line in the sheet, values as for ``judge``).

    Returns:
        The proposals that are new.

    Raises:
        InvalidInput: a row is wrong. Nothing is kept.
    """
    programme = lock_programme(actor, programme_public_id)
    check_entry(programme, actor)
    keyed = [(line, values, row_key(programme, values)) for line, values in rows]
    new = _write(actor, programme, judge(programme, keyed, ProposalChannel.IMPORT))
    record_audit(
        actor=actor,
        action="proposal.import",
        target=programme,
        region_prefix=programme.region_prefix,
        detail={"rows": len(rows), "new": len(new), "same": len(rows) - len(new)},
    )
    return new


def _write(actor: Actor, programme: Programme, judged: list[EntryRow]) -> list[Proposal]:
    wrong = [row for row in judged if row.verdict == WRONG]
    if wrong:
        lines = "、".join(str(row.line) for row in wrong[:10])
        raise InvalidInput(
            f"第{lines}行有误，整页都没有保存。请改正后再提交。",
            fields={f"{row.line}-{name}": text for row in wrong for name, text in row.problems.items()},
        )
    kept = [keep(actor, row.proposal) for row in judged if row.verdict == NEW]
    return [proposal for proposal, is_new in kept if is_new]
