"""What the hotline tells the kernel: clocks, subjects, menu and 我的待办, audit wording, problem codes, the export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.menu_groups import MEETING
from liaison.api.problems import Problem, add_problems
from liaison.masking import mask_text
from liaison.permissions import Permission
from liaison.registry import DeadlineKind, MenuEntry, SearchHit, SubjectType, TodoItem, WebhookType, registry
from suggestions.models import HotlineOrder, HotlineReport, Reconciliation
from suggestions.selectors.hotline_order import search_orders, unlinked_count
from suggestions.selectors.hotline_report import waiting_for
from suggestions.selectors.reconciliation import differing_count
from suggestions.states_hotline import REPORT_TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

MOST_HITS = 10
_PROBLEMS = (
    Problem("unknown_region", 400, "行政区划代码不存在", "没有这个代码的行政区划，或者已经撤销。"),
    Problem("region_out_of_scope", 400, "不在负责的地区内", "事发区划不在本热线负责的地区内。"),
    Problem("unknown_report", 400, "没有这件转办单", "report_id 不是转给本热线的转办单。"),
    Problem("version_reused", 409, "版本号重复", "同一个版本号已经收到过，内容不同。请加大版本号再发。"),
    Problem("sequence_changed", 422, "先后依据变了", "同一件工单须一直用版本号，或者一直用修改时间。"),
    Problem("illegal_step", 409, "现在不能发这个事件", "事件与转办单的当前状态不符，errors 说明现在可以发哪些。"),
    Problem("event_id_reused", 409, "事件标识重复", "这个 event_id 已用于另一个事件，内容不同。"),
    Problem("too_many_files", 422, "附件太多", "一件工单的附件数到了上限。"),
    Problem("host_not_allowed", 400, "附件主机未约定", "附件地址的主机不在对接约定里，请联系平台管理员登记。"),
    Problem("bad_address", 400, "附件地址有误", "附件地址应为完整的http或https地址。"),
)
#: Name in the detail of an audit row → wording.
_DETAILS = {
    "outcome": "结果",
    "outcomes": "各种结果的件数",
    "state": "热线状态",
    "rules": "涉及的受理范围规则",
    "what": "内容",
    "differences": "差异件数",
    "items_wanted": "待逐件报送的状态",
    "orders": "热线工单",
    "reports": "转办单",
    "instead": "应走的渠道",
    "keywords": "关键词",
    "is_active": "在用",
    "position": "顺序",
    "reply_working_days": "办理时限（工作日）",
    "complex_working_days": "情况复杂的办理时限（工作日）",
    "return_working_days": "退单时限（工作日）",
    "file_hosts": "允许取附件的主机",
}
_REPORT, _ORDER, _DAY = (
    "/api/v1/hotline/reports/{id}",
    "/api/v1/hotline/orders/{id}",
    "/api/v1/hotline/reconciliation/{id}",
)
_WEBHOOKS = (
    WebhookType(
        "hotline.report.created",
        "有新的转办单",
        "代表或者工作人员转来一件。id 是转办单的 id。",
        "hotline.reports:read",
        _REPORT,
    ),
    WebhookType(
        "hotline.report.changed",
        "转办单有变化",
        "转告了群众、评判了是否解决、要求重办、撤回。热线自己发来的事件不推送。id 是转办单的 id。",
        "hotline.reports:read",
        _REPORT,
    ),
    WebhookType(
        "hotline.order.replied",
        "热线工单有回复",
        "工作人员回复了热线，或者关联、取消关联了联络站、社情民意、代表建议。id 是工单编号。",
        "hotline.orders:read",
        _ORDER,
    ),
    WebhookType(
        "hotline.reconciliation.ready",
        "每日对账数据已生成",
        "前一天的工单和转办单可以对账了；工作人员按了一键补齐、有工单请热线重报时再推送一次。id 是日期。",
        "hotline.orders:read",
        _DAY,
    ),
)


def register() -> None:
    """Called by ``suggestions.registrations.register()``."""
    add_problems(*_PROBLEMS)
    for kind in _WEBHOOKS:
        registry.add_webhook_type(kind)
    registry.menus.append(menu)
    registry.todos.append(todos)
    registry.searches.append(hits)
    registry.demos.append("suggestions.demo_hotline.load")
    registry.demos.append("suggestions.demo_hotline_webhook.load")
    registry.jobs["hotline_topic.export"] = "suggestions.tasks.export_topics"
    registry.add_deadline_kind(
        DeadlineKind(
            "hotline_reply",
            "热线办理反馈",
            "代表专席自签收之日起5个工作日内反馈，情况复杂的10个工作日（与热线的对接约定可调整）。",
            thresholds=(3, 1, 0),
        )
    )
    registry.add_deadline_kind(
        DeadlineKind(
            "hotline_return",
            "热线签收或退单",
            "派单后1个工作日内签收或者退单（与热线的对接约定可调整）。",
            thresholds=(0,),
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="suggestions.HotlineOrder",
            label="热线工单",
            visible=HotlineOrder.objects.visible_to,
            title=str,
            url=HotlineOrder.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="suggestions.Reconciliation",
            label="热线对账",
            visible=Reconciliation.objects.visible_to,
            title=str,
            url=reconciliation_page,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="suggestions.HotlineReport",
            label="转12345办理",
            visible=HotlineReport.objects.visible_to,
            title=str,
            url=HotlineReport.get_absolute_url,
        )
    )
    labels = {f"hotline_report.{step.name}": f"{step.label}（转12345）" for step in REPORT_TRANSITIONS.rows()}
    labels |= {
        "hotline_report.submit": "转12345办理",
        "hotline_report.event": "热线告知办理情况",
        "hotline_report.pass": "转告热线的答复",
        "hotline_report.solved": "评判已解决（转12345）",
        "hotline_order.put": "热线报送工单",
        "hotline_order.batch": "热线成批报送工单",
        "hotline_order.addresses": "热线给出附件地址",
        "hotline_order.link": "关联热线工单",
        "hotline_order.reply": "回复热线",
        "hotline_order.unmask": "查看诉求人联系方式",
        "hotline_settings.save": "修改热线对接约定",
        "scope_rule.save": "修改热线受理范围规则",
        "scope_rule.move": "调整热线受理范围规则的顺序",
        "reconciliation.tell": "热线报送对账的数",
        "reconciliation.repair": "补齐热线对账的差异",
    }
    registry.add_audit_labels(labels)
    known = registry.audit_details
    registry.add_audit_details({name: label for name, label in _DETAILS.items() if name not in known})


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """热线工单 and 转12345 for staff, 转12345 for deputies, 热线对接约定 for system administrators. No query."""
    if actor.is_congress and actor.can(Permission.HOTLINE_VIEW):
        yield MenuEntry("热线工单", reverse("hotline:orders"), "phone", group=MEETING)
        yield MenuEntry("转12345办理", reverse("hotline:reports"), "send", group=MEETING)
        yield MenuEntry("热线对账", reverse("hotline:reconciliations"), "refresh", group=MEETING)
    elif actor.is_deputy and actor.can(Permission.HOTLINE_REPORT):
        yield MenuEntry("转12345", reverse("my_hotline:list"), "phone", group=MEETING)
    elif actor.is_congress and actor.can(Permission.CLIENT_EDIT):
        yield MenuEntry("热线对接约定", reverse("hotline:settings_list"), "phone", group="系统管理")
        yield MenuEntry("热线对账", reverse("hotline:reconciliations"), "refresh", group="系统管理")
        yield MenuEntry("热线受理范围", reverse("hotline:scope_rules"), "filter", group="系统管理")


def reconciliation_page(row: Reconciliation) -> str:
    """The address of a day's page."""
    return reverse("hotline:reconciliation", args=[row.public_id])


def todos(actor: Actor) -> Iterator[TodoItem]:
    """What waits: orders to look at, answers to pass on, results to judge."""
    if actor.is_congress and actor.can(Permission.HOTLINE_HANDLE):
        waiting = waiting_for(actor)
        url = reverse("hotline:reports")
        yield TodoItem("待处理的热线工单", reverse("hotline:orders"), unlinked_count(actor), hint="12345热线转来的")
        yield TodoItem("待转告的热线答复", f"{url}?tab=pass", waiting.to_pass, hint="热线已反馈，请转告反映人")
        yield TodoItem("待评判的热线办理", f"{url}?tab=judge", waiting.to_judge, hint="已转告，是否已经解决")
        url_of_days = f"{reverse('hotline:reconciliations')}?tab=differs"
        yield TodoItem("有差异的热线对账", url_of_days, differing_count(actor), hint="按天，可以一键补齐")
        yield TodoItem(
            "热线超期未反馈",
            f"{url}?tab=live&light=overdue",
            waiting.overdue,
            "overdue" if waiting.overdue else None,
            "请与热线联系催办",
        )
    elif actor.is_deputy and actor.can(Permission.HOTLINE_REPORT):
        waiting = waiting_for(actor)
        url = reverse("my_hotline:list")
        yield TodoItem("待您转告的热线答复", f"{url}?tab=pass", waiting.to_pass, hint="热线已反馈，请转告反映人")
        yield TodoItem("待您评判的热线办理", f"{url}?tab=judge", waiting.to_judge, hint="已转告，是否已经解决")


def hits(actor: Actor, text: str) -> list[SearchHit]:
    """Orders that the actor may see, by words or number."""
    if not actor.can(Permission.HOTLINE_VIEW):
        return []
    return [
        SearchHit(
            title=mask_text(order.title),
            url=order.get_absolute_url(),
            kind="热线工单",
            excerpt=f"{order.order_no} · {order.get_state_display()}",
        )
        for order in search_orders(actor, text, limit=MOST_HITS)
    ]
