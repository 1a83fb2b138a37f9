"""Groups of deputies: founding, members of every level, one leader, the end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deputies.models import DeputyGroup, GroupMembership, GroupRole
from deputies.selectors.group import group_list, groups_by_words, members_of, own_groups
from deputies.services.group import (
    GroupFacts,
    group_create,
    group_dissolve,
    group_edit,
    member_add,
    member_end,
    member_role,
)
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import Notice
from tests.cast import Cast
from tests.deputies.factories import make_mandate
from tests.deputies.open_stations import make_station

pytestmark = pytest.mark.django_db


def founded(cast: Cast, kind: str = "group", who: str = "county_clerk", **values: Any) -> DeputyGroup:
    given: dict[str, Any] = {"name": "第一代表小组", "founded_on": dt.date(2022, 3, 1)} | values
    return group_create(actor=cast.actor(who), region_code="430903", kind=kind, facts=GroupFacts(**given))


def joined(cast: Cast, group: DeputyGroup, name: str, role: str = "member") -> GroupMembership:
    mandate = cast.mandates[name]
    actor = cast.actor("county_clerk")
    return member_add(actor=actor, group_id=group.public_id, mandate_id=mandate.public_id, role=role)


def test_a_professional_group_names_its_field(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        founded(cast, "professional", name="农业专业代表小组")
    assert "field_name" in refused.value.fields
    group = founded(cast, "professional", name="农业专业代表小组", field_name="农业")
    assert (group.office, group.field_name) == (cast.offices["county_office"], "农业")
    assert founded(cast, field_name="不记").field_name == ""
    with pytest.raises(InvalidInput, match="同名"):
        founded(cast)
    for who in ("colleague", "deputy", "stranger"):
        with pytest.raises(NotAllowed):
            founded(cast, who=who, name="别的")


def test_members_come_from_every_level_and_there_is_one_leader(cast: Cast) -> None:
    group = founded(cast)
    first = joined(cast, group, "deputy", "leader")
    second = joined(cast, group, "cosigner", "leader")
    county = make_mandate(cast.congresses["county"], 1)
    actor = cast.actor("county_clerk")
    member_add(actor=actor, group_id=group.public_id, mandate_id=county.public_id, role="deputy_leader")
    assert [(member.mandate.congress.level, member.role) for member in members_of(group)] == [
        ("city", "leader"),
        ("county", "deputy_leader"),
        ("city", "member"),
    ]
    member_role(actor=actor, group_id=group.public_id, member_id=first.public_id, role="leader")
    second.refresh_from_db()
    assert second.role == GroupRole.MEMBER
    assert group_list(actor).get().leader == "李代表"
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMembership.objects.filter(pk=second.pk).update(role=GroupRole.LEADER)
    with pytest.raises(DomainError, match="已经在"):
        joined(cast, group, "deputy")
    assert Notice.objects.filter(recipient=cast.user("deputy")).count() == 2


def test_a_member_leaves_and_may_come_back(cast: Cast) -> None:
    group = founded(cast)
    member = joined(cast, group, "deputy")
    actor = cast.actor("county_clerk")
    assert [one.group for one in own_groups(cast.actor("deputy"))] == [group]
    member_end(actor=actor, group_id=group.public_id, member_id=member.public_id)
    assert members_of(group) == own_groups(cast.actor("deputy")) == []
    with pytest.raises(NotFound):
        member_end(actor=actor, group_id=group.public_id, member_id=member.public_id)
    joined(cast, group, "deputy")
    assert len(members_of(group)) == 1


def test_a_group_meets_at_an_open_station_and_is_dissolved_once(cast: Cast) -> None:
    actor, station = cast.actor("county_clerk"), make_station(cast)
    group = founded(cast, station_id=station.public_id)
    far = make_station(cast, "沅江的站", region="neighbour", is_published=False)
    facts = GroupFacts(name="第一代表小组", founded_on=dt.date(2022, 3, 1), station_id=far.public_id)
    with pytest.raises(InvalidInput):
        group_edit(actor=actor, group_id=group.public_id, facts=facts)
    late = GroupFacts(name="第一代表小组", founded_on=timezone.localdate() + dt.timedelta(days=1))
    with pytest.raises(InvalidInput, match="更正"):
        group_edit(actor=actor, group_id=group.public_id, facts=late)
    joined(cast, group, "deputy")
    group_dissolve(actor=actor, group_id=group.public_id, reason="换届")
    assert members_of(group) == []
    with pytest.raises(DomainError, match="已经解散"):
        joined(cast, group, "cosigner")
    founded(cast)  # the name is free again


def test_who_sees_groups(cast: Cast) -> None:
    group = founded(cast)
    joined(cast, group, "deputy")
    for who, seen in (
        ("insider", 1),
        ("county_clerk", 1),
        ("stranger", 0),
        ("deputy", 1),
        ("cosigner", 0),
        ("unit", 0),
    ):
        assert DeputyGroup.objects.visible_to(cast.actor(who)).count() == seen, who
    actor = cast.actor("county_clerk")
    for words, found in (("第一", 1), ("李代", 1), ("王附议", 0)):
        assert groups_by_words(group_list(actor), words).count() == found, words
