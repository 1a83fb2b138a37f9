"""A day of the simulated hotline, all of it decided by a seed: orders, their changes, and the fates of reports.

An order is a list of messages, each what the hotline says of it at one change; the last one is what must stand at the
portal in the end, together with every step that any of them told.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
#: Regions that both the demo and the tests' cast know: 赫山区, 沅江市, 八字哨镇.
REGIONS = ("430903", "430981", "430903101")
#: So much of the messages are told twice, and come before the one that they follow.
TWICE, EARLY = 0.05, 0.1
#: So much is sent one by one; the rest in batches of so many.
SINGLE, BATCHES = 0.12, (50, 250)

_MATTERS = (
    ("complaint", "夜宵摊油烟扰民", ("城乡建设", "市容环卫", "油烟扰民"), "每晚营业到凌晨，油烟直排居民楼。"),
    ("help", "小区停水三天没有通知", ("公用事业", "供水"), "老人多，提水上六楼很困难，请尽快恢复。"),
    ("complaint", "工地夜间施工噪声", ("生态环境", "噪声"), "凌晨两点还在打桩，孩子睡不好。"),
    ("enquiry", "医保异地备案怎样办", ("卫生健康", "医疗保障"), "母亲在长沙住院，不知道线上能不能办。"),
    ("advice", "学校门口增设斑马线", ("交通运输", "道路设施"), "上学放学时车速快，家长都很担心。"),
    ("help", "村道路灯损坏半个月", ("城乡建设", "照明"), "村口两盏路灯不亮，晚上出门看不见。"),
    ("tip_off", "有人在河里电鱼", ("农业农村", "渔政"), "每天傍晚都有一条小船，请查处。"),
    ("praise", "感谢社区上门服务", ("民政", "社区"), "工作人员冒雨帮老人办好了手续。"),
)
_UNITS = ("赫山区城市管理和综合执法局", "益阳市住房和城乡建设局", "沅江市交通运输局", "益阳市生态环境局赫山分局")
_WAY = ("accepted", "dispatched", "signed", "handling", "replied", "called_back", "finished")
_WORDS = {
    "accepted": "已受理",
    "not_accepted": "属于供电公司抢修范围，请拨打95598。",
    "dispatched": "派单办理",
    "signed": "已签收",
    "handling": "已到现场",
    "returned": "不属于本单位职责",
    "replied": "已办理完毕，并告知来电人",
    "called_back": "来电人表示满意",
    "finished": "办结",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day.

    Args:
        seed: of everything.
        orders: how many people call.
        now: when it is played; orders were taken in between midnight (Beijing) and now.
    """

    seed: int
    orders: int
    now: dt.datetime

    def order_no(self, number: int) -> str:
        return order_no_of(self.seed, number)

    def messages(self, number: int) -> list[dict[str, Any]]:
        """What the hotline says of one order, change by change."""
        chance = random.Random(f"{self.seed}-order-{number}")
        kind, title, path, text = chance.choice(_MATTERS)
        midnight = self.now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + (self.now - midnight) * (number + 0.5) / self.orders / 2
        by_version, tells_all = chance.random() < 0.75, chance.random() < 0.5
        body: dict[str, Any] = {
            "kind": kind,
            "channel": chance.choice(("phone", "phone", "web", "app", "wechat")),
            "person": {"name": chance.choice("张王李赵陈刘") + "先生", "phone": f"139{chance.randrange(10**8):08d}"},
            "region_code": chance.choice(REGIONS),
            "place": f"{chance.choice(('桃花仑路', '康富路', '高桥村', '秀峰社区'))}{chance.randrange(1, 200)}号",
            "class": {"code": f"{chance.randrange(10000):04d}", "path": list(path)},
            "title": title,
            "text": f"第{number}件：{text}" * chance.randrange(1, 4),
            "accepted_at": at.isoformat(),
        }
        told, steps = [], []
        for place, step in enumerate(self._way(chance)):
            at += dt.timedelta(seconds=chance.randrange(20, 900))
            one = {
                "step_id": f"s{place + 1}",
                "kind": step,
                "at": at.isoformat(),
                "unit": "" if step == "accepted" else chance.choice(_UNITS),
                "words": _WORDS[step],
            }
            steps.append(one)
            body = body | {"state": step, "steps": list(steps) if tells_all else [one]}
            body |= {"version": place + 1} if by_version else {"updated_at": at.isoformat()}
            if step == "dispatched":
                body |= {"unit": one["unit"], "due_at": (at + dt.timedelta(days=5)).isoformat()}
            if step == "replied":
                body["result"] = f"第{number}件已办理完毕。"
            told.append(body)
        return told

    def _way(self, chance: random.Random) -> list[str]:
        if chance.random() < 0.06:
            return ["accepted", "not_accepted"]
        way = list(_WAY[: chance.choice((1, 1, 2, 2, 3, 3, 4, 5, 7))])
        if "signed" in way and chance.random() < 0.15:
            way[2:2] = ["returned", "dispatched"]
        return way

    def stream(self) -> list[list[tuple[int, dict[str, Any]]]]:
        """Everything that is sent, in the order in which it leaves: parcels of one (sent alone) or many messages
        (number of the order, message), with what comes twice and what overtakes."""
        chance = random.Random(f"{self.seed}-stream")
        leaves: list[tuple[float, int, dict[str, Any]]] = []
        for number in range(self.orders):
            for place, message in enumerate(self.messages(number)):
                when = number + place * 150 + chance.random() * 20
                if place and chance.random() < EARLY:
                    when -= 200
                leaves.append((when, number, message))
                if chance.random() < TWICE:
                    leaves.append((when + chance.random() * 400, number, message))
        leaves.sort(key=lambda one: one[:2])
        parcels, batch, most = [], [], chance.randrange(*BATCHES)
        for _, number, message in leaves:
            if chance.random() < SINGLE:
                parcels.append([(number, message)])
                continue
            batch.append((number, message))
            if len(batch) == most:
                parcels.append(batch)
                batch, most = [], chance.randrange(*BATCHES)
        return [*parcels, batch] if batch else parcels


def order_no_of(seed: int, number: int) -> str:
    """The number of the day's so many-th order."""
    return f"12345-{seed}-{number:06d}"


def is_replied(number: int) -> bool:
    """Whether the congress office answers this order."""
    return number % 25 == 0


def reply_to(order_no: str) -> str:
    """What it answers."""
    return f"工单{order_no}已转请代表了解，将在接待日当面答复。"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a report: decided by its serial number, so that deputies and hotline need not talk about it.

    Args:
        refused: the hotline does not take it.
        judged: the deputy passes the answer on and says whether it is solved; the hotline waits for that.
        solved: what the deputy says.
        returned, extended: whether the unit sends it back once, and asks for more time.
        echo: the hotline makes an order of it.
        finished: the hotline goes on to the end when nobody judges.
    """

    refused: bool
    judged: bool
    solved: bool
    returned: bool
    extended: bool
    echo: bool
    finished: bool


def fate_of(seed: int, serial: int) -> Fate:
    """The fate of the report with this serial number."""
    chance = random.Random(f"{seed}-report-{serial}")
    judged = chance.random() < 0.25
    return Fate(
        refused=not judged and chance.random() < 0.07,
        judged=judged,
        solved=chance.random() < 0.8,
        returned=chance.random() < 0.1,
        extended=chance.random() < 0.1,
        echo=chance.random() < 0.33,
        finished=chance.random() < 0.3,
    )


def report_title(serial: int) -> str:
    """The title that a deputy gives the report; the hotline finds the serial in it."""
    return f"第{serial}号：村口路灯不亮"


def serial_in(title: str) -> int | None:
    """The serial of a title of ours."""
    words = title.removeprefix("第").partition("号：")[0]
    return int(words) if title.startswith("第") and words.isdigit() else None
