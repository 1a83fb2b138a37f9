"""Applying a roster: all or nothing, safe to repeat, and never over somebody else's change."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from deputies.models import ElectoralUnit, Mandate, Person, RosterImport
from deputies.selectors.roster import get_roster_for
from deputies.services.person import PersonFacts, person_save
from deputies.services.roster import work, write
from deputies.services.roster.sheet import UnreadableRoster
from deputies.services.roster.steps import roster_confirm, roster_discard, roster_reread
from deputies.services.roster.work import roster_read
from deputies.states import RosterStatus
from liaison.exceptions import DomainError, IllegalTransition, NotFound, StaleVersion
from liaison.models import AuditEntry, StateChange
from tests.cast import Cast
from tests.deputies.factories import (
    applied,
    confirmed,
    imported,
    make_mandate,
    make_person,
    previewed,
    quiet,
    read,
    roster_file,
    roster_row,
    running,
    uploaded,
    verdicts_of,
)

pytestmark = pytest.mark.django_db


def test_new_deputies_are_registered_with_unit_tags_and_history(cast: Cast) -> None:
    roster = imported(cast, [roster_row(1), roster_row(2, electoral_unit="第3选区")])
    assert (roster.status, roster.count_new) == (RosterStatus.DONE, 2)
    mandate = Mandate.objects.select_related("person", "electoral_unit").get(certificate_number="R-00001")
    person = mandate.person
    assert (person.name, person.phone, person.birth_month) == ("张一", "13800000001", dt.date(1975, 3, 1))
    assert mandate.electoral_unit == ElectoralUnit.objects.get(name="赫山区代表团")
    assert mandate.home_prefix == "430903"
    assert mandate.started_on == dt.date(2021, 12, 27)
    assert sorted(tag.name for tag in person.tags.all()) == ["农业技术", "农林牧渔业", "基层治理"]
    made = Mandate.objects.get(certificate_number="R-00002")
    assert made.electoral_unit is not None
    assert (made.electoral_unit.name, made.electoral_unit.region, made.home_prefix) == ("第3选区", None, "4309")
    event = Person.pgh_event_model.objects.get(pgh_obj_id=person.pk)  # type: ignore[attr-defined]
    assert event.pgh_context.metadata["name"] == "陈经办"


def test_the_same_file_again_is_all_the_same(cast: Cast) -> None:
    rows = [roster_row(number) for number in range(1, 6)]
    imported(cast, rows)
    again = previewed(cast, rows)
    assert verdicts_of(again) == ["same"] * 5
    with pytest.raises(DomainError, match="没有需要导入的内容"):
        confirmed(cast, again)


def test_changes_are_written_and_blank_cells_change_nothing(cast: Cast) -> None:
    imported(cast, [roster_row(1), roster_row(2)])
    roster = imported(
        cast,
        [
            roster_row(1, post="书记", phone="13911110001", industries="教育", electoral_unit="第3选区", employer=None),
            roster_row(2, gender=None, phone=None, expertise=None, started_on=None),
        ],
    )
    assert (roster.count_changed, roster.count_same) == (1, 1)
    mandate = Mandate.objects.select_related("person", "electoral_unit").get(certificate_number="R-00001")
    assert (mandate.person.post, mandate.person.phone) == ("书记", "13911110001")
    assert mandate.person.employer == "八字哨镇人民政府"
    assert str(mandate.electoral_unit) == "第3选区"
    assert mandate.home_prefix == "4309"
    assert sorted(tag.name for tag in mandate.person.tags.all()) == ["农业技术", "基层治理", "教育"]
    other = Person.objects.get(name="张二")
    assert (other.phone, other.gender) == ("13800000002", "male")


def test_phones_may_change_hands_within_a_file(cast: Cast) -> None:
    imported(cast, [roster_row(1), roster_row(2)])
    roster = imported(
        cast,
        [
            roster_row(1, phone="13800000002"),
            roster_row(2, phone="13800000001"),
        ],
    )
    assert roster.status == RosterStatus.DONE
    phones = dict(Person.objects.filter(name__in=["张一", "张二"]).values_list("name", "phone"))
    assert phones == {"张一": "13800000002", "张二": "13800000001"}


def test_the_sign_in_phone_follows(cast: Cast) -> None:
    mandate = cast.mandates["deputy"]
    imported(cast, [{"certificate": mandate.certificate_number, "name": "李代表", "phone": "13911110009"}])
    cast.users["deputy"].refresh_from_db()
    assert cast.users["deputy"].phone == "13911110009"


def test_a_known_person_gets_a_further_mandate_and_only_gaps_are_filled(cast: Cast) -> None:
    known = make_mandate(cast.congresses["county"], 7, person=make_person(7, name="张七")).person
    imported(cast, [roster_row(3, name="张七", phone=known.phone, employer="别处")])
    known.refresh_from_db()
    assert known.mandates.count() == 2
    assert (known.gender, known.employer) == ("male", "某单位")


def test_wrong_rows_stop_the_whole_roster(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1), roster_row(2, phone="123")])
    with pytest.raises(DomainError, match="还有1行有误"):
        confirmed(cast, roster)
    assert not Mandate.objects.filter(certificate_number__startswith="R-").exists()


def test_data_changed_between_preview_and_apply_is_refused_and_previewed_anew(cast: Cast) -> None:
    imported(cast, [roster_row(1), roster_row(2)])
    roster = previewed(cast, [roster_row(1, post="书记"), roster_row(3)])
    person = Person.objects.get(name="张一")
    person_save(
        actor=cast.actor("insider"),
        person_id=person.public_id,
        facts=PersonFacts(name="张一", gender="male", phone=person.phone, post="副镇长"),
    )
    confirmed(cast, roster)
    with pytest.raises(DomainError, match="第2行"):
        applied(cast, roster)
    roster.refresh_from_db()
    assert roster.status == RosterStatus.FAILED
    assert "重新核对" in roster.error
    assert not Mandate.objects.filter(certificate_number="R-00003").exists()

    roster = roster_reread(actor=cast.actor("insider"), roster_id=roster.public_id)
    roster = read(cast.actor("insider"), roster)
    assert roster.status == RosterStatus.PREVIEW
    assert applied(cast, confirmed(cast, roster)).status == RosterStatus.DONE
    person.refresh_from_db()
    assert person.post == "书记"


def test_a_phone_that_changed_behind_its_mask_is_noticed(cast: Cast) -> None:
    imported(cast, [roster_row(1)])
    roster = previewed(cast, [roster_row(1, phone="13911110001")])
    Person.objects.filter(name="张一").update(phone="13899990001")
    confirmed(cast, roster)
    with pytest.raises(DomainError, match="有了变化"):
        applied(cast, roster)


def test_two_imports_of_the_same_deputies_the_second_is_refused(cast: Cast) -> None:
    first = previewed(cast, [roster_row(1)])
    second = previewed(cast, [roster_row(1)], who="approver")
    confirmed(cast, first)
    confirmed(cast, second, who="approver")
    applied(cast, first)
    with pytest.raises(DomainError, match="有了变化"):
        applied(cast, second, who="approver")
    assert Mandate.objects.filter(certificate_number="R-00001").count() == 1


def test_of_two_clerks_who_confirm_the_second_is_told_who_was_first(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1)])
    confirmed(cast, roster)
    with pytest.raises(IllegalTransition, match="陈经办"):
        confirmed(cast, roster, who="approver")


def test_a_preview_made_anew_is_not_confirmed_unseen(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1)])
    with pytest.raises(StaleVersion):
        roster_confirm(actor=cast.actor("insider"), roster_id=roster.public_id, version="1")


def test_a_killed_worker_leaves_nothing_and_the_rerun_gives_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = confirmed(cast, previewed(cast, [roster_row(1), roster_row(2)]))

    def killed(*args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(write, "_set_tags", killed)
        with pytest.raises(SystemExit):
            applied(cast, roster)
    assert not Mandate.objects.filter(certificate_number__startswith="R-").exists()
    roster.refresh_from_db()
    assert roster.status == RosterStatus.APPLYING

    assert applied(cast, roster).status == RosterStatus.DONE
    done = applied(cast, roster)  # and once more: the call was delivered twice
    assert done.status == RosterStatus.DONE
    assert Mandate.objects.filter(certificate_number__startswith="R-").count() == 2
    assert StateChange.objects.filter(act="finish", object_id=roster.pk).count() == 1


def test_personal_data_go_when_it_is_applied(cast: Cast, django_capture_on_commit_callbacks: object) -> None:
    roster = confirmed(cast, previewed(cast, [roster_row(1)]))
    name = roster.file.name
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        roster = applied(cast, roster)
    assert not default_storage.exists(name)
    assert (roster.file.name, roster.emptied_at is None) == ("", False)
    row = roster.rows.get()
    assert (row.values, row.notes) == ({"certificate": "R-00001", "name": "张一"}, [])


def test_personal_data_go_when_it_is_discarded(cast: Cast, django_capture_on_commit_callbacks: object) -> None:
    roster = previewed(cast, [roster_row(1)])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        roster_discard(actor=cast.actor("insider"), roster_id=roster.public_id)
    roster.refresh_from_db()
    assert (roster.status, roster.file.name) == (RosterStatus.DISCARDED, "")
    assert "13800000001" not in str(roster.rows.get().values)
    with pytest.raises(IllegalTransition):
        confirmed(cast, roster)


def test_while_a_worker_is_at_it_nobody_discards(cast: Cast) -> None:
    roster = confirmed(cast, previewed(cast, [roster_row(1)]))
    with pytest.raises(IllegalTransition, match="正在处理"):
        roster_discard(actor=cast.actor("insider"), roster_id=roster.public_id)


def test_the_audit_tells_counts_and_no_phone(cast: Cast) -> None:
    imported(cast, [roster_row(1)])
    entry = AuditEntry.objects.get(action="roster.apply")
    assert entry.detail == {"new": 1, "changed": 0, "same": 0}
    assert "138" not in str(entry.detail)


def test_the_older_job_of_a_reread_import_does_nothing(cast: Cast) -> None:
    roster = uploaded(cast, roster_file([roster_row(1)]))
    job = running(roster)
    RosterImport.objects.filter(pk=roster.pk).update(job=None)
    roster_read(actor=cast.actor("insider"), roster_id=roster.public_id, job=job, progress=quiet)
    roster.refresh_from_db()
    assert roster.status == RosterStatus.READING


def test_what_the_database_refuses_at_the_last_moment_is_said_and_nothing_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = confirmed(cast, previewed(cast, [roster_row(1), roster_row(2)]))
    add_mandates = write._add_mandates

    def after_somebody_else(*args: Any) -> None:
        make_mandate(cast.congress, 5, certificate_number="R-00002")
        add_mandates(*args)

    monkeypatch.setattr(write, "_add_mandates", after_somebody_else)
    with pytest.raises(DomainError, match="同时登记了相同的代表证号"):
        applied(cast, roster)
    assert not Mandate.objects.filter(certificate_number__startswith="R-").exists()


def test_only_what_was_the_same_in_the_account_follows(cast: Cast) -> None:
    user = cast.users["deputy"]
    user.name, user.phone = "李代表（职工）", None
    user.save()
    number = cast.mandates["deputy"].certificate_number
    imported(cast, [{"certificate": number, "name": "李代表", "phone": "13911110009", "started_on": "2021-12-28"}])
    user.refresh_from_db()
    assert (user.name, user.phone) == ("李代表（职工）", None)
    assert Mandate.objects.get(certificate_number=number).started_on == dt.date(2021, 12, 28)


def test_a_file_that_was_removed_cannot_be_checked_anew_but_the_import_given_up(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1)])
    RosterImport.objects.filter(pk=roster.pk).update(file="")
    actor = cast.actor("insider")
    with pytest.raises(DomainError, match="已经删除"):
        roster_reread(actor=actor, roster_id=roster.public_id)
    assert roster_discard(actor=actor, roster_id=roster.public_id).status == RosterStatus.DISCARDED


def test_an_import_of_another_office_is_not_found(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1)])
    with pytest.raises(NotFound):
        roster_discard(actor=cast.actor("county_clerk"), roster_id=roster.public_id)
    with pytest.raises(NotFound):
        get_roster_for(cast.actor("county_clerk"), roster.public_id)


def test_one_that_was_discarded_meanwhile_is_left_alone_by_its_worker(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = uploaded(cast, roster_file([roster_row(1)]))
    read_sheet = work.read_sheet

    def discarded_meanwhile(*args: Any, **kwargs: Any) -> Any:
        RosterImport.objects.filter(pk=roster.pk).update(status=RosterStatus.DISCARDED)
        return read_sheet(*args, **kwargs)

    monkeypatch.setattr(work, "read_sheet", discarded_meanwhile)
    assert read(cast.actor("insider"), roster).status == RosterStatus.DISCARDED
    assert not roster.rows.exists()


def test_a_failure_of_one_that_was_discarded_meanwhile_changes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = uploaded(cast, roster_file([roster_row(1)]))

    def discarded_and_unreadable(*args: Any, **kwargs: Any) -> Any:
        RosterImport.objects.filter(pk=roster.pk).update(status=RosterStatus.DISCARDED)
        raise UnreadableRoster("坏了")

    monkeypatch.setattr(work, "read_sheet", discarded_and_unreadable)
    with pytest.raises(DomainError, match="坏了"):
        read(cast.actor("insider"), roster)
    roster.refresh_from_db()
    assert (roster.status, roster.error) == (RosterStatus.DISCARDED, "")


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_applied_at_the_same_moment_one_wins(cast: Cast) -> None:
    rosters = [confirmed(cast, previewed(cast, [roster_row(1), roster_row(2)])) for _ in range(2)]
    together = threading.Barrier(2)
    refusals: list[str] = []

    def apply(roster: RosterImport) -> None:
        together.wait(timeout=30)
        try:
            applied(cast, roster)
        except DomainError as refusal:
            refusals.append(refusal.message)
        finally:
            connection.close()

    workers = [threading.Thread(target=apply, args=(roster,)) for roster in rosters]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sorted(RosterImport.objects.values_list("status", flat=True)) == ["done", "failed"]
    assert ["有了变化" in refusal for refusal in refusals] == [True]
    assert Mandate.objects.filter(certificate_number__startswith="R-").count() == 2
