"""The demo's activities: those of the 2020 campaign with the newsletter's figures, and in 益阳市 and 赫山区 one or more
in every state. Figures of the campaign are real in sum; who did how much of it is made up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from deputies.demo_campaigns import seed_2020_mandates
from deputies.models import (
    Activity,
    ActivityKind,
    ActivityPart,
    Attendance,
    Campaign,
    Gathering,
    InvitedBy,
    Mandate,
    Reply,
)
from deputies.selectors.activity_invite import Criteria
from deputies.services.activity import (
    ActivityFacts,
    activity_announce,
    activity_cancel,
    activity_create,
    activity_hold,
)
from deputies.services.activity_invite import activity_invite, activity_reply
from deputies.services.activity_own import OwnFacts, own_confirm, own_submit
from deputies.services.activity_record import RecordFacts, activity_record, enter_duty
from deputies.services.attendance import attendance_list, attendance_open
from deputies.states import ActivityStatus
from liaison.actor import Actor, deputy_actor, system_actor
from liaison.clock import moved_to
from liaison.models import Region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THEME_2020 = "主题活动"
#: Newsletter 27 of 2020: 151 opinions = 45 answered on the spot + 106 handed over; 23 suggestions planned, 35 problems
#: solved, over 300 pieces in the media.
ON_SPOT, HANDED, PLANNED, SOLVED, MEDIA = 45, 106, 23, 35, 300
#: (place, what about); four deputies each.
_GROUPS_2020 = (
    ("张家界市桑植县", "脱贫攻坚与乡村振兴有效衔接", Gathering.JOINT),
    ("永州市祁阳县", "城乡居民饮水安全", Gathering.SINGLE),
    ("益阳市安化县", "农村道路和就业", Gathering.SINGLE),
    ("湘西自治州古丈县", "茶叶产业和增收", Gathering.SINGLE),
    ("怀化市靖州县", "产业扶贫和结对帮扶", Gathering.CROSS),
    ("长沙市", "公共卫生和疫情防控", Gathering.SINGLE),
    ("株洲市", "企业复工和产业发展", Gathering.JOINT),
    ("岳阳市", "耕地保护和农村建房", Gathering.SINGLE),
)
HOUR = dt.timedelta(hours=1)
COUNTY, CITY = "430903", "430900"


def load(say: Callable[[str], None]) -> None:
    """Make the activities; what is there stays as it is."""
    actor = system_actor("演示")
    campaign = _campaign_2020()
    if campaign is not None and not campaign.activities.exists():
        with moved_to(_at(campaign.ends_on, 18)):
            _seed_2020(actor, campaign)
    for title, make in _YIYANG.items():
        if not Activity.objects.filter(title=title).exists():
            with transaction.atomic():
                make(actor, title)
    say(f"代表活动 {Activity.objects.count()} 次，参加 {ActivityPart.objects.count()} 人次")


def _campaign_2020() -> Campaign | None:
    return Campaign.objects.filter(title__contains=THEME_2020, starts_on__year=2020).order_by("id").first()


# ── the campaign of 2020 ─────────────────────────────────────────────────────────────────────────
def spread(total: int, places: int) -> list[int]:
    """A number over so many places, as evenly as it goes, the first ones more."""
    least, more = divmod(total, places)
    return [least + (place < more) for place in range(places)]


def _seed_2020(actor: Actor, campaign: Campaign) -> None:
    mandates = seed_2020_mandates()
    figures = list(zip(*(spread(total, len(mandates)) for total in (ON_SPOT, HANDED, PLANNED, SOLVED)), strict=True))
    a_group = len(mandates) // len(_GROUPS_2020)
    pieces = spread(MEDIA, len(_GROUPS_2020))
    length = (campaign.ends_on - campaign.starts_on).days
    region = Region.objects.get(code="430000")
    for number, (place, about, gathering) in enumerate(_GROUPS_2020):
        first = campaign.starts_on + dt.timedelta(days=min(20 + number * 22, max(0, length - 2)))
        activity = Activity.objects.create(
            kind=ActivityKind.GROUP,
            gathering=gathering,
            title=f"省代表小组活动：{about}",
            office=campaign.office,
            region=region,
            region_prefix=region.prefix,
            campaign=campaign,
            starts_at=_at(first, 9),
            ends_at=_at(first, 17),
            place=place,
            plan="实地察看，与基层代表和群众座谈。",
            status=ActivityStatus.RECORDED,
            happened=f"到{place}实地察看，与代表和群众座谈，围绕{about}听取意见。（每人数字为演示拆分，合计与简报一致。）",
            days=Decimal(1),
            media_more=pieces[number],
            media_at_least=True,
            recorded_at=_at(first, 18),
        )
        start = number * a_group
        parts = ActivityPart.objects.bulk_create(
            ActivityPart(
                activity=activity,
                mandate=mandate,
                person=mandate.person,
                invited_by=InvitedBy.LEVEL,
                invited_as="省级领导干部代表",
                reply=Reply.GOING,
                replied_at=_at(first, 8),
                attendance=Attendance.LIST,
                attended_at=_at(first, 9),
                research_days=1,
                opinions_heard=on_spot + handed,
                answered_on_spot=on_spot,
                handed_over=handed,
                suggestions_planned=planned,
                problems_solved=solved,
            )
            for mandate, (on_spot, handed, planned, solved) in zip(
                mandates[start : start + a_group], figures[start : start + a_group], strict=True
            )
        )
        enter_duty(actor, activity, parts, reason="演示")


# ── 益阳市 and 赫山区 ────────────────────────────────────────────────────────────────────────────
def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def _in(days: int, hour: int = 9) -> dt.datetime:
    return _at(timezone.localdate() + dt.timedelta(days=days), hour)


def _plan(actor: Actor, title: str, starts_at: dt.datetime, *, region: str = COUNTY, **facts: Any) -> Activity:
    values: dict[str, Any] = {
        "kind": ActivityKind.RESEARCH,
        "place": "八字哨镇人民政府三楼会议室",
        "plan": "先实地察看，再座谈；有书面材料的请带上。",
        "ends_at": starts_at + 3 * HOUR,
    } | facts
    return activity_create(
        actor=actor,
        region_code=region,
        facts=ActivityFacts(title=title, starts_at=starts_at, **values),
        accept_overlap=True,
    )


def _invite(actor: Actor, activity: Activity, *numbers: str, announce: bool = True) -> Activity:
    activity_invite(actor=actor, activity_id=activity.public_id, criteria=Criteria(names=numbers), accept_overlap=True)
    if announce:
        return activity_announce(actor=actor, activity_id=activity.public_id, accept_overlap=True)
    return activity


def deputy_of(certificate: str) -> Actor:
    """The deputy, with an account or without one."""
    mandate = Mandate.objects.select_related("person", "congress").get(certificate_number=certificate)
    return deputy_actor(
        user_id=mandate.person.user_id,
        person_id=mandate.person_id,
        name=mandate.person.name,
        label=f"{mandate.congress.short_name}代表",
        region_prefix=mandate.home_prefix,
        mandate_ids=(mandate.pk,),
    )


def _parts(activity: Activity) -> Iterator[ActivityPart]:
    yield from activity.parts.select_related("mandate").order_by("id")


def _coming(actor: Actor, title: str) -> None:
    activity = _plan(actor, title, _in(5), reply_by=_in(4, 18), places=20)
    _invite(actor, activity, "YY07001", "YY07002", "HS06001", "HS06002", "HS06003", "BZ20002")
    activity_reply(actor=deputy_of("YY07002"), activity_id=activity.public_id, reply=Reply.GOING)
    activity_reply(
        actor=deputy_of("HS06003"), activity_id=activity.public_id, reply=Reply.NOT_GOING, reason="当天外出开会"
    )


def _coming_city(actor: Actor, title: str) -> None:
    activity = _plan(actor, title, _in(9, 14), region=CITY, kind=ActivityKind.INSPECTION, place="益阳市第一污水处理厂")
    _invite(actor, activity, *(f"YY07{number:03d}" for number in range(1, 13)))


def _planned(actor: Actor, title: str) -> None:
    activity = _plan(actor, title, _in(16), kind=ActivityKind.STUDY, place="赫山区人大常委会一楼报告厅")
    _invite(actor, activity, *(f"HS06{number:03d}" for number in range(1, 9)), announce=False)


def _running(actor: Actor, title: str) -> None:
    starts_at = timezone.now().replace(minute=0, second=0, microsecond=0)
    activity = _plan(actor, title, starts_at, kind=ActivityKind.TALK, ends_at=starts_at + 4 * HOUR)
    _invite(actor, activity, "YY07001", "YY07002", "HS06004", "HS06005")
    attendance_open(actor=actor, activity_id=activity.public_id)


def _held(actor: Actor, title: str) -> None:
    starts_at = _in(-3)
    with moved_to(starts_at - 48 * HOUR):
        activity = _plan(actor, title, starts_at, kind=ActivityKind.LAW_CHECK, place="赫山区兰溪镇")
        _invite(actor, activity, "YY07001", "YY07005", "HS06006", "HS06007", "HS06008")
    with moved_to(starts_at + 4 * HOUR):
        came = [part.public_id for part in _parts(activity)][:4]
        attendance_list(actor=actor, activity_id=activity.public_id, part_ids=came)
        activity_hold(actor=actor, activity_id=activity.public_id)


def _recorded(actor: Actor, title: str) -> None:
    starts_at = _in(-30)
    with moved_to(starts_at - 96 * HOUR):
        activity = _plan(actor, title, starts_at, kind=ActivityKind.GROUP, gathering=Gathering.SINGLE)
        _invite(actor, activity, "YY07001", "YY07002", "HS06001", "HS06002", "BZ20002", "HN14001")
    with moved_to(starts_at + 5 * HOUR):
        parts = list(_parts(activity))
        attendance_list(actor=actor, activity_id=activity.public_id, part_ids=[part.public_id for part in parts[:5]])
        activity_hold(actor=actor, activity_id=activity.public_id)
        figures = {
            str(part.public_id): {
                "research_days": Decimal("0.5"),
                "people_visited": 3 + place,
                "opinions_heard": 2 + place % 2,
                "answered_on_spot": 1,
                "handed_over": 1,
                "problems_solved": int(place == 0),
                "suggestions_planned": int(place == 1),
            }
            for place, part in enumerate(parts[:5])
        }
        activity_record(
            actor=actor,
            activity_id=activity.public_id,
            facts=RecordFacts(
                happened="察看了三条干渠和两处泵站，走访沿渠农户，在村部座谈。农户反映渠道淤积、泵站老化、缺少管护人员。",
                days=Decimal("0.5"),
                media=[("赫山区代表小组察看农田水利", "https://www.example.org/heshan/shuili")],
                figures=figures,
            ),
            finish=True,
        )


def _cancelled(actor: Actor, title: str) -> None:
    with moved_to(_in(-2)):
        activity = _plan(actor, title, _in(6), kind=ActivityKind.INSPECTION, place="资江赫山段")
        _invite(actor, activity, "YY07001", "YY07002")
        activity_cancel(actor=actor, activity_id=activity.public_id, reason="资江汛情，另行安排")


def _own_waiting(actor: Actor, title: str) -> None:
    _own(
        "YY07001",
        title,
        _in(-4, 15),
        "走访了五户，了解越冬用电用水。",
        {"people_visited": 5, "opinions_heard": 1, "handed_over": 1},
    )


def _own_confirmed(actor: Actor, title: str) -> None:
    starts_at = _in(-45)
    with moved_to(starts_at + 3 * HOUR):
        activity = _own(
            "YY07002", title, starts_at, "与八家小企业负责人座谈。", {"people_visited": 8, "opinions_heard": 4}
        )
        own_confirm(actor=actor, activity_id=activity.public_id)


def _own(certificate: str, title: str, starts_at: dt.datetime, happened: str, figures: dict[str, int]) -> Activity:
    mandate = Mandate.objects.get(certificate_number=certificate)
    return own_submit(
        actor=deputy_of(certificate),
        facts=OwnFacts(
            mandate_id=mandate.public_id,
            kind=ActivityKind.TALK if "座谈" in title else ActivityKind.VISIT,
            title=title,
            starts_at=starts_at,
            ends_at=starts_at + 2 * HOUR,
            place="八字哨镇高桥村" if certificate == "YY07001" else "泉交河镇",
            happened=happened,
            figures=figures,
        ),
    )


#: Title → what makes it: every state, and for the two deputies of the sign-in page something to come.
_YIYANG: dict[str, Callable[[Actor, str], None]] = {
    "冬修水利专题调研": _coming,
    "城区污水处理集中视察": _coming_city,
    "代表履职培训": _planned,
    "乡村医疗座谈会": _running,
    "农产品质量安全法执法检查": _held,
    "农田水利代表小组活动": _recorded,
    "资江岸线集中视察": _cancelled,
    "走访高桥村困难户": _own_waiting,
    "小微企业座谈": _own_confirmed,
}
