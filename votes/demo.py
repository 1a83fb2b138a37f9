"""The demo's votes: 永安镇 2021 and 2022, 祁东县 and 北塔区 2022, and one programme in each stage in 益阳市.

Real places; what the newsletters report is kept (numbers of deputies, candidates, projects, rates), all else is
made up and says so. Everything is made by the real services in a moved past.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.utils import timezone

from deputies.models import Congress, Mandate
from liaison.clock import moved_to
from liaison.models import Delivery, Notice, Region
from liaison.models.notice import DeliveryStatus
from liaison.permissions import OrganisationKind, Role
from votes import demo_heshan, demo_stages
from votes.demo_places import actor_of, at, congress, enlist, organisation, place, posted, session
from votes.demo_steps import (
    appraise,
    collecting,
    days,
    finished,
    listed,
    prepared,
    screening,
    started,
    vote,
)
from votes.demo_texts import BEITA_2022, QIDONG_2022, YONGAN_2021, YONGAN_2022
from votes.models import Draw, Programme, YearSummary
from votes.selectors.draw import digest_of
from votes.services.draw import draw_create, draw_fix_list, draw_run
from votes.services.programme_close import programme_close
from votes.services.summary import summary_save

if TYPE_CHECKING:
    from collections.abc import Callable

    from votes.demo_places import Place
    from votes.demo_texts import Item

SPACE = UUID("5b7a2f0e-1f1d-4a53-9f0b-2c7d43090001")
MADE_UP = "日期、票数、代表姓名和实施情况为演示虚构。"
VOTE_ONLY = "票数为演示虚构；材料只报道到票决，演示也到票决为止。"
NEWS_13 = "据《联络动态》2022年第13期：“浏阳市永安镇七届人大二次会议上，79名人大代表通过现场投票，从3件候选项目中票决产生该镇今年2件民生实事项目。”"
RATERS = (
    "来源材料（《联络动态》2022年第13期）只给出满意率{rate}，没有给出票数；79名代表凑不出这个比率，"
    "演示按90张有效票、{count}张满意录入，其中11人为演示虚构的列席评议人员。"
)


def load(say: Callable[[str], None]) -> None:
    """Make what is missing; a programme that is there stays where it stands."""
    made = [_yongan(), _qidong(), _beita(), *demo_heshan.load(), *demo_stages.load(say)]
    _province()
    draws = _draws()
    _settle_old_notices()
    say(
        f"民生实事年度 {len(made)} 个（本次新增 {sum(made)} 个），随机抽取 {draws} 次，年度汇总 {YearSummary.objects.count()} 行"
    )


def hints() -> list[str]:
    """What a visitor may try with the votes of the demo."""
    return [
        demo_stages.HINT,
        "不登录，从登录页进入民生实事项目公开页，给赫山区提一件项目建议，记下回执码再查；用“代表”登录也可以提。",
        "用“附议代表”登录，打开泉交河镇的候选项目，提出审议意见。",
        "用“代表”或“附议代表”登录，在“监督项目”里登记一次检查、提出整改要求；用“区县责任单位”登录答复，再由代表核查。",
    ]


def _yongan() -> bool:
    """浏阳市永安镇: 3 candidates of 2022, 2 chosen by 79 deputies; the two of 2021 appraised."""
    found = congress(
        "430181117",
        term=7,
        name="永安镇第七届人民代表大会",
        short_name="永安镇七届人大",
        office="永安镇人大主席团",
        starts_on=dt.date(2021, 4, 15),
        deputies=79,
        prefix="YAZ",
    )
    here = place(
        "430181117",
        office="永安镇人大主席团",
        people=(("ya_jingban", "黎晓", Role.HANDLER), ("ya_zhuxi", "汤国平", Role.APPROVER)),
        unit=("永安镇人民政府", "ya_zhengfu", "熊立平"),
    )
    if Programme.objects.filter(congress=found, year=2022).exists():
        return False
    first, second = session(found, 1, dt.date(2021, 4, 15)), session(found, 2, dt.date(2022, 4, 28))
    opens = dt.date(2021, 2, 1)
    old = prepared(
        here,
        2021,
        2,
        opens=opens,
        votes_on=dt.date(2021, 4, 16),
        session=first,
        introduction=f"永安镇2021年民生实事项目征集。{MADE_UP}",
    )
    _through(here, old, YONGAN_2021, opens, dt.date(2021, 4, 16), "永安镇2021年民生实事项目票决", (70, 64, 20))
    for project in started(here, old, dt.date(2021, 4, 26)):
        finished(here, project, dt.date(2021, 9, 20))

    guests = enlist(found, 11, prefix="YAL", post="村（居）民代表")
    appraise(
        here,
        old,
        day=dt.date(2022, 4, 28),
        title="永安镇2021年民生实事项目满意度测评（来源材料只给出满意率，票数为演示）",
        satisfied={
            "安全饮水": (87, RATERS.format(rate="96.7%", count=87)),
            "交通设施完善": (88, RATERS.format(rate="97.8%", count=88)),
        },
        note="",
    )
    Mandate.objects.filter(pk__in=[guest.pk for guest in guests]).update(
        ended_on=dt.date(2022, 4, 28), end_reason="演示：列席满意度测评结束"
    )
    with moved_to(at(dt.date(2022, 4, 28), 17)):
        programme_close(actor=here.head, public_id=old.public_id, version=None)

    opens = dt.date(2022, 2, 14)
    new = prepared(
        here,
        2022,
        2,
        opens=opens,
        votes_on=dt.date(2022, 4, 29),
        session=second,
        introduction=f"{NEWS_13}项目名称、{MADE_UP}",
    )
    _through(here, new, YONGAN_2022, opens, dt.date(2022, 4, 29), "永安镇2022年民生实事项目票决", (71, 62, 25))
    for project in started(here, new, dt.date(2022, 5, 6)):
        finished(here, project, dt.date(2022, 9, 15))
    return True


def _through(
    here: Place,
    programme: Programme,
    items: tuple[Item, ...],
    opens: dt.date,
    day: dt.date,
    title: str,
    approvals: tuple[int, ...],
) -> None:
    """From the call to the declared result."""
    collecting(here, programme, opens)
    screening(here, programme, opens)
    listed(here, programme, items, opens)
    vote(here, programme, day=day, title=title, approvals=approvals)


def _qidong() -> bool:
    """祁东县十八届人大二次会议, 20 May 2022: nine projects."""
    found = congress(
        "430426",
        term=18,
        name="祁东县第十八届人民代表大会",
        short_name="祁东县十八届人大",
        office="祁东县人大常委会",
        starts_on=dt.date(2021, 12, 26),
        deputies=24,
        prefix="QDX",
    )
    here = place(
        "430426",
        office="祁东县人大常委会",
        people=(("qd_jingban", "肖志勇", Role.HANDLER), ("qd_zhuren", "匡玉兰", Role.APPROVER)),
        unit=("祁东县人民政府", "qd_zhengfu", "周乐平"),
    )
    text = (
        "据《联络动态》2022年第13期：5月20日，祁东县十八届人大二次会议票决通过民生实事项目9个；衡阳市要求县级票决通过5至10件、"
        "乡镇票决通过1至3件，县乡两级全覆盖。候选项目的名称和件数、代表人数（演示只录24名）、"
    )
    return _county(here, found, QIDONG_2022, 9, dt.date(2022, 5, 20), text, (22, 21, 20, 20, 19, 18, 17, 16, 15, 10, 8))


def _beita() -> bool:
    """北塔区六届人大二次会议, 27 May 2022: four projects."""
    found = congress(
        "430511",
        term=6,
        name="北塔区第六届人民代表大会",
        short_name="北塔区六届人大",
        office="北塔区人大常委会",
        starts_on=dt.date(2021, 12, 26),
        deputies=18,
        prefix="BTQ",
    )
    here = place(
        "430511",
        office="北塔区人大常委会",
        people=(("bt_jingban", "赵小群", Role.HANDLER), ("bt_zhuren", "谭卫", Role.APPROVER)),
        unit=("北塔区人民政府", "bt_zhengfu", "银海清"),
    )
    text = (
        "据《联络动态》2022年第13期：5月27日，北塔区六届人大二次会议票决产生今年重点实施的4个区级民生实事项目，"
        "成为邵阳市首个在县级层面实施代表票决制的区。候选项目的名称和件数、代表人数（演示只录18名）、"
    )
    return _county(here, found, BEITA_2022, 4, dt.date(2022, 5, 27), text, (17, 16, 14, 12, 7))


def _county(
    here: Place,
    found: Congress,
    items: tuple[Item, ...],
    places: int,
    day: dt.date,
    text: str,
    approvals: tuple[int, ...],
) -> bool:
    if Programme.objects.filter(congress=found, year=2022).exists():
        return False
    opens = dt.date(2022, 3, 7)
    second = session(found, 2, day - days(1))
    programme = prepared(here, 2022, places, opens=opens, votes_on=day, session=second, introduction=text + VOTE_ONLY)
    _through(here, programme, items, opens, day, f"{here.region.name}2022年民生实事项目票决", approvals)
    return True


# ── the province, the draws ──────────────────────────────────────────────────────────────────────
def _province() -> None:
    """全省2020年12月: the two rows that the newsletter reports."""
    region = Region.objects.get(code="430000")
    office = organisation("湖南省人大常委会", OrganisationKind.CONGRESS, region)
    clerk = posted("demo_province", "向明远", office, Role.HANDLER)
    source = "湖南省人大常委会《联络动态》2020年第27期：截至2020年12月底。"
    rows = (
        ("county", 122, 14, 120, "1546000", f"{source}2021年拟有46个县市区推广。"),
        ("township", 1529, 1127, 2881, "1386200", f"{source}2021年拟全部推行。"),
    )
    for level, congresses, voting, projects, money, words in rows:
        if YearSummary.objects.filter(region=region, year=2020, level=level).exists():
            continue
        with moved_to(at(dt.date(2020, 12, 31))):
            summary_save(
                actor=clerk,
                values={
                    "region_code": "430000",
                    "year": 2020,
                    "level": level,
                    "congresses": congresses,
                    "voting": voting,
                    "projects": projects,
                    "investment": Decimal(money),
                    "source": words,
                },
            )


def _draws() -> int:
    """履职评议 in 益阳市: one drawn, one whose list is fixed and waits for its seed."""
    clerk = actor_of("demo_clerk")
    found = Congress.objects.get(short_name="益阳市七届人大")
    today = timezone.localdate()
    names = [f"{surname}{given}" for surname in "陈刘李王周黄" for given in ("志远", "晓梅", "建平", "海燕")]
    judges = [f"{name} {'一二三四'[place % 4]}级法官" for place, name in enumerate(names[:16])]
    prosecutors = [f"{name} {'一二三四'[place % 4]}级检察官" for place, name in enumerate(names[12:])]
    cadres = [f"{name} 市政府组成部门主要负责人" for name in names[4:16]]
    for title, classes, back in (
        ("员额法官、员额检察官履职评议对象抽取", (("员额法官", judges, 3), ("员额检察官", prosecutors, 2)), 40),
        ("政府组成人员履职评议对象抽取", (("政府组成人员", cadres, 4),), 3),
    ):
        public_id = uuid5(SPACE, title)
        if Draw.objects.filter(public_id=public_id).exists():
            continue
        with moved_to(at(today - days(back), 9)):
            draw = draw_create(
                actor=clerk,
                public_id=public_id,
                values={
                    "title": f"{today.year}年度{title}",
                    "year": today.year,
                    "congress_id": found.pk,
                    "is_public": True,
                    "classes": [
                        {"slot": slot, "name": name, "take": take, "members": "\n".join(people)}
                        for slot, (name, people, take) in enumerate(classes, start=1)
                    ],
                },
            )
        with moved_to(at(today - days(back), 10)):
            draw_fix_list(actor=clerk, public_id=public_id, basis=digest_of(draw))
        if back > 10:
            with moved_to(at(today - days(back - 1), 21, 30)):
                draw_run(
                    actor=clerk,
                    public_id=public_id,
                    seed="03 08 11 19 27 30 12",
                    seed_source="抽取会上由三名代表当众摇出的七个号码（演示虚构）",
                )
    return Draw.objects.count()


def _settle_old_notices() -> None:
    """What the demo's past told people: read after three days, and its mails never leave."""
    Notice.objects.filter(read_at__isnull=True, created_at__lt=timezone.now() - days(3)).update(read_at=timezone.now())
    Delivery.objects.filter(status=DeliveryStatus.QUEUED, notice__created_at__lt=timezone.now()).delete()
