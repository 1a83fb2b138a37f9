"""Opinions from the public: written once, followed by receipt code, answered back, rated, opened again once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deputies.models import CongressSettings
from liaison.actor import ANONYMOUS
from liaison.exceptions import DomainError, IllegalTransition, InvalidInput, NotFound, TooLarge
from liaison.models import Attachment, AuditEntry, Notice
from suggestions.models import Opinion, OpinionMessage, OpinionSide
from suggestions.selectors.opinion_open import find_by_receipt
from suggestions.services.opinion import opinion_close, opinion_told
from suggestions.services.opinion_answer import opinion_answer, opinion_deputy_answer
from suggestions.services.opinion_public import opinion_not_solved, opinion_rate, opinion_say
from suggestions.states import OpinionStatus
from tests.cast import Cast
from tests.deputies.open_stations import profile
from tests.filemakers import jpeg
from tests.suggestions.opinions import PHONE, TEXT, Scene, build_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def _answered(scene: Scene, **fields: Any) -> tuple[Opinion, str]:
    opinion, code = scene.submit(**fields)
    return opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=None, text="路灯已修好。"), code


def test_an_opinion_is_kept_with_a_number_and_a_clock_of_two_working_days(scene: Scene) -> None:
    opinion, code = scene.submit(phone=PHONE)
    second, _ = scene.submit("另一件")
    year = timezone.localdate().year
    assert [opinion.number, second.number] == [f"意见{year}-0001", f"意见{year}-0002"]
    assert opinion.office == scene.station.office
    assert opinion.region_prefix == scene.station.region_prefix
    (clock,) = opinion.deadlines.all()
    assert (clock.kind, clock.length, clock.holder) == ("opinion_sorting", 2, scene.station.office)
    assert code not in {opinion.receipt_digest, opinion.number}
    row = Opinion.objects.filter(pk=opinion.pk).values().get()
    assert not any(code.replace("-", "") in str(value) for value in row.values())
    assert not AuditEntry.objects.filter(detail__icontains=PHONE).exists()


def test_a_congress_sets_how_long_sorting_a_deputy_and_a_unit_have(scene: Scene) -> None:
    CongressSettings.objects.filter(congress__office=scene.station.office).update(
        opinion_sorting_working_days=5, opinion_deputy_hours=36, opinion_unit_months=2
    )
    assert scene.received().deadlines.get().length == 5
    asked = scene.submit(to_deputy=True)[0]
    assert asked.answer_by is not None
    assert abs(asked.answer_by - timezone.now() - dt.timedelta(hours=36)) < dt.timedelta(minutes=1)
    assert asked.deadlines.get().length == 2
    assert "36小时" in Notice.objects.get(recipient=scene.cast.user("deputy")).title
    assert scene.handed().deadlines.open().get().length == 2


def test_the_same_form_twice_is_one_opinion_with_the_same_code(scene: Scene) -> None:
    token = uuid.uuid4()
    assert scene.submit(token=token) == scene.submit(token=token)
    with pytest.raises(DomainError) as refused:
        scene.submit("完全是另一件事。", token=token)
    assert refused.value.code == "form_used"
    assert Opinion.objects.count() == 1


def test_one_to_a_deputy_is_theirs_to_answer_within_24_hours(scene: Scene) -> None:
    opinion, _ = scene.submit(to_deputy=True)
    assert opinion.status == OpinionStatus.DEPUTY
    assert opinion.answer_by is not None
    assert abs(opinion.answer_by - timezone.now() - dt.timedelta(hours=24)) < dt.timedelta(minutes=1)
    clock = opinion.deadlines.get()
    assert (clock.kind, clock.holder_user) == ("opinion_deputy", scene.cast.user("deputy"))
    notice = Notice.objects.get(recipient=scene.cast.user("deputy"))
    assert "24小时" in notice.title
    assert TEXT not in notice.title + notice.body


def test_a_deputy_without_an_account_is_named_and_the_office_sorts(scene: Scene) -> None:
    person = scene.cast.people["deputy"]
    person.user = None
    person.save()
    opinion, _ = scene.submit(to_deputy=True)
    assert (opinion.status, opinion.mandate) == (OpinionStatus.RECEIVED, scene.cast.mandates["deputy"])


def test_nobody_writes_to_what_the_public_cannot_see(scene: Scene) -> None:
    profile(scene.cast.mandates["deputy"], is_hidden=True)
    with pytest.raises(NotFound):
        scene.submit(to_deputy=True)
    scene.station.is_published = False
    scene.station.save()
    with pytest.raises(NotFound):
        scene.submit()
    assert not Opinion.objects.exists()


def test_what_is_wrong_is_said_by_field(scene: Scene) -> None:
    wrong = {
        "text": "长" * 2001,
        "place": "远" * 101,
        "contact_phone": "打给我",
        "contact_name": "名" * 41,
    }
    with pytest.raises(InvalidInput) as refused:
        scene.submit(values=wrong)
    assert set(refused.value.fields) == set(wrong)
    with pytest.raises(InvalidInput) as refused:
        scene.submit("  ")
    assert set(refused.value.fields) == {"text"}


def test_script_and_emoji_are_kept_as_they_were_typed(scene: Scene) -> None:
    nasty = "<script>alert(1)</script>😀𠮷"
    opinion = scene.received(nasty, values={"contact_name": nasty, "place": nasty})
    opinion.refresh_from_db()
    assert (opinion.text, opinion.place, opinion.contact_name) == (nasty, nasty, nasty)


def test_pictures_lose_the_place_where_they_were_taken(scene: Scene) -> None:
    opinion = scene.received(uploads=[SimpleUploadedFile("灯.jpg", jpeg(), content_type="image/jpeg")])
    kept = Attachment.objects.get(object_id=opinion.pk, slot="picture")
    with kept.file.open() as file:
        data = file.read()
    assert data.startswith(b"\xff\xd8")
    assert b"not a frame" not in data
    assert b"Exif" not in data


def test_a_picture_that_is_none_or_too_large_keeps_nothing(scene: Scene) -> None:
    paper = SimpleUploadedFile("身份证.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    large = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff\xe0" + b"0" * (10 * 1024 * 1024), content_type="image/jpeg")
    for uploads, error in (([paper], InvalidInput), ([large], TooLarge), ([paper] * 4, InvalidInput)):
        with pytest.raises(error) as refused:
            scene.submit(uploads=uploads)
        assert set(refused.value.fields) == {"uploads"}
    assert not Opinion.objects.exists()


def test_a_submission_is_few_queries(scene: Scene) -> None:
    scene.submit()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        scene.submit()
    assert len(queries) <= 14, [query["sql"][:90] for query in queries]


def test_a_code_is_read_as_people_type_it_and_opens_nothing_else(scene: Scene) -> None:
    opinion, code = scene.submit()
    assert find_by_receipt(f" {code.lower().replace('-', ' ')} ") == opinion
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for typed in (wrong, "", "不是回执码", opinion.number, str(opinion.public_id), opinion.receipt_digest, "%" * 12):
        assert find_by_receipt(typed) is None
    with pytest.raises(NotFound):
        opinion_say(actor=ANONYMOUS, code=wrong, text="在吗")


def test_the_person_adds_something_and_who_handles_is_told(scene: Scene) -> None:
    _opinion, code = scene.submit(to_deputy=True)
    first = opinion_say(actor=ANONYMOUS, code=code, text="昨晚又有人摔了。")
    assert opinion_say(actor=ANONYMOUS, code=code, text="昨晚又有人摔了。") == first
    assert (first.side, first.author) == (OpinionSide.PERSON, "反映人")
    told = set(Notice.objects.filter(title__contains="补充").values_list("recipient__username", flat=True))
    assert told == {"deputy", "insider", "approver"}


def test_a_thread_is_not_filled_without_end(scene: Scene) -> None:
    opinion, code = scene.submit()
    OpinionMessage.objects.bulk_create(
        OpinionMessage(opinion=opinion, side=OpinionSide.PERSON, author="反映人", text=str(one)) for one in range(30)
    )
    with pytest.raises(DomainError) as refused:
        opinion_say(actor=ANONYMOUS, code=code, text="再说一句")
    assert refused.value.code == "too_many_words"


def test_a_rating_closes_it_and_is_given_once(scene: Scene) -> None:
    opinion, code = scene.submit()
    with pytest.raises(IllegalTransition):
        opinion_rate(actor=ANONYMOUS, code=code, rating="satisfied")
    opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=None, text="已修好。")
    with pytest.raises(InvalidInput):
        opinion_rate(actor=ANONYMOUS, code=code, rating="five stars")
    rated = opinion_rate(actor=ANONYMOUS, code=code, rating="satisfied", words="谢谢")
    assert (rated.status, rated.rating) == (OpinionStatus.CLOSED, "satisfied")
    assert opinion_rate(actor=ANONYMOUS, code=code, rating="satisfied", words="谢谢") == rated
    with pytest.raises(IllegalTransition):
        opinion_rate(actor=ANONYMOUS, code=code, rating="dissatisfied")


def test_one_that_staff_closed_may_still_be_rated(scene: Scene) -> None:
    opinion, code = _answered(scene)
    opinion_close(actor=scene.clerk, public_id=opinion.public_id, version=None)
    assert opinion_rate(actor=ANONYMOUS, code=code, rating="basically").rating == "basically"


def test_not_solved_opens_it_again_once(scene: Scene) -> None:
    opinion, code = _answered(scene, phone=PHONE)
    opinion_rate(actor=ANONYMOUS, code=code, rating="dissatisfied")
    again = opinion_not_solved(actor=ANONYMOUS, code=code, reason="第三天又不亮了。")
    assert (again.status, again.reopened, again.rating, again.tell_since) == (OpinionStatus.RECEIVED, True, "", None)
    assert again.deadlines.open().get().kind == "opinion_sorting"
    with pytest.raises(IllegalTransition):
        opinion_not_solved(actor=ANONYMOUS, code=code, reason="快点")
    opinion_answer(actor=scene.clerk, public_id=opinion.public_id, version=None, text="换了新灯。")
    with pytest.raises(DomainError) as refused:
        opinion_not_solved(actor=ANONYMOUS, code=code, reason="还是不亮")
    assert refused.value.code == "reopened_before"
    assert opinion_rate(actor=ANONYMOUS, code=code, rating="satisfied").status == OpinionStatus.CLOSED


def test_who_left_a_number_waits_to_be_phoned_until_staff_did(scene: Scene) -> None:
    silent, _ = _answered(scene)
    opinion, _ = scene.submit(phone=PHONE, to_deputy=True)
    answered = opinion_deputy_answer(actor=scene.deputy, public_id=opinion.public_id, version=None, text="已联系电工。")
    assert silent.tell_since is None
    assert answered.tell_since is not None
    told = opinion_told(actor=scene.clerk, public_id=opinion.public_id, version=None)
    assert told.tell_since is None
    assert told.told_at is not None
    with pytest.raises(DomainError) as refused:
        opinion_told(actor=scene.clerk, public_id=opinion.public_id, version=None)
    assert refused.value.code == "nobody_to_tell"


def test_unseen_characters_are_not_kept_and_the_desk_list_covers_numbers(scene: Scene) -> None:
    opinion = scene.received(f"\u202e路灯\x00坏了，电话{PHONE}\x08。", place="高桥\x1b村")
    assert (opinion.text, opinion.place) == (f"路灯坏了，电话{PHONE}。", "高桥村")
    clerk = scene.cast.client("insider")
    assert PHONE not in clerk.get("/opinions/").content.decode()
    assert PHONE in clerk.get(opinion.get_absolute_url()).content.decode()
