"""Reporting to the hotline (转12345办理): from an opinion or directly; passing its answer on; solved or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from liaison.actor import system_actor
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotFound, StaleVersion
from liaison.models import Region
from liaison.models.notice import NoticeKind
from liaison.permissions import Permission
from liaison.selectors.history import last_act_text
from liaison.selectors.people import people_of
from liaison.services.history import record_state_change
from suggestions.models import HotlineReport, Opinion, OpinionRoute
from suggestions.models.hotline_order import OrderKind
from suggestions.selectors.hotline_order import order_behind
from suggestions.selectors.hotline_settings import hotline_for, scope_hits
from suggestions.services.hotline_feed import audit, lock_feed, next_feed_no, publish_report, save_told
from suggestions.services.opinion_answer import give_answer
from suggestions.services.opinion_core import (
    author_of,
    lock_opinion,
    publish_answer,
    required,
    take_step,
    tell,
    tell_deputy,
    tell_office,
    touch,
)
from suggestions.services.opinion_people import own_mandate
from suggestions.services.opinion_record import opinion_record
from suggestions.states import OPINION_TRANSITIONS, OpinionStatus
from suggestions.states_hotline import REPORT_TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.models import ApiClient, User

#: Moves an opinion on the hotline's word.
FOLLOWER = system_actor("12345热线")


def lock_report(
    actor: Actor, public_id: UUID | str, *, version: int | None = None, in_feed: bool = True
) -> HotlineReport:
    """The report, locked for the rest of the transaction, after its client's place in the feed.

    Args:
        in_feed: False where nothing comes of it that the hotline has to know, as with its own events: those of
            different reports do not wait for each other then.

    Raises:
        NotFound: no such report, or not visible to the actor.
        StaleVersion: somebody changed it since the page showed ``version``.
    """
    visible = HotlineReport.objects.visible_to(actor).filter(public_id=public_id)
    client_id = visible.values_list("client_id", flat=True).first()
    if client_id is None:
        raise NotFound
    if in_feed:
        lock_feed(client_id)
    # no_key: an order that names this report only refers to it and need not wait; an event may then touch that order
    report = (
        visible.select_for_update(of=("self",), no_key=True)
        .select_related("client__organisation", "office", "mandate__person__user", "opinion")
        .get()
    )
    if version is not None and report.version != version:
        raise StaleVersion(f"您打开页面之后，这件转办已有变化。您填写的内容仍在下方。{last_act_text(report)}")
    return report


# -- handing over --------------------------------------------------------------------------------------
@transaction.atomic
def opinion_report(*, actor: Actor, public_id: UUID, version: int | None, values: Mapping[str, Any]) -> HotlineReport:
    """A deputy hands an opinion to the hotline: one that they brought, or that lies open at their station.

    Args:
        values: title, kind, text, is_complex, share_contact, scope_note.

    Raises:
        DomainError: no hotline is connected for this region (``no_hotline``).
        InvalidInput: see ``report_create``.
    """
    opinion = lock_opinion(actor, public_id, version=version)
    OPINION_TRANSITIONS.check(opinion, "report_hotline", actor)
    client = _client_of(opinion)
    mandate = own_mandate(actor, opinion)
    text = required(str(values.get("text") or ""), "text", "请写明要热线办理的事。", most=4000)
    opinion.mandate = mandate
    take_step(
        actor,
        opinion,
        "report_hotline",
        mandate=mandate,
        hotline_text=text,
        route=OpinionRoute.HOTLINE,
        answer_by=None,
    )
    report = report_create(actor, opinion, client, {**values, "text": text})
    tell_office(actor, opinion, f"{actor.name}代表已转12345")
    return report


@transaction.atomic
def report_direct(*, actor: Actor, client_token: UUID, values: Mapping[str, Any]) -> tuple[HotlineReport, str]:
    """A deputy reports what somebody said directly: it is written down as an opinion and handed over in one act, so
    that the person can follow it and is told. The same form sent twice is one report.

    Args:
        values: text, place, contact_name, contact_phone, category_id, station_public_id as for ``opinion_record``;
            title, kind, is_complex, share_contact, scope_note.

    Returns:
        The report and the receipt code for the person.
    """
    said = {name: values.get(name) for name in _SAID}
    opinion, code = opinion_record(actor=actor, client_token=client_token, values=said)
    known = HotlineReport.objects.unscoped(reason="made by this form before").filter(opinion=opinion).last()
    if known is not None:
        return known, code
    report = opinion_report(
        actor=actor, public_id=opinion.public_id, version=None, values={**values, "text": opinion.text}
    )
    return report, code


_SAID = ("text", "place", "contact_name", "contact_phone", "category_id", "station_public_id")


def _client_of(opinion: Opinion) -> ApiClient:
    client = hotline_for(opinion.region_prefix)
    if client is None:
        raise DomainError(
            "本地区的12345热线还没有和平台联网。可以请工作人员备好文本后拨打12345转办。", code="no_hotline"
        )
    return client


def report_create(actor: Actor, opinion: Opinion, client: ApiClient, values: Mapping[str, Any]) -> HotlineReport:
    """The report of a locked opinion that has just been given the way to the hotline.

    Raises:
        DomainError: the matter came from the hotline itself (``came_from_hotline``).
        InvalidInput: a title or kind is missing, or the text touches what the hotline does not take, and it is not
            said why it belongs there all the same (``out_of_scope``).
    """
    order = order_behind(opinion)
    if order is not None:
        message = f"这件事是12345热线转来的（工单{order.order_no}），热线已经在办，不用再转回去。"
        raise DomainError(message, code="came_from_hotline")
    fields: dict[str, str] = {}
    title = str(values.get("title") or "").strip()
    if not title:
        fields["title"] = "请写标题，一句话说清什么地方什么事。"
    elif len(title) > 100:
        fields["title"] = f"最多100字，现在有{len(title)}字，请精简。"
    if values.get("kind") not in OrderKind.values:
        fields["kind"] = "请选择诉求类型。"
    note = str(values.get("scope_note") or "").strip()[:300]
    hits = scope_hits(f"{title}\n{values['text']}")
    if hits and not note:
        fields["scope_note"] = "".join(one.sentence for one in hits) + "如果仍属于政府管理和服务的事项，请在这里说明。"
    if fields:
        code = "out_of_scope" if set(fields) == {"scope_note"} else "invalid_input"
        message = "可能不属于热线受理范围，没有转办。" if code == "out_of_scope" else "还有内容没有填好。"
        raise InvalidInput(message, code=code, fields=fields)
    share = bool(values.get("share_contact", True))
    report = HotlineReport(
        client=client,
        opinion=opinion,
        mandate=opinion.mandate if actor.is_deputy else None,
        office=opinion.office,
        region_prefix=opinion.region_prefix,
        region_code=_code_of(opinion.region_prefix),
        number=_number(opinion),
        kind=values["kind"],
        title=title,
        text=values["text"],
        place=opinion.place,
        class_path=opinion.category.name if opinion.category else "",
        person_name=opinion.contact_name if share else "",
        person_phone=opinion.contact_phone if share else "",
        is_complex=bool(values.get("is_complex")),
        scope_note=note,
        feed_no=next_feed_no(client.pk),
    )
    report.save(force_insert=True)
    record_state_change(
        actor=actor, obj=report, act="submit", label=f"转{client.organisation.name}", old="", new=report.status
    )
    audit(actor, report, "submit", rules=[one.rule.code for one in hits])
    publish_report(report, "hotline.report.created")
    return report


def _code_of(prefix: str) -> str:
    return Region.objects.filter(prefix=prefix).values_list("code", flat=True).first() or prefix


def _number(opinion: Opinion) -> str:
    """The opinion's number; handed over once more, after it was withdrawn or not accepted, with a count."""
    before = HotlineReport.objects.unscoped(reason="counted for the number").filter(opinion=opinion).count()
    return f"{opinion.number}-{before + 1}" if before else opinion.number


# -- the person is told --------------------------------------------------------------------------------
@transaction.atomic
def report_pass(*, actor: Actor, public_id: UUID, version: int | None, text: str) -> HotlineReport:
    """Pass the hotline's answer on to the person, by the opinion's own way: under the receipt code, and by telephone
    to who left a number. Passed on once more after 重办, it is added to the earlier answer.

    Raises:
        IllegalTransition: the hotline has not answered (``no_answer_yet``).
    """
    report = lock_report(actor, public_id, version=version)
    actor.require(Permission.HOTLINE_REPORT)
    REPORTER(report, actor)
    if not report.has_answer:
        raise IllegalTransition(f"热线还没有反馈，当前是“{report.get_status_display()}”。", code="no_answer_yet")
    text = required(text, "text", "请写明转告群众的话。")
    opinion = lock_opinion(actor, report.opinion.public_id)
    if opinion.status == OpinionStatus.HOTLINE:
        give_answer(actor, opinion, "hotline_pass", text, route=OpinionRoute.HOTLINE)
    elif opinion.status in (OpinionStatus.ANSWERED, OpinionStatus.CLOSED):
        opinion.result = text
        touch(opinion, "result")
        side, author = author_of(actor, opinion)
        publish_answer(actor, opinion, side=side, author=author, text=text)
    else:
        raise IllegalTransition(
            f"这件意见现在是“{opinion.get_status_display()}”，由办理的人答复群众。", code="opinion_elsewhere"
        )
    report.passed_at = timezone.now()
    save_told(report, "passed_at")
    record_state_change(actor=actor, obj=report, act="pass", label="转告反映人", old=report.status, new=report.status)
    audit(actor, report, "pass")
    tell_office(actor, opinion, "热线的答复已转告反映人")
    return report


def REPORTER(report: HotlineReport, actor: Actor) -> None:  # noqa: N802  (the table's own guard)
    """Raise ``NotAllowed`` unless it is theirs: the guard of the table's own step."""
    guard = REPORT_TRANSITIONS["withdraw"].guard
    if guard is not None:
        guard(report, actor)


@transaction.atomic
def report_judge(*, actor: Actor, public_id: UUID, version: int | None, solved: bool, words: str = "") -> HotlineReport:
    """Say whether it is solved; the hotline reads it. Not solved asks the hotline to handle it again, once.

    Raises:
        IllegalTransition: the hotline has not answered.
        InvalidInput: not solved, and no word about what is missing.
        DomainError: it was asked to be handled again before (``reopened_before``).
    """
    report = lock_report(actor, public_id, version=version)
    actor.require(Permission.HOTLINE_REPORT)
    words = words.strip()[:500]
    if solved:
        REPORTER(report, actor)
        if not report.has_answer:
            raise IllegalTransition(f"热线还没有反馈，当前是“{report.get_status_display()}”。", code="no_answer_yet")
        record_state_change(
            actor=actor, obj=report, act="solved", label="已解决", old=report.status, new=report.status, reason=words
        )
    else:
        REPORT_TRANSITIONS.check(report, "unsolved", actor)
        words = required(words, "words", "请写明哪些问题还没有解决，热线会看到。", most=500)
        REPORT_TRANSITIONS.apply(report, "unsolved", actor, reason=words)
        report.reopened = True
        _opinion_again(actor, report, words)
    report.solved, report.solved_words, report.solved_at = solved, words, timezone.now()
    save_told(report, "status", "reopened", "solved", "solved_words", "solved_at")
    audit(actor, report, "solved" if solved else "unsolved")
    return report


def _opinion_again(actor: Actor, report: HotlineReport, words: str) -> None:
    """An opinion that was answered waits for the hotline once more."""
    opinion = lock_opinion(FOLLOWER, report.opinion.public_id)
    if opinion.status in (OpinionStatus.ANSWERED, OpinionStatus.CLOSED):
        take_step(
            FOLLOWER,
            opinion,
            "hotline_again",
            reason=words,
            reopened=True,
            same_as=None,
            rating="",
            rating_words="",
            rated_at=None,
            closed_at=None,
            tell_since=None,
        )
        tell_office(actor, opinion, "没有解决，已要求热线重办")


# -- people --------------------------------------------------------------------------------------------
def tell_reporters(report: HotlineReport, title: str, *, body: str = "", task: bool = False) -> None:
    """A notice to the deputy who reported it, else to the office that did; the office always learns it."""
    kind = NoticeKind.TASK if task else NoticeKind.PROGRESS
    user = report.mandate.person.user if report.mandate else None
    line = f"{title}：{report.number}"
    if user is not None and user.is_active:
        tell(FOLLOWER, [user], kind, line, body=body, url=report.deputy_url)
        kind = NoticeKind.PROGRESS
    _tell_staff(people_of([report.office_id]), kind, line, body, report.get_absolute_url())


def _tell_staff(people: Iterable[User], kind: NoticeKind, line: str, body: str, url: str) -> None:
    tell(FOLLOWER, people, kind, line, body=body, url=url)


def opinion_back(report: HotlineReport, reason: str) -> None:
    """The hotline does not take it: the opinion is sorted anew."""
    opinion = lock_opinion(FOLLOWER, report.opinion.public_id)
    if opinion.status != OpinionStatus.HOTLINE:
        return
    take_step(FOLLOWER, opinion, "hotline_back", reason=reason, route="", answer_by=None)
    tell_office(FOLLOWER, opinion, "热线不予受理，请重新分办", body=reason, task=True)
    tell_deputy(FOLLOWER, opinion, "热线不予受理，由工作人员重新分办", body=reason)
