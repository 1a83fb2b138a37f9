"""What every act on an opinion does: lock in scope, take the step, move the clocks, let the grouped ones follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Value
from django.utils import timezone

from liaison.exceptions import InvalidInput, NotFound, StaleVersion
from liaison.masking import mask_text
from liaison.models import AuditEntry, StateChange, User
from liaison.models.deadline import PeriodUnit
from liaison.models.notice import NoticeKind
from liaison.plain import plain_text
from liaison.receipts import receipt_digest, receipt_of
from liaison.search import bigrams
from liaison.selectors.history import last_act_text
from liaison.selectors.people import people_of
from liaison.services.audit import audit_row
from liaison.services.deadline import deadline_cancel, deadline_meet, deadline_rows
from liaison.services.history import state_change_row
from liaison.services.notice import notify
from liaison.services.together import First, Made, Of, Row, insert_together
from suggestions.models import Opinion, OpinionMessage, OpinionSeries, OpinionSide
from suggestions.selectors.opinion_open import RECEIPT
from suggestions.selectors.opinion_rules import OpinionRules, opinion_rules
from suggestions.services.hotline_feed import report_release
from suggestions.services.opinion_duty import members_duty, opinion_duty
from suggestions.states import OPINION_TRANSITIONS, OpinionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from liaison.actor import Actor
    from liaison.calendar import WorkCalendar
    from liaison.transitions import Transition

PICTURE_SLOT = "picture"
ANSWER_SLOT = "answer"
MOST_TEXT = 2000
#: What people type.
TYPED = ("text", "place", "contact_name", "contact_phone")
#: State → the clock that runs in it.
_CLOCKS = {
    OpinionStatus.RECEIVED: "opinion_sorting",
    OpinionStatus.DEPUTY: "opinion_deputy",
    OpinionStatus.UNIT: "opinion_unit",
}
#: Steps by which a promise is kept; any other step out of the state takes the clock away. Sorting is done by any.
_KEEPS = {
    OpinionStatus.DEPUTY: {"deputy_answer", "answer", "make_suggestion"},
    OpinionStatus.UNIT: {"unit_answer"},
}
#: Steps out of the way to 12345 that leave the hotline's report as it is; any other takes it back.
_KEEPS_REPORT = frozenset({"answer", "hotline_pass", "hotline_back"})
#: What grouped opinions take over from their lead.
_SHARED = ("status", "route", "result", "answered_at", "closed_at")


def lock_opinion(actor: Actor, public_id: UUID | str, *, version: int | None = None) -> Opinion:
    """The opinion, locked for the rest of the transaction.

    Raises:
        NotFound: no such opinion, or not visible to the actor.
        StaleVersion: somebody changed it since the page showed ``version``.
    """
    opinion = (
        Opinion.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("office", "station", "unit", "mandate__person__user", "suggestion")
        .filter(public_id=public_id)
        .first()
    )
    if opinion is None:
        raise NotFound
    check_fresh(opinion, version)
    return opinion


def check_fresh(opinion: Opinion, version: int | None) -> None:
    """Raise ``StaleVersion`` when somebody changed it since the page showed ``version``."""
    if version is not None and opinion.version != version:
        raise StaleVersion(f"您打开页面之后，这件社情民意已有变化。您填写的内容仍在下方。{last_act_text(opinion)}")


def lock_form(token: UUID) -> None:
    """Let a form that arrives twice at one moment wait for itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [token.int & (2**63 - 1)])


def required(text: str, field: str, message: str, *, most: int = MOST_TEXT) -> str:
    """The text as ``plain_text`` keeps it.

    Raises:
        InvalidInput: nothing is left, or it is too long.
    """
    text = plain_text(text)
    if not text:
        raise InvalidInput(message, fields={field: message})
    if len(text) > most:
        long = f"最多{most}字，现在有{len(text)}字，请精简。"
        raise InvalidInput(long, fields={field: long})
    return text


# -- new ones ------------------------------------------------------------------------------------------
def code_of(token: UUID) -> str:
    """The receipt code of a form."""
    return receipt_of(RECEIPT, token)


def digest_of(code: str) -> str:
    """What is kept of a receipt code; "" when it cannot be one."""
    return receipt_digest(RECEIPT, code)


def new_numbers(office_id: int, count: int = 1) -> list[str]:
    """The next numbers of an office in this year: running, no gap (a rollback gives them back), none twice.

    One statement: its row lock makes those who come at once wait for each other.
    """
    step = _next_numbers(office_id, count)
    with connection.cursor() as cursor:
        cursor.execute(step.sql, step.values)
        year, last = cursor.fetchone()
    return [f"意见{year}-{number:04d}" for number in range(last - count + 1, last + 1)]


def _next_numbers(office_id: int, count: int) -> First:
    table = connection.ops.quote_name(OpinionSeries._meta.db_table)
    sql = (
        f"INSERT INTO {table} (office_id, year, last) VALUES (%s, %s, %s) "  # noqa: S608
        f"ON CONFLICT (office_id, year) DO UPDATE SET last = {table}.last + EXCLUDED.last RETURNING year, last"
    )
    return First(sql, (office_id, timezone.localdate().year, count))


#: The last number taken, as ``new_numbers`` writes it.
_NUMBER = "'意见' || first.year || '-' || lpad(first.last::text, greatest(4, length(first.last::text)), '0')"


def clean(opinion: Opinion) -> dict[str, str]:
    """What is wrong with the typed texts, by field; empty when all is well."""
    for name in TYPED:
        setattr(opinion, name, plain_text(getattr(opinion, name)))
    fields: dict[str, str] = {}
    if not opinion.text:
        fields["text"] = "请写明您要反映的情况。"
    try:
        # everything else is made by the services
        opinion.clean_fields(
            exclude=[field.name for field in Opinion._meta.fields if field.name in fields or field.name not in TYPED]
        )
    except ValidationError as error:
        fields |= {name: "".join(messages) for name, messages in error.message_dict.items()}
    return fields


def prepare(opinion: Opinion) -> str:
    """Complete a new opinion but for its number; its receipt code."""
    code = code_of(opinion.client_token)
    opinion.receipt_digest = digest_of(code)
    words = bigrams(mask_text(f"{opinion.text} {opinion.place}"))  # nobody finds a covered number by asking for it
    opinion.search = SearchVector(Value(words), config="simple")
    return code


def keep(
    actor: Actor, opinion: Opinion, *, rules: OpinionRules | None = None, calendar: WorkCalendar | None = None
) -> None:
    """Write a prepared opinion with number, history, audit and its first clock, in one statement.

    Whoever takes a number of the same office waits for no longer than that statement and the commit.

    Args:
        rules, calendar: the periods of the office and the work calendar, when the caller has them at hand.
    """
    label = f"收到反映（{opinion.get_channel_display()}）"
    insert_together(
        Row(opinion, {"number": Made(_NUMBER)}),
        Row(
            state_change_row(actor=actor, obj=opinion, act="receive", label=label, old="", new=opinion.status),
            {"object_id": Of(opinion)},
        ),
        Row(_audit_row(actor, opinion, "receive", channel=opinion.channel), {"target_title": Of(opinion, "number")}),
        *clock_rows(actor, opinion, calendar=calendar, rules=rules),
        first=_next_numbers(opinion.office_id, 1),
    )
    if opinion.brought_by_id or opinion.mandate_id:
        opinion_duty(actor, opinion, is_new=True)


# -- steps ---------------------------------------------------------------------------------------------
def take_step(actor: Actor, opinion: Opinion, name: str, *, reason: str = "", **values: Any) -> None:
    """One legal step on a locked opinion, with everything that follows from it but notices.

    Args:
        name: a step of ``OPINION_TRANSITIONS``.
        values: fields that change with it.
    """
    old = opinion.status
    if old == OpinionStatus.HOTLINE and name not in _KEEPS_REPORT:
        report_release(actor, opinion, OPINION_TRANSITIONS.check(opinion, name, actor).label)
    step = OPINION_TRANSITIONS.apply(opinion, name, actor, reason=reason)
    for field, value in values.items():
        setattr(opinion, field, value)
    opinion.version += 1
    opinion.save(update_fields=["status", "version", "updated_at", *values])
    audit(actor, opinion, name, **({"reason": reason} if reason else {}))
    _stop_clock(actor, opinion, old, step)
    start_clock(actor, opinion)
    _members_follow(actor, opinion, old, step, reason)
    if opinion.brought_by_id or opinion.mandate_id or "mandate" in values:
        opinion_duty(actor, opinion, reason=step.label)


def touch(opinion: Opinion, *fields: str) -> None:
    """Save some fields and move the version on."""
    opinion.version += 1
    opinion.save(update_fields=[*fields, "version", "updated_at"])


def audit(actor: Actor, opinion: Opinion, verb: str, **detail: Any) -> None:
    """Write the audit row of one act."""
    _audit_row(actor, opinion, verb, **detail).save(force_insert=True)


def _audit_row(actor: Actor, opinion: Opinion, verb: str, **detail: Any) -> AuditEntry:
    return audit_row(
        actor=actor,
        action=f"opinion.{verb}",
        target=opinion,
        region_prefix=opinion.region_prefix,
        detail=detail,
    )


def start_clock(
    actor: Actor, opinion: Opinion, *, calendar: WorkCalendar | None = None, rules: OpinionRules | None = None
) -> None:
    """Start the clock of the state it is in; those grouped under another have none."""
    rows = clock_rows(actor, opinion, calendar=calendar, rules=rules)
    if rows:
        insert_together(*rows)


def clock_rows(
    actor: Actor, opinion: Opinion, *, calendar: WorkCalendar | None = None, rules: OpinionRules | None = None
) -> list[Row]:
    """What ``start_clock`` writes."""
    kind = _CLOCKS.get(OpinionStatus(opinion.status))
    if kind is None or opinion.same_as_id is not None:
        return []
    rules = rules or opinion_rules(opinion.office_id)
    unit, length = PeriodUnit.WORKING_DAYS, rules.sorting_days
    holder, holder_user = opinion.office, None
    if opinion.status == OpinionStatus.DEPUTY:
        unit, length, holder_user = PeriodUnit.DAYS, rules.deputy_days, account_of(opinion)
    elif opinion.status == OpinionStatus.UNIT and opinion.unit is not None:
        unit, length, holder = PeriodUnit.MONTHS, rules.unit_months, opinion.unit
    _, rows = deadline_rows(
        actor=actor,
        subject=opinion,
        kind=kind,
        unit=unit,
        length=length,
        holder=None if holder_user is not None else holder,
        holder_user=holder_user,
        supervisor=opinion.office,
        calendar=calendar,
    )
    return rows


def drop_clock(actor: Actor, opinion: Opinion, reason: str) -> None:
    """The clock of its state no longer has a reason to run."""
    kind = _CLOCKS.get(OpinionStatus(opinion.status))
    if kind is not None:
        deadline_cancel(actor=actor, subject=opinion, kind=kind, reason=reason)


def _stop_clock(actor: Actor, opinion: Opinion, old: str, step: Transition) -> None:
    state = OpinionStatus(old)
    kind = _CLOCKS.get(state)
    if kind is None:
        return
    if step.name in _KEEPS.get(state, {step.name}):
        deadline_meet(actor=actor, subject=opinion, kind=kind)
    else:
        deadline_cancel(actor=actor, subject=opinion, kind=kind, reason=step.label)


def _members_follow(actor: Actor, lead: Opinion, old: str, step: Transition, reason: str) -> None:
    """Those grouped under it that stood where it stood go with it."""
    if lead.same_as_id is not None or step.name == "reopen":
        return
    members = list(lead.members.select_for_update().filter(status=old).order_by("id").values_list("pk", flat=True))
    if members:
        follow_lead(actor, lead, members, old=old, label=f"{step.label}（随{lead.number}）", reason=reason)


def follow_lead(actor: Actor, lead: Opinion, members: list[int], *, old: str, label: str, reason: str = "") -> None:
    """Give locked members the lead's state, route and answer, each with a line of history."""
    values = {name: getattr(lead, name) for name in _SHARED}
    Opinion.objects.filter(pk__in=members).update(**values, version=F("version") + 1, updated_at=timezone.now())
    content_type = ContentType.objects.get_for_model(Opinion)
    StateChange.objects.bulk_create(
        StateChange(
            content_type=content_type,
            object_id=member,
            act="follow",
            label=label,
            old=old,
            new=lead.status,
            reason=reason,
            actor_user_id=actor.user_id,
            actor_name=actor.name,
            actor_label=actor.label,
        )
        for member in members
    )
    members_duty(actor, members)


# -- words ---------------------------------------------------------------------------------------------
def publish_answer(actor: Actor, opinion: Opinion, *, side: OpinionSide, author: str, text: str) -> None:
    """The answer in the thread of the opinion and of those grouped under it; who left a number is to be phoned."""
    told = [opinion.pk]
    if opinion.same_as_id is None:
        told += opinion.members.filter(status=opinion.status, result=opinion.result).values_list("pk", flat=True)
    OpinionMessage.objects.bulk_create(
        OpinionMessage(opinion_id=pk, side=side, author=author, author_user_id=actor.user_id, is_answer=True, text=text)
        for pk in told
    )
    now = timezone.now()
    Opinion.objects.filter(pk__in=told).exclude(contact_phone="").update(tell_since=now, told_at=None)
    if opinion.contact_phone:
        opinion.tell_since, opinion.told_at = now, None


def author_of(actor: Actor, opinion: Opinion) -> tuple[OpinionSide, str]:
    """On which side the actor speaks, and how the person reads their name: never the name of a clerk."""
    if actor.is_deputy:
        return OpinionSide.DEPUTY, f"{actor.name}代表"
    if actor.is_unit and opinion.unit is not None:
        return OpinionSide.UNIT, opinion.unit.name
    return OpinionSide.OFFICE, opinion.office.display


# -- people --------------------------------------------------------------------------------------------
def account_of(opinion: Opinion) -> User | None:
    """The account of the deputy who is asked, if they have one that works."""
    if opinion.mandate is None:
        return None
    user = opinion.mandate.person.user
    return user if user is not None and user.is_active else None


def tell(actor: Actor, recipients: Iterable[User], kind: NoticeKind, title: str, *, body: str, url: str) -> None:
    """A notice; never with words of the person in it, which mail would carry away."""
    notify(recipients=recipients, kind=kind, title=title, body=body, url=url, except_user_id=actor.user_id)


def tell_office(actor: Actor, opinion: Opinion, title: str, *, body: str = "", task: bool = False) -> None:
    """A notice to the people who work in the handling office."""
    kind = NoticeKind.TASK if task else NoticeKind.PROGRESS
    tell(
        actor,
        people_of([opinion.office_id]),
        kind,
        f"{title}：{opinion.number}",
        body=body,
        url=opinion.get_absolute_url(),
    )


def tell_deputy(actor: Actor, opinion: Opinion, title: str, *, body: str = "", task: bool = False) -> None:
    """A notice to the deputy who is asked."""
    user = account_of(opinion)
    kind = NoticeKind.TASK if task else NoticeKind.PROGRESS
    if user is not None:
        tell(actor, [user], kind, f"{title}：{opinion.number}", body=body, url=opinion.deputy_url)


def tell_unit(actor: Actor, opinion: Opinion, title: str, *, body: str = "", task: bool = False) -> None:
    """A notice to the people who work in the unit that handles it."""
    kind = NoticeKind.TASK if task else NoticeKind.PROGRESS
    url = opinion.unit_url
    tell(actor, people_of([opinion.unit_id]), kind, f"{title}：{opinion.number}", body=body, url=url)
