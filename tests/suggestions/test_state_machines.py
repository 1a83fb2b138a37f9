"""Random walks over both transition tables: the services agree with the table, step by step.

A legal step by those whose step it is goes on and leaves its history; every other attempt (another state,
another person, a page opened earlier) is refused and leaves row, history, audit, clocks, notices and files as
they were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from liaison.exceptions import DomainError
from liaison.models import Attachment, AuditEntry, Deadline, DeadlineChange, Notice, StateChange
from liaison.selectors.counts import capped_counts
from suggestions.models import Answer, Assignment, Feedback, Suggestion, Transfer
from suggestions.services.draft import draft_discard, suggestion_submit
from suggestions.services.feedback import suggestion_close_unrated, suggestion_conclude, suggestion_rate
from suggestions.services.handling import suggestion_answer, suggestion_sign
from suggestions.services.sorting import (
    suggestion_assign,
    suggestion_refuse,
    suggestion_register,
    suggestion_return,
)
from suggestions.states import SUGGESTION_TRANSITIONS, TRANSFER_TRANSITIONS
from tests.suggestions.steps import answer_values, draft, pdf, texts
from tests.suggestions.transfers import STEPS as TRANSFER_STEPS
from tests.suggestions.transfers import marked

if TYPE_CHECKING:
    from liaison.actor import Actor
    from liaison.transitions import TransitionTable
    from tests.cast import Cast

#: Everybody who may try something.
WHO = (
    "insider",
    "approver",
    "colleague",
    "county_clerk",
    "stranger",
    "unit",
    "other_unit",
    "prosecutor",
    "other_prosecutor",
    "deputy",
    "other_deputy",
    "auditor",
)


@dataclass(frozen=True)
class Act:
    """One act on an object.

    Args:
        outcomes: the transitions that it may turn out to be, by the object's own data (a second
            dissatisfaction is another step than the first).
        who: who usually does it.
        call: the service with everything it needs: ``call(cast, obj, actor=…, version=…)``.
        versioned: whether it takes the version of the page.
    """

    outcomes: tuple[str, ...]
    who: str
    call: Callable[..., Any]
    versioned: bool = True


class Walk(RuleBasedStateMachine):
    """A walk over one table; a subclass says what walks and by which acts."""

    cast: ClassVar[Any] = None
    first: ClassVar[int]
    table: ClassVar[TransitionTable]
    model: ClassVar[Any]
    acts: ClassVar[dict[str, Act]]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.obj = self.model.objects.get(pk=self.first)
        self.actors: dict[str, Actor] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @classmethod
    def start(cls, cast: Cast) -> Any:
        """The object at the beginning of its way."""
        raise NotImplementedError

    def snapshot(self) -> tuple[Any, ...]:
        """Everything that a refused step must leave alone."""
        rows = (Attachment, AuditEntry, DeadlineChange, Notice, StateChange, Answer, Assignment, Feedback)
        return (
            self.model.objects.filter(pk=self.obj.pk).values().get(),
            capped_counts({model.__name__: model.objects.all() for model in rows}, most=100_000),
            list(Deadline.objects.order_by("pk").values()),
        )

    def actor(self, who: str) -> Actor:
        if who not in self.actors:
            self.actors[who] = self.cast.actor(who)
        return self.actors[who]

    def outcome(self, act: Act, who: str) -> str:
        """The transition that the table gives for this act by this person now, or "". No query."""
        legal = {row.name for row in self.table.available(self.obj, self.actor(who))}
        return next((name for name in act.outcomes if name in legal), "")

    def sees(self, who: str) -> bool:
        return bool(self.model.objects.visible_to(self.actor(who)).filter(pk=self.obj.pk).exists())

    def possible(self) -> list[str]:
        return [name for name, act in self.acts.items() if self.outcome(act, act.who)]

    def attempt(self, name: str, who: str, *, stale: bool = False) -> None:
        """Try it, and hold the service to what the table says."""
        act = self.acts[name]
        self.prepare(name)
        expected, before = self.outcome(act, who) if self.sees(who) else "", self.snapshot()
        version = {"version": self.obj.version + (1 if stale else 0)} if act.versioned else {}
        changes = StateChange.objects.count()
        try:
            act.call(self.cast, self.obj, actor=self.actor(who), **version)
        except DomainError:
            assert stale or not expected, f"{who} could not {name} from {self.obj.status}"
            assert self.snapshot() == before, f"{who} was refused {name}, yet something changed"
            return
        assert expected, f"{who} could {name} from {self.obj.status}"
        assert not stale
        old, source = self.obj.version, self.obj.status
        self.obj = self.model.objects.get(pk=self.obj.pk)
        assert self.obj.status == self.table[expected].target
        assert self.obj.version == old + 1
        assert StateChange.objects.count() == changes + 1
        last = StateChange.objects.order_by("pk").last()
        assert last is not None
        assert (last.act, last.old, last.new) == (expected, source, self.obj.status)
        assert last.actor_name == self.cast.user(who).name

    def prepare(self, name: str) -> None:
        """What time would bring about, done at once."""

    @precondition(lambda self: self.possible())
    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """A legal step by the one whose step it is."""
        name = data.draw(st.sampled_from(self.possible()), label="step")
        self.attempt(name, self.acts[name].who)

    @rule(data=st.data(), who=st.sampled_from(WHO))
    def try_anything(self, data: st.DataObject, who: str) -> None:
        """Any act by anybody."""
        self.attempt(data.draw(st.sampled_from(sorted(self.acts)), label="act"), who)

    @precondition(lambda self: any(self.acts[name].versioned for name in self.possible()))
    @rule(data=st.data())
    def come_late(self, data: st.DataObject) -> None:
        """A legal step from a page that somebody has overtaken."""
        names = [name for name in self.possible() if self.acts[name].versioned]
        name = data.draw(st.sampled_from(names), label="step")
        self.attempt(name, self.acts[name].who, stale=True)


# ── the transfer ─────────────────────────────────────────────────────────────────────────────────
def _transfer_act(name: str) -> Act:
    who, service = TRANSFER_STEPS[name]
    return Act((name,), who, lambda cast, obj, **values: service(public_id=obj.public_id, **values))


class TransferWalk(Walk):
    table = TRANSFER_TRANSITIONS
    model = Transfer
    acts: ClassVar[dict[str, Act]] = {row.name: _transfer_act(row.name) for row in TRANSFER_TRANSITIONS.rows()}

    @classmethod
    def start(cls, cast: Cast) -> Transfer:
        return marked(cast)


# ── the suggestion ───────────────────────────────────────────────────────────────────────────────
def _call(service: Callable[..., Any], **values: Any) -> Callable[..., Any]:
    def call(cast: Cast, obj: Suggestion, **more: Any) -> Any:
        made = {name: value(cast, obj) if callable(value) else value for name, value in values.items()}
        return service(public_id=obj.public_id, **made, **more)

    return call


def _submit(cast: Cast, obj: Suggestion, **more: Any) -> Suggestion:
    return suggestion_submit(client_token=obj.client_token, values=texts(), **more)


def _rate(result: str, reason: str = "") -> Callable[..., Any]:
    return _call(suggestion_rate, attitude="satisfied", result=result, reason=reason)


class SuggestionWalk(Walk):
    table = SUGGESTION_TRANSITIONS
    model = Suggestion
    acts: ClassVar[dict[str, Act]] = {
        "discard": Act(("discard",), "deputy", _call(draft_discard)),
        "return": Act(("return",), "insider", _call(suggestion_return, reason="请补充照片。")),
        "refuse": Act(("refuse",), "approver", _call(suggestion_refuse, clause_id=1, reason="没有具体内容。")),
        "register": Act(
            ("register",),
            "insider",
            _call(suggestion_register, session_id=None, category_id=lambda cast, obj: obj.category_id),
        ),
        "assign": Act(
            ("assign",),
            "insider",
            _call(suggestion_assign, unit_public_id=lambda cast, obj: cast.offices["unit"].public_id),
        ),
        "sign": Act(("sign",), "unit", _call(suggestion_sign), versioned=False),
        "answer": Act(
            ("answer",),
            "unit",
            _call(suggestion_answer, values=lambda cast, obj: answer_values(), uploads=lambda cast, obj: [pdf()]),
        ),
        "rate well": Act(("accept",), "deputy", _rate("satisfied"), versioned=False),
        "rate badly": Act(("rework", "coordinate"), "deputy", _rate("dissatisfied", "没有解决。"), versioned=False),
        "close_unrated": Act(("close_unrated",), "insider", _call(suggestion_close_unrated, reason="已提醒两次。")),
        "conclude": Act(("conclude",), "insider", _call(suggestion_conclude, reason="已协调一致。")),
    }

    @classmethod
    def start(cls, cast: Cast) -> Suggestion:
        return draft(cast)

    def prepare(self, name: str) -> None:
        if name == "close_unrated":
            long_ago = dt.date(2020, 1, 2)
            Deadline.objects.filter(kind="suggestion_feedback", met_at=None, cancelled_at=None).update(
                starts_on=long_ago, nominal_due=long_ago, due_on=long_ago
            )

    @precondition(lambda self: self.obj.status in {"draft", "returned"})
    @rule()
    def submit(self) -> None:
        """The lead deputy submits; the form saves first, so the version grows by that as well."""
        changes = StateChange.objects.count()
        _submit(self.cast, self.obj, actor=self.actor("deputy"), version=self.obj.version)
        self.obj = Suggestion.objects.get(pk=self.obj.pk)
        assert (self.obj.status, StateChange.objects.count()) == ("submitted", changes + 1)

    @precondition(lambda self: self.obj.status not in {"draft", "returned"})
    @rule()
    def submit_again(self) -> None:
        """The same form once more."""
        before = self.snapshot()
        with pytest.raises(DomainError):
            _submit(self.cast, self.obj, actor=self.actor("deputy"), version=None)
        assert self.snapshot() == before


@pytest.mark.parametrize("walk", [TransferWalk, SuggestionWalk])
def test_the_services_agree_with_the_table(cast: Cast, walk: type[Walk]) -> None:
    walk.cast, walk.first = cast, walk.start(cast).pk
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        walk,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        ),
    )


def test_every_transition_is_an_act_of_the_walks() -> None:
    for walk, besides in ((TransferWalk, set[str]()), (SuggestionWalk, {"submit"})):
        outcomes = {name for act in walk.acts.values() for name in act.outcomes}
        assert outcomes | besides == {row.name for row in walk.table.rows()}
