"""What a hotline sends of its orders (热线工单), and what it reads of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from suggestions.models import OrderChannel, OrderKind
from suggestions.serializers.shapes import (
    BLANKS,
    CONTROLS,
    Choice,
    Inside,
    Many,
    Moment,
    Problems,
    Shape,
    Text,
    Whole,
    refusal,
)
from suggestions.states_hotline import OrderState, OrderStep

if TYPE_CHECKING:
    import datetime as dt

    from liaison.models import Attachment
    from suggestions.models import HotlineFetch, HotlineOrder, HotlineOrderStep

MOST_ORDERS = 1000
MOST_STEPS = 200
MOST_ADDRESSES = 20
ORDER_NO = r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}"
ORDER_NO_SAYS = "工单编号用字母、数字、短横线、下划线和点，最多64位。"
#: A name in a path of names: some text without a slash.
_NAME = f"[^/{CONTROLS}]*[^/{CONTROLS}{BLANKS}][^/{CONTROLS}]*"
_SLASH = "类别名称里不能有“/”。"

STEP = Shape(
    "HotlineOrderStep",
    {
        "step_id": Text(about="环节标识，在这件工单内唯一；重复发送只记一次", most=64, required=True, example="s-1"),
        "kind": Choice(about="环节", of=OrderStep, required=True, example="accepted"),
        "at": Moment(about="发生时间", required=True, example="2026-11-20T09:12:00+08:00"),
        "unit": Text(about="办理这一环节的单位", most=120, example="益阳市12345热线中心"),
        "words": Text(about="说明", most=2000, example="已受理"),
    },
)
_FIELDS = {
    "version": Whole(
        about="工单的版本号，每改一次加大；与updated_at二选一，用了版本号就一直用版本号",
        least=1,
        most=2**53,
        example=1,
    ),
    "updated_at": Moment(about="工单在热线一侧的修改时间；没有版本号时以它定先后", example="2026-11-20T09:12:00+08:00"),
    "kind": Choice(about="诉求类型", of=OrderKind, required=True, example="complaint"),
    "channel": Choice(about="来源渠道", of=OrderChannel, required=True, example="phone"),
    "person": Inside(
        about="诉求人；页面上遮盖显示，查看完整联系方式会留下记录",
        shape=Shape(
            "HotlinePerson",
            {
                "name": Text(about="姓名", most=40, example="张先生"),
                "phone": Text(
                    about="联系电话",
                    most=40,
                    pattern=r"\+?[0-9][0-9 ()\-]{3,37}[0-9)]",
                    pattern_says="应为电话号码，例如 13900001111 或 0737-4221234。",
                    example="13900001111",
                ),
            },
        ),
    ),
    "region_code": Text(
        about="事发地的行政区划代码（县级6位、乡级9位），须在本热线所在地区内",
        most=9,
        required=True,
        pattern=r"[0-9]{6}([0-9]{3})?",
        pattern_says="应为6位或9位数字的行政区划代码。",
        example="430903",
    ),
    "place": Text(about="事发地点", most=200, example="赫山街道桃花仑路口"),
    "class": Inside(
        about="事项分类：末级代码，和从一级到末级的名称",
        shape=Shape(
            "HotlineClass",
            {
                "code": Text(about="分类代码", most=40, example="030201"),
                "path": Many(
                    about="分类名称，从一级到末级",
                    of=Text(
                        about="名称", most=30, required=True, pattern=_NAME, pattern_says=_SLASH, example="城乡建设"
                    ),
                    most=6,
                    example=["城乡建设", "市容环卫", "油烟扰民"],
                ),
            },
        ),
    ),
    "title": Text(about="标题", most=200, required=True, example="夜宵摊油烟扰民"),
    "text": Text(about="诉求内容", most=5000, required=True, example="每晚营业到凌晨，油烟直排居民楼。"),
    "accepted_at": Moment(about="受理时间", required=True, example="2026-11-20T09:10:00+08:00"),
    "unit": Text(about="承办单位", most=120, example="赫山区城市管理和综合执法局"),
    "sign_by": Moment(about="签收时限"),
    "due_at": Moment(about="办理时限", example="2026-11-27T18:00:00+08:00"),
    "state": Choice(about="当前状态", of=OrderState, required=True, example="dispatched"),
    "result": Text(about="办理结果", most=5000),
    "report_id": Text(
        about="这件工单由本平台转来的转办单生成时，填转办单的id；平台据此不把它当作新的诉求",
        most=36,
        pattern=r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
        pattern_says="应为转办单的id（UUID）。",
    ),
    "steps": Many(about="办理环节；可以每次发全部，也可以只发新增的", of=STEP, most=MOST_STEPS),
}
_SEQUENCED = {
    "anyOf": [
        {"required": ["version"], "properties": {"version": {"type": "integer"}}},
        {"required": ["updated_at"], "properties": {"updated_at": {"type": "string"}}},
    ]
}
ORDER = Shape("HotlineOrder", _FIELDS, _SEQUENCED)
BATCH_ITEM = Shape(
    "HotlineBatchOrder",
    {
        "order_no": Text(
            about="工单编号",
            most=64,
            required=True,
            pattern=ORDER_NO,
            pattern_says=ORDER_NO_SAYS,
            example="12345-20261120-0001",
        ),
        **_FIELDS,
    },
    _SEQUENCED,
)
ADDRESSES = Shape(
    "HotlineAttachmentAddresses",
    {
        "files": Many(
            about="附件地址，平台随后逐个去取；主机须在对接约定里",
            of=Shape(
                "HotlineAttachmentAddress",
                {
                    "url": Text(
                        about="地址",
                        most=1000,
                        required=True,
                        pattern=r"https?://[!-~]+",
                        pattern_says="应为http或https地址，其中的中文和空格须转码。",
                        example="https://files.example.gov.cn/20261120/1.jpg",
                    ),
                    "name": Text(about="文件名", most=200, example="现场照片.jpg"),
                },
            ),
            least=1,
            most=MOST_ADDRESSES,
            required=True,
        )
    },
)


def parse_order(value: Any) -> dict[str, Any]:
    """One order as the service takes it.

    Raises:
        ApiProblem: with every fault by its pointer.
    """
    problems: Problems = {}
    found = ORDER.check(value, "", problems)
    _needs_sequence(found, "", problems)
    if problems:
        raise refusal(problems)
    return found


def check_item(value: Any) -> tuple[dict[str, Any], Problems]:
    """One order of a batch, and what is wrong with it."""
    problems: Problems = {}
    found = BATCH_ITEM.check(value, "", problems)
    _needs_sequence(found, "", problems)
    return found, problems


def _needs_sequence(found: dict[str, Any], at: str, problems: Problems) -> None:
    missing = found.get("version") is None and found.get("updated_at") is None
    if found and missing and not {f"{at}version", f"{at}updated_at"} & problems.keys():
        problems[f"{at}version"] = ("required", "version 和 updated_at 至少要有一个，平台据此判断消息的先后。")


def _iso(moment: dt.datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None


def step_out(step: HotlineOrderStep) -> dict[str, Any]:
    """One step of the chain as it is read."""
    return {
        "step_id": step.step_id,
        "kind": step.kind,
        "at": _iso(step.at),
        "unit": step.unit_name,
        "words": step.words,
    }


def order_out(order: HotlineOrder, *, steps: list[HotlineOrderStep] | None = None) -> dict[str, Any]:
    """An order as its hotline reads it back: what stands, and what the congress office made of it.

    Args:
        order: with region, report, station, opinion and suggestion at hand.
        steps: its chain; left out of lists.
    """
    by_version = order.sequence_by == "version"
    found: dict[str, Any] = {
        "order_no": order.order_no,
        "version": order.sequence if by_version else None,
        "updated_at": None if by_version else _iso(_moment(order.sequence)),
        "kind": order.kind,
        "channel": order.channel,
        "person": {"name": order.person_name, "phone": order.person_phone},
        "region_code": order.region.code,
        "place": order.place,
        "class": {"code": order.class_code, "path": order.class_path.split("/") if order.class_path else []},
        "title": order.title,
        "text": order.text,
        "accepted_at": _iso(order.accepted_at),
        "unit": order.unit_name,
        "sign_by": _iso(order.sign_by),
        "due_at": _iso(order.due_at),
        "state": order.state,
        "result": order.result,
        "report_id": str(order.report.public_id) if order.report else None,
        "digest": order.digest,
        "received_at": _iso(order.created_at),
        "congress": {
            "station": order.station.name if order.station else None,
            "opinion_no": order.opinion.number if order.opinion else None,
            "suggestion_no": (order.suggestion.number_label or None) if order.suggestion else None,
            "reply": order.reply or None,
            "reply_by": order.reply_by or None,
            "replied_at": _iso(order.replied_at),
        },
    }
    if steps is not None:
        found["steps"] = [step_out(step) for step in steps]
    return found


def _moment(microseconds: int) -> dt.datetime:
    import datetime as dt

    return dt.datetime.fromtimestamp(0, tz=dt.UTC) + dt.timedelta(microseconds=microseconds)


def fetch_out(fetch: HotlineFetch) -> dict[str, Any]:
    """How far the fetching of a named file is."""
    return {
        "id": str(fetch.public_id),
        "url": fetch.url,
        "state": fetch.state,
        "reason": fetch.reason or None,
    }


def file_out(file: Attachment) -> dict[str, Any]:
    """A file that is kept with the order."""
    return {
        "id": str(file.public_id),
        "name": file.name,
        "size": file.size,
        "mime": file.mime,
        "sha256": file.sha256,
    }
