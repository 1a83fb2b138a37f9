"""/system/reminders/: thresholds by kind, validated, audited, reset."""

from __future__ import annotations

import re

import pytest

from liaison.exceptions import InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, ReminderRule
from liaison.reminding import Rule
from liaison.selectors.reminder import rules_by_kind
from liaison.services.reminder_rule import reminder_rule_edit, reminder_rule_reset
from tests.cast import Cast
from tests.clocks import KIND

pytestmark = pytest.mark.usefixtures("clock_kind")

PATH = f"/system/reminders/{KIND.code}/"
DEFAULT = "提前10、5、1天，到期当天；超期后每7天"


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["approver", "system_admin"])
def test_the_rules_of_all_kinds_are_listed(cast: Cast, who: str) -> None:
    page = text_of(response := cast.client(who).get("/system/reminders/"))
    assert response.status_code == 200
    for text in (
        "答复测试事项",
        "反馈转化意见",
        "提前10、5、1天，到期当天",
        "每7天",
        "默认",
        "还没有扫描过",
    ):
        assert text in page
    assert "恢复默认" not in page


@pytest.mark.parametrize("who", ["insider", "unit", "deputy", "auditor", "anonymous"])
def test_others_do_not_get_there(cast: Cast, who: str) -> None:
    client = cast.client(who)
    expected = 302 if who == "anonymous" else 403
    for path in ("/system/reminders/", PATH, f"{PATH}reset/"):
        assert client.get(path).status_code == expected
    assert client.post(PATH, {"days_before": "3", "overdue_every": "3"}).status_code == expected
    assert client.post(f"{PATH}reset/").status_code == expected
    assert not ReminderRule.objects.exists()


def test_a_rule_is_set_in_any_spelling_and_audited(cast: Cast) -> None:
    client = cast.client("approver")
    page = text_of(client.get(PATH))
    assert 'value="10,5,1,0"' in page
    assert f"默认：{DEFAULT}" in page
    values = {"days_before": "0， 3、15 3", "overdue_every": "5", "seen": DEFAULT}
    response = client.post(PATH, values, follow=True)
    assert response.redirect_chain == [("/system/reminders/", 302)]
    page = text_of(response)
    assert "“答复测试事项”的提醒规则已保存" in page
    assert "提前15、3天，到期当天" in page
    assert "恢复默认" in page
    assert rules_by_kind()[KIND.code] == Rule((15, 3, 0), 5)
    entry = AuditEntry.objects.get(action="reminder_rule.edit")
    assert (entry.actor_name, entry.target_title) == ("周审核", "答复测试事项")
    assert entry.detail == {"old": DEFAULT, "new": "提前15、3天，到期当天；超期后每5天"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"days_before": ""}, "请至少填写一个天数。"),
        ({"days_before": "，，"}, "请至少填写一个天数。"),
        ({"days_before": "10,三"}, "“三”不对，请填写0至365的整数"),
        ({"days_before": "-1"}, "“-1”不对"),
        ({"days_before": "366"}, "“366”不对"),
        ({"days_before": ",".join(map(str, range(11)))}, "最多10个天数，您填了11个。"),
        ({"overdue_every": "0"}, "请填写1至90。"),
        ({"overdue_every": "91"}, "请填写1至90。"),
        ({"overdue_every": "x"}, "请填写整数。"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_field(cast: Cast, values: dict[str, str], message: str) -> None:
    response = cast.client("approver").post(PATH, {"days_before": "3", "overdue_every": "3"} | values)
    assert response.status_code == 422
    assert message in text_of(response)
    assert not ReminderRule.objects.exists()


def test_two_at_once_the_second_is_told(cast: Cast) -> None:
    reminder_rule_edit(actor=cast.actor("approver"), kind=KIND.code, days_before=[3], overdue_every=3)
    client = cast.client("system_admin")
    values = {"days_before": "8", "overdue_every": "8", "seen": DEFAULT}
    response = client.post(PATH, values)
    page = text_of(response)
    assert response.status_code == 409
    assert "这条规则已被改为“提前3天；超期后每3天”" in page
    assert 'value="8"' in page
    assert client.post(PATH, values | {"seen": "提前3天；超期后每3天"}).status_code == 302
    with pytest.raises(StaleVersion):
        reminder_rule_edit(actor=cast.actor("approver"), kind=KIND.code, days_before=[3], overdue_every=3, seen=DEFAULT)


def test_the_default_comes_back(cast: Cast) -> None:
    reminder_rule_edit(actor=cast.actor("approver"), kind=KIND.code, days_before=[3], overdue_every=3)
    client = cast.client("approver")
    page = text_of(client.get(f"{PATH}reset/"))
    assert "现在：提前3天；超期后每3天。恢复后：" in page
    assert "已恢复默认" in text_of(client.post(f"{PATH}reset/", follow=True))
    assert not ReminderRule.objects.exists()
    assert AuditEntry.objects.filter(action="reminder_rule.reset").count() == 1
    reminder_rule_reset(actor=cast.actor("approver"), kind=KIND.code)
    assert AuditEntry.objects.filter(action="reminder_rule.reset").count() == 1


def test_saving_the_same_rule_leaves_no_trace(cast: Cast) -> None:
    rule = reminder_rule_edit(actor=cast.actor("approver"), kind=KIND.code, days_before=[0, 1, 5, 10], overdue_every=7)
    assert rule == Rule((10, 5, 1, 0), 7)
    assert not ReminderRule.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="reminder_rule").exists()


def test_the_service_guards_itself(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        reminder_rule_edit(actor=cast.actor("insider"), kind=KIND.code, days_before=[3], overdue_every=3)
    with pytest.raises(NotAllowed):
        reminder_rule_reset(actor=cast.actor("insider"), kind=KIND.code)
    with pytest.raises(NotFound):
        reminder_rule_edit(actor=cast.actor("approver"), kind="unknown", days_before=[3], overdue_every=3)
    for days, every, field in (([], 3, "days_before"), ([400], 3, "days_before"), ([3], 0, "overdue_every")):
        with pytest.raises(InvalidInput) as error:
            reminder_rule_edit(actor=cast.actor("approver"), kind=KIND.code, days_before=days, overdue_every=every)
        assert set(error.value.fields) == {field}
    assert cast.client("approver").get("/system/reminders/unknown/").status_code == 404
