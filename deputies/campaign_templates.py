"""Campaigns as they were run in Hunan, ready to be used again (主题活动模板), and the province's yearly requirements.

Each is taken from a newsletter of the provincial standing committee (联络动态), named in ``source``; where that
is silent (a day of the month, some levels), the value is a proposal that staff change before they start.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from deputies.models import ActivityKind, CongressLevel, DutyKind, QuotaAudience, QuotaPeriod


@dataclass(frozen=True, slots=True)
class QuotaFacts:
    """A requirement per deputy, as it is typed or prepared.

    Args:
        minimum: in the kind's unit.
        words: as deputies read it; made from kind and number when empty.
        activity_kinds: which activities count; all when empty.
        or_kind: what counts as well; nothing when empty.
    """

    kind: str
    minimum: str
    words: str = ""
    period: str = QuotaPeriod.CAMPAIGN
    audience: str = QuotaAudience.ALL
    activity_kinds: tuple[str, ...] = ()
    basis: str = ""
    or_kind: str = ""


@dataclass(frozen=True, slots=True)
class CampaignTemplate:
    """A campaign to begin with.

    Args:
        starts, ends: as (month, day) of the year in which it is used anew.
        years: how many years it runs beyond the first.
        source: the newsletter.
    """

    code: str
    title: str
    theme: str
    levels: tuple[str, ...]
    audience: str
    starts: tuple[int, int]
    ends: tuple[int, int]
    topics: str
    purpose: str
    quotas: tuple[QuotaFacts, ...]
    source: str
    years: int = 0

    def period(self, year: int) -> tuple[dt.date, dt.date]:
        """The proposed first and last day, begun in a year."""
        return dt.date(year, *self.starts), dt.date(year + self.years, *self.ends)


ALL_LEVELS = tuple(CongressLevel.values)

GROUPS_2020 = CampaignTemplate(
    code="groups_2020",
    title="“参加代表小组活动，推进疫情防控和经济社会发展”主题活动",
    theme="参加代表小组活动，推进疫情防控和经济社会发展",
    levels=(CongressLevel.PROVINCE,),
    audience=QuotaAudience.CADRE,
    starts=(4, 1),
    ends=(10, 31),
    # The plan had nine reference topics; these are the ones that the newsletter names.
    topics="公共卫生\n就业\n产业发展\n农村建房\n耕地保护\n脱贫攻坚与乡村振兴有效衔接\n“十四五”规划",
    purpose="紧扣“六稳”“六保”、省委省政府中心工作和省人大常委会重点工作，以普通代表身份参加代表小组活动。"
    "可以采取集中视察、专题调研、座谈交流、走进代表联系群众工作站（室）以及联组、跨组活动等多种方式。"
    "坚持问题导向，注重解决实际问题，防止和克服形式主义。",
    quotas=(QuotaFacts(DutyKind.ACTIVITY, "1", "参加代表小组活动不少于1次", activity_kinds=(ActivityKind.GROUP,)),),
    source="《联络动态》2020年第27期",
)
VISITS_2021 = CampaignTemplate(
    code="visits_2021",
    title="“人大常委会组成人员走访代表、人大代表联系群众”活动",
    theme="助力实施“三高四新”战略、我为群众办实事解难题",
    levels=(CongressLevel.CITY,),
    audience=QuotaAudience.ALL,
    starts=(3, 15),
    ends=(4, 15),
    topics="宣传贯彻重大决策部署\n通报人大及其常委会主要工作安排\n听取代表和群众对经济社会发展的建议，为群众办实事解难题\n"
    "了解决议决定贯彻落实和“一府一委两院”依法行政、公正司法情况\n了解代表执行代表职务及其工作、生活情况",
    purpose="总体要求为“五个一”：听一次代表或群众的意见，提一条有价值的建议，反映一个群众迫切需要解决的问题，"
    "为群众或代表办一件实事，写一份高质量民情报告。可因人而异选择适合自己的形式：个别走访、召开座谈会、"
    "深入田间地头和代表所在单位企业调研、到代表联系群众工作平台等。",
    quotas=(
        QuotaFacts(DutyKind.OPINION_HEARD, "1", "听一次代表或群众的意见"),
        QuotaFacts(DutyKind.SUGGESTION, "1", "提一条有价值的建议"),
        QuotaFacts(DutyKind.PROBLEM_RAISED, "1", "反映一个群众迫切需要解决的问题"),
        QuotaFacts(DutyKind.DEED, "1", "为群众或代表办一件实事"),
        QuotaFacts(DutyKind.REPORT, "1", "写一份高质量民情报告"),
    ),
    source="《联络动态》2021年第4期",
)
RURAL_2021 = CampaignTemplate(
    code="rural_2021",
    title="“五级代表为乡村振兴真调研、献良策、办实事”活动",
    theme="五级人大代表助力乡村振兴、献礼建党百年",
    levels=ALL_LEVELS,
    audience=QuotaAudience.ALL,
    starts=(3, 2),
    ends=(12, 31),
    topics="微调研：小切口高站位\n献良策：集群智解难题\n办实事：树榜样当表率",
    purpose="聚焦“微调研”，针对乡村振兴中的新现象、新趋势、新问题开展“微”调研，形成“微”报告；聚焦“献良策”，"
    "提出可操作性的建议、意见，活动结束后组织评选，优秀微报告和建议编印成册；聚焦“办实事”，通过组织协调、示范引领、"
    "现场指导、投资兴业、项目服务、技术普及等方式，解决群众“急难愁盼”问题。",
    quotas=(
        QuotaFacts(
            DutyKind.ACTIVITY, "1", "开展微调研不少于1次", activity_kinds=(ActivityKind.RESEARCH, ActivityKind.VISIT)
        ),
        QuotaFacts(DutyKind.REPORT, "1", "写一份微报告"),
        QuotaFacts(DutyKind.DEED, "1", "为群众办一件实事"),
    ),
    source="《联络动态》2021年第4期",
)
CAPITAL_2022 = CampaignTemplate(
    code="capital_2022",
    title="“聚力强省会，代表新作为”活动",
    theme="聚力强省会，代表新作为",
    levels=ALL_LEVELS,
    audience=QuotaAudience.ALL,
    starts=(5, 25),
    ends=(12, 31),
    years=4,
    topics="争做强省会战略引领者，在凝聚共识上有新作为\n争做强省会战略推动者，在依法履职上有新作为\n"
    "争做强省会战略实践者，在岗位建功上有新作为\n争做强省会战略奉献者，在服务大局上有新作为",
    purpose="人大代表每年参加闭会期间的活动不少于4次，深入基层调研的时间不少于5天，走访群众不少于15人，"
    "为群众办1件以上的实事，贯穿本届人大工作始终。",
    quotas=(
        QuotaFacts(DutyKind.ACTIVITY, "4", "参加闭会期间的活动不少于4次", QuotaPeriod.YEAR),
        QuotaFacts(DutyKind.RESEARCH_DAYS, "5", "深入基层调研不少于5天", QuotaPeriod.YEAR),
        QuotaFacts(DutyKind.PEOPLE_VISITED, "15", "走访群众不少于15人", QuotaPeriod.YEAR),
        QuotaFacts(DutyKind.DEED, "1", "为群众办1件以上的实事", QuotaPeriod.YEAR),
    ),
    source="《联络动态》2022年第8期",
)

#: Code → template, in the order in which they are offered.
TEMPLATES = {one.code: one for one in (VISITS_2021, RURAL_2021, CAPITAL_2022, GROUPS_2020)}

_HUNAN_2023 = "《关于加强和改进全省五级人大代表联系人民群众方式的指导意见》（2023年）"
#: What Hunan asks of every deputy since 2023 (rulebook section 4), for a congress' requirements.
HUNAN_2023 = (
    QuotaFacts(
        DutyKind.ACTIVITY,
        "1",
        "领导干部代表每年参加代表小组活动不少于1次",
        QuotaPeriod.YEAR,
        QuotaAudience.CADRE,
        (ActivityKind.GROUP,),
        _HUNAN_2023,
    ),
    QuotaFacts(
        DutyKind.ACTIVITY,
        "1",
        "每年参加视察或者专题调研不少于1次",
        QuotaPeriod.YEAR,
        activity_kinds=(ActivityKind.INSPECTION, ActivityKind.RESEARCH),
        basis=_HUNAN_2023,
    ),
    QuotaFacts(
        DutyKind.DEED,
        "1",
        "每年办实事或者推动解决问题不少于1件",
        QuotaPeriod.YEAR,
        basis=_HUNAN_2023,
        or_kind=DutyKind.PROBLEM_SOLVED,
    ),
    QuotaFacts(
        DutyKind.VOTER_REPORT, "1", "任期内向选民或原选举单位述职不少于1次", QuotaPeriod.TERM, basis=_HUNAN_2023
    ),
)
