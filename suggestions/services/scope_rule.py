"""What cannot go to the hotline (热线受理范围规则): staff keep the rules in order."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction

from liaison.exceptions import InvalidInput, NotFound
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from liaison.services.checks import changes, clean_model, require_version
from suggestions.models import ScopeRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison.actor import Actor

_NAMES = ("name", "reason", "instead", "words", "is_active")
#: A shorter word would touch nearly every text.
SHORTEST_WORD, LONGEST_WORD, MOST_WORDS = 2, 20, 100


@transaction.atomic
def scope_rule_save(*, actor: Actor, code: str, version: int | None, values: Mapping[str, Any]) -> ScopeRule:
    """Add a rule at the end (no ``code``), or change one. Reports that were made stay as they are.

    Args:
        values: name, reason, instead, words (one a line), is_active.

    Raises:
        NotFound: no such rule.
        StaleVersion: somebody changed it since the page showed ``version``.
        InvalidInput: by field.
    """
    actor.require(Permission.HOTLINE_RULES_EDIT)
    rules = _locked()
    if code:
        rule = _one(rules, code)
        require_version(rule.version, version, "规则")
    else:
        rule = ScopeRule(
            code=f"rule-{secrets.token_hex(6)}", position=max((one.position for one in rules), default=0) + 1
        )
    before = {name: getattr(rule, name) for name in _NAMES} if code else {}
    after = {**values, "words": "\n".join(_words(str(values["words"])))}
    for name in _NAMES:
        setattr(rule, name, after[name])
    clean_model(rule)
    if code and before == {name: getattr(rule, name) for name in _NAMES}:
        return rule
    rule.version += bool(code)
    rule.save()
    _audit(actor, rule, "save", changes(_named(before), _named({name: after[name] for name in _NAMES})))
    return rule


@transaction.atomic
def scope_rule_move(*, actor: Actor, code: str, up: bool) -> ScopeRule:
    """One place up or down; at the end of the list it stays."""
    actor.require(Permission.HOTLINE_RULES_EDIT)
    rules = _locked()
    rule = _one(rules, code)
    here = rules.index(rule)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rules):
        return rule
    rules[here], rules[there] = rules[there], rules[here]
    for position, one in enumerate(rules, start=1):
        one.position = position
    ScopeRule.objects.bulk_update(rules, ["position"])
    _audit(actor, rule, "move", {"position": rule.position})
    return rule


def _locked() -> list[ScopeRule]:
    """All rules in their order; there are few, and their order is one thing."""
    return list(ScopeRule.objects.select_for_update())


def _one(rules: list[ScopeRule], code: str) -> ScopeRule:
    rule = next((one for one in rules if one.code == code), None)
    if rule is None:
        raise NotFound
    return rule


def _words(text: str) -> list[str]:
    """The words, each once.

    Raises:
        InvalidInput: too short, too long, too many.
    """
    words = list(dict.fromkeys(text.split()))
    wrong = [word for word in words if not SHORTEST_WORD <= len(word) <= LONGEST_WORD]
    message = ""
    if wrong:
        message = f"“{wrong[0][:LONGEST_WORD]}”应为{SHORTEST_WORD}到{LONGEST_WORD}个字，太短的词会误伤。"
    elif len(words) > MOST_WORDS:
        message = f"最多{MOST_WORDS}个关键词，现在有{len(words)}个。"
    if message:
        raise InvalidInput("有内容需要更正。", fields={"words": message})
    return words


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """As the audit names them: words are something else in other details."""
    return {"keywords" if name == "words" else name: value for name, value in values.items()}


def _audit(actor: Actor, rule: ScopeRule, verb: str, detail: dict[str, Any]) -> None:
    record_audit(actor=actor, action=f"scope_rule.{verb}", target=rule, title=rule.name, detail=detail)
