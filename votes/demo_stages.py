"""八字哨镇 is voting now; 泥江口镇 prepares, 兰溪镇 screens, 沅江市 and 泉交河镇 have approved their candidates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import uuid5

from django.utils import timezone

from deputies.models import Mandate
from liaison.actor import ANONYMOUS
from liaison.clock import moved_to
from liaison.permissions import Role
from votes.demo_heshan import base_year
from votes.demo_places import actor_of, also_deputy, at, congress, place, voter
from votes.demo_steps import appointed, cast, collecting, days, listed, prepared, put_up, roll, screening, spread
from votes.demo_texts import BAZISHAO, LANXI, QUANJIAOHE, YUANJIANG, Item
from votes.models import Candidate, Programme, Proposal, RoundKind
from votes.services.candidate_comment import candidate_comment, candidate_comment_answer
from votes.services.proposal import proposal_submit_public
from votes.services.proposal_screening import proposal_reject, proposals_merge
from votes.services.roll import attend_by_staff, slips_issue
from votes.services.round import round_create
from votes.services.round_vote import round_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from votes.demo_places import Place

#: What opens the box of 八字哨镇's vote; the demo is open to everybody.
SCRUTINEER_PASSPHRASE = "演示监票口令-洞庭湖的芦苇"  # noqa: S105
COUNTER_PASSPHRASE = "演示计票口令-资江边的渔火"  # noqa: S105
#: What ``manage.py demo --accounts`` tells about the open vote.
HINT = (
    "用“代表”登录，在“投票”里参加八字哨镇正在进行的票决；用“乡镇人大”登录，在“会议投票”里发投票码、截止、开箱计票"
    f"（监票人是“代表”，口令：{SCRUTINEER_PASSPHRASE}；计票人是“乡镇人大”，口令：{COUNTER_PASSPHRASE}）。"
)
#: So many have voted already; the slips go to three of those who have not.
VOTED, SLIPS = 6, 3


def load(say: Callable[[str], None]) -> list[bool]:
    """Make what is missing: for each place, whether it was made now."""
    year = base_year() + 1
    made = []
    for here in (_bazishao(), _lanxi(), _yuanjiang(), _quanjiaohe(), _nijiangkou()):
        is_new = not Programme.objects.filter(congress=here.congress, year=year).exists()
        if is_new:
            _make(here, year, say)
        made.append(is_new)
    return made


def _make(here: Place, year: int, say: Callable[[str], None]) -> None:
    """Each place its stage."""
    if here.region.name == "八字哨镇":
        _voting(here, year, say)
    elif here.region.name == "兰溪镇":
        _screening(here, year)
    elif here.region.name == "沅江市":
        _listed(here, year)
    elif here.region.name == "泉交河镇":
        _commented(here, year)
    else:
        _preparing(here, year)


def _bazishao() -> Place:
    return place(
        "430903101",
        office="八字哨镇人大主席团",
        people=(("demo_town", "曾国强", Role.APPROVER), ("demo_town", "曾国强", Role.APPROVER)),
        unit=("八字哨镇人民政府", "bzs_zhengfu", "龚立民"),
    )


def _lanxi() -> Place:
    return place(
        "430903111",
        office="兰溪镇人大主席团",
        people=(("lx_jingban", "文小华", Role.HANDLER), ("lx_zhuxi", "昌国良", Role.APPROVER)),
        unit=("兰溪镇人民政府", "lx_zhengfu", "莫建新"),
    )


def _yuanjiang() -> Place:
    return place(
        "430981",
        office="沅江市人大常委会",
        people=(("yj_jingban", "冷艳", Role.HANDLER), ("yj_zhuren", "皮志军", Role.APPROVER)),
        unit=("沅江市水利局", "yj_slj", "符清"),
    )


def _quanjiaohe() -> Place:
    """A town of 赫山区 of which the second deputy of the sign-in page is a deputy.

    Nobody may be a deputy of two towns (选举法: 无隶属关系的行政区域), and the first one is of 八字哨镇.
    """
    found = congress(
        "430903103",
        term=20,
        name="泉交河镇第二十届人民代表大会",
        short_name="泉交河镇二十届人大",
        office="泉交河镇人大主席团",
        starts_on=dt.date(2021, 12, 20),
        deputies=12,
        prefix="QJH",
    )
    also_deputy("demo_cosigner", found, "QJH901")
    return place(
        "430903103",
        office="泉交河镇人大主席团",
        people=(("qjh_jingban", "贺小兰", Role.HANDLER), ("qjh_zhuxi", "曹立新", Role.APPROVER)),
        unit=("泉交河镇人民政府", "qjh_zhengfu", "龚建明"),
    )


def _nijiangkou() -> Place:
    congress(
        "430903114",
        term=20,
        name="泥江口镇第二十届人民代表大会",
        short_name="泥江口镇二十届人大",
        office="泥江口镇人大主席团",
        starts_on=dt.date(2021, 12, 20),
        deputies=12,
        prefix="NJK",
    )
    return place(
        "430903114",
        office="泥江口镇人大主席团",
        people=(("njk_jingban", "臧小平", Role.HANDLER), ("njk_zhuxi", "蔡伏生", Role.APPROVER)),
        unit=("泥江口镇人民政府", "njk_zhengfu", "邱勇"),
    )


def _voting(here: Place, year: int, say: Callable[[str], None]) -> None:
    """A vote that is open now: some have voted, the deputy of the sign-in page has not, three have slips."""
    now = timezone.now()
    opens = timezone.localdate() - days(60)
    programme = prepared(
        here,
        year,
        2,
        opens=opens,
        votes_on=timezone.localdate(),
        introduction=f"八字哨镇{year}年民生实事项目向全镇征集。（演示）",
    )
    collecting(here, programme, opens)
    screening(here, programme, opens)
    listed(here, programme, BAZISHAO, opens)
    with moved_to(now - dt.timedelta(hours=3)):
        made = round_create(
            actor=here.clerk,
            congress_public_id=here.congress.public_id,
            programme_public_id=programme.public_id,
            kind=RoundKind.PROJECTS,
            title=f"八字哨镇{year}年民生实事项目票决",
        )
        deputy = next(actor for actor in [actor_of("demo_deputy")] if actor.is_deputy)
        appointed(here.clerk, deputy, made, (SCRUTINEER_PASSPHRASE, COUNTER_PASSPHRASE))
        rows = roll(made)
        attend_by_staff(actor=here.clerk, public_id=made.public_id, entries=[row.public_id for row in rows[:-2]])
        own = [row for row in rows if row.mandate.person_id == deputy.person_id]
        attend_by_staff(actor=here.clerk, public_id=made.public_id, entries=[row.public_id for row in own])
    with moved_to(now - dt.timedelta(hours=2)):
        round_open(actor=here.clerk, public_id=made.public_id, version=None)
    others = [row for row in rows[:-2] if row not in own]
    with moved_to(now - dt.timedelta(hours=1)):
        for row, marks in zip(others[:VOTED], spread((5, 4, 2), VOTED), strict=True):
            cast(made, row.mandate, marks)
        slips = slips_issue(
            actor=here.clerk,
            public_id=made.public_id,
            entries=[row.public_id for row in others[VOTED : VOTED + SLIPS]],
        )
    say(f"{made.title}正在投票：用“代表”登录可以投票；投票码 " + "，".join(f"{row.name} {code}" for row, code in slips))
    say(f"开箱口令：监票人（代表账号）{SCRUTINEER_PASSPHRASE}；计票人（乡镇人大账号）{COUNTER_PASSPHRASE}")


def _screening(here: Place, year: int) -> None:
    """The call is over: one merged, one rejected, one made a candidate, the rest to be screened."""
    opens = timezone.localdate() - days(44)
    programme = prepared(
        here, year, 2, opens=opens, votes_on=opens + days(70), introduction=f"兰溪镇{year}年民生实事项目征集。（演示）"
    )
    collecting(here, programme, opens)
    for number, (title, content, where, name) in enumerate(LANXI):
        with moved_to(at(opens + days(3 + number * 4), 19)):
            proposal_submit_public(
                actor=ANONYMOUS,
                programme_public_id=programme.public_id,
                submission_key=uuid5(programme.public_id, f"public-{number}"),
                values={"title": title, "content": content, "place": where, "proposer_name": name},
            )
    screening(here, programme, opens)
    pumps, same, pitch, *_ = Proposal.objects.filter(programme=programme).order_by("id")
    with moved_to(at(opens + days(37), 10)):
        proposals_merge(actor=here.clerk, target_public_id=pumps.public_id, public_ids=[same.public_id])
        proposal_reject(
            actor=here.clerk,
            public_id=pitch.public_id,
            version=None,
            points=["within_year", "conditions"],
            reason="镇区没有可用的建设用地，当年不能完成，已转镇规划办研究。",
        )
        item = Item(
            "千家洲村机埠更新改造", "更新机埠设备两台套，改造进出水渠。", "千家洲村", "88", "镇级财政和上级补助"
        )
        put_up(here, programme, item, proposal_public_id=pumps.public_id)


def _listed(here: Place, year: int) -> None:
    """Seven candidates for five places, approved."""
    opens = timezone.localdate() - days(58)
    programme = prepared(
        here, year, 5, opens=opens, votes_on=opens + days(78), introduction=f"沅江市{year}年民生实事项目征集。（演示）"
    )
    collecting(here, programme, opens)
    screening(here, programme, opens)
    listed(here, programme, YUANJIANG, opens)


def _commented(here: Place, year: int) -> None:
    """Three approved candidates with pictures, on which deputies comment: one comment answered, one not yet."""
    opens = timezone.localdate() - days(52)
    programme = prepared(
        here,
        year,
        2,
        opens=opens,
        votes_on=opens + days(78),
        introduction=f"泉交河镇{year}年民生实事项目征集。（演示）",
    )
    collecting(here, programme, opens)
    screening(here, programme, opens)
    listed(here, programme, QUANJIAOHE, opens, pictures=True)
    road, market, _ = Candidate.objects.filter(programme=programme).order_by("number")
    people = Mandate.objects.filter(congress=here.congress, person__user=None).select_related("person", "congress")
    speakers = [voter(mandate) for mandate in people.order_by("certificate_number")[:2]]
    with moved_to(timezone.now() - days(1)):
        comment = candidate_comment(
            actor=speakers[0], public_id=road.public_id, text="会车带请修在学校门口两侧，接送车辆最集中。"
        )
        candidate_comment(
            actor=speakers[1], public_id=market.public_id, text="改造期间请安排临时摊位，不要让菜农没处摆。"
        )
    with moved_to(timezone.now() - dt.timedelta(hours=5)):
        candidate_comment_answer(
            actor=here.clerk,
            public_id=road.public_id,
            comment_public_id=comment.public_id,
            answer="已请镇政府调整会车带位置，学校门口两侧各设一处。",
        )


def _preparing(here: Place, year: int) -> None:
    prepared(
        here,
        year,
        2,
        opens=timezone.localdate() + days(9),
        votes_on=timezone.localdate() + days(80),
        introduction=f"泥江口镇{year}年民生实事项目征集即将开始。（演示）",
    )
