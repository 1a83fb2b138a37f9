"""How every form is drawn: labels, help, 选填, messages, classes, without code in the single form."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from liaison.forms.files import MultipleFileField


class SampleForm(forms.Form):
    title = forms.CharField(label="标题", max_length=10, help_text="一事一议")
    when = forms.DateField(label="发现日期", required=False)
    at = forms.DateTimeField(label="座谈时间", required=False)
    number = forms.IntegerField(label="人数", required=False, min_value=1, max_value=9)
    kind = forms.ChoiceField(label="类别", choices=[("a", "农业"), ("b", "城建")])
    consent = forms.ChoiceField(label="公开", choices=[("y", "是"), ("n", "否")], widget=forms.RadioSelect)
    mail = forms.EmailField(label="邮箱", required=False)
    agree = forms.BooleanField(label="已核对")
    own = forms.CharField(label="备注", error_messages={"required": "备注写一句就行。"})
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def bound(**data: str) -> SampleForm:
    form = SampleForm(data)
    form.is_valid()
    return form


def tag_of(html: str, name: str) -> str:
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', html)
    assert found is not None
    return found[0]


def test_a_field_has_its_label_above_and_its_help_is_announced() -> None:
    html = str(SampleForm())
    assert '<label class="form-label" for="id_title">标题</label>' in html
    assert 'id="id_title_helptext"' in html
    assert 'aria-describedby="id_title_helptext"' in tag_of(html, "title")


def test_only_what_may_be_left_out_is_marked() -> None:
    html = str(SampleForm())
    assert '发现日期<span class="optional">选填</span>' in html
    assert '标题<span class="optional">' not in html


def test_widgets_carry_the_style_sheets_classes() -> None:
    html = str(SampleForm())
    assert 'class="form-control"' in tag_of(html, "title")
    assert 'class="form-select"' in tag_of(html, "kind")
    assert 'class="form-check-input"' in tag_of(html, "consent")
    assert 'class="form-check-input"' in tag_of(html, "agree")
    assert "class=" not in tag_of(html, "secret")


def test_a_class_of_the_forms_own_stays() -> None:
    class Own(forms.Form):
        text = forms.CharField(widget=forms.TextInput(attrs={"class": "num"}))

    assert 'class="num form-control"' in str(Own()["text"])


def test_dates_use_the_browsers_calendar_and_its_format() -> None:
    import datetime as dt

    form = SampleForm(initial={"when": dt.date(2026, 4, 3), "at": dt.datetime(2026, 4, 3, 9, 5)})  # noqa: DTZ001
    html = str(form)
    assert 'type="date"' in tag_of(html, "when")
    assert 'value="2026-04-03"' in tag_of(html, "when")
    assert 'type="datetime-local"' in tag_of(html, "at")
    assert 'value="2026-04-03T09:05"' in tag_of(html, "at")


def test_an_error_stands_by_its_field_and_in_the_summary_that_links_to_it() -> None:
    html = str(bound(title="这个标题写得实在是太长了一点"))
    assert 'aria-invalid="true"' in tag_of(html, "title")
    assert "is-invalid" in tag_of(html, "title")
    assert 'aria-describedby="id_title_helptext id_title_error"' in tag_of(html, "title")
    assert 'id="id_title_error"' in html
    assert '<a href="#id_title">标题：最多10个字，现在有14个字。</a>' in html
    assert "data-error-summary" in html


def test_the_summary_of_a_choice_links_to_its_first_option() -> None:
    html = str(bound())
    assert '<a href="#id_consent_0">请选择公开。</a>' in html
    assert 'id="id_consent_0"' in html


def test_without_errors_there_is_no_summary() -> None:
    assert "data-error-summary" not in str(SampleForm())


def test_an_error_of_the_whole_form_is_in_the_summary() -> None:
    form = bound(title="好")
    form.add_error(None, "张华已在 14:32 分办了这件建议。")
    assert "<li>张华已在 14:32 分办了这件建议。</li>" in str(form)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "", "请填写标题。"),
        ("kind", "", "请选择类别。"),
        ("kind", "x", "请从给出的选项中选择。"),
        ("agree", "", "请勾选已核对。"),
        ("when", "2026-02-30", "请填写实际存在的日期，例如 2026年11月21日。"),
        ("at", "昨天", "请填写日期和时间，例如 2026年11月21日 14:30。"),
        ("number", "十", "请只填写数字。"),
        ("number", "0", "不能小于1。"),
        ("number", "10", "不能大于9。"),
        ("mail", "wang", "请填写完整的电子邮箱，例如 zhangsan@example.cn。"),
        ("own", "", "备注写一句就行。"),
    ],
)
def test_stock_messages_are_said_plainly_and_own_ones_stay(name: str, value: str, expected: str) -> None:
    assert bound(**{name: value})[name].messages == [expected]


def test_a_message_that_a_form_raised_stays() -> None:
    form = bound(title="好")
    form.add_error("title", ValidationError("标题和正文说的不是一件事。", code="mixed"))
    form.add_error("number", ValidationError("人数要和名单一致。", code="required"))
    assert form["title"].messages == ["标题和正文说的不是一件事。"]
    assert form["number"].messages == ["人数要和名单一致。"]


class FileForm(forms.Form):
    materials = MultipleFileField(label="材料", required=False, max_files=2)
    one = MultipleFileField(label="答复件")


def upload(name: str, content: bytes = b"x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_several_files_come_as_a_list() -> None:
    form = FileForm({}, MultiValueDict({"materials": [upload("a.jpg"), upload("b.jpg")], "one": [upload("c.docx")]}))
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["materials"]] == ["a.jpg", "b.jpg"]
    assert [file.name for file in form.cleaned_data["one"]] == ["c.docx"]


def test_no_file_is_an_empty_list_where_it_may_be_left_out() -> None:
    form = FileForm({}, MultiValueDict({"one": [upload("c.docx")]}))
    assert form.is_valid()
    assert form.cleaned_data["materials"] == []


def test_too_many_missing_and_empty_files_are_refused_with_the_reason() -> None:
    many = [upload(f"{n}.jpg") for n in range(3)]
    form = FileForm({}, MultiValueDict({"materials": many}))
    assert not form.is_valid()
    assert form["materials"].messages == ["一次最多上传2个文件，您选了3个。"]
    assert form["one"].messages == ["请上传答复件。"]
    empty = FileForm({}, MultiValueDict({"one": [upload("c.docx", b"")]}))
    assert empty["one"].messages == ["这个文件是空的，请重新选择。"]


def test_a_file_field_tells_the_browser_its_limits() -> None:
    html = str(FileForm())
    assert "multiple" in tag_of(html, "materials")
    assert 'data-max-files="2"' in tag_of(html, "materials")
    assert "data-max-bytes=" in tag_of(html, "materials")
