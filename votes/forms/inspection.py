"""Forms of supervision: groups, inspections, answers and checks."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms

from liaison.forms.files import MultipleFileField
from votes.forms.work_fields import ActForm, DayField, LongText, PicturesField, VersionedActForm, today
from votes.selectors.inspection import groups_for, mandates_of_congress

if TYPE_CHECKING:
    from liaison.actor import Actor
    from votes.models import Programme, Project, SupervisionGroup


class GroupForm(ActForm):
    """监督小组.

    Args:
        programme: its congress's deputies and its projects are offered.
        group: what is changed.
    """

    name = forms.CharField(
        label="小组名称",
        max_length=60,
        help_text="例如：第一监督小组。",
        error_messages={"required": "请填写小组名称。"},
    )
    projects = forms.TypedMultipleChoiceField(
        label="监督的项目",
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择监督的项目。"},
    )
    head = forms.TypedChoiceField(
        label="组长", coerce=UUID, empty_value=None, error_messages={"required": "请选择组长。"}
    )
    members = forms.TypedMultipleChoiceField(
        label="成员",
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="组长自动是成员，不用再选。",
    )

    def __init__(self, *args: Any, programme: Programme, group: SupervisionGroup | None = None, **kwargs: Any) -> None:
        if group is not None:
            kwargs["initial"] = {
                "name": group.name,
                "head": group.head.public_id,
                "members": [one.public_id for one in group.members.all()],
                "projects": [one.public_id for one in group.projects.all()],
            }
        super().__init__(*args, **kwargs)
        people = mandates_of_congress(programme)
        rows: list[Any] = []
        for unit, members in groupby(people, key=lambda one: one.electoral_unit):
            lines = [(one.public_id, one.person.name) for one in members]
            rows += [(unit.name, lines)] if unit is not None else lines
        cast("forms.ChoiceField", self.fields["head"]).choices = [("", "请选择"), *rows]
        if group is not None:
            known = {one.pk for one in people}
            gone = [(one.public_id, one.person.name) for one in group.members.all() if one.pk not in known]
            rows += [("已不在任", gone)] if gone else []
        cast("forms.MultipleChoiceField", self.fields["members"]).choices = rows
        projects = programme.projects.order_by("id")
        cast("forms.MultipleChoiceField", self.fields["projects"]).choices = [
            (one.public_id, one.name) for one in projects
        ]


class InspectionForm(ActForm):
    """登记监督检查.

    Args:
        actor: whose groups are offered.
    """

    group = forms.TypedChoiceField(
        label="监督小组", coerce=UUID, empty_value=None, error_messages={"required": "请选择监督小组。"}
    )
    inspected_on = DayField(label="检查日期", missing="请填写检查日期。", initial=today)
    findings = LongText(
        label="检查情况",
        max_length=2000,
        rows=6,
        help_text="看了哪里、问了谁、进度和质量怎么样。",
        error_messages={"required": "请写明检查的情况。"},
    )
    pictures = PicturesField(required=False)
    demands = LongText(
        label="整改要求", max_length=1000, rows=3, required=False, help_text="没有要整改的不用填。责任单位须按期答复。"
    )
    answer_by = DayField(label="答复期限", required=False, help_text="有整改要求的必须填写。")

    def __init__(self, *args: Any, actor: Actor, project: Project, **kwargs: Any) -> None:
        groups = groups_for(actor, project)
        kwargs["initial"] = {"group": groups[0].public_id} if groups else {}
        super().__init__(*args, **kwargs)
        choices = [(one.public_id, one.name) for one in groups]
        cast("forms.ChoiceField", self.fields["group"]).choices = (
            choices
            if len(choices) == 1
            else [
                ("", "请选择"),
                *choices,
            ]
        )

    @property
    def values(self) -> dict[str, Any]:
        """The typed values under the service's names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "pictures"}


class AnswerForm(VersionedActForm):
    """答复整改."""

    answer = LongText(
        label="整改情况",
        max_length=2000,
        rows=6,
        help_text="对照要求逐条写明做了什么、什么时候完成。",
        error_messages={"required": "请写明整改情况。"},
    )
    uploads = MultipleFileField(
        label="照片或文件", required=False, max_files=9, help_text="整改前后的照片、有关文件，每个不超过20 MB。"
    )


class CheckForm(VersionedActForm):
    """核查销号."""

    note = LongText(label="核查意见", max_length=1000, rows=3, required=False, help_text="例如：已现场核实，整改到位。")


class ReturnForm(VersionedActForm):
    """退回再整改."""

    note = LongText(
        label="哪些没有整改到位",
        max_length=1000,
        rows=4,
        help_text="责任单位会看到。",
        error_messages={"required": "请写明哪些没有整改到位。"},
    )
    answer_by = DayField(label="新的答复期限", missing="请填写新的答复期限。")
