"""The preview: a verdict for each row, and why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deputies.models import Congress, ElectoralUnit, Tag
from deputies.models.congress import CongressLevel
from deputies.services.roster.steps import roster_upload
from deputies.states import RosterStatus
from liaison.actor import system_actor
from liaison.exceptions import DomainError, InvalidInput, NotAllowed, NotFound
from liaison.models import User
from tests.cast import Cast
from tests.deputies.factories import (
    HEADERS,
    book_bytes,
    imported,
    make_mandate,
    make_person,
    notes_of,
    previewed,
    read,
    roster_book,
    roster_file,
    roster_row,
    uploaded,
    verdicts_of,
)

pytestmark = pytest.mark.django_db


def why(cast: Cast, *rows: dict[str, object], line: int = 2, **options: str) -> list[tuple[str, str, str]]:
    """The notes of one row of a preview."""
    return notes_of(previewed(cast, rows, **options))[line]


def test_every_row_gets_its_verdict_and_the_counts_add_up(cast: Cast) -> None:
    imported(cast, [roster_row(1), roster_row(2)])
    roster = previewed(cast, [roster_row(1), roster_row(2, post="书记"), roster_row(3), roster_row(4, gender="先生")])
    assert verdicts_of(roster) == ["same", "changed", "new", "wrong"]
    assert (roster.count_same, roster.count_changed, roster.count_new, roster.count_wrong) == (1, 1, 1, 1)
    assert roster.count_total == 4
    assert notes_of(roster)[3] == [("change", "职务", "镇长→书记")]


def test_phones_are_masked_in_what_is_shown(cast: Cast) -> None:
    imported(cast, [roster_row(1)])
    assert why(cast, roster_row(1, phone="13911112222")) == [("change", "手机号码", "138****0001→139****2222")]


def test_required_columns_of_a_new_deputy(cast: Cast) -> None:
    notes = why(cast, {"certificate": "R-00001", "phone": "13800000001"})
    assert [(kind, column) for kind, column, _text in notes] == [("wrong", "姓名"), ("wrong", "代表类别")]
    assert why(cast, roster_row(1, certificate=None)) == [("wrong", "代表证号", "没有填写。")]


def test_a_known_deputy_needs_only_the_certificate(cast: Cast) -> None:
    imported(cast, [roster_row(1)])
    assert verdicts_of(previewed(cast, [{"certificate": "R-00001", "post": "镇长"}])) == ["same"]


def test_several_columns_may_be_wrong_at_once(cast: Cast) -> None:
    notes = why(cast, roster_row(1, gender="先生", phone="1", birth_month="去年"))
    assert {column for kind, column, _text in notes if kind == "wrong"} == {"性别", "手机号码", "出生年月"}


def test_the_same_certificate_or_phone_twice_in_the_file(cast: Cast) -> None:
    rows = [roster_row(1), roster_row(2, certificate="R-00001"), roster_row(3, phone="13800000001")]
    notes = notes_of(previewed(cast, rows))
    assert notes[2] == []
    assert notes[3] == [("wrong", "代表证号", "与第2行代表证号相同。")]
    assert notes[4] == [("wrong", "手机号码", "与第2行手机号码相同。")]


def test_the_same_person_twice_in_the_file(cast: Cast) -> None:
    notes = why(cast, roster_row(1), roster_row(2, name="张一", phone=None), line=3)
    assert notes[0][:2] == ("wrong", "姓名")
    assert "与第2行" in notes[0][2]
    by_employer = [
        roster_row(1, birth_month=None, phone=None),
        roster_row(2, name="张一", birth_month=None, phone=None),
    ]
    assert verdicts_of(previewed(cast, by_employer)) == ["new", "wrong"]


def test_namesakes_each_with_a_phone_are_two_people(cast: Cast) -> None:
    assert verdicts_of(previewed(cast, [roster_row(1), roster_row(2, name="张一")])) == ["new", "new"]


def test_the_phone_of_somebody_else(cast: Cast) -> None:
    make_mandate(cast.congress, 5, person=make_person(5, name="王五"))
    notes = why(cast, roster_row(1, phone="13900000005"))
    assert notes == [("wrong", "手机号码", "已登记在王五名下，每人一个手机号码。")]


def test_the_phone_of_somebody_out_of_sight_names_nobody(cast: Cast) -> None:
    make_mandate(cast.congresses["neighbour"], 5, person=make_person(5, name="王五"))
    notes = why(cast, roster_row(1, phone="13900000005", electoral_unit=None), who="county_clerk", congress="county")
    assert notes == [("wrong", "手机号码", "已登记在其他地方的代表名下，每人一个手机号码。")]


def test_a_phone_that_another_account_signs_in_with(cast: Cast) -> None:
    User.objects.create_user("somebody", name="某人", phone="13911112222")
    number = cast.mandates["deputy"].certificate_number
    notes = why(cast, {"certificate": number, "phone": "13911112222"})
    assert notes[-1] == ("wrong", "手机号码", "已是另一个登录账号的手机号码，请先核对。")


def test_an_unknown_unit_is_announced_and_made_on_apply(cast: Cast) -> None:
    roster = previewed(cast, [roster_row(1, electoral_unit="第9选区"), roster_row(2, electoral_unit="第9选区")])
    assert notes_of(roster)[2] == [("info", "选举单位", "“第9选区”没有登记过，导入时新增。")]
    assert "将新增选举单位1个：第9选区" in roster.remarks[0]
    assert not ElectoralUnit.objects.filter(name="第9选区").exists()


def test_new_tags_and_too_many_deputies_are_announced(cast: Cast) -> None:
    Congress.objects.filter(pk=cast.congress.pk).update(deputy_places=4)
    roster = previewed(cast, [roster_row(1, industries="养蜂业"), roster_row(2)])
    assert any("将新增行业标签1个：养蜂业" in remark for remark in roster.remarks)
    assert any("将有5名，超过代表名额4名" in remark for remark in roster.remarks)


def test_unknown_columns_are_announced(cast: Cast) -> None:
    upload = SimpleUploadedFile("名册.xlsx", book_bytes(roster_book([roster_row(1)], headers=[*HEADERS, "备注"])))
    roster = read(cast.actor("insider"), uploaded(cast, upload))
    assert roster.remarks[0] == "以下列不在模板中，没有读取：备注。"


def test_days_outside_the_term_and_people_too_young(cast: Cast) -> None:
    assert why(cast, roster_row(1, started_on="2021-11-30"))[0][:2] == ("wrong", "任期开始")
    Congress.objects.filter(pk=cast.congress.pk).update(ends_on=dt.date(2026, 12, 1))
    assert "晚于本届结束日" in why(cast, roster_row(1, started_on="2027-01-01"))[0][2]
    assert why(cast, roster_row(1, birth_month="2004-01"))[0] == (
        "wrong",
        "出生年月",
        "任期开始时未满18周岁，请核对出生年月。",
    )


def test_a_certificate_of_another_congress_or_an_ended_mandate(cast: Cast) -> None:
    make_mandate(cast.congresses["county"], 1, certificate_number="R-00001", person=make_person(1, name="王五"))
    assert why(cast, roster_row(1)) == [("wrong", "代表证号", "这个代表证号已用于赫山区六届人大的王五。")]
    ended = make_mandate(cast.congress, 2, certificate_number="R-00002", ended_on=dt.date(2024, 5, 1))
    text = why(cast, roster_row(2, name=ended.person.name.replace("2", "二")))[0][2]
    assert "已于2024-05-01终止" in text


def test_a_certificate_of_a_place_out_of_sight_tells_nothing(cast: Cast) -> None:
    make_mandate(cast.congresses["neighbour"], 1, certificate_number="R-00001", person=make_person(1, name="王五"))
    notes = why(cast, roster_row(1, electoral_unit=None), who="county_clerk", congress="county")
    assert notes == [("wrong", "代表证号", "这个代表证号已用于其他地方或其他届次的代表。")]


def test_another_name_is_a_rename_only_when_phone_or_month_of_birth_agree(cast: Cast) -> None:
    imported(cast, [roster_row(1)])
    assert why(cast, roster_row(1, name="张一一")) == [("change", "姓名", "张一→张一一")]
    notes = why(cast, roster_row(1, name="李二", phone="13911112222", birth_month="1980-01"))
    assert notes[0][:2] == ("wrong", "姓名")
    assert "登记的是张一" in notes[0][2]


def test_somebody_who_is_a_deputy_of_this_congress_under_another_number(cast: Cast) -> None:
    imported(cast, [roster_row(1)])
    notes = why(cast, roster_row(2, name="张一", phone="13800000001"))
    assert notes == [("wrong", "代表证号", "张一在本届已有在任的代表资格，代表证号是R-00001。")]


def test_of_a_known_person_tags_are_only_filled_where_there_are_none(cast: Cast) -> None:
    known = make_person(8, name="张八")
    known.tags.add(Tag.objects.get(name="教育"))
    make_mandate(cast.congresses["county"], 8, person=known)
    notes = why(cast, roster_row(8, name="张八", phone="13900000008"))
    assert ("change", "专长", "（空）→农业技术、基层治理") in notes
    assert "行业" not in {column for _kind, column, _text in notes}


def test_another_month_of_birth_is_another_person(cast: Cast) -> None:
    known = make_person(8, name="张八", phone="", birth_month=dt.date(1980, 3, 1))
    make_mandate(cast.congresses["county"], 8, person=known)
    assert why(cast, roster_row(8, name="张八")) == []


def test_a_certificate_that_cannot_be_read_is_said_once(cast: Cast) -> None:
    assert [note[:2] for note in why(cast, roster_row(1, certificate="一号"))] == [("wrong", "代表证号")]


def test_the_same_name_and_month_of_birth_without_a_phone_is_the_same_person(cast: Cast) -> None:
    known = make_person(8, name="张八", phone="", birth_month=dt.date(1975, 3, 1))
    make_mandate(cast.congresses["county"], 8, person=known)
    notes = why(cast, roster_row(8, name="张八"))
    assert notes[0][:2] == ("info", "姓名")
    assert ("change", "手机号码", "（空）→138****0008") in notes


def test_nothing_of_somebody_out_of_sight_is_shown_or_touched(cast: Cast) -> None:
    known = make_person(8, name="张八")
    make_mandate(cast.congresses["neighbour"], 8, person=known)
    row = roster_row(8, name="张八", phone="13900000008", electoral_unit=None)
    roster = imported(cast, [row], who="county_clerk", congress="county")
    assert roster.count_new == 1
    known.refresh_from_db()
    assert (known.employer, known.gender) == ("某单位", "")
    assert known.mandates.count() == 2


def test_a_lower_office_registers_deputies_of_a_higher_congress_only_by_its_own_units(cast: Cast) -> None:
    notes = notes_of(
        previewed(
            cast,
            [
                roster_row(1),
                roster_row(2, electoral_unit=None),
                roster_row(3, electoral_unit="第9选区"),
                roster_row(
                    4, certificate=cast.mandates["deputy"].certificate_number, name="李代表", electoral_unit="益阳驻军"
                ),
            ],
            who="county_clerk",
        )
    )
    ElectoralUnit.objects.create(congress=cast.congress, name="沅江市代表团", region=cast.regions["neighbour"])
    assert notes[2] == []
    assert (notes[3][0][1], notes[4][0][1]) == ("选举单位", "选举单位")
    assert ("wrong", "选举单位") in [note[:2] for note in notes[5]]
    other = why(cast, roster_row(1, electoral_unit="沅江市代表团"), who="county_clerk")
    assert other == [("wrong", "选举单位", "不在您的区划范围内，应由当地登记。")]


def test_a_file_that_cannot_be_read_fails_with_the_reason(cast: Cast) -> None:
    roster = uploaded(cast, roster_file([{}]))
    with pytest.raises(DomainError, match="没有代表"):
        read(cast.actor("insider"), roster)
    roster.refresh_from_db()
    assert (roster.status, "没有代表" in roster.error) == (RosterStatus.FAILED, True)


def test_a_file_that_is_gone_fails_with_the_reason(cast: Cast) -> None:
    roster = uploaded(cast, roster_file([roster_row(1)]))
    roster.file.storage.delete(roster.file.name)
    with pytest.raises(DomainError, match="重新上传"):
        read(cast.actor("insider"), roster)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("名册.xlsx", b"", "空的"),
        ("名册.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "内容不是"),
        ("名册.pdf", b"%PDF-1.7\n", "不是 .xlsx 文件"),
        ("名册.csv", "姓名,证号".encode(), "不能上传"),
        ("名册.xlsx", b"PK\x03\x04 broken", "损坏"),
    ],
)
def test_only_xlsx_is_taken(cast: Cast, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        uploaded(cast, SimpleUploadedFile(name, data))


def test_the_upload_is_for_importers_and_their_congresses(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        uploaded(cast, roster_file([roster_row(1)]), who="colleague")
    with pytest.raises(NotFound):
        uploaded(cast, roster_file([roster_row(1)]), who="stranger", congress="county")
    with pytest.raises(DomainError, match="工作人员可以导入"):
        roster_upload(actor=system_actor(), congress_id=cast.congress.public_id, upload=roster_file([roster_row(1)]))
    with pytest.raises(NotFound):
        roster_upload(actor=cast.actor("unit"), congress_id=cast.congress.public_id, upload=roster_file([]))


def test_a_national_congress_is_filled_by_the_province_that_elects(cast: Cast) -> None:
    congress = Congress.objects.create(
        region=cast.regions["province"],
        level=CongressLevel.NATIONAL,
        term=14,
        name="第十四届全国人民代表大会",
        short_name="全国十四届人大",
        starts_on=dt.date(2023, 3, 5),
    )
    with pytest.raises(NotFound):
        roster_upload(actor=cast.actor("insider"), congress_id=congress.public_id, upload=roster_file([roster_row(1)]))
