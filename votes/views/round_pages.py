"""What the presiding page draws: where the round stands, what is to be done next, what is missing before it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from liaison.dates import cn_datetime
from votes.selectors.paper import paper_missing
from votes.selectors.voting import takes_ballots
from votes.states import RoundStatus as S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from votes.models import Round, RoundOption, Teller
    from votes.selectors.round import Presence

#: The steps of a round as its page shows them.
STEPS = ((S.PREPARING, "准备"), (S.OPEN, "投票"), (S.CLOSED, "计票"), (S.COUNTED, "宣布"), (S.DECLARED, "公布结果"))


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of ``liaison/partials/summary_list.html``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be right before the vote opens."""

    done: bool
    title: str
    text: str
    url: str = ""
    url_label: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A round with what its page looks at."""

    round: Round
    options: Sequence[RoundOption]
    tellers: Sequence[Teller]
    presence: Presence
    may_run: bool
    may_approve: bool
    is_open_question: bool
    user_id: int | None

    @property
    def own_teller(self) -> Teller | None:
        """The reader's own line among the tellers."""
        return next((teller for teller in self.tellers if teller.user_id == self.user_id), None)

    def url(self, page: str) -> str:
        return reverse(f"rounds:{page}", args=[self.round.public_id])


def steps_of(round_: Round) -> list[dict[str, str]]:
    """The bar of steps; none for a void round."""
    order = [status for status, _ in STEPS]
    if round_.status not in order:
        return []
    here = order.index(S(round_.status))
    return [
        {
            "label": label,
            "state": "done" if place < here or round_.status == S.DECLARED else "here" if place == here else "todo",
        }
        for place, (_, label) in enumerate(STEPS)
    ]


def checks_of(record: Record) -> list[Check]:
    """What must be right before the vote opens, each with the page on which it is put right."""
    round_, here = record.round, record.presence
    with_passphrase = [teller for teller in record.tellers if teller.public_key]
    missing = max(here.quorum - here.attended, 0)
    names = "、".join(
        f"{teller.get_role_display()}{teller.user.name}（{'口令已设' if teller.public_key else '口令未设'}）"
        for teller in record.tellers
    )
    contested = not round_.chooses or len(record.options) > (round_.places or 0)
    lines = f"{len(record.options)}项"
    if round_.chooses:
        lines += f"，应选{round_.places}件，差额{len(record.options) - (round_.places or 0)}件"
    run = record.may_run
    return [
        Check(
            bool(record.options) and contested,
            "选票内容",
            f"{lines}。",
            record.url("paper_sheet"),
            "看选票样张",
        ),
        Check(here.roll > 0, "代表名册", f"全体代表{here.roll}名，开始投票时锁定。", record.url("roll"), "看名册"),
        Check(
            here.has_quorum,
            "法定人数",
            f"应到会{here.quorum}名（全体代表{here.roll}名的三分之二以上：{here.roll}×2÷3，进位），"
            f"已签到{here.attended}名，{'已达到。' if here.has_quorum else f'还差{missing}名。'}",
            record.url("roll") if run else "",
            "登记签到",
        ),
        Check(
            len(record.tellers) == 2,
            "监票人、计票人",
            f"{names}。" if names else "还没有指定。",
            record.url("tellers") if run else "",
            "更换" if record.tellers else "指定监票人、计票人",
        ),
        Check(
            len(with_passphrase) == 2,
            "开箱口令",
            "两人都已设置。"
            if len(with_passphrase) == 2
            else "须由两人各自登录自己的账号设置，两个口令都在才能开箱计票。",
            record.url("passphrase") if record.own_teller else "",
            "设置我的口令",
        ),
    ]


def facts_of(record: Record) -> list[Fact]:
    """The facts beside a round; what has not happened yet is left out."""
    round_ = record.round
    tellers = {teller.role: teller.user.name for teller in record.tellers}
    rows = [
        ("组织机构", round_.office.display),
        ("会议", str(round_.session) if round_.session else ""),
        ("年度项目", str(round_.programme) if round_.programme else ""),
        ("应选件数", f"{round_.places}件" if round_.chooses else ""),
        ("测评档次", "" if round_.chooses else round_.get_scale_display()),
        ("监票人", tellers.get("scrutineer", "")),
        ("计票人", tellers.get("counter", "")),
        ("最迟截止", cn_datetime(round_.closes_at) if round_.closes_at else ""),
        ("开始投票", cn_datetime(round_.opened_at) if round_.opened_at else ""),
        ("截止投票", cn_datetime(round_.closed_at) if round_.closed_at else ""),
        ("开箱计票", cn_datetime(round_.counted_at) if round_.counted_at else ""),
        ("宣布结果", cn_datetime(round_.declared_at) if round_.declared_at else ""),
        ("结果公开", "向社会公开" if round_.is_public else "只在内部公布"),
    ]
    return [Fact(label, value) for label, value in rows if value]


def action_box(record: Record) -> dict[str, Any]:
    """The context of ``liaison/partials/action_box.html``: the next act largest, exceptions below it."""
    status = S(record.round.status)
    if not record.may_run:
        return _reader_box(record, status)
    boxes = {
        S.PREPARING: _preparing,
        S.OPEN: _open,
        S.CLOSED: _closed,
        S.COUNTED: _counted,
        S.DECLARED: _declared,
        S.VOID: _void,
    }
    title, text, primary, others = boxes[status](record)
    if status in {S.PREPARING, S.OPEN, S.CLOSED, S.COUNTED}:
        others.append(_link(record, "annul", "宣告本轮无效", "ban"))
    return {"title": title, "text": text, "primary": primary, "others": others}


Box = tuple[str, str, dict[str, str] | None, list[dict[str, str]]]


def _link(record: Record, page: str, label: str, icon: str = "arrow-right") -> dict[str, str]:
    return {"url": record.url(page), "label": label, "icon": icon}


def _preparing(record: Record) -> Box:
    others = [
        _link(record, "hall", "签到码投到大屏", "device-desktop"),
        _link(record, "slips", "给没有手机的代表发投票码", "qrcode"),
        _link(record, "paper_sheet", "打印纸质选票", "printer"),
        _link(record, "edit", "修改投票设置", "pencil"),
    ]
    missing = [check for check in checks_of(record) if not check.done]
    if not missing:
        return "下一步：开始投票", "准备工作都已完成。开始后名册锁定。", _link(record, "open", "开始投票"), others
    first = missing[0]
    text = f"还差{len(missing)}项：{'、'.join(check.title for check in missing)}。"
    if not first.url:
        return f"下一步：{first.title}", f"{text}{first.text}", None, others
    return f"下一步：{first.title}", text, {"url": first.url, "label": first.url_label}, others


def _open(record: Record) -> Box:
    here = record.presence
    others = [
        _link(record, "hall", "签到码投到大屏", "device-desktop"),
        _link(record, "roll", "登记迟到代表签到", "user-check"),
        _link(record, "slips", "发投票码", "qrcode"),
        _link(record, "paper", "发纸质票", "file-text"),
        _link(record, "edit", "调整截止时间", "clock"),
    ]
    text = f"出席{here.attended}名，已投{here.voted}名。" + (
        f"还有{here.waiting}名没有投票。" if here.waiting else "出席代表都已投票。"
    )
    if not takes_ballots(record.round):
        ended = cn_datetime(record.round.closes_at) if record.round.closes_at else ""
        text = (
            f"最迟截止时间（{ended}）已到，手机和投票码都不再收票。{text}"
            "截止以后不能恢复，所以平台不替主持人截止：请核对发出的纸质票，再按“截止投票”；确需延长的，先调整截止时间。"
        )
        return "时间已到，请按“截止投票”", text, _link(record, "close", "截止投票"), others
    return "正在投票", text, _link(record, "close", "截止投票"), others


def _closed(record: Record) -> Box:
    others = [_link(record, "paper", "纸质票录入情况", "file-text"), _link(record, "roll", "代表名册", "users")]
    if reason := paper_missing(record.round):
        return "下一步：录入纸质票", reason, _link(record, "paper", "录入纸质票"), others[1:]
    text = "请监票人、计票人到同一台电脑前，各自输入口令开箱。"
    return "下一步：开箱计票", text, _link(record, "count", "开箱计票"), others


def _counted(record: Record) -> Box:
    waiting = [teller for teller in record.tellers if teller.signed_at is None]
    others = [
        _link(record, "result", "计票过程和签字", "signature"),
        _link(record, "result_sheet", "下载计票报告单", "download"),
    ]
    if record.own_teller in waiting:
        return "下一步：核对并签字", "请核对计票过程，无误后签字。", _link(record, "result", "核对并签字"), others
    if waiting:
        names = "、".join(f"{teller.get_role_display()}{teller.user.name}" for teller in waiting)
        text = f"{names}登录自己的账号核对计票过程后签字，两人都签字才能宣布。"
        return "等待签字", text, _link(record, "result", "看计票过程"), others
    return "下一步：宣布结果", "两人都已签字。", _link(record, "declare", "宣布结果"), others


def _declared(record: Record) -> Box:
    round_ = record.round
    others = [_link(record, "result_sheet", "下载计票报告单", "download")]
    if round_.is_public:
        others.append(
            {
                "url": reverse("open_rounds:detail", args=[round_.public_id]),
                "label": "公开的结果和复核页",
                "icon": "external-link",
            }
        )
    if not record.is_open_question:
        return "结果已宣布", "", _link(record, "result", "看计票结果"), others
    others.insert(0, _link(record, "result", "看计票过程", "file-text"))
    if record.may_approve:
        others.insert(0, _link(record, "leave_open", "决定名额暂缺", "archive"))
    result = round_.result or {}
    if result.get("tied"):
        text = "得票相等，须就这几件再次投票。"
        return "下一步：再次投票", text, _link(record, "run_off", "建立再次投票"), others
    text = f"空缺{result.get('open_places')}个名额，可以就未通过的项目再次投票，或者由主席团决定暂缺。"
    return "还有名额空缺", text, _link(record, "run_off", "就未通过的项目再次投票"), others


def _void(record: Record) -> Box:
    new = {"url": reverse("rounds:new"), "label": "重新建立投票", "icon": "plus"}
    return "本轮投票无效", record.round.void_reason, None, [new]


def _reader_box(record: Record, status: S) -> dict[str, Any]:
    words = {
        S.PREPARING: "正在准备",
        S.OPEN: "正在投票",
        S.CLOSED: "等待开箱计票",
        S.COUNTED: "等待宣布结果",
        S.DECLARED: "结果已宣布",
        S.VOID: "本轮投票无效",
    }
    primary, text = None, f"由{record.round.office.display}组织。"
    teller = record.own_teller
    if teller is not None and status == S.PREPARING and not teller.public_key:
        primary, text = (
            _link(record, "passphrase", "设置我的口令"),
            f"您是{teller.get_role_display()}，请设置开箱口令。",
        )
    elif teller is not None and status == S.COUNTED and teller.signed_at is None:
        primary, text = (
            _link(record, "result", "核对并签字"),
            f"您是{teller.get_role_display()}，请核对计票过程后签字。",
        )
    elif status in {S.COUNTED, S.DECLARED}:
        primary = _link(record, "result", "看计票结果")
    return {"title": words[status], "text": text, "primary": primary, "others": []}
