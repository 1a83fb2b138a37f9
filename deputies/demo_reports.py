"""The demo's reports, judgings and practical deeds: the 15 research reports of the campaign of 2020, micro-reports of
益阳市 judged with a result, a judging that runs, a deputy's reports and deeds in every state. People are made up."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from deputies.campaign_templates import GROUPS_2020, RURAL_2021, CampaignTemplate
from deputies.demo_activities import deputy_of
from deputies.demo_campaigns import seed_2020_mandates
from deputies.models import Campaign, Deed, DeedKind, DeputyReport, Judging, Mandate, ReportKind
from deputies.selectors.judging_result import result_of
from deputies.services.deed import DeedFacts, deed_receipt, deed_record
from deputies.services.deed_check import deed_confirm, deed_testify
from deputies.services.duty import duty_set
from deputies.services.judging import JudgingFacts, judge_add, judging_create, judging_open, judging_papers
from deputies.services.judging_result import judging_award, judging_publish
from deputies.services.judging_score import score_save, scores_submit
from deputies.services.report import report_save, report_submit
from deputies.services.report_author import author_invite, author_respond
from deputies.services.report_receive import report_accept, report_facts, report_return
from deputies.services.report_transfer import report_transfer, report_transfer_answer
from deputies.states import REPORT_TRANSITIONS
from liaison.actor import ANONYMOUS, system_actor
from liaison.clock import moved_to
from liaison.models import Organisation, User
from liaison.selectors.actors import capacities_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.actor import Actor

HOUR = dt.timedelta(hours=1)
#: 撰写专题调研报告15篇 (newsletter 27 of 2020); the newsletter does not name them.
REPORTS_2020 = 15
_ABOUT_2020 = (
    "公共卫生应急能力建设", "高校毕业生就业", "农民工返乡创业", "中小企业复工复产", "先进制造业产业链", "农村建房管理",
    "耕地保护", "脱贫攻坚与乡村振兴衔接", "农村人居环境整治", "基层医疗服务", "“十四五”规划编制", "生猪稳产保供",
    "职业教育发展", "长江岸线保护", "县域物流体系建设",
)  # fmt: skip
MICRO_2021 = "2021年乡村振兴微报告评选"
#: (certificate, title, text) of the micro-reports; the judges' sums below stand in the same order.
_MICRO = (
    ("HS06001", "把村里的机耕道修到田头", "三个村还有七公里机耕道没有硬化，农机下不了田。\n建议把机耕道纳入高标准农田项目，一次规划、分年修通。"),
    ("HS06002", "让老水渠重新通水", "八字哨镇的干渠淤塞多年，尾水灌不到三百亩田。\n建议冬修时清淤，明确管护的人和钱。"),
    ("HS06003", "村卫生室缺的是人", "走访的五个村卫生室，三个只有一名村医，平均年龄五十八岁。\n建议定向培养，落实养老待遇。"),
    ("HS06004", "茶园里的冷链难题", "鲜叶采下来两小时要进厂，镇上没有一座冷库。\n建议合作社联建共用冷库。"),
    ("HS06005", "垃圾分类先把桶配齐", "分类投放、混装运走，村民没有了积极性。\n建议先配齐分类运输车。"),
    ("HS06006", "留守老人的一顿热饭", "全村七十岁以上的独居老人四十一名。\n建议利用闲置校舍办互助食堂，每餐补助三元。"),
)  # fmt: skip
_CRITERIA = (("问题导向", Decimal(30)), ("调查深入", Decimal(30)), ("建议可行", Decimal(30)), ("文字精炼", Decimal(10)))
#: Judge → points by criterion, a row a paper. The third and the fifth paper come out equal.
_SCORES = {
    "demo_approver": ((26, 27, 27, 9), (28, 28, 28, 9), (25, 26, 26, 8), (24, 25, 26, 8), (26, 25, 25, 9), (23, 24, 25, 8)),
    "demo_county": ((27, 26, 26, 9), (28, 27, 28, 9), (26, 26, 25, 9), (25, 25, 25, 8), (26, 26, 26, 8), (24, 24, 24, 9)),
    "yy_nyncj": ((27, 28, 26, 8), (29, 28, 27, 9), (26, 25, 26, 8), (25, 26, 25, 8), (25, 26, 25, 9), (25, 24, 24, 8)),
}  # fmt: skip
RUNNING = "今年调研报告评选"
_OWN = "八字哨镇农田灌溉渠调研"
_DEED = "为高桥村修好两公里灌溉渠"


def load(say: Callable[[str], None]) -> None:
    """Make the reports and deeds; what is there stays as it is."""
    campaign = _campaign(GROUPS_2020, 2020)
    if campaign is not None and not campaign.reports.exists():
        with transaction.atomic():
            _seed_2020(campaign)
    for exists, make in (
        (Judging.objects.filter(title=MICRO_2021).exists(), _micro_2021),
        (DeputyReport.objects.filter(title=_OWN).exists(), _own),
        (Judging.objects.filter(title=RUNNING).exists(), _running),
        (Deed.objects.filter(title=_DEED).exists(), _deeds),
    ):
        if not exists:
            with transaction.atomic():
                make()
    say(
        f"代表报告 {DeputyReport.objects.count()} 篇，报告评选 {Judging.objects.count()} 次，办实事 {Deed.objects.count()} 件"
    )


def _campaign(template: CampaignTemplate, year: int) -> Campaign | None:
    """The demo's campaign made from a prepared form, when it is there."""
    found = Campaign.objects.filter(title=template.title, starts_on__year=year).select_related("office__region")
    return found.order_by("id").first()


def _at(day: dt.date, hour: int = 10) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def _ago(days: int, hour: int = 10) -> dt.datetime:
    return _at(timezone.localdate() - dt.timedelta(days=days), hour)


def _staff(username: str) -> Actor:
    return capacities_of(User.objects.get(username=username))[0]


def _seed_2020(campaign: Campaign) -> None:
    """The mandates have ended since, so the deputies cannot write any more: the portal itself takes the steps."""
    actor = system_actor("演示")
    for number, (mandate, about) in enumerate(zip(seed_2020_mandates()[:REPORTS_2020], _ABOUT_2020, strict=True)):
        handed_in = _at(min(campaign.ends_on, campaign.starts_on + dt.timedelta(days=60 + 9 * number)))
        with moved_to(handed_in):
            report = DeputyReport(
                kind=ReportKind.RESEARCH,
                mandate=mandate,
                person_id=mandate.person_id,
                office=campaign.office,
                region_prefix=campaign.office.region.prefix,
                campaign=campaign,
                title=f"关于{about}的调研报告",
                text=f"参加代表小组活动期间，就{about}走访企业、村组和群众，听取意见，形成本报告。（正文为演示。）",
                submitted_at=handed_in,
            )
            report.save()
            for step in ("submit", "accept"):
                REPORT_TRANSITIONS.apply(report, step, actor)
            report.accepted_at = handed_in
            report.save()
            duty_set(actor=actor, source=report, facts=report_facts(report))


def _written(certificate: str, title: str, text: str, **values: str) -> tuple[Actor, DeputyReport]:
    """Written by a deputy, not handed in."""
    actor = deputy_of(certificate)
    own = str(Mandate.objects.get(certificate_number=certificate).public_id)
    given = {"kind": ReportKind.RESEARCH.value, "mandate": own, "title": title, "text": text, "summary": ""} | values
    return actor, report_save(actor=actor, client_token=uuid.uuid4(), values=given, version=None)


def _handed_in(certificate: str, title: str, text: str, **values: str) -> DeputyReport:
    actor, report = _written(certificate, title, text, **values)
    return report_submit(actor=actor, public_id=report.public_id, version=None)


def _micro_2021() -> None:
    """Judged by three people in the January after the campaign, published; the booklet can be made."""
    campaign = _campaign(RURAL_2021, 2021)
    clerk, county = _staff("demo_clerk"), _staff("demo_county")
    named = {"campaign": str(campaign.public_id)} if campaign is not None else {}
    start = dt.date(2022, 1, 10)
    papers = []
    with moved_to(_at(start)):
        for certificate, title, text in _MICRO:
            report = _handed_in(certificate, title, text, kind=ReportKind.MICRO.value, **named)
            receiver = clerk if report.office_id == clerk.organisation_id else county
            papers.append(report_accept(actor=receiver, public_id=report.public_id, version=None))
        facts = JudgingFacts(
            title=MICRO_2021,
            starts_on=start,
            ends_on=start + dt.timedelta(days=10),
            criteria=_CRITERIA,
            campaign_id=named.get("campaign"),
        )
        judging = _opened(clerk, facts, papers, tuple(_SCORES))
    with moved_to(_at(start + dt.timedelta(days=8))):
        for username, rows in _SCORES.items():
            _scores(judging, username, rows)
        judging.refresh_from_db()
        best = next(line.place for line in result_of(judging) if line.place is not None)
        awards = [("优秀微报告", best), ("入选微报告", 1)]
        judging_award(actor=clerk, public_id=judging.public_id, awards=awards)
        judging_publish(actor=clerk, public_id=judging.public_id)


def _opened(clerk: Actor, facts: JudgingFacts, papers: list[DeputyReport], judges: tuple[str, ...]) -> Judging:
    judging = judging_create(actor=clerk, facts=facts)
    ids = [paper.public_id for paper in papers]
    judging_papers(actor=clerk, public_id=judging.public_id, report_ids=ids)
    for username in judges:
        judge_add(actor=clerk, public_id=judging.public_id, user=User.objects.get(username=username))
    return judging_open(actor=clerk, public_id=judging.public_id)


def _scores(judging: Judging, username: str, rows: tuple[tuple[int, ...], ...]) -> None:
    judge = capacities_of(User.objects.get(username=username))[0]
    criteria = list(judging.criteria.values_list("pk", flat=True))
    for entry, row in zip(judging.entries.order_by("position"), rows, strict=True):
        points = {pk: Decimal(given) for pk, given in zip(criteria, row, strict=True)}
        score_save(actor=judge, judging_id=judging.public_id, entry_id=entry.public_id, points=points)
    scores_submit(actor=judge, judging_id=judging.public_id)


def _own() -> None:
    """Reports of the deputy of the sign-in page, one in each state, and one that they are asked to sign."""
    clerk, unit = _staff("demo_clerk"), _staff("demo_unit")
    with moved_to(_ago(40)):
        text = "走访高桥村等三个村，察看干渠七公里。\n渠道淤塞，尾水灌不到田；管护没有专人、没有经费。\n建议：冬修清淤，明确管护责任。"
        actor, report = _written("YY07001", _OWN, text)
        partner = Mandate.objects.get(certificate_number="YY07002")
        author_invite(actor=actor, public_id=report.public_id, mandate_id=partner.public_id)
        author_respond(actor=deputy_of("YY07002"), public_id=report.public_id, answer="confirm")
        report_submit(actor=actor, public_id=report.public_id, version=None)
        report_accept(actor=clerk, public_id=report.public_id, version=None)
    with moved_to(_ago(35)):
        organs = Organisation.objects.filter(name__in=("益阳市生态环境局", "益阳市水利局"))
        transfers = report_transfer(
            actor=clerk,
            public_id=report.public_id,
            unit_ids=[organ.public_id for organ in organs],
            requirement="请研究报告所提建议，将采纳、办理情况反馈代表。",
            version=None,
        )
    with moved_to(_ago(10)):
        mine = next(one for one in transfers if one.unit_id == unit.organisation_id)
        answer = "已会同赫山区现场察看，干渠水质监测点位纳入明年计划；清淤由水利部门安排。"
        report_transfer_answer(actor=unit, transfer_id=mine.public_id, answer=answer)
    with moved_to(_ago(6)):
        returned = _handed_in(
            "YY07001", "兰溪镇村道照明视察报告", "夜间察看了四条村道。", kind=ReportKind.INSPECTION.value
        )
        report_return(actor=clerk, public_id=returned.public_id, reason="请补充每条村道缺多少盏灯。", version=None)
    with moved_to(_ago(3)):
        _handed_in("YY07001", "十户群众的十句心里话", "入户走访十户，记下十条意见。", kind=ReportKind.OPINION.value)
        _written("YY07001", "村医养老待遇调研（未写完）", "已走访两个村。")
        asking, asked = _written("YY07002", "中小企业用工情况微报告", "走访了五家企业。", kind=ReportKind.MICRO.value)
        deputy = Mandate.objects.get(certificate_number="YY07001")
        author_invite(actor=asking, public_id=asked.public_id, mandate_id=deputy.public_id)


def _running() -> None:
    """The deputy of the sign-in page judges, skipping their own paper; one judge has submitted."""
    clerk = _staff("demo_clerk")
    papers = [DeputyReport.objects.get(title=_OWN)]
    with moved_to(_ago(20)):
        for certificate, title in (("YY07005", "城区停车难调研"), ("YY07006", "老旧小区加装电梯调研")):
            report = _handed_in(
                certificate, title, "实地走访、座谈，听取群众意见。\n建议：分类施策，先易后难。（正文为演示。）"
            )
            papers.append(report_accept(actor=clerk, public_id=report.public_id, version=None))
    with moved_to(_ago(2)):
        today = timezone.localdate()
        facts = JudgingFacts(title=RUNNING, starts_on=today, ends_on=today + dt.timedelta(days=14), criteria=_CRITERIA)
        judging = _opened(clerk, facts, papers, ("demo_approver", "demo_county", "yy_nyncj", "demo_deputy"))
    with moved_to(_ago(1)):
        _scores(judging, "yy_nyncj", ((27, 27, 26, 9), (25, 26, 25, 8), (26, 26, 27, 9)))


def _deeds() -> None:
    """Confirmed by the villagers, confirmed by staff, waiting, denied."""
    clerk = _staff("demo_clerk")

    def done(days: int, certificate: str, title: str, for_whom: str, **values: str) -> Deed:
        with moved_to(_ago(days)):
            facts = DeedFacts(title=title, for_whom=for_whom, on=timezone.localdate(), **values)
            own = Mandate.objects.get(certificate_number=certificate).public_id
            return deed_record(actor=deputy_of(certificate), client_token=uuid.uuid4(), facts=facts, mandate_id=own)

    def said(deed: Deed, days: int, words: str, *, is_true: bool) -> None:
        with moved_to(_ago(days)):
            _, secret = deed_receipt(actor=deputy_of("YY07001"), public_id=deed.public_id)
            deed_testify(actor=ANONYMOUS, secret=secret, is_true=is_true, words=words)

    canal = done(
        25, "YY07001", _DEED, "高桥村十二户村民", place="八字哨镇高桥村", given="协调资金8万元，村民出工60个",
        text="多次到水利部门反映，争取到冬修资金，和村民一起清淤。",
    )  # fmt: skip
    said(canal, 20, "渠通水了，谢谢代表。", is_true=True)
    done(
        5,
        "YY07001",
        "帮五户脱贫户联系茶厂收鲜叶",
        "高桥村五户脱贫户",
        place="八字哨镇高桥村",
        helped_phone="13800000005",
    )
    said(
        done(8, "YY07001", "村口装了六盏路灯", "高桥村村民", place="八字哨镇高桥村"),
        4,
        "灯是装了，有两盏一直不亮。",
        is_true=False,
    )
    bus = done(
        18,
        "YY07002",
        "推动开通工业园公交专线",
        "工业园三千名职工",
        kind=DeedKind.PROBLEM_SOLVED.value,
        place="赫山区工业园",
    )
    with moved_to(_ago(15)):
        deed_confirm(actor=clerk, public_id=bus.public_id, way="on_site", words="到站点察看，专线已运行。")
