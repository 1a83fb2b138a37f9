"""Practical deeds: written down once, confirmed by the person helped or by staff, only then counted."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deputies.models import Deed, DeedKind
from deputies.selectors.deed import find_by_receipt
from deputies.services.deed import DeedFacts, deed_edit, deed_receipt, deed_record, deed_withdraw
from deputies.services.deed_check import deed_confirm, deed_phone, deed_reject, deed_testify
from deputies.states import DeedStatus
from liaison.actor import ANONYMOUS
from liaison.exceptions import IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import Attachment, AuditEntry, Notice
from tests.cast import Cast
from tests.deputies.reports import deed, entries
from tests.filemakers import jpeg

pytestmark = pytest.mark.django_db


def opened(cast: Cast, one: Deed) -> str:
    return deed_receipt(actor=cast.actor("deputy"), public_id=one.public_id)[1]


def test_the_same_form_is_one_deed_and_photographs_lose_their_notes(cast: Cast) -> None:
    token, actor = uuid4(), cast.actor("deputy")
    facts = DeedFacts(title="修渠", for_whom="村民", on=timezone.localdate())
    first = deed_record(actor=actor, client_token=token, facts=facts, photos=[SimpleUploadedFile("现场.jpg", jpeg())])
    assert deed_record(actor=actor, client_token=token, facts=facts).pk == first.pk
    with pytest.raises(NotFound):
        deed_record(actor=cast.actor("cosigner"), client_token=token, facts=facts)
    assert Attachment.objects.get(object_id=first.pk, slot="photo").name == "现场.jpg"
    with pytest.raises(InvalidInput) as refused:
        deed_record(
            actor=actor, client_token=uuid4(), facts=facts, photos=[SimpleUploadedFile("报告.pdf", b"%PDF-1.7\n")]
        )
    assert set(refused.value.fields) == {"photos"}
    assert Deed.objects.count() == 1  # nothing half-written
    tomorrow = timezone.localdate().replace(year=timezone.localdate().year + 1)
    with pytest.raises(InvalidInput) as refused:
        deed_record(actor=actor, client_token=uuid4(), facts=DeedFacts(title="以后", for_whom="村民", on=tomorrow))
    assert set(refused.value.fields) == {"on"}


def test_it_counts_once_the_person_helped_says_so(cast: Cast) -> None:
    one = deed(cast, kind=DeedKind.PROBLEM_SOLVED)
    assert entries(one) == []
    old, new = opened(cast, one), opened(cast, one)
    with pytest.raises(NotFound):  # a newer one was made
        find_by_receipt(old)
    assert new not in str(list(Deed.objects.values()))  # only its keyed hash is kept
    client = Client()
    page = client.get(f"/open/deeds/{new}/").content.decode()
    assert "李代表" in page
    assert "13812345678" not in page
    assert "高桥村十二户村民" not in page  # no more than is needed
    answer = client.post(f"/open/deeds/{new}/", {"says": "true", "words": "谢谢<script>"})
    assert answer.status_code == 200
    one.refresh_from_db()
    assert (one.status, one.checked_by_way) == (DeedStatus.CONFIRMED, "helped")
    assert entries(one) == [("李代表", "problem_solved", 1)]
    assert client.post(f"/open/deeds/{new}/", {"says": "false", "words": "反悔"}).status_code == 409
    assert client.get(f"/open/deeds/{new}x/").status_code == 404
    assert Notice.objects.filter(recipient=cast.users["deputy"], title__contains="属实").exists()


def test_the_deputy_cannot_speak_for_the_person_helped(cast: Cast) -> None:
    secret = opened(cast, deed(cast))
    answer = cast.client("deputy").post(f"/open/deeds/{secret}/", {"says": "true"})
    assert answer.status_code == 403
    assert find_by_receipt(secret).status == DeedStatus.WAITING


def test_a_receipt_confirms_what_was_on_the_page(cast: Cast) -> None:
    one = deed(cast)
    secret = opened(cast, one)
    page = Client().get(f"/open/deeds/{secret}/")
    version = page.context["form"]["version"].value()
    facts = DeedFacts(title="修好二十公里", for_whom="村民", on=one.on)
    deed_edit(actor=cast.actor("deputy"), public_id=one.public_id, facts=facts)
    with pytest.raises(StaleVersion):
        deed_testify(actor=ANONYMOUS, secret=secret, is_true=True, version=version)
    assert entries(one) == []


def test_a_denied_deed_waits_for_staff_who_decide_with_a_reason(cast: Cast) -> None:
    one = deed(cast)
    secret = opened(cast, one)
    with pytest.raises(InvalidInput) as refused:
        deed_testify(actor=ANONYMOUS, secret=secret, is_true=False)
    assert set(refused.value.fields) == {"words"}
    deed_testify(actor=ANONYMOUS, secret=secret, is_true=False, words="没有修")
    one.refresh_from_db()
    assert (one.status, entries(one)) == (DeedStatus.DENIED, [])
    assert Notice.objects.filter(recipient=cast.users["insider"], title__contains="不属实").exists()
    clerk = cast.actor("insider")
    with pytest.raises(InvalidInput) as refused:
        deed_confirm(actor=clerk, public_id=one.public_id, way="phone", words="")
    assert set(refused.value.fields) == {"words"}
    deed_confirm(actor=clerk, public_id=one.public_id, way="on_site", words="现场看了，渠已修好。")
    assert entries(one) == [("李代表", "deed", 1)]
    deed_reject(actor=clerk, public_id=one.public_id, reason="复查发现不是代表办的")
    one.refresh_from_db()
    assert (one.status, one.checked_at, entries(one)) == (DeedStatus.REJECTED, None, [])


def test_withdrawing_takes_it_out_of_the_ledger(cast: Cast) -> None:
    one = deed(cast)
    for who, error in (("colleague", NotAllowed), ("stranger", NotFound), ("deputy", NotAllowed)):
        with pytest.raises(error):
            deed_confirm(actor=cast.actor(who), public_id=one.public_id, way="papers", words="")
    with pytest.raises(InvalidInput):
        deed_confirm(actor=cast.actor("insider"), public_id=one.public_id, way="helped", words="")
    deed_confirm(actor=cast.actor("insider"), public_id=one.public_id, way="papers", words="")
    with pytest.raises(IllegalTransition):  # nobody changes what was confirmed
        deed_edit(
            actor=cast.actor("deputy"),
            public_id=one.public_id,
            facts=DeedFacts(title="别的", for_whom="别人", on=one.on),
        )
    with pytest.raises(NotFound):
        deed_withdraw(actor=cast.actor("cosigner"), public_id=one.public_id, reason="不是我的")
    deed_withdraw(actor=cast.actor("deputy"), public_id=one.public_id, reason="记重了")
    assert entries(one) == []
    with pytest.raises(IllegalTransition):
        deed_confirm(actor=cast.actor("insider"), public_id=one.public_id, way="papers", words="")


def test_the_telephone_stays_covered_until_somebody_asks_and_that_is_noted(cast: Cast) -> None:
    one = deed(cast, text="电话13812345678，找王某")
    page = cast.client("insider").get(one.get_absolute_url()).content.decode()
    assert "138＊＊＊＊＊＊78" in page
    page = cast.client("insider").post(f"/deeds/{one.public_id}/phone/").content.decode()
    assert "13812345678" in page
    assert AuditEntry.objects.filter(action="deed.unmask").count() == 1
    with pytest.raises(NotAllowed):
        deed_phone(actor=cast.actor("colleague"), public_id=one.public_id)


def test_staff_write_one_down_for_a_deputy(cast: Cast) -> None:
    mandate = cast.mandates["deputy"]
    client = cast.client("insider")
    assert "李代表" in client.get("/deeds/new/?q=李代表").content.decode()
    url = f"/deeds/new/?mandate={mandate.public_id}"
    token = client.get(url).context["form"]["client_token"].value()
    values = {"client_token": str(token), "kind": "deed", "title": "装路灯😀", "for_whom": "村民"}
    answer = client.post(url, values)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"on"})
    assert client.post(url, values | {"on": timezone.localdate().isoformat()}).status_code == 302
    one = Deed.objects.get()
    assert (one.mandate, one.recorded_by, one.office) == (mandate, cast.users["insider"], cast.offices["city_office"])
    secret = deed_receipt(actor=cast.actor("insider"), public_id=one.public_id)[1]
    with pytest.raises(NotAllowed):  # who wrote it down does not speak for the person helped
        deed_testify(actor=cast.actor("insider"), secret=secret, is_true=True)


def test_a_deed_of_before_the_mandate_began_is_refused(cast: Cast) -> None:
    began = cast.mandates["deputy"].started_on
    for on in (began - dt.timedelta(days=1), dt.date(1, 1, 1)):
        with pytest.raises(InvalidInput) as refused:
            deed(cast, on=on)
        assert set(refused.value.fields) == {"on"}
    assert not Deed.objects.exists()
    deed(cast, on=began)
