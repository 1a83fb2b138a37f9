"""Locking a round in scope, and what every change of one shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liaison.exceptions import DomainError, NotAllowed, NotFound, StaleVersion
from liaison.permissions import Permission
from liaison.selectors.history import last_act_text
from liaison.services.audit import record_audit
from votes.models import Round

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from liaison.actor import Actor

#: Chinese wording for the audit page; ``votes.round_registrations`` hands it to the kernel.
AUDIT_LABELS: dict[str, str] = {
    "round.create": "建立投票",
    "round.edit": "修改投票",
    "round.annul": "宣告投票无效",
    "round.open": "开始投票",
    "round.close": "截止投票",
    "round.count": "开箱计票",
    "round.declare": "宣布投票结果",
    "round.leave_open": "决定名额暂缺",
    "round.session_code": "更换签到码",
    "roll.prepare": "生成投票名册",
    "roll.attend": "签到",
    "roll.absent": "撤销签到",
    "roll.slips": "发放投票码",
    "teller.set": "指定监票人、计票人",
    "teller.passphrase": "设置开箱口令",
    "teller.fail": "开箱口令错误",
    "teller.sign": "结果签字",
    "ballot.cast": "参加投票",
    "paper.hand_out": "发出纸质票",
    "paper.take_back": "收回未用纸质票",
    "paper.enter": "录入纸质票",
    "gathering.hand_out": "登记会场测评发票",
}
AUDIT_DETAILS: dict[str, str] = {
    "raters": "到会测评人数",
    "issued": "发出选票",
    "roll": "全体代表",
    "attended": "出席",
    "deputies": "代表",
    "attendance": "签到方式",
    "channel": "投票方式",
    "teller": "职责",
    "places": "应选数",
    "counter": "第几录入人",
    "locked": "锁定",
    "changed": "改动",
    "ballots": "选票",
    "round_kind": "投票种类",
}
AUDIT_VALUES: dict[str, str] = {
    "scrutineer": "监票人",
    "counter": "计票人",
    "phone": "手机",
    "slip": "投票码",
    "paper": "纸质票",
    "code": "本人签到",
    "staff": "工作人员登记",
}


def lock_round(
    actor: Actor, public_id: UUID | str, *, version: int | None = None, gathering: bool | None = False
) -> Round:
    """The round, locked for the rest of the transaction (ballots wait, or have gone before).

    Args:
        version: the version that the page showed; None when the act does not depend on what was shown.
        gathering: whether the act is of appraisals without a roll; None for acts of both sorts.

    Raises:
        NotFound: no such round, or not visible to the actor.
        StaleVersion: somebody changed it in between.
        DomainError: the act is none of this sort of round.
    """
    round_ = (
        Round.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("congress__region", "office", "programme")
        .filter(public_id=public_id)
        .first()
    )
    if round_ is None:
        raise NotFound
    if gathering is not None and round_.is_gathering is not gathering:
        raise DomainError("会场纸质测评没有名册和电子票箱，请在测评页面办理。", code="gathering")
    if version is not None and round_.version != version:
        raise StaleVersion(f"您打开页面之后，这一轮投票已有变化。您填写的内容仍在下方。{last_act_text(round_)}")
    return round_


def check_office(actor: Actor, round_: Round) -> None:
    """Only the office that holds the vote runs it.

    Raises:
        NotAllowed: another office, or no right to run votes.
    """
    actor.require(Permission.ROUND_RUN)
    if not actor.is_system and round_.office_id != actor.organisation_id:
        raise NotAllowed("这一轮投票由其他人大机构组织，您可以查看，不能代为办理。")


def touch(round_: Round, *fields: str) -> None:
    """Save the named fields with the status, and let the version grow."""
    round_.version += 1
    round_.save(update_fields=["status", "version", "updated_at", *fields])


def audit(actor: Actor, round_: Round, action: str, **detail: Any) -> None:
    """The audit row of one act on a round; never what anybody voted."""
    record_audit(actor=actor, action=action, target=round_, region_prefix=round_.region_prefix, detail=detail)


def names(values: Iterable[str], most: int = 20) -> str:
    """Some names for a message or an audit row: the first ones, and how many there are."""
    listed = list(values)
    return "、".join(listed[:most]) + (f"等{len(listed)}人" if len(listed) > most else "")
