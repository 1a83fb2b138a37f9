"""State machines: one table per status, applied in one place, with a history row each time.

A package's ``states.py`` builds a ``TransitionTable``; services call ``apply``; pages ask
``available`` for the next actions; the docs draw the diagram from ``rows``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from liaison.exceptions import DomainError, IllegalTransition

if TYPE_CHECKING:
    from django.db.models import Model, TextChoices

    from liaison.actor import Actor
    from liaison.permissions import Permission

#: Raises a DomainError when the step is not right for this object and actor.
Guard = Callable[[Any, "Actor"], None]


@dataclass(frozen=True, slots=True)
class Transition:
    """One legal step.

    Args:
        name: the act, equal to the service's verb (``assign``).
        label: the act in Chinese, as on buttons and in the timeline.
        sources: the states it may start from.
        target: the state it leads to.
        permission: what the actor needs.
        guard: a further condition, or None.
    """

    name: str
    label: str
    sources: frozenset[str]
    target: str
    permission: Permission
    guard: Guard | None = None


class TransitionTable:
    """The one table of a status field; the only code that assigns it."""

    def __init__(self, states: type[TextChoices], transitions: Iterable[Transition]) -> None:
        self.states = states
        self._by_name: dict[str, Transition] = {}
        for transition in transitions:
            if transition.name in self._by_name:
                raise ValueError(f"transition {transition.name} stands twice")
            unknown = (transition.sources | {transition.target}) - set(states.values)
            if unknown:
                raise ValueError(f"transition {transition.name} names unknown states {sorted(unknown)}")
            self._by_name[transition.name] = transition

    def __getitem__(self, name: str) -> Transition:
        return self._by_name[name]

    def rows(self) -> tuple[Transition, ...]:
        """All transitions, in the order written."""
        return tuple(self._by_name.values())

    def check(self, obj: Any, name: str, actor: Actor) -> Transition:
        """The transition ``name``, if it is legal for this object and actor now.

        Raises:
            NotAllowed: the actor lacks the permission.
            IllegalTransition: the object is in another state.
            DomainError: what the guard says.
        """
        transition = self._by_name[name]
        actor.require(transition.permission)
        if obj.status not in transition.sources:
            from liaison.selectors.history import last_act_text

            present = self.states(obj.status).label
            raise IllegalTransition(f"当前状态是“{present}”，不能再“{transition.label}”。{last_act_text(obj)}")
        if transition.guard is not None:
            transition.guard(obj, actor)
        return transition

    def apply(self, obj: Model, name: str, actor: Actor, *, reason: str = "", save: bool = False) -> Transition:
        """Check the step, set the status on the (locked) object and write its history row.

        Args:
            save: save the whole object here (as a new one must be, before its history can name it);
                otherwise the caller saves it in the same transaction.
        """
        from liaison.services.history import record_state_change

        transition = self.check(obj, name, actor)
        old = obj.status  # type: ignore[attr-defined]
        obj.status = transition.target  # type: ignore[attr-defined]
        if save:
            obj.save()
        record_state_change(
            actor=actor, obj=obj, act=name, label=transition.label, old=old, new=transition.target, reason=reason
        )
        return transition

    def available(self, obj: Any, actor: Actor) -> list[Transition]:
        """The steps that this actor may take now, in table order (for buttons). No query."""
        found = []
        for transition in self._by_name.values():
            if obj.status not in transition.sources or not actor.can(transition.permission):
                continue
            try:
                if transition.guard is not None:
                    transition.guard(obj, actor)
            except DomainError:
                continue
            found.append(transition)
        return found
