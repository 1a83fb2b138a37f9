"""What stations and groups tell the kernel: menu, subjects, audit wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.menu_groups import MEETING
from deputies.models import DeputyGroup, RotaDay, Station
from liaison.permissions import Permission
from liaison.registry import MenuEntry, SubjectType, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

AUDIT_LABELS = {
    "station.create": "设立联络站",
    "station.edit": "修改联络站",
    "station.hours": "修改联络站开放时间",
    "station.publish": "向社会公开联络站",
    "station.unpublish": "停止公开联络站",
    "station.close": "撤销联络站",
    "placement.add": "编入联络站",
    "placement.bulk": "批量编入联络站",
    "placement.move": "调整联络站",
    "placement.end": "登记离站",
    "rota.add": "安排接待日",
    "rota.edit": "修改接待日",
    "rota.cancel": "取消接待日",
    "group.create": "新建代表小组",
    "group.edit": "修改代表小组",
    "group.dissolve": "解散代表小组",
    "group.member_add": "编入小组成员",
    "group.member_role": "调整组内职务",
    "group.member_end": "移出小组成员",
}
DETAIL_LABELS = {
    "address": "地址",
    "longitude": "经度",
    "latitude": "纬度",
    "introduction": "简介",
    "opened_on": "设立日期",
    "hours": "时间",
    "deputy": "代表",
    "deputies": "代表",
    "station": "联络站",
    "days": "日期",
    "rota_days": "接待日",
    "placements": "离站代表",
    "members": "成员",
    "role": "组内职务",
    "field_name": "专业领域",
    "founded_on": "成立日期",
}


def register() -> None:
    """Called by ``deputies.registrations.register()``."""
    registry.menus.append(menu)
    registry.add_audit_labels(AUDIT_LABELS)
    registry.add_audit_details(DETAIL_LABELS)
    registry.add_subject(
        SubjectType(
            model_label="deputies.Station",
            label="代表联络站",
            visible=Station.objects.visible_to,
            title=str,
            url=Station.get_absolute_url,
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.RotaDay",
            label="接待日",
            visible=RotaDay.objects.visible_to,
            title=str,
            url=lambda day: day.station.get_absolute_url(),
            related=("station",),
        )
    )
    registry.add_subject(
        SubjectType(
            model_label="deputies.DeputyGroup",
            label="代表小组",
            visible=DeputyGroup.objects.visible_to,
            title=str,
            url=DeputyGroup.get_absolute_url,
        )
    )


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """Stations and groups for congress staff; a deputy's own station for deputies."""
    if actor.is_congress and actor.can(Permission.STATION_VIEW):
        yield MenuEntry("联络站", reverse("stations:list"), "map-pin", group=MEETING)
        yield MenuEntry("代表小组", reverse("groups:list"), "users-group", group=MEETING)
    if actor.is_deputy:
        yield MenuEntry("我的联络站", reverse("stations:mine"), "map-pin", group=MEETING)
