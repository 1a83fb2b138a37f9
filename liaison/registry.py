"""What upper packages tell the kernel, filled by each ``AppConfig.ready()``.

The kernel calls upward only through these tables; it imports no upper package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import Model, QuerySet

    from liaison.actor import Actor
    from liaison.models import Deadline, User


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """A kind of deadline (期限种类).

    Args:
        code: stored in ``Deadline.kind``.
        label: shown, e.g. ``检察机关反馈转化意见``.
        rule: the rule in words with its source, shown when the deadline explains itself.
        thresholds: default reminder days before the due day; 0 is the day itself.
        overdue_every: days between reminders while overdue.
    """

    code: str
    label: str
    rule: str
    thresholds: tuple[int, ...] = (10, 5, 1, 0)
    overdue_every: int = 7


@dataclass(frozen=True, slots=True)
class SubjectType:
    """How the kernel shows and protects an upper package's object (deadline subject, file owner, audit target).

    Args:
        model_label: ``app_label.ModelName``.
        label: the noun in Chinese.
        visible: ``visible(actor)`` → the queryset of that model that the actor may see.
        title: title of one object.
        url: page of one object.
        related: what ``title`` and ``url`` look at besides the object, for ``select_related``.
    """

    model_label: str
    label: str
    visible: Callable[[Actor], QuerySet[Any]]
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line in the menu, already decided for an actor."""

    label: str
    url: str
    icon: str
    group: str = ""
    count: int | None = None
    light: str | None = None


@dataclass(frozen=True, slots=True)
class TodoItem:
    """One line of 我的待办: a saved view with its count and its most urgent light."""

    label: str
    url: str
    count: int
    light: str | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result of the search box.

    Args:
        excerpt: facts that tell it from others: number, state, place.
        passage: the part of its text in which the words stand, when its title does not hold them.
    """

    title: str
    url: str
    kind: str
    excerpt: str = ""
    passage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalRequest:
    """Asks for a secret appraisal (满意度测评) by people without a roll: each one paper ballot.

    Args:
        key: ``<kind>:<id>`` of what asks; the answer comes to ``appraisal_done[<kind>]`` under the same key.
        congress_id: public id of the congress whose office holds it.
        lines: (name, what the ballot says besides) of each who is rated, in the ballot's order.
    """

    key: str
    congress_id: UUID
    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AppraisalLine:
    """How one was rated.

    Args:
        counts: (label, ballots) in the ballot's order.
        numerator, denominator: 满意 and valid ballots.
        overall: 满意, 基本满意 or 不满意.
        arithmetic: the sum, printed.
    """

    name: str
    counts: tuple[tuple[str, int], ...]
    numerator: int
    denominator: int
    overall: str
    arithmetic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalResult:
    """The declared result of an appraisal; without lines when it was declared void (``reason``)."""

    key: str
    lines: tuple[AppraisalLine, ...] = ()
    arithmetic: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WebhookType:
    """A type of event that other platforms may be told of (事件类型).

    Args:
        code: on the wire, ``hotline.report.created``.
        label: shown to administrators.
        about: when it happens, for the engineers at the other end.
        scope: the OAuth scope without which a client is not told, because it could not fetch the object either.
        path: the address to fetch, as a pattern.
    """

    code: str
    label: str
    about: str
    scope: str
    path: str


@dataclass(slots=True)
class _Registry:
    deadline_kinds: dict[str, DeadlineKind] = field(default_factory=dict)
    subjects: dict[str, SubjectType] = field(default_factory=dict)
    audit_labels: dict[str, str] = field(default_factory=dict)
    audit_details: dict[str, str] = field(default_factory=dict)
    audit_values: dict[str, str] = field(default_factory=dict)
    menus: list[Callable[[Actor], Iterable[MenuEntry]]] = field(default_factory=list)
    bottom_bars: list[Callable[[Actor], Iterable[MenuEntry]]] = field(default_factory=list)
    todos: list[Callable[[Actor], Iterable[TodoItem]]] = field(default_factory=list)
    searches: list[Callable[[Actor, str], Iterable[SearchHit]]] = field(default_factory=list)
    capacities: list[Callable[[User], Iterable[Actor]]] = field(default_factory=list)
    #: Ids of accounts that act in another capacity than a posting (deputies), for ``pk__in``.
    accounts_without_posting: list[Callable[[], QuerySet[Any, Any]]] = field(default_factory=list)
    panels: list[Callable[[Actor], dict[str, Any] | None]] = field(default_factory=list)
    #: What everybody may do besides on a public page: ``provide("station" or "deputy", public_id, scanned)``.
    open_acts: list[Callable[[str, UUID, bool], Iterable[MenuEntry]]] = field(default_factory=list)
    #: What a deputy does for a campaign (主题活动), by its public id: pages on which something is recorded.
    campaign_acts: list[Callable[[Actor, UUID], Iterable[MenuEntry]]] = field(default_factory=list)
    jobs: dict[str, str] = field(default_factory=dict)
    #: Dotted names of ``load(say)`` functions, run in order by ``manage.py demo``.
    demos: list[str] = field(default_factory=list)
    #: The same, run after all others: what looks at everything that is there.
    demos_last: list[str] = field(default_factory=list)
    #: Dotted names of ``load(say)`` functions: what happened before the duty ledger was there enters it.
    backfills: list[str] = field(default_factory=list)
    #: Dotted names of ``hints() -> list[str]`` functions: what else to try, for ``manage.py demo --accounts``.
    demo_hints: list[str] = field(default_factory=list)
    #: Makes an appraisal and gives the path of its page.
    appraisal_open: Callable[[Actor, AppraisalRequest], str] | None = None
    #: Declares an appraisal void, by its key and for a reason, while none of its ballots is out.
    appraisal_drop: Callable[[Actor, str, str], None] | None = None
    #: Kind in the key of a request → who is told the result, in the transaction that declares it.
    appraisal_done: dict[str, Callable[[Actor, AppraisalResult], None]] = field(default_factory=dict)
    #: Kind in the key of a request → the path of the page that asked, from its id.
    appraisal_pages: dict[str, Callable[[str], str]] = field(default_factory=dict)
    webhook_types: dict[str, WebhookType] = field(default_factory=dict)
    deadline_recomputed: list[Callable[[Deadline], None]] = field(default_factory=list)

    # -- filling -----------------------------------------------------------------------------------
    def add_deadline_kind(self, kind: DeadlineKind) -> None:
        self.deadline_kinds[kind.code] = kind

    def add_subject(self, subject: SubjectType) -> None:
        self.subjects[subject.model_label.lower()] = subject

    def add_webhook_type(self, kind: WebhookType) -> None:
        self.webhook_types[kind.code] = kind

    def add_audit_labels(self, labels: dict[str, str]) -> None:
        """Action code → Chinese wording for the audit page."""
        self.audit_labels.update(labels)

    def add_audit_details(self, names: dict[str, str], values: dict[str, str] | None = None) -> None:
        """Names (and coded values) in an audit row's detail → Chinese wording."""
        self.audit_details.update(names)
        self.audit_values.update(values or {})

    # -- asking ------------------------------------------------------------------------------------
    def subject_of(self, obj: Model) -> SubjectType:
        """The registered type of an object.

        Raises:
            LookupError: the model was never registered.
        """
        return self.subject_for(obj._meta.label_lower)

    def subject_for(self, model_label: str) -> SubjectType:
        try:
            return self.subjects[model_label.lower()]
        except KeyError as error:
            raise LookupError(f"no subject registered for {model_label}") from error

    def menu_entries(self, actor: Actor) -> list[MenuEntry]:
        """What the actor may open; a group stands once, where its first entry is, whichever packages fill it."""
        entries = [entry for provide in self.menus for entry in provide(actor)]
        groups = list(dict.fromkeys(entry.group for entry in entries))
        return sorted(entries, key=lambda entry: groups.index(entry.group))

    def bottom_bar_entries(self, actor: Actor) -> list[MenuEntry]:
        return [entry for provide in self.bottom_bars for entry in provide(actor)]

    def todo_items(self, actor: Actor) -> list[TodoItem]:
        return [item for provide in self.todos for item in provide(actor)]

    def search(self, actor: Actor, query: str) -> list[SearchHit]:
        return [hit for provide in self.searches for hit in provide(actor, query)]

    def open_acts_of(self, what: str, public_id: UUID, *, scanned: bool) -> list[MenuEntry]:
        """The buttons of a public page.

        Args:
            what: ``station`` or ``deputy``.
            scanned: whether the visitor came by the page's QR code.
        """
        return [entry for provide in self.open_acts for entry in provide(what, public_id, scanned)]

    def appraisal_asker(self, key: str) -> str:
        """The page of what asked for an appraisal; "" when none is registered for this key."""
        kind, _, identity = key.partition(":")
        page = self.appraisal_pages.get(kind)
        return page(identity) if page else ""

    def capacities_of(self, user: User) -> list[Actor]:
        """Every capacity in which this account may act (postings first, then deputy)."""
        return [actor for provide in self.capacities for actor in provide(user)]


registry = _Registry()
