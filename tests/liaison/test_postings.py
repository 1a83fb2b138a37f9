"""Postings: granted and ended by the security administrator; the three administrators are three people."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import AuditEntry, Notice, Posting, User
from liaison.permissions import Role
from liaison.services.posting import posting_end, posting_grant
from tests.cast import PASSWORD, Cast

ADMINISTRATORS = ["system_admin", "security_admin", "auditor"]


def grant(cast: Cast, whom: str, office: str = "city_office", role: Role = Role.VIEWER, by: str = "security_admin"):
    return posting_grant(
        actor=cast.actor(by),
        user_public_id=cast.user(whom).public_id,
        organisation_public_id=cast.offices[office].public_id,
        role=role,
    )


@pytest.fixture
def newcomer(cast: Cast) -> User:
    user = User.objects.create_user("newcomer", PASSWORD, name="新来的", region=cast.regions["county"])
    cast.users["newcomer"] = user
    return user


def test_a_grant_works_from_the_next_page_on_and_is_told_and_audited(cast: Cast, newcomer: User) -> None:
    browser = cast.client("newcomer")
    assert browser.get("/accounts/sessions/").wsgi_request.actor.label == "未分配岗位"
    grant(cast, "newcomer", "unit", Role.HANDLER)
    assert browser.get("/accounts/sessions/").wsgi_request.actor.label == "益阳市生态环境局 · 经办"
    entry = AuditEntry.objects.get(action="posting.grant")
    assert (entry.target_title, entry.detail) == ("新来的", {"organisation": "益阳市生态环境局", "role": "经办"})
    assert Notice.objects.get(recipient=newcomer).title == "您已担任益阳市生态环境局的“经办”"


def test_the_same_grant_twice_is_one_posting(cast: Cast) -> None:
    assert grant(cast, "insider") == grant(cast, "insider")
    assert AuditEntry.objects.filter(action="posting.grant").count() == 1


@pytest.mark.parametrize("held", ADMINISTRATORS)
@pytest.mark.parametrize("wanted", ADMINISTRATORS)
def test_nobody_holds_two_of_the_three_offices(cast: Cast, held: str, wanted: str) -> None:
    User.objects.create_user("second", PASSWORD, name="另一安全", region=cast.regions["city"])
    cast.users["second"] = User.objects.get(username="second")
    Posting.objects.create(user=cast.user("second"), organisation=cast.offices["city_office"], role=Role.SECURITY_ADMIN)
    with pytest.raises(InvalidInput, match="必须由不同的人担任"):
        grant(cast, held, "county_office", Role(wanted), by="second")


def test_the_database_refuses_it_too(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="posting_administrators_apart"), transaction.atomic():
        Posting.objects.create(
            user=cast.user("auditor"), organisation=cast.offices["county_office"], role=Role.SYSTEM_ADMIN
        )


def test_the_refusal_names_the_office_held_and_what_to_do(cast: Cast) -> None:
    url = f"/system/users/{cast.user('auditor').public_id}/postings/new/"
    response = cast.client("security_admin").post(
        url, {"organisation": cast.offices["city_office"].public_id, "role": Role.SYSTEM_ADMIN}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "彭审计现任益阳市人大常委会联工委的“审计员”，要改任“系统管理员”，请先结束现任岗位。" in page


def test_after_ending_the_one_the_other_may_be_granted(cast: Cast) -> None:
    posting = Posting.objects.get(user=cast.user("auditor"))
    posting_end(actor=cast.actor("security_admin"), public_id=posting.public_id, reason="轮岗")
    grant(cast, "auditor", role=Role.SYSTEM_ADMIN)
    assert cast.actor("auditor").role == Role.SYSTEM_ADMIN


def test_nobody_grants_or_ends_their_own(cast: Cast) -> None:
    with pytest.raises(DomainError, match="不能给自己分配岗位"):
        grant(cast, "security_admin", role=Role.HANDLER)
    mine = Posting.objects.get(user=cast.user("security_admin"))
    with pytest.raises(DomainError, match="不能结束自己的岗位"):
        posting_end(actor=cast.actor("security_admin"), public_id=mine.public_id, reason="试")


def test_a_role_that_an_organisation_does_not_have_is_refused(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refused:
        grant(cast, "insider", "unit", Role.AUDITOR)
    assert refused.value.fields == {"role": "承办单位没有“审计员”这个角色。"}


@pytest.mark.parametrize("by", ["system_admin", "auditor", "insider"])
def test_others_grant_and_end_nothing(cast: Cast, by: str) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        grant(cast, "colleague", by=by)
    posting = Posting.objects.get(user=cast.user("colleague"))
    with pytest.raises(NotAllowed):
        posting_end(actor=cast.actor(by), public_id=posting.public_id, reason="试")


def test_a_county_grants_only_in_the_county(cast: Cast, newcomer: User) -> None:
    Posting.objects.create(user=newcomer, organisation=cast.offices["county_office"], role=Role.SECURITY_ADMIN)
    with pytest.raises(NotFound):
        grant(cast, "county_clerk", "city_office", by="newcomer")
    with pytest.raises(NotFound):
        grant(cast, "insider", "county_office", by="newcomer")
    posting = Posting.objects.get(user=cast.user("insider"))
    with pytest.raises(NotFound):
        posting_end(actor=cast.actor("newcomer"), public_id=posting.public_id, reason="试")
    assert grant(cast, "county_clerk", "county_office", Role.APPROVER, by="newcomer").role == Role.APPROVER


def test_closed_accounts_and_organisations_get_nothing(cast: Cast) -> None:
    User.objects.filter(username="colleague").update(is_active=False)
    with pytest.raises(DomainError, match="已停用"):
        grant(cast, "colleague", "unit")
    cast.offices["unit"].is_active = False
    cast.offices["unit"].save()
    with pytest.raises(NotFound):
        grant(cast, "insider", "unit")


def test_the_first_posting_gives_an_account_its_region(cast: Cast) -> None:
    Posting.objects.create(user=cast.user("nobody"), organisation=cast.offices["unit"], role=Role.VIEWER)
    grant(cast, "nobody", "county_office")
    assert User.objects.get(username="nobody").region == cast.regions["county"]


def test_ending_asks_why_and_is_told_and_audited(cast: Cast) -> None:
    browser, posting = cast.client("security_admin"), Posting.objects.get(user=cast.user("insider"))
    url = f"/system/postings/{posting.public_id}/end/"
    assert "结束陈经办在益阳市人大常委会联工委的“经办”岗位？" in browser.get(url).content.decode()
    assert browser.post(url, {"reason": ""}).status_code == 422
    for _ in range(2):
        assert browser.post(url, {"reason": "已调离"})["Location"] == f"/system/users/{cast.user('insider').public_id}/"
    posting.refresh_from_db()
    assert posting.ended_at is not None
    assert AuditEntry.objects.get(action="posting.end").detail["reason"] == "已调离"
    assert Notice.objects.get(recipient=cast.user("insider")).body == "原因：已调离"
    assert cast.client("insider").get("/accounts/sessions/").wsgi_request.actor.label == "未分配岗位"


def test_the_permission_table_shows_every_role(cast: Cast) -> None:
    for name in ADMINISTRATORS:
        page = cast.client(name).get("/system/permissions/").content.decode()
        for words in ("经办", "审计员", "批准转交检察机关", "提出代表建议"):
            assert words in page
