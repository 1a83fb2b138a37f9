"""What public profiles tell the kernel: menu, subject, audit wording; and the demo of stations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from deputies.menu_groups import MEETING
from deputies.models import PublicProfile
from liaison.registry import MenuEntry, SubjectType, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.actor import Actor

DETAIL_LABELS = {
    "introduction": "个人简介",
    "contact_kind": "公开的联系方式",
    "contact": "电话或电子邮箱",
    "photo": "照片",
    "hide_unit": "不公开工作单位",
    "hide_post": "不公开职务",
    "hide_photo": "不公开照片",
    "is_hidden": "完全不公开",
}


def register() -> None:
    """Called by ``deputies.registrations.register()``."""
    registry.menus.append(menu)
    registry.demos.append("deputies.demo_stations.load")
    registry.add_audit_labels({"profile.edit": "修改代表公开信息"})
    registry.add_audit_details(DETAIL_LABELS, {"changed": "有变更"})
    registry.add_subject(
        SubjectType(
            model_label="deputies.PublicProfile",
            label="代表公开信息",
            visible=PublicProfile.objects.visible_to,
            title=str,
            url=lambda profile: profile.person.get_absolute_url(),
            related=("person",),
        )
    )


def menu(actor: Actor) -> Iterator[MenuEntry]:
    """A deputy's own public profile."""
    if actor.is_deputy:
        yield MenuEntry("我的公开信息", reverse("profiles:mine"), "eye", group=MEETING)
