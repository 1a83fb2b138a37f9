"""Template tags of the components: wording, Chinese dates, numbers with their unit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from liaison.templatetags import ui

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def render(text: str, **context: object) -> str:
    return Template(text).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("value", "style", "expected"),
    [
        (dt.date(2026, 11, 21), "full", "2026年11月21日(周六)"),
        (dt.date(2026, 11, 21), "plain", "2026年11月21日"),
        (dt.date(2026, 1, 4), "day", "1月4日(周日)"),
        ("2026-05-04", "full", "2026年5月4日(周一)"),
        ("2026-05-04T23:30:00+00:00", "full", "2026年5月5日(周二)"),
        (dt.datetime(2026, 11, 20, 16, 1, tzinfo=dt.UTC), "full", "2026年11月21日(周六)"),
        (dt.datetime(2026, 11, 20, 16, 1), "full", "2026年11月20日(周五)"),  # noqa: DTZ001
        ("not a date", "full", ""),
        (None, "full", ""),
        (7, "full", ""),
    ],
)
def test_a_date_is_chinese_with_its_weekday(value: object, style: str, expected: str) -> None:
    assert ui.cn_date(value, style) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.datetime(2026, 11, 21, 6, 5, tzinfo=dt.UTC), "2026年11月21日(周六) 14:05"),
        ("2026-11-21T14:05:00+08:00", "2026年11月21日(周六) 14:05"),
        (dt.date(2026, 11, 21), ""),
        ("soon", ""),
        (None, ""),
    ],
)
def test_a_time_is_of_24_hours_in_shanghai(value: object, expected: str) -> None:
    assert ui.cn_datetime(value) == expected


def test_the_time_alone_and_the_machine_form() -> None:
    moment = dt.datetime(2026, 11, 21, 6, 5, tzinfo=dt.UTC)
    assert ui.cn_time(moment) == "14:05"
    assert ui.cn_time("14:05") == ""
    assert ui.iso(moment) == "2026-11-21T14:05+08:00"
    assert ui.iso(dt.date(2026, 11, 21)) == "2026-11-21"
    assert ui.iso(None) == ""


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (1127, 1529, "73.7%（1127/1529）"),
        (87, 90, "96.7%（87/90）"),
        (0, 5, "0.0%（0/5）"),
        (0, 0, "暂无（0/0）"),
        (None, None, "暂无（0/0）"),
    ],
)
def test_a_rate_always_shows_what_it_is_made_of(numerator: int | None, denominator: int | None, expected: str) -> None:
    assert ui.percent(numerator, denominator) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (13_862_000_000, "138.62亿元"),
        (Decimal("15460000000"), "154.6亿元"),
        (355_000, "35.5万元"),
        (9_999, "9999元"),
        (0, "0元"),
        (-20_000, "-2万元"),
        (None, ""),
        ("", ""),
    ],
)
def test_money_has_its_unit(value: object, expected: str) -> None:
    assert ui.money(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0 字节"), (48_120, "47 KB"), (2_411_724, "2.3 MB"), (None, "0 字节")]
)
def test_a_file_size_is_readable(value: object, expected: str) -> None:
    assert ui.file_size(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("13800001234", "138****1234"),
        ("0737-4223344", "073****3344"),
        ("12345", "****45"),
        ("110", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_number_is_masked(value: object, expected: str) -> None:
    assert ui.mask_phone(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(5, "5"), (99, "99"), (100, "99+")])
def test_a_bubble_counts_to_99(value: int, expected: str) -> None:
    assert ui.bubble_count(value) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("答复.DOCX", "file-type-doc"), ("名册.xlsx", "file-spreadsheet"), ("无后缀", "file"), ("", "file")],
)
def test_a_file_name_has_its_icon(name: str, expected: str) -> None:
    assert ui.file_icon(name) == expected
    assert expected in ui.icon_names()


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36", "Windows 电脑，Chrome 浏览器"),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/116 Mobile MicroMessenger/8.0", "安卓手机，微信"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Safari/604.1", "iPhone，Safari 浏览器"),
        ("", "未知设备"),
    ],
)
def test_a_browser_has_a_name_people_know(agent: str, expected: str) -> None:
    assert ui.browser_name(agent) == expected


def test_an_icon_is_hidden_from_screen_readers_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in render('{% icon "inbox" %}')
    labelled = render('{% icon "inbox" "消息" %}')
    assert 'role="img" aria-label="消息"' in labelled
    assert 'sprite.svg#inbox"' in labelled


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(LookupError, match="no-such-icon"):
        render('{% icon "no-such-icon" %}')


def test_every_listed_icon_is_in_the_sprite() -> None:
    from django.conf import settings

    sprite = (settings.BASE_DIR / "static" / ui.vendor_path("tabler-icons")).read_text()
    assert [name for name in ui.icon_names() if f'<symbol id="{name}"' not in sprite] == []


def test_an_unvendored_package_is_refused() -> None:
    with pytest.raises(LookupError):
        ui.vendor_path("jquery")


@pytest.mark.parametrize(("code", "word"), ui.LIGHT_LABELS.items())
def test_a_light_says_its_word_and_draws_its_shape(code: str, word: str) -> None:
    html = render("{% light value %}", value=code)
    assert f"light-{code}" in html
    assert word in html
    assert "<svg" in html


def test_the_shapes_of_the_lights_differ() -> None:
    drawn = {render("{% light value %}", value=code).split("</svg>")[0].split("<svg")[1] for code in ui.LIGHT_LABELS}
    assert len(drawn) == len(ui.LIGHT_LABELS)


def test_a_light_takes_its_words_from_the_object() -> None:
    light = SimpleNamespace(code="amber", label="临期", days_left_text="还剩5天")
    assert "临期 · 还剩5天" in render("{% light value %}", value=light)
    assert "还剩5天" in render("{% due_light deadline %}", deadline=SimpleNamespace(light=light))


def test_no_deadline_no_light() -> None:
    assert render("{% due_light deadline %}", deadline=None) == ""
    assert render("{% light value %}", value=None) == ""


def test_a_status_tag_takes_words_or_an_object() -> None:
    assert render('{% status_tag "待分办" "amber" %}') == '<span class="tag tag-amber">待分办</span>'
    status = SimpleNamespace(get_status_display=lambda: "办理中", status_tone="blue")
    assert render("{% status_tag value %}", value=status) == '<span class="tag tag-blue">办理中</span>'
    assert render('{% status_tag "草稿" %}') == '<span class="tag tag-grey">草稿</span>'


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(LookupError):
        ui.status_tag("草稿", "pink")


def test_markup_in_words_is_escaped() -> None:
    assert "<b>" not in render("{% status_tag value %}", value="<b>草稿</b>")
    assert "<b>" not in render('{% light "amber" value %}', value="<b>")
