"""Organisations, kept by the system administrator within the region."""

from __future__ import annotations

import uuid

import pytest

from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry, Organisation
from liaison.models.deadline import PeriodUnit
from liaison.permissions import OrganisationKind
from liaison.services.deadline import deadline_open
from liaison.services.organisation import organisation_activate, organisation_deactivate, organisation_save
from tests.cast import Cast

LIST = "/system/organisations/"


def save(cast: Cast, office: Organisation | None = None, **values: object) -> Organisation:
    base: dict[str, object] = {
        "actor": cast.actor("system_admin"),
        "public_id": office.public_id if office else uuid.uuid4(),
        "version": office.version if office else None,
        "name": office.name if office else "益阳市水利局",
        "kind": OrganisationKind(office.kind) if office else OrganisationKind.UNIT,
        "region": office.region if office else cast.regions["city"],
    }
    return organisation_save(**{**base, **values})


def test_a_new_one_is_audited(cast: Cast) -> None:
    made = save(cast, department="办公室", phone="0737-4220000")
    assert made.display == "益阳市水利局办公室"
    entry = AuditEntry.objects.get(action="organisation.create")
    assert entry.detail["new"]["office_phone"] == "0737-4220000"


def test_the_same_form_twice_makes_one(cast: Cast) -> None:
    public_id = uuid.uuid4()
    assert save(cast, public_id=public_id) == save(cast, public_id=public_id)
    assert Organisation.objects.filter(name="益阳市水利局").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "益阳市教育局"}, "name"),
        ({"name": "另一人大办", "kind": OrganisationKind.CONGRESS}, "kind"),
        ({"name": ""}, "name"),
        ({"kind": "nonsense"}, "kind"),
    ],
)
def test_what_is_taken_or_wrong_is_refused_at_its_field(cast: Cast, values: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(cast, **values)
    assert list(refused.value.fields) == [field]


def test_a_change_is_audited_with_old_and_new(cast: Cast) -> None:
    office = save(cast, cast.offices["unit"], name="益阳市生态环境局(新)", phone="0737-1")
    assert office.version == 2
    entry = AuditEntry.objects.get(action="organisation.update")
    assert entry.detail == {
        "old": {"name": "益阳市生态环境局", "office_phone": ""},
        "new": {"name": "益阳市生态环境局(新)", "office_phone": "0737-1"},
    }


def test_nothing_changed_writes_nothing(cast: Cast) -> None:
    save(cast, cast.offices["unit"])
    assert not AuditEntry.objects.filter(action__startswith="organisation.").exists()


def test_a_stale_page_is_told(cast: Cast) -> None:
    with pytest.raises(StaleVersion):
        save(cast, cast.offices["unit"], version=9)
    url = f"{LIST}{cast.offices['unit'].public_id}/"
    response = cast.client("system_admin").post(
        url, {"name": "改名", "kind": "unit", "region": cast.regions["city"].pk, "version": 9}
    )
    assert response.status_code == 422
    assert "现在的资料" in response.content.decode()
    assert response.context["form"]["version"].value() == "1"


def test_the_kind_is_fixed_once_people_work_there(cast: Cast) -> None:
    with pytest.raises(DomainError, match="不能改变机构类别"):
        save(cast, cast.offices["unit"], kind=OrganisationKind.HOTLINE)


def test_only_the_region_and_only_the_system_administrator(cast: Cast) -> None:
    with pytest.raises(NotFound):
        save(cast, region=cast.regions["province"])
    for name in ("insider", "security_admin", "auditor", "unit"):
        with pytest.raises(NotAllowed):
            save(cast, actor=cast.actor(name))


def test_one_with_work_left_stays_in_use(cast: Cast) -> None:
    unit = cast.offices["unit"]
    deadline_open(
        actor=cast.actor("insider"),
        subject=cast.congress,
        kind="suggestion_answer",
        unit=PeriodUnit.MONTHS,
        length=3,
        holder=unit,
    )
    with pytest.raises(DomainError, match="还有1件正在计时的事项"):
        organisation_deactivate(actor=cast.actor("system_admin"), public_id=unit.public_id, version=1, reason="撤并")


def test_out_of_use_and_back(cast: Cast) -> None:
    unit, actor = cast.offices["other_unit"], cast.actor("system_admin")
    for version in (1, 2):
        organisation_deactivate(actor=actor, public_id=unit.public_id, version=version, reason="撤并")
    assert cast.client("other_unit").get("/accounts/sessions/").wsgi_request.actor.label == "未分配岗位"
    for version in (2, 3):
        organisation_activate(actor=actor, public_id=unit.public_id, version=version)
    assert cast.client("other_unit").get("/accounts/sessions/").wsgi_request.actor.label.startswith("益阳市教育局")
    actions = AuditEntry.objects.filter(action__startswith="organisation.").order_by("id")
    assert list(actions.values_list("action", flat=True)) == ["organisation.deactivate", "organisation.activate"]


def test_ones_own_office_stays_in_use(cast: Cast) -> None:
    with pytest.raises(DomainError, match="自己所在的机构"):
        organisation_deactivate(
            actor=cast.actor("system_admin"),
            public_id=cast.offices["city_office"].public_id,
            version=1,
            reason="试",
        )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=教育", {"益阳市教育局"}),
        ("q=第七", {"益阳市人民检察院"}),
        ("kind=procuratorate", {"益阳市人民检察院", "沅江市人民检察院"}),
        ("region=430903", {"赫山区人大常委会"}),
        ("view=inactive", set()),
    ],
)
def test_the_list_is_searched_and_filtered(cast: Cast, query: str, names: set[str]) -> None:
    page = cast.client("system_admin").get(f"{LIST}?{query}")
    assert {office.name for office in page.context["page"].items} == names


@pytest.mark.parametrize("rows", [2, 20])
def test_the_query_budget_of_the_list(cast: Cast, rows: int, django_assert_max_num_queries) -> None:
    for number in range(rows):
        Organisation.objects.create(name=f"某局{number}", kind=OrganisationKind.UNIT, region=cast.regions["city"])
    browser = cast.client("system_admin")
    browser.get(LIST)
    # session, user, postings, mandates 4; regions of the filter 1; organisations with their people 1; inbox 1
    with django_assert_max_num_queries(7):
        browser.get(LIST)


def test_through_the_pages(cast: Cast) -> None:
    browser = cast.client("system_admin")
    form = browser.get(f"{LIST}new/").context["form"]
    typed = {
        "name": "益阳市水利局",
        "kind": "unit",
        "region": cast.regions["city"].pk,
        "public_id": str(form["public_id"].value()),
    }
    for _ in range(2):
        assert browser.post(f"{LIST}new/", typed)["Location"] == LIST
    office = Organisation.objects.get(name="益阳市水利局")
    url = f"{LIST}{office.public_id}/"
    assert browser.post(url, {**typed, "short_name": "水利局", "version": 1})["Location"] == LIST
    assert browser.post(f"{url}deactivate/", {"reason": "撤并", "version": 2})["Location"] == LIST
    assert "恢复使用" in browser.get(url).content.decode()
    assert browser.post(f"{url}activate/", {"version": 3})["Location"] == LIST
    office.refresh_from_db()
    assert (office.short_name, office.is_active) == ("水利局", True)
