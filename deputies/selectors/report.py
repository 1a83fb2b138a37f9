"""Reading reports of deputies: the desk, a deputy's own, one with what belongs to it, what may be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q

from deputies.models import (
    Activity,
    AuthorStatus,
    Campaign,
    DeputyReport,
    JudgedReport,
    Mandate,
    ReportAuthor,
    ReportTransfer,
)
from deputies.models.report import PRIVATE_STATES
from deputies.selectors.campaign import campaign_choices
from deputies.states import JudgingStatus, ReportStatus
from liaison.exceptions import NotFound
from liaison.lights import ORDER
from liaison.models import Deadline, User
from liaison.paging import is_storable
from liaison.permissions import Permission
from liaison.selectors.attachment import attachments_by_owner, attachments_of
from liaison.selectors.deadline import light_q, lights_of
from liaison.selectors.deadline_view import deadlines_of
from liaison.selectors.history import history_of
from liaison.selectors.timeline import timeline_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from liaison.actor import Actor
    from liaison.lights import Light
    from liaison.models import Attachment
    from liaison.selectors.deadline_view import DeadlineView
    from liaison.selectors.timeline import TimelineEntry

#: What attachments are, and how the timeline calls them.
FILE_SLOT, ANSWER_SLOT = "report", "answer"
SLOT_TITLES = {FILE_SLOT: "报告文件", ANSWER_SLOT: "反馈材料"}
DOCUMENTS = ("docx", "doc", "wps", "pdf", "ofd")
MOST_FOUND = 20

#: The saved views of the desk: key → label and states.
REPORT_VIEWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "waiting": ("待接收", (ReportStatus.SUBMITTED,)),
    "accepted": ("已接收", (ReportStatus.ACCEPTED,)),
    "transferred": ("已转送", (ReportStatus.TRANSFERRED,)),
    "answered": ("已反馈", (ReportStatus.ANSWERED,)),
    "returned": ("退回修改", (ReportStatus.RETURNED,)),
    "all": ("全部", ()),
}


def _confirmed() -> Prefetch[str]:
    return Prefetch(
        "authors",
        queryset=ReportAuthor.objects.filter(status=AuthorStatus.CONFIRMED).select_related("person"),
        to_attr="confirmed_authors",
    )


def report_list(actor: Actor) -> QuerySet[DeputyReport]:
    """The reports that staff see, for the desk: with author, congress, campaign, confirmed co-authors (two queries)."""
    found = DeputyReport.objects.visible_to(actor).exclude(status__in=PRIVATE_STATES)
    return (
        found.select_related("person", "mandate__congress", "campaign", "office", "mandate__electoral_unit")
        .prefetch_related(_confirmed())
        .defer("text", "summary")
    )


def reports_by_words(reports: QuerySet[DeputyReport], text: str) -> QuerySet[DeputyReport]:
    """Reports by part of the title or of an author's name."""
    text = text.strip()
    together = ReportAuthor.objects.filter(
        report=OuterRef("pk"), status=AuthorStatus.CONFIRMED, person__name__contains=text
    )
    return reports.filter(Q(title__contains=text) | Q(person__name__contains=text) | Exists(together))


def search_reports(actor: Actor, text: str, *, most: int = 8) -> list[DeputyReport]:
    """Reports for the search box, the newest first (two queries): a deputy's own, those that staff see."""
    if actor.is_deputy:
        found = own_reports(actor).prefetch_related(_confirmed())
    elif actor.is_congress and actor.can(Permission.REPORT_VIEW):
        found = report_list(actor)
    else:
        return []
    return list(reports_by_words(found, text).order_by("-id")[:most])


def reports_by_light(reports: QuerySet[DeputyReport], code: str) -> QuerySet[DeputyReport]:
    """Reports of which an organ's clock shows this light."""
    late = Deadline.objects.unscoped(reason="the list of reports is scoped").filter(
        light_q(code), kind="report_transfer", report_transfer__report=OuterRef("pk")
    )
    return reports.filter(Exists(late))


def with_names_and_lights(reports: list[DeputyReport]) -> None:
    """Give each row of the desk its ``names`` and, while an organ has to answer, ``light`` (two queries)."""
    transfers = ReportTransfer.objects.filter(report__in=reports, answered_at=None, cancelled_at=None)
    lights: dict[int, Light] = {}
    for transfer, light in lights_of(list(transfers.only("report_id"))).items():
        known = lights.get(transfer.report_id)
        if light is not None and (known is None or ORDER.index(light.code) < ORDER.index(known.code)):
            lights[transfer.report_id] = light
    for report in reports:
        report.__dict__["names"] = author_names(report)
        report.__dict__["light"] = lights.get(report.pk)


def get_report_for(actor: Actor, public_id: UUID | str) -> DeputyReport:
    """The one door to a report: with author, co-authors, campaign, activity.

    Raises:
        NotFound: no such report, or not visible to the actor.
    """
    report = _whole(DeputyReport.objects.visible_to(actor)).filter(public_id=public_id).first()
    if report is None:
        raise NotFound
    return report


def _whole(reports: QuerySet[DeputyReport]) -> QuerySet[DeputyReport]:
    return reports.select_related(
        "person", "mandate__congress", "mandate__electoral_unit", "campaign", "activity", "office"
    ).prefetch_related(_confirmed(), Prefetch("authors", queryset=ReportAuthor.objects.select_related("person")))


def get_own_report_for(actor: Actor, public_id: UUID | str) -> DeputyReport:
    """A report that the deputy writes, co-writes or was asked to sign.

    Raises:
        NotFound: not theirs (they may judge it: that is another page).
    """
    report = get_report_for(actor, public_id)
    if report.person_id != actor.deputy_id and all(one.person_id != actor.deputy_id for one in report.authors.all()):
        raise NotFound
    return report


def get_draft_for(actor: Actor, public_id: UUID | str) -> DeputyReport:
    """A draft, or a returned report, of the deputy's own.

    Raises:
        NotFound: not theirs, or handed in.
    """
    report = get_own_report_for(actor, public_id)
    if report.person_id != actor.deputy_id or report.status not in (ReportStatus.DRAFT, ReportStatus.RETURNED):
        raise NotFound
    return report


def draft_by_token(actor: Actor, client_token: UUID) -> DeputyReport | None:
    """The actor's own report that a form made; None before its first save."""
    return DeputyReport.objects.visible_to(actor).filter(client_token=client_token, person_id=actor.deputy_id).first()


def own_reports(actor: Actor) -> QuerySet[DeputyReport]:
    """What a deputy writes, co-writes or was asked to sign, each with ``asked`` (waits for their word)."""
    asked = ReportAuthor.objects.filter(report=OuterRef("pk"), person_id=actor.deputy_id)
    found = DeputyReport.objects.visible_to(actor).filter(Q(person_id=actor.deputy_id) | Exists(asked))
    return (
        found.select_related("person", "campaign")
        .defer("text", "summary")
        .annotate(asked=Exists(asked.filter(status=AuthorStatus.INVITED)))
    )


def waiting_reports(actor: Actor) -> int:
    """How many reports the actor's office has to accept or return (one query)."""
    found = DeputyReport.objects.visible_to(actor).filter(status=ReportStatus.SUBMITTED)
    return found.filter(Q(office_id=actor.organisation_id) | Q(campaign__office_id=actor.organisation_id)).count()


def asked_reports(actor: Actor) -> int:
    """On how many reports a deputy is asked to say whether they are co-author (one query)."""
    return ReportAuthor.objects.filter(
        person_id=actor.deputy_id,
        status=AuthorStatus.INVITED,
        report__status__in=(ReportStatus.DRAFT, ReportStatus.SUBMITTED, ReportStatus.RETURNED),
    ).count()


def accounts_of(report: DeputyReport) -> list[User]:
    """The accounts of the author and the confirmed co-authors (one query)."""
    signed = report.authors.filter(status=AuthorStatus.CONFIRMED).values("person_id")
    return list(User.objects.filter(Q(person__pk=report.person_id) | Q(person__in=signed), is_active=True))


def author_names(report: DeputyReport) -> str:
    """李代表、王代表: the lead author and the confirmed co-authors."""
    return "、".join([report.person.name, *(one.person.name for one in report.confirmed_authors)])  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class TransferView:
    """One transfer as pages show it."""

    transfer: ReportTransfer
    deadline: DeadlineView | None
    files: list[Attachment]


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """The parts of a report's page."""

    files: list[Attachment]
    transfers: list[TransferView]
    timeline: list[TimelineEntry]
    results: list[JudgedReport]


def record_of(actor: Actor, report: DeputyReport) -> ReportRecord:
    """Files, transfers with clocks and answers, what happened, results of judgings that are published."""
    transfers = list(
        ReportTransfer.objects.visible_to(actor)
        .filter(report=report)
        .select_related("unit", "answered_by")
        .order_by("id")
    )
    clocks = {view.subject: view for view in deadlines_of(transfers)}
    files = attachments_by_owner(transfers, ANSWER_SLOT)
    return ReportRecord(
        files=attachments_of(report, FILE_SLOT),
        transfers=[TransferView(one, clocks.get(one), files.get(one.pk, [])) for one in transfers],
        timeline=timeline_of([report, *transfers], slot_titles=SLOT_TITLES),
        results=list(
            JudgedReport.objects.filter(report=report, judging__status=JudgingStatus.PUBLISHED).select_related(
                "judging"
            )
        ),
    )


def files_of(report: DeputyReport | None) -> list[Attachment]:
    """The files of a draft; none before its first save."""
    return attachments_of(report, FILE_SLOT) if report is not None else []


def return_reason(report: DeputyReport | None) -> str:
    """Why it came back, while it has not been handed in again; "" otherwise."""
    if report is None or report.status != ReportStatus.RETURNED:
        return ""
    last = history_of(report).filter(act="return").last()
    return last.reason if last else ""


# ── before it is handed in ───────────────────────────────────────────────────────────────────────────
def is_document(attachment: Attachment) -> bool:
    """Whether a file can be the report itself; pictures and tables go with one."""
    return attachment.name.rpartition(".")[2].lower() in DOCUMENTS


def missing_in(report: DeputyReport) -> dict[str, str]:
    """What a draft lacks before it can be handed in, by field (one query)."""
    missing = {}
    if not report.title.strip():
        missing["title"] = "请填写标题。"
    if not report.text.strip():
        if not any(is_document(one) for one in attachments_of(report, FILE_SLOT)):
            missing["text"] = "请在这里写正文，或者在下面上传报告文件（Word、WPS、PDF）。"
        elif not report.summary.strip():
            missing["summary"] = "报告是上传的文件，请用几句话写明主要内容和建议。"
    return missing


# ── what may be chosen ───────────────────────────────────────────────────────────────────────────────
def writing_mandates(actor: Actor) -> list[tuple[str, str]]:
    """The deputy's mandates in force, the newest first: (public id, name)."""
    found = Mandate.objects.visible_to(actor).in_force().order_by("-id") if actor.is_deputy else Mandate.objects.none()
    return [(str(pk), name) for pk, name in found.values_list("public_id", "congress__short_name")]


def campaigns_for(actor: Actor) -> list[tuple[str, str]]:
    """Every campaign that the actor sees, the newest first, for conditions and judgings: (public id, title)."""
    found = Campaign.objects.visible_to(actor).order_by("-starts_on", "-id")
    return [(str(pk), title) for pk, title in found.values_list("public_id", "title")[:100]]


def campaigns_to_name(actor: Actor, kept: Campaign | None = None) -> list[tuple[str, str]]:
    """Campaigns under which something may be written now: (public id, title).

    Args:
        kept: what is named already; it stays offered after its time.
    """
    offered = [(str(one.public_id), one.title) for one in campaign_choices(actor)]
    if kept is not None and (str(kept.public_id), kept.title) not in offered:
        offered.append((str(kept.public_id), kept.title))
    return offered


def activities_for(actor: Actor) -> list[tuple[str, str]]:
    """The deputy's last activities, the newest first: (public id, title)."""
    found = Activity.objects.visible_to(actor).happening().order_by("-starts_at", "-id")
    return [(str(pk), title) for pk, title in found.values_list("public_id", "title")[:50]]


def fellow_authors(report: DeputyReport, query: str) -> list[Mandate]:
    """Deputies of the same congress in force who may still be asked, by part of their name; nobody for ""."""
    query = query.strip()
    if not query or not is_storable(query):
        return []
    return list(
        Mandate.objects.unscoped(reason="deputies ask fellow deputies of the same congress")
        .in_force()
        .filter(congress_id=report.mandate.congress_id, person__name__contains=query)
        .exclude(person_id=report.person_id)
        .exclude(person__in=report.authors.values("person_id"))
        .select_related("person", "electoral_unit", "congress")
        .order_by("person__name", "id")[:MOST_FOUND]
    )
