"""A new portal gets its office and three administrators from the command line, once."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from liaison.models import Organisation, Posting, Region, User
from liaison.models.region import RegionKind, RegionLevel
from liaison.permissions import Role

pytestmark = pytest.mark.django_db
ARGUMENTS = {
    "region": "430000",
    "organisation": "湖南省人大常委会",
    "system": ["xtgly", "甲"],
    "security": ["aqgly", "乙"],
    "auditor": ["sjy", "丙"],
}


@pytest.fixture(autouse=True)
def province() -> Region:
    return Region.objects.create(
        code="430000",
        prefix="43",
        name="湖南省",
        full_name="湖南省",
        level=RegionLevel.PROVINCE,
        kind=RegionKind.PROVINCE,
    )


def first_accounts(**changed: object) -> str:
    out = StringIO()
    call_command("first_accounts", stdout=out, **(ARGUMENTS | changed))
    return out.getvalue()


def test_three_people_hold_the_three_roles_and_can_sign_in(client: Client) -> None:
    told = first_accounts()
    assert set(Posting.objects.values_list("user__username", "role")) == {
        ("xtgly", Role.SYSTEM_ADMIN),
        ("aqgly", Role.SECURITY_ADMIN),
        ("sjy", Role.AUDITOR),
    }
    password = next(line.split("\t")[2] for line in told.splitlines() if "\txtgly\t" in line)
    user = User.objects.get(username="xtgly")
    assert user.check_password(password)
    assert user.must_change_password


def test_it_works_once_only() -> None:
    first_accounts()
    with pytest.raises(CommandError, match="已经有人任职"):
        first_accounts(system=["other", "丁"])
    assert User.objects.count() == 3


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"region": "999999"}, "没有代码为 999999 的区划"),
        ({"security": ["xtgly", "乙"]}, "用户名"),
        ({"auditor": ["1", "丙"]}, "用户名"),
    ],
)
def test_one_mistake_leaves_nothing_behind(changed: dict[str, object], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        first_accounts(**changed)
    assert not User.objects.exists()
    assert not Organisation.objects.exists()
