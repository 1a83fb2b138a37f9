"""What staff type for a draw by lot: the list by class, the seed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from liaison.exceptions import StaleVersion
from votes.models import AppraisalScale
from votes.selectors.draw import digest_of, member_label
from votes.services.draw import MOST_CLASSES, MOST_DRAWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deputies.models import Congress
    from votes.models import Draw

#: Empty classes that a new form offers.
FIRST_SLOTS = 2


class DrawForm(forms.Form):
    """A list by class, one member a line. Empty classes do not count; a press adds one more.

    Args:
        congresses: to choose from; None when the draw has its congress already.
        draw: as it stands, when it is changed.
    """

    title = forms.CharField(
        label="名称", max_length=120, help_text="例如“2026年度员额法官、员额检察官履职评议对象抽取”。"
    )
    year = forms.IntegerField(label="年度", min_value=2015, max_value=2100)
    congress_id = forms.TypedChoiceField(label="人民代表大会", coerce=int)
    is_public = forms.BooleanField(
        label="向社会公开名单、种子和结果",
        required=False,
        help_text="公开后，任何人不用登录就能查看并重做一遍抽取。",
    )
    public_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    basis = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    slots = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST_CLASSES)

    domain_error: Exception | None = None

    def __init__(
        self, *args: Any, congresses: list[Congress] | None = None, draw: Draw | None = None, **kwargs: Any
    ) -> None:
        classes = draw.classes if draw else []
        initial: dict[str, Any] = {"year": timezone.localdate().year, "is_public": True}
        if draw is None:
            initial["public_id"] = uuid.uuid4()
        else:
            initial |= {"title": draw.title, "year": draw.year, "is_public": draw.is_public, "basis": digest_of(draw)}
        super().__init__(*args, **{"initial": initial | kwargs.pop("initial", {}), **kwargs})
        if congresses is None:
            del self.fields["congress_id"]
        else:
            choice: Any = self.fields["congress_id"]
            choice.choices = [(one.pk, one.name) for one in congresses]
        self.slot_count = self._slots(len(classes))
        self.initial["slots"] = self.slot_count
        for slot in range(1, self.slot_count + 1):
            self._add_class(slot, classes[slot - 1] if slot <= len(classes) else None)

    def _slots(self, filled: int) -> int:
        """How many classes the form shows: as it was sent, one more when that was pressed."""
        wanted = max(FIRST_SLOTS, filled)
        if self.is_bound:
            sent = str(self.data.get("slots") or "")
            wanted = max(wanted, int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0)
            wanted += self.wants_more
        return min(wanted, MOST_CLASSES)

    @property
    def wants_more(self) -> bool:
        """Whether 再加一类 was pressed."""
        return "more" in self.data

    @property
    def may_add(self) -> bool:
        return self.slot_count < MOST_CLASSES

    def _add_class(self, slot: int, stored: dict[str, Any] | None) -> None:
        first = slot == 1
        self.fields[f"class_{slot}_name"] = forms.CharField(
            label="类别",
            max_length=60,
            required=first,
            help_text="例如“员额法官”“政府组成人员”。",
            error_messages={"required": "请填写类别名称，例如“员额法官”。"},
        )
        self.fields[f"class_{slot}_take"] = forms.IntegerField(
            label="抽取人数",
            min_value=1,
            max_value=MOST_DRAWN,
            required=first,
            error_messages={"required": "请填写抽取人数，至少1人。"},
        )
        self.fields[f"class_{slot}_members"] = forms.CharField(
            label="名单",
            required=first,
            max_length=60_000,
            help_text="一行一人：姓名，空一格，职务。例如“张三 民事审判庭庭长”。可以从表格里整列粘贴。",
            error_messages={"required": "请填写名单，一行一人。"},
            widget=forms.Textarea(attrs={"rows": 7}),
        )
        if stored:
            self.initial[f"class_{slot}_name"] = stored["name"]
            self.initial[f"class_{slot}_take"] = stored["take"]
            self.initial[f"class_{slot}_members"] = "\n".join(member_label(member) for member in stored["members"])

    def class_fields(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """The three fields of each class, for the page."""
        for slot in range(1, self.slot_count + 1):
            yield slot, [self[f"class_{slot}_{part}"] for part in ("name", "take", "members")]

    def head_fields(self) -> list[forms.BoundField]:
        """What stands before the classes."""
        return [self[name] for name in ("congress_id", "title", "year", "is_public") if name in self.fields]

    @property
    def values(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "year": data["year"],
            "congress_id": data.get("congress_id"),
            "is_public": data["is_public"],
            "classes": [
                {
                    "slot": slot,
                    "name": data[f"class_{slot}_name"],
                    "take": data[f"class_{slot}_take"],
                    "members": data[f"class_{slot}_members"],
                }
                for slot in range(1, self.slot_count + 1)
            ],
        }

    def show_more(self) -> None:
        """Draw the form once more with one class added, and complain of nothing yet."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data["slots"] = str(self.slot_count)
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}

    def renew_basis(self, draw: Draw) -> None:
        """After the person was told of somebody's change, let the next press replace it."""
        if isinstance(self.domain_error, StaleVersion) and isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data["basis"] = digest_of(draw)


class FixForm(forms.Form):
    """The digest of the list as it was shown."""

    basis = forms.CharField(widget=forms.HiddenInput, max_length=64)

    domain_error: Exception | None = None


class SeedForm(forms.Form):
    """The seed that was read out, and where from."""

    seed = forms.CharField(
        label="种子",
        max_length=200,
        help_text="名单锁定之后才产生、当众公布的数字或文字，例如当晚双色球的开奖号码“03 08 11 19 27 30 12”。",
        error_messages={"required": "请填写当众公布的种子。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    seed_source = forms.CharField(
        label="种子来源",
        max_length=200,
        help_text="别人在哪里可以查到，例如“中国福利彩票双色球第2026061期，6月2日21:15开奖”。",
        error_messages={"required": "请写明种子从哪里来。"},
    )

    domain_error: Exception | None = None


class DrawRoundForm(forms.Form):
    """The vote on those who were drawn."""

    title = forms.CharField(label="名称", max_length=120, error_messages={"required": "请填写名称。"})
    scale = forms.ChoiceField(
        label="测评档次", choices=AppraisalScale, widget=forms.RadioSelect, initial=AppraisalScale.THREE
    )
    is_public = forms.BooleanField(label="结果向社会公开", required=False)

    domain_error: Exception | None = None
