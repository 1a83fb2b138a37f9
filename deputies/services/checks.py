"""Turning what a model or the database refuses into messages by field."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from liaison.exceptions import InvalidInput, StaleVersion

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from django.db.models import Model

    from deputies.models import Mandate

#: Constraint → (field, message), for what two people do at the same moment.
CONSTRAINTS: Mapping[str, tuple[str, str]] = {
    "person_phone_once": ("phone", "这个手机号码已登记在其他人名下。"),
    "mandate_certificate_number": ("certificate_number", "这个代表证号已被使用。"),
    "mandate_once_per_congress": ("congress", "此人在这一届已有在任的代表资格。"),
    "congress_once_per_term": ("term", "这一届已经登记过。"),
    "session_once": ("number", "这次会议已经登记过。"),
    "electoralunit_once": ("name", "已有同名的选举单位。"),
    "station_one_online": ("kind", "这个地方已有线上总站，一地只设一个。"),
    "station_name_once": ("name", "这个地方已有同名的联络站。"),
    "placement_one_station": ("mandates", "有代表刚由他人编入其他联络站，请刷新页面后重新核对。"),
    "placement_once_a_station": ("mandates", "有代表刚由他人编入这里，请刷新页面。"),
    "rotaday_once": ("on", "其中有一天的这个时段刚由他人排了接待，请重新核对。"),
    "deputygroup_name_once": ("name", "这个地方已有同名的代表小组。"),
    "dutycontest_one_open": ("text", "这条记录您已经提出异议，正在处理。"),
    "groupmembership_once": ("mandates", "这名代表已经在小组里。"),
    "campaign_title_once": ("title", "您单位已有同名的主题活动，可以在名称里加上年份。"),
    "campaignregion_once": ("plan", "本地区刚由同事登记了落实方案，请刷新页面。"),
    "campaignmedia_once": ("url", "这篇报道已经登记过。"),
    "judging_title_once": ("title", "本机构已有同名的评选。"),
    "groupmembership_one_leader": ("role", "这个小组刚由他人定了组长，请刷新页面。"),
    "committeemember_once": ("mandate", "这名代表已登记为常委会组成人员。"),
    "contactlink_one_member": ("choices", "有代表刚由他人安排了固定联系，请刷新页面后重新核对。"),
    "voterreport_once": ("mandates", "有代表已列入这次会议。"),
    "voterreport_one_coming": ("mandates", "有代表已安排了另一次还没有召开的述职，请先取消。"),
}


def clean_model(obj: Model, *, exclude: Collection[str] = ()) -> None:
    """Every field of the model, with the messages as ``InvalidInput``; what must be unique the database says.

    Raises:
        InvalidInput: with the messages by field.
    """
    try:
        obj.clean_fields(exclude=set(exclude))
    except ValidationError as error:
        messages = {field: " ".join(texts) for field, texts in error.message_dict.items()}
        raise InvalidInput("有内容需要更正。", fields=messages) from error


@contextmanager
def integrity_as_input() -> Iterator[None]:
    """A constraint that refuses (somebody was faster) becomes the message of its field."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        found = next(
            (CONSTRAINTS[name] for name in CONSTRAINTS if name in str(error)),
            None,
        )
        if found is None:
            raise
        field, message = found
        raise InvalidInput(message, fields={field: message}) from error


def require_fresh(updated_at: dt.datetime, version: str) -> None:
    """Refuse a form that was opened before somebody else's change.

    Args:
        updated_at: of the locked row.
        version: ``version_of`` as the form carried it; "" when the act does not depend on what was shown.
    """
    if version and version != version_of(updated_at):
        raise StaleVersion("您打开页面之后，这份资料已被他人修改。您填写的内容仍在下方，请核对最新资料后再保存。")


def version_of(updated_at: dt.datetime) -> str:
    """What a form carries to tell later whether the row has changed since."""
    return str(int(updated_at.timestamp() * 1_000_000))


def require_text(value: str, *, field: str, message: str) -> str:
    """The text without outer blanks, or an ``InvalidInput`` of its field when nothing is left."""
    value = value.strip()
    if not value:
        raise InvalidInput(message, fields={field: message})
    return value


def outside_mandate(mandate: Mandate, on: dt.date) -> str:
    """What is wrong with a day on which somebody acted as a deputy; "" when the mandate was in force then."""
    if on < mandate.started_on:
        return "日期不能早于代表任期开始。"
    if mandate.ended_on is not None and on > mandate.ended_on:
        return "日期不能晚于代表资格终止日。"
    return ""


def outside_names(mandates: Iterable[Mandate], on: dt.date) -> str:
    """The names of those whose mandate was not in force on a day, at most five; "" when all were deputies then.

    Args:
        mandates: with ``person`` loaded.
    """
    names = [mandate.person.name for mandate in mandates if outside_mandate(mandate, on)]
    return f"{'、'.join(names[:5])}{f'等{len(names)}人' if len(names) > 5 else ''}"
