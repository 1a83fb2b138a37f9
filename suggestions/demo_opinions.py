"""The demo's opinions of the public: one or more on each way, at the stations of 赫山区, by the real services."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from deputies.demo_stations import BAZISHAO, ONLINE, QUANJIAOHE
from deputies.models import Mandate, Station
from liaison.actor import ANONYMOUS
from liaison.clock import moved_to
from liaison.demo import account
from liaison.models import Organisation, Posting, Region
from liaison.permissions import OrganisationKind, Role
from suggestions.demo_people import deputy, moment, unit_staff
from suggestions.models import Category, Opinion
from suggestions.selectors.opinion import hotline_draft
from suggestions.selectors.opinion_open import opinion_target
from suggestions.services import opinion as sorting
from suggestions.services import opinion_answer as answering
from suggestions.services.draft import suggestion_submit
from suggestions.services.opinion_core import code_of
from suggestions.services.opinion_group import opinion_group
from suggestions.services.opinion_public import opinion_not_solved, opinion_rate, opinion_say, opinion_submit
from suggestions.services.opinion_record import opinion_record, opinion_record_bulk
from suggestions.services.opinion_suggestion import opinion_make_suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.actor import Actor

_SPACE = uuid.UUID("0b7f3f8e-2a4e-4f0d-8f57-3a9c5d1e4309")
#: Deputies with accounts: where they stand, they answer.
DEPUTIES = {BAZISHAO: "YY07001", QUANJIAOHE: "YY07002"}
#: region → (office, its account, person, role), (unit, its account, person).
_PEOPLE = {
    "430903": (("赫山区人大常委会", "demo_county", "何晓芳", Role.HANDLER), ("赫山区水利局", "demo_county_unit", "罗水生")),
    "430903101": (
        ("八字哨镇人大主席团", "demo_town", "曾国强", Role.APPROVER),
        ("八字哨镇人民政府", "bzs_zhengfu", "龚立民"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said, and which way it went.

    Args:
        days: how many days ago.
        way: name of a function below, without its underscore.
        phone: left for an answer; made up.
    """

    station: str
    channel: str
    days: int
    way: str
    category: str
    place: str
    text: str
    phone: str = ""


SAID = (
    Said(BAZISHAO, "qr", 1, "received", "城建环资", "高桥村村口", "村口两盏路灯坏了半个多月，晚上老人出门看不清路，请尽快来修。我的电话是13900001111。", "13900001111"),
    Said(BAZISHAO, "online", 1, "received", "城建环资", "高桥村", "高桥村路灯不亮，村口一段全黑，希望修好。"),
    Said(ONLINE, "online", 5, "received", "法治建设", "赫山街道", "小区门口早晚高峰电动车逆行，接送孩子很危险，请增加引导。"),
    Said(BAZISHAO, "qr", 0, "asked", "农业", "八字哨镇白鹿铺", "今年晚稻收割后秸秆怎么处理，听说有补贴，到哪里申请？", "13900002222"),
    Said(BAZISHAO, "desk", 12, "on_spot", "社会建设", "八字哨镇", "城乡居民医保断缴一年，今年还能不能补缴？"),
    Said(BAZISHAO, "qr", 20, "rated", "农业", "高桥村", "村里的机耕道雨天积水，农机进不去，能不能请代表来看看。", "13900003333"),
    Said(QUANJIAOHE, "qr", 12, "handed", "农业", "泉交河镇菱角岔村", "自来水最近发黄有异味，烧开后有水垢，全组三十多户都这样。", "13900004444"),
    Said(QUANJIAOHE, "online", 11, "same", "农业", "泉交河镇菱角岔村", "自来水发黄有异味，烧开了有水垢，不敢给孩子喝。", "13900005555"),
    Said(QUANJIAOHE, "phone", 42, "handed", "农业", "泉交河镇", "村部后面的排水渠堵了两年，下大雨就漫到菜地里。", "13900006666"),
    Said(QUANJIAOHE, "letter", 28, "unit_answered", "农业", "泉交河镇奎星村", "山塘漏水，插秧时没有水用，请帮忙维修。", "13900007777"),
    Said(QUANJIAOHE, "qr", 3, "hotline", "城建环资", "泉交河镇集镇", "夜宵摊油烟和噪音到凌晨一点多，附近居民睡不好。"),
    Said(BAZISHAO, "qr", 8, "raised", "科教文卫体", "八字哨镇中心小学", "放学时校门口没有人行横道，车速快，孩子过马路危险，建议设减速带和信号灯。", "13900008888"),
    Said(QUANJIAOHE, "desk", 15, "closed", "法治建设", "泉交河镇", "与邻居的宅基地纠纷法院已经判了，我不服，请代表帮我改判。"),
    Said(BAZISHAO, "online", 16, "reopened", "城建环资", "八字哨镇集镇", "垃圾桶三天没有清运，天热味道大。", "13900009999"),
    Said(BAZISHAO, "deputy", 2, "brought", "农业", "八字哨镇", "走访时几户种粮大户反映烘干机不够用，连阴雨时稻谷容易发芽。"),
)  # fmt: skip
_BULK = (
    "希望村里的健身器材维修一下。",
    "希望镇卫生院周末也能做检查。",
    "希望增加到城区的公交班次。",
)


def hints() -> list[str]:
    """What a visitor may try with stations and opinions of the demo."""
    return [
        "不登录，从登录页进入代表联络站公开页（把窗口缩到手机宽度），找到八字哨镇代表联络站，反映一件事，记下回执码再查。",
        "用“区县经办”登录，在“社情民意”里分办刚收到的这一件：答复、请代表答复、交办单位、转12345或者转为代表建议。",
        "用“代表”登录，在“群众意见”里答复群众，或者写成建议；再不登录凭回执码看答复，评价，或者反映没有解决。",
        "用“区县经办”登录，在“联络站”里打印亮身份展板和门牌，安排接待日，按选区批量编入代表。",
    ]


def load(say: Callable[[str], None]) -> None:
    """Make what is missing; an opinion that is there stays where it stands."""
    for region, (office, unit) in _PEOPLE.items():
        _posted(region, OrganisationKind.CONGRESS, *office)
        _posted(region, OrganisationKind.UNIT, *unit, Role.HANDLER)
    oldest_first = sorted(enumerate(SAID), key=lambda item: -item[1].days)
    made = sum(_said(number, said) for number, said in oldest_first)
    made += _bulk()
    say(f"社情民意 {Opinion.objects.count()} 件（本次新增 {made} 件）")


def _posted(code: str, kind: OrganisationKind, name: str, username: str, person: str, role: Role) -> None:
    region = Region.objects.get(code=code)
    office, _ = Organisation.objects.get_or_create(name=name, region=region, defaults={"kind": kind})
    Posting.objects.get_or_create(user=account(username, person, region), organisation=office, role=role, ended_at=None)


def _token(number: int) -> uuid.UUID:
    return uuid.uuid5(_SPACE, str(number))


def _clerk(opinion: Opinion) -> Actor:
    return unit_staff(opinion.office_id)


def _said(number: int, said: Said) -> bool:
    token = _token(number)
    if Opinion.objects.filter(client_token=token).exists():
        return False
    with moved_to(_at(said.days, 9)):
        opinion = _received(token, said)
    if said.way not in ("received", "asked", "brought"):
        WAYS[said.way](Opinion.objects.get(pk=opinion.pk), said)
    return True


def _at(days: int, hour: int) -> dt.datetime:
    """A working moment in the past; of today two hours ago, whatever the day."""
    return moment(days, hour) if days else timezone.now() - dt.timedelta(hours=2)


def _received(token: uuid.UUID, said: Said) -> Opinion:
    station = Station.objects.get(name=said.station)
    values: dict[str, Any] = {"text": said.text, "place": said.place, "contact_phone": said.phone}
    if said.channel in ("qr", "online"):
        person = None
        if said.way in ("asked", "rated", "raised"):
            mandate = Mandate.objects.select_related("person").get(certificate_number=DEPUTIES[said.station])
            person = mandate.person.public_id
        opinion, _ = opinion_submit(
            actor=ANONYMOUS,
            client_token=token,
            channel=said.channel,
            values=values,
            target=opinion_target(station_public_id=station.public_id, person_public_id=person),
        )
        return opinion
    values |= {
        "channel": said.channel,
        "station_public_id": station.public_id,
        "category_id": Category.objects.get(name=said.category).pk,
    }
    actor = deputy(DEPUTIES[said.station]) if said.channel == "deputy" else unit_staff(station.office_id)
    answer = "可以。请带身份证到镇便民服务中心办理，工作人员已当面讲清流程。" if said.way == "on_spot" else ""
    return opinion_record(actor=actor, client_token=token, values=values, answer=answer)[0]


def _categorised(opinion: Opinion, said: Said) -> None:
    category = Category.objects.get(name=said.category)
    sorting.opinion_categorise(
        actor=_clerk(opinion), public_id=opinion.public_id, version=None, category_id=category.pk
    )


def _on_spot(opinion: Opinion, said: Said) -> None:
    """Answered as it was recorded."""


def _rated(opinion: Opinion, said: Said) -> None:
    actor, code = deputy(DEPUTIES[said.station]), code_of(opinion.client_token)
    with moved_to(moment(said.days, 14)):
        opinion_say(actor=ANONYMOUS, code=code, text="补充一下：从村部往东约两百米那一段最严重。")
        answering.opinion_deputy_answer(
            actor=actor,
            public_id=opinion.public_id,
            version=None,
            text="我当天到现场看了，已请村里先清沟排水，机耕道硬化列入今年的村级项目。",
        )
    with moved_to(moment(said.days - 1, 10)):
        sorting.opinion_told(actor=_clerk(opinion), public_id=opinion.public_id, version=None)
    with moved_to(moment(said.days - 2, 10)):
        opinion_rate(actor=ANONYMOUS, code=code, rating="satisfied", words="回复很快，谢谢代表。")


def _handed(opinion: Opinion, said: Said) -> None:
    unit = Organisation.objects.get(name="赫山区水利局")
    with moved_to(moment(said.days, 15)):
        _categorised(opinion, said)
        sorting.opinion_hand_over(
            actor=_clerk(opinion),
            public_id=opinion.public_id,
            version=None,
            unit_public_id=unit.public_id,
            requirement="请现场查看后答复群众，需要较长时间的说明计划。",
        )


def _same(opinion: Opinion, said: Said) -> None:
    lead = next(number for number, other in enumerate(SAID) if other.place == said.place and other.way == "handed")
    with moved_to(moment(said.days, 16)):
        opinion_group(
            actor=_clerk(opinion),
            public_id=opinion.public_id,
            version=None,
            lead_public_id=Opinion.objects.get(client_token=_token(lead)).public_id,
        )


def _unit_answered(opinion: Opinion, said: Said) -> None:
    _handed(opinion, said)
    unit = Organisation.objects.get(name="赫山区水利局")
    with moved_to(moment(2, 11)):
        answering.opinion_unit_answer(
            actor=unit_staff(unit.pk),
            public_id=opinion.public_id,
            version=None,
            text="已会同镇水利站查勘，山塘渗漏点在东侧涵管，本周进场维修，预计十天完工。",
        )


def _hotline(opinion: Opinion, said: Said) -> None:
    with moved_to(moment(said.days, 15)):
        _categorised(opinion, said)
        opinion.refresh_from_db()
        sorting.opinion_prepare_hotline(
            actor=_clerk(opinion), public_id=opinion.public_id, version=None, text=hotline_draft(opinion)
        )


def _raised(opinion: Opinion, said: Said) -> None:
    actor = deputy(DEPUTIES[said.station])
    with moved_to(moment(said.days, 14)):
        suggestion = opinion_make_suggestion(actor=actor, public_id=opinion.public_id, version=None)
    with moved_to(moment(said.days - 1, 14)):
        suggestion_submit(
            actor=actor,
            client_token=suggestion.client_token,
            values={
                "title": "关于在乡镇中心小学门口设置过街安全设施的建议",
                "proposal": "在校门口施划人行横道、设置减速带和黄闪信号灯，上下学时段安排人员值守。",
                "category_id": Category.objects.get(name=said.category).pk,
            },
            version=None,
        )


def _closed(opinion: Opinion, said: Said) -> None:
    with moved_to(moment(said.days, 16)):
        sorting.opinion_close(
            actor=_clerk(opinion),
            public_id=opinion.public_id,
            version=None,
            reason="涉诉事项由人民法院依法处理，您可以在法定期限内提出上诉或者申请再审。",
        )


def _reopened(opinion: Opinion, said: Said) -> None:
    with moved_to(moment(said.days, 15)):
        _categorised(opinion, said)
        answering.opinion_answer(
            actor=_clerk(opinion), public_id=opinion.public_id, version=None, text="已通知保洁公司当天清运。"
        )
    with moved_to(moment(1, 10)):
        opinion_not_solved(
            actor=ANONYMOUS, code=code_of(opinion.client_token), reason="清了一次，这几天又堆满了，请定时清运。"
        )


WAYS: dict[str, Callable[[Opinion, Said], None]] = {
    "on_spot": _on_spot,
    "rated": _rated,
    "handed": _handed,
    "same": _same,
    "unit_answered": _unit_answered,
    "hotline": _hotline,
    "raised": _raised,
    "closed": _closed,
    "reopened": _reopened,
}


def _bulk() -> int:
    """Wishes collected on paper at a reception day."""
    key = uuid.uuid5(_SPACE, "bulk")
    station = Station.objects.get(name=BAZISHAO)
    if Opinion.objects.filter(client_token=uuid.uuid5(key, "1")).exists():
        return 0
    with moved_to(moment(3, 15)):
        rows = [{"text": text, "place": "八字哨镇"} for text in _BULK]
        kept = opinion_record_bulk(
            actor=unit_staff(station.office_id), key=key, station_public_id=station.public_id, rows=rows
        )
    return len(kept)
