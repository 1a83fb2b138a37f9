"""What staff type about members of the standing committee; which congress and year a page is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from deputies.forms.station import NEEDED
from deputies.models import CommitteePost, CongressLevel
from deputies.selectors.committee import congresses_kept, years_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deputies.models import Congress
    from liaison.actor import Actor

#: Most congresses offered in a choice.
MOST_OFFERED = 300


class PlaceForm(forms.Form):
    """Which congress, and which year of its term; sent by GET.

    Args:
        congress: the one shown; its years are offered.
        year: the year shown; None where a page has none.
    """

    congress = forms.ChoiceField(label="届次", required=False)
    year = forms.ChoiceField(label="年度", required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, actor: Actor, congress: Congress, year: int | None = None
    ) -> None:
        super().__init__({"congress": str(congress.public_id), "year": str(year or "")})
        field: Any = self.fields["congress"]
        field.choices = [(str(one.public_id), one.short_name) for one in congresses_kept(actor)[:MOST_OFFERED]]
        if year is None:
            del self.fields["year"]
        else:
            field = self.fields["year"]
            field.choices = [(str(one), f"{one}年") for one in years_of(congress)]


class MemberForm(forms.Form):
    """职务和任职日期 of a new member."""

    post = forms.ChoiceField(label="职务", error_messages=NEEDED)
    body = forms.CharField(
        label="所在专委会、工作机构", max_length=60, required=False, help_text="例如：农业与农村委员会。"
    )
    started_on = forms.DateField(label="任职日期", error_messages=NEEDED)

    domain_error: Exception | None = None

    def __init__(self, *args: Any, congress: Congress, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        town = {CommitteePost.CHAIR, CommitteePost.VICE_CHAIR, CommitteePost.PRESIDIUM}
        field: Any = self.fields["post"]
        is_town = congress.level == CongressLevel.TOWNSHIP
        field.choices = [(post.value, post.label) for post in CommitteePost if (post in town) == is_town]
        field.initial = CommitteePost.PRESIDIUM if is_town else CommitteePost.MEMBER
        self.fields["started_on"].initial = congress.starts_on


class MemberEndForm(forms.Form):
    """登记离任."""

    ended_on = forms.DateField(label="离任日期", error_messages=NEEDED)
    reason = forms.CharField(label="离任原因", max_length=100, error_messages=NEEDED)

    domain_error: Exception | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = timezone.localdate()
