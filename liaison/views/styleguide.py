"""``/styleguide/``: every component in every state, with made-up words. Staff only; asks no database."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaison.faces import ActorRequest, signed_in
from liaison.forms.files import MultipleFileField
from liaison.selectors.timeline import TimelineEntry
from liaison.templatetags.ui import LIGHT_LABELS, TONES, icon_names

DAY = dt.date(2026, 4, 3)
MOMENT = dt.datetime(2026, 4, 3, 9, 20, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="标题", max_length=60, help_text="一事一议，例如：关于修复资江大桥北侧人行道的建议")
    text = forms.CharField(label="建议内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    category = forms.ChoiceField(label="类别", choices=[("", "请选择"), ("1", "农业"), ("2", "城建环资")])
    when = forms.DateField(label="发现日期", required=False)
    people = forms.IntegerField(label="涉及人数", required=False, min_value=0)
    consent = forms.ChoiceField(
        label="是否同意公开",
        choices=[("full", "全文公开"), ("title", "只公开标题"), ("no", "不公开")],
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label="意见来自",
        required=False,
        choices=[("visit", "走访"), ("station", "进站接待"), ("hotline", "12345热线")],
        widget=forms.CheckboxSelectMultiple,
        help_text="可以多选",
    )
    materials = MultipleFileField(
        label="材料", required=False, max_files=5, help_text="照片、PDF、Word，每个不超过20 MB"
    )
    face = forms.BooleanField(label="希望当面沟通", required=False)


class SampleFilter(forms.Form):
    """Conditions over a list."""

    q = forms.CharField(label="关键词", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("1", "待分办"), ("2", "办理中")])
    since = forms.DateField(label="提出日期不早于", required=False)


@require_safe
@signed_in
def styleguide(request: ActorRequest) -> HttpResponse:
    """The page of components."""
    if request.actor.organisation_id is None:
        raise Http404
    return render(request, "liaison/styleguide.html", sample_context(request))


def sample_context(request: HttpRequest) -> dict[str, Any]:
    """What the partials need, one sample for each state."""
    wrong = SampleForm({"title": "", "when": "2026-13-40", "consent": "", "text": "第三中学门口下雨积水。"})
    wrong.is_valid()
    return {
        "lights": [sample_light(code) for code in LIGHT_LABELS],
        "tones": sorted(TONES),
        "icons": sorted(icon_names()),
        "deadline": sample_deadline(),
        "deadline_met": sample_deadline(met_on=dt.date(2026, 4, 28), code="met", left="按期"),
        "deadline_paused": sample_deadline(
            code="paused",
            pauses=[Sample(from_on=dt.date(2026, 4, 14), until_on=None, reason="请补充现场照片和具体位置")],
            provisional=True,
        ),
        "timeline": sample_timeline(),
        "timeline_kinds": [
            Sample(label="全部", url="?", active=True, count=5),
            Sample(label="办理", url="?kind=act", active=False, count=2),
            Sample(label="文书", url="?kind=document", active=False, count=1),
            Sample(label="期限", url="?kind=deadline", active=False, count=1),
        ],
        "rows": [
            Sample(label="标题", value="关于修复资江大桥北侧人行道的建议", url="#", url_label="修改"),
            Sample(label="附议代表", values=["王建国（安化县）", "刘 芳（桃江县）"], value="", url="#", url_label=""),
            Sample(label="具体地点", value="", url="#", url_label="填写"),
        ],
        "steps": [
            Sample(label="写内容", state="done"),
            Sample(label="传材料", state="here"),
            Sample(label="核对并提交", state="todo"),
        ],
        "views": [
            Sample(label="待分办", url="?view=sort", count=7, light="amber", active=True),
            Sample(label="临期", url="?view=soon", count=3, light="red", active=False),
            Sample(label="超期", url="?view=late", count=1, light="overdue", active=False),
            Sample(label="全部", url="?view=all", count=None, light=None, active=False),
        ],
        "sample_rows": sample_rows(),
        "page": Sample(previous_url="?before=1", next_url="?after=9", note="每页50件"),
        "filter_form": SampleFilter(),
        "form_empty": SampleForm(prefix="empty"),
        "form_wrong": wrong,
        "files": [
            Sample(name="现场照片.jpg", size=2_411_724, url="#", note="王建国 上传", problem=""),
            Sample(name="答复意见.docx", size=48_120, url="#", note="", problem=""),
            Sample(name="说明.exe", size=10_240, url="", note="", problem="这种文件不能上传，请换成PDF、图片或Word。"),
        ],
        "jobs": [
            Sample(title="导出代表名册", status="queued", done=0, total=0, percent=0, message=""),
            Sample(title="导入代表名册", status="running", done=4200, total=10000, percent=42, message=""),
            Sample(title="导出代表名册", status="done", message="共 10000 行。", file_url="#", result_url=""),
            Sample(
                title="导入代表名册",
                status="failed",
                message="第 17 行代表证号重复，全部没有导入。",
                file_url="",
                result_url="#",
            ),
        ],
        "todo_items": [
            Sample(label="待分办的建议", url="#", count=7, light="amber", hint="最早一件还剩2天"),
            Sample(label="超期未答复", url="#", count=1, light="overdue", hint="城建环资1件"),
        ],
        "primary": Sample(label="登记并分办", url="#", post_url=""),
        "others": [
            Sample(label="退回代表补充", url="#", icon="arrow-back-up"),
            Sample(label="不予受理", url="#", icon="ban"),
        ],
        "region_path": ["益阳市", "安化县", "江南镇"],
        "chart": sample_chart(),
    }


def sample_light(code: str) -> Sample:
    """A light as a deadline has it."""
    return Sample(code=code, label=LIGHT_LABELS[code], days_left_text=_left(code))


def _left(code: str) -> str:
    return {"green": "还剩21天", "amber": "还剩5天", "red": "明天到期", "overdue": "已超2天", "met": "按期"}.get(
        code, ""
    )


def sample_deadline(
    *,
    code: str = "amber",
    left: str = "还剩5天",
    met_on: dt.date | None = None,
    pauses: list[Sample] | None = None,
    provisional: bool = False,
) -> Sample:
    """The rulebook's example: 2026-04-03 plus one month falls into the May holiday."""
    return Sample(
        label="检察机关反馈转化意见",
        holder_name="益阳市人民检察院",
        light=Sample(code=code, label=LIGHT_LABELS[code], days_left_text="" if code == "paused" else left),
        starts_on=DAY,
        rule="转交之日起一个月内反馈是否转化立案。",
        nominal_due=dt.date(2026, 5, 3),
        due_on=dt.date(2026, 5, 6),
        provisional=provisional,
        steps=[{"date": f"2026-05-0{day}", "kind": "skipped_holiday", "name": "劳动节"} for day in (3, 4, 5)],
        pauses=pauses or [],
        changes=[
            Sample(
                at=MOMENT,
                label="重新推算",
                actor_name="系统",
                old_due=dt.date(2026, 5, 4),
                new_due=dt.date(2026, 5, 6),
                reason="2026年放假通知已导入",
            )
        ],
        met_on=met_on,
    )


def sample_timeline() -> list[TimelineEntry]:
    """One entry of each kind."""
    hour = dt.timedelta(hours=1)
    letter = Sample(name="交办函.docx", size=31_000, url="#", note="", problem="")
    return [
        TimelineEntry("act", MOMENT, "提交建议", "王建国", "安化县人大代表", icon="send"),
        TimelineEntry(
            "act",
            MOMENT + 2 * hour,
            "退回补充",
            "李敏",
            "市人大联工委",
            icon="arrow-back-up",
            reason="请写明是哪一段人行道，并附一张照片。",
        ),
        TimelineEntry("document", MOMENT + 30 * hour, "交办函", "李敏", clock="承办单位时钟", files=[letter]),
        TimelineEntry("notice", MOMENT + 30 * hour, "已通知市住建局 2 人", "系统"),
        TimelineEntry(
            "deadline",
            MOMENT + 33 * 24 * hour,
            "检察机关应反馈转化意见",
            clock="检察机关时钟",
            future=True,
            deadline=sample_deadline(),
        ),
    ]


def sample_rows() -> list[Sample]:
    """Rows of a list."""
    names = ("id", "number", "title", "deputy", "place", "status", "tone", "light")
    long_title = "关于在乡镇卫生院配备急救药品、方便老年人就近取药并延长门诊时间的建议"
    rows = [
        ("1", "闭会第0123号", "关于修复资江大桥北侧人行道的建议", "王建国", "安化县", "待分办", "amber", "amber"),
        ("2", "闭会第0119号", long_title, "刘 芳", "桃江县", "办理中", "blue", "green"),
        (
            "3",
            "闭会第0098号",
            "关于整治洞庭湖区非法采砂的建议",
            "陈志强",
            "沅江市",
            "已转检察机关",
            "accent",
            "overdue",
        ),
    ]
    return [Sample(**dict(zip(names, (*row[:-1], sample_light(row[-1])), strict=True))) for row in rows]


def sample_chart() -> Sample:
    """A bar chart and the rows of its table."""
    names, sent, filed = ["生态环境", "安全生产", "食品药品", "无障碍"], [9, 5, 4, 2], [6, 3, 1, 2]
    series = [
        {"name": "转交", "values": sent, "tone": "grey"},
        {"name": "转化立案", "values": filed, "tone": "accent"},
    ]
    return Sample(
        id="chart-domains",
        title="2026年转交检察机关的线索（件）",
        description="按领域比较转交和转化立案的件数，生态环境最多：转交9件，立案6件。",
        category_label="领域",
        unit="件",
        series=series,
        rows=list(zip(names, zip(sent, filed, strict=True), strict=True)),
        as_data={"kind": "bar", "unit": "件", "categories": names, "series": series, "horizontal": False},
    )
