"""The demo's contacts and reports to voters: 益阳市's standing committee with fixed contacts, contacts and opinions in
each state, a year with gaps; a held meeting in 八字哨镇 (its ballot is counted by the votes package's demo) and a
coming one for the deputy of the sign-in page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from deputies.models import CommitteeMember, Congress, Contact, ContactOpinion, Mandate, Station, VoterMeeting
from deputies.selectors.committee import propose_links
from deputies.services.committee import committee_member_add, links_save
from deputies.services.contact import ContactFacts, contact_cancel, contact_hold, contact_plan, contact_record
from deputies.services.contact_opinion import (
    contact_opinion_add,
    contact_opinion_adopt,
    contact_opinion_answer,
    contact_opinion_assign,
    contact_opinion_tell,
)
from deputies.services.voter_meeting import (
    MeetingFacts,
    voter_meeting_hold,
    voter_meeting_plan,
)
from deputies.services.voter_meeting_appraisal import voter_meeting_appraise
from deputies.services.voter_report import voter_question_add, voter_report_submit
from liaison.actor import system_actor
from liaison.clock import moved_to
from liaison.models import Organisation
from liaison.selectors.actors import capacities_of
from liaison.selectors.people import people_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from liaison.actor import Actor

CITY, TOWN = "益阳市七届人大", "八字哨镇二十届人大"
STATION = "八字哨镇人大代表联络站"
HELD = "八字哨镇第一选区代表述职会议"
HELD_DAYS = 30
COMING = "八字哨镇代表向选民述职会议"
#: (certificate, post, committee)
_MEMBERS = (
    ("YY07010", "director", ""),
    ("YY07017", "vice_director", "财政经济委员会"),
    ("YY07024", "secretary", ""),
    ("YY07002", "member", "农业与农村委员会"),
    ("YY07031", "member", "教育科学文化卫生委员会"),
    ("YY07038", "member", "环境与资源保护委员会"),
)
#: (days ago, title, way, place, members, deputies, content); coming ones have a negative number of days.
_CONTACTS: tuple[tuple[int, str, str, str, tuple[str, ...], tuple[str, ...], str], ...] = (
    (120, "联系农业领域代表座谈会", "talk", "赫山区泉交河镇", ("YY07002",),
     ("YY07001", "YY07004", "YY07008", "YY07009", "YY07016"),
     "围绕高标准农田建设和冬春修水利，面对面听取代表意见。"),
    (75, "立法调研走访代表", "research", "沅江市", ("YY07017", "YY07038"),
     ("YY07003", "YY07007", "YY07011"), "就洞庭湖区生态保护条例草案听取代表意见。"),
    (12, "列席常委会会议代表座谈会", "attend", "市人大机关", ("YY07010",), ("YY07001", "YY07015"), ""),
    (40, "执法检查联系代表", "law_check", "桃江县", ("YY07031",), ("YY07018",), ""),
    (-9, "代表小组主题活动", "group", STATION, ("YY07002",), ("YY07001", "YY07021", "YY07022"), ""),
    (400, "上年度走访代表", "visit", "资阳区", ("YY07024",), ("YY07006", "YY07013"), "走访看望代表，了解履职情况。"),
)  # fmt: skip
#: Of the first two contacts: (contact, certificate, text, what became of it)
_OPINIONS = (
    (0, "YY07001", "村级灌溉渠淤塞严重，建议把支渠清淤列入冬修计划。", "told"),
    (0, "YY07004", "高标准农田的机耕道太窄，收割机会不了车。", "answered"),
    (0, "YY07008", "建议加强农膜回收，设村级回收点。", "assigned"),
    (0, "YY07009", "希望提前公布早稻收购价。", "raised"),
    (1, "YY07003", "条例草案应明确湿地补偿的标准。", "adopted"),
)
_TEXT = (
    "各位选民：现将本届以来的履职情况报告如下。\n　　一、走访群众126户，收集意见23条，当场答复9条。\n"
    "　　二、推动修复机耕道1.2公里，争取安装路灯30盏。\n　　三、学习法律法规还不够，今后要多进站、多听意见。"
)


def load(say: Callable[[str], None]) -> None:
    """Make what is not there yet; what is there stays as it is."""
    actor = _clerk("益阳市人大常委会")
    if not CommitteeMember.objects.filter(congress__short_name=CITY).exists():
        _committee(actor)
        _contacts(actor)
    if not VoterMeeting.objects.filter(title=HELD).exists():
        _meetings(system_actor("演示"))
    say(f"常委会组成人员 {CommitteeMember.objects.count()} 名，联系活动 {Contact.objects.count()} 次，"
        f"意见建议 {ContactOpinion.objects.count()} 条；述职会议 {VoterMeeting.objects.count()} 次")  # fmt: skip


def _clerk(name: str) -> Actor:
    """Whoever works in this organisation."""
    user = people_of([Organisation.objects.get(name=name).pk]).order_by("pk")[0]
    return next(actor for actor in capacities_of(user) if actor.organisation_id is not None)


def _mandate(certificate: str) -> Mandate:
    return Mandate.objects.select_related("person").get(certificate_number=certificate)


def _ids(certificates: Sequence[str]) -> list[str]:
    found = Mandate.objects.filter(certificate_number__in=certificates)
    return [str(public_id) for public_id in found.values_list("public_id", flat=True)]


def _moment(days: int) -> dt.datetime:
    """Ten o'clock so many days ago."""
    day = timezone.localdate() - dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)))


def _committee(actor: Actor) -> None:
    congress = Congress.objects.get(short_name=CITY)
    year = timezone.localdate().year
    with moved_to(_moment(200)):
        for certificate, post, body in _MEMBERS:
            committee_member_add(
                actor=actor,
                mandate_id=_mandate(certificate).public_id,
                post=post,
                body=body,
                started_on=congress.starts_on,
            )
        plan = propose_links(congress, year)
        choices = {
            str(one.mandate.public_id): str(one.member.public_id)
            for one in plan.proposals[:-4]  # a few are left to be spread by hand
            if one.member is not None
        }
        links_save(actor=actor, congress_id=congress.public_id, year=year, choices=choices)


def _contacts(actor: Actor) -> None:
    congress = Congress.objects.get(short_name=CITY)
    member_of = dict(
        CommitteeMember.objects.filter(congress=congress).values_list("mandate__certificate_number", "public_id")
    )
    made = []
    for place, (days, title, way, where, members, deputies, content) in enumerate(_CONTACTS):
        on = timezone.localdate() - dt.timedelta(days=days)
        with moved_to(_moment(max(days, 0) + 7)):
            facts = ContactFacts(title=title, way=way, on=on, place=where, members=[member_of[one] for one in members])
            contact = contact_plan(actor=actor, congress_id=congress.public_id, facts=facts, deputies=_ids(deputies))
        made.append(contact)
        if days < 0:
            continue
        with moved_to(_moment(days)):
            if place == 3:
                contact_cancel(actor=actor, contact_id=contact.public_id, reason="与执法检查组另行安排。")
                continue
            contact_hold(actor=actor, contact_id=contact.public_id, met=_ids(deputies))
        if content:
            with moved_to(_moment(days - 1)):
                contact_record(actor=actor, contact_id=contact.public_id, content=content, met=_ids(deputies))
    for number, certificate, text, fate in _OPINIONS:
        _opinion(actor, made[number], certificate, text, fate)


def _opinion(actor: Actor, contact: Contact, certificate: str, text: str, fate: str) -> None:
    days = (timezone.localdate() - contact.on).days
    unit = Organisation.objects.get(name="益阳市水利局" if certificate == "YY07001" else "益阳市生态环境局")
    with moved_to(_moment(days - 2)):
        opinion = contact_opinion_add(
            actor=actor, contact_id=contact.public_id, mandate_id=_mandate(certificate).public_id, text=text
        )
        pk = opinion.public_id
        if fate == "raised":
            return
        if fate == "adopted":
            words = "已写入条例草案修改稿第十八条。"
            contact_opinion_adopt(actor=actor, opinion_id=pk, words=words)
            return
        contact_opinion_assign(actor=actor, opinion_id=pk, unit_id=unit.public_id, requirement="请实地查看后答复。")
    if fate == "assigned":
        return
    with moved_to(_moment(days - 50)):
        contact_opinion_answer(
            actor=_clerk(unit.name), opinion_id=pk, words="已列入今年冬修计划，12月底前完工，由镇水管站监督。"
        )
    if fate == "told":
        with moved_to(_moment(days - 55)):
            today = timezone.localdate()
            contact_opinion_tell(actor=actor, opinion_id=pk, told_on=today, words="电话告知，代表表示满意。")


def _meetings(actor: Actor) -> None:
    town = Congress.objects.get(short_name=TOWN)
    station = Station.objects.filter(name=STATION).first()
    reporting = ("BZ20001", "BZ20005", "BZ20009")
    with moved_to(_moment(HELD_DAYS + 15)):
        facts = MeetingFacts(
            on=timezone.localdate() + dt.timedelta(days=15),
            starts_at=dt.time(9, 30),
            place="八字哨镇文化站",
            title=HELD,
        )
        meeting = voter_meeting_plan(actor=actor, congress_id=town.public_id, facts=facts, deputies=_ids(reporting))
        for report in meeting.reports.all():
            voter_report_submit(actor=actor, report_id=report.public_id, text=_TEXT)
        voter_meeting_appraise(actor=actor, meeting_id=meeting.public_id)
    with moved_to(_moment(HELD_DAYS)):
        reports = list(meeting.reports.order_by("id"))
        voter_meeting_hold(
            actor=actor,
            meeting_id=meeting.public_id,
            voters=36,
            representatives=10,
            minutes="三名代表依次述职，选民提问，当场无记名测评。",
            delivered=[report.public_id for report in reports],
        )
        voter_question_add(
            actor=actor, report_id=reports[0].public_id, asked_by="高桥村李大爷", text="路灯什么时候通电？",
            answer="电力公司已经查看，下月通电。",
        )  # fmt: skip
    facts = MeetingFacts(
        on=timezone.localdate() + dt.timedelta(days=12),
        starts_at=dt.time(14, 30),
        place="八字哨镇高桥村村部",
        title=COMING,
        station_id=station.public_id if station else None,
    )
    voter_meeting_plan(actor=actor, congress_id=town.public_id, facts=facts, deputies=_ids(("BZ20900", "BZ20002")))
