"""Pages of the carrying out, as people use them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from liaison.models import Attachment, AuditEntry, Job
from liaison.models.job import JobStatus
from liaison.registry import registry
from liaison.services.job import job_run
from tests.suggestions.budgets import once, queries
from tests.suggestions.pages import errors, hidden, said, text_of
from tests.votes import works
from tests.votes.people import County
from tests.votes.works import status_of
from votes.models import Inspection, Project, ProjectChange, SupervisionGroup
from votes.tasks import open_reports

DESK, MINE = reverse("projects:desk"), reverse("projects:mine")


def client(county: County, who: str) -> Client:
    return county.cast.client(who)


def page(project: Project, name: str, **keys: Any) -> str:
    return reverse(f"projects:{name}", kwargs={"public_id": project.public_id, **keys})


# ── start ────────────────────────────────────────────────────────────────────────────────────────
def test_the_approver_starts_the_work_after_a_look(county: County) -> None:
    of = works.programme(county)
    works.elected(county, of, unit=None, unit_name="八字哨镇人民政府")
    url = reverse("projects:start", args=[of.public_id])
    browser = client(county, "county_approver")
    shown = browser.get(url)
    assert "农村安全饮水提质工程1" in text_of(shown)
    assert "责任单位还没有账号" in text_of(shown)
    stale = browser.post(url, {"version": of.version + 1})
    assert stale.status_code == 409
    done = browser.post(url, hidden(stale), follow=True)
    assert "共1个项目" in said(done)
    assert "农村安全饮水提质工程1" in text_of(done)
    assert browser.get(url).status_code == 409


# ── lists ────────────────────────────────────────────────────────────────────────────────────────
@time_machine.travel("2026-11-20T02:00:00Z", tick=False)
def test_tabs_count_and_filter_by_the_nearest_clock(county: County) -> None:
    soon, late, changing, done = works.started(county, 4)
    works.milestone(county, soon, due_on=works.day(5))
    works.change(county, changing)
    works.finished(county, done)
    works.milestone(county, late, due_on=works.day())
    with time_machine.travel("2026-11-23T02:00:00Z", tick=False):
        shown = client(county, "county_approver").get(DESK)
        counts = {view["label"]: view["count"] for view in shown.context["views"]}
        assert counts == {
            "全部": "4",
            "临期": "1",
            "超期": "1",
            "待调整审批": "1",
            "已完工待交付": "1",
            "已交付": 0,
        }
        for view, name in (("soon", soon), ("late", late), ("change", changing), ("finished", done)):
            rows = client(county, "county_approver").get(DESK, {"view": view}).context["rows"]
            assert [row.project for row in rows] == [name], view
        assert "已超3天" in text_of(client(county, "county_approver").get(DESK, {"view": "late"}))


def test_conditions_narrow_the_list_and_the_counts(county: County) -> None:
    works.project(county)
    works.project(county, year=2024, name="二〇二四年的")
    browser = client(county, "insider")
    shown = browser.get(DESK, {"year": "2024"})
    assert [row.project.name for row in shown.context["rows"]] == ["二〇二四年的"]
    assert shown.context["views"][0]["count"] == "1"
    assert len(browser.get(DESK, {"year": "1999"}).context["rows"]) == 2  # not offered
    assert "year" in shown.context["filter_form"].fields
    assert "没有实施中的项目" in text_of(client(county, "stranger").get(DESK))


def test_a_unit_sees_its_own_with_what_it_owes(county: County) -> None:
    project = works.project(county)
    works.inspection(county, project, works.group(county, project))
    browser = client(county, "county_unit")
    shown = browser.get(DESK)
    counts = {view["label"]: view["count"] for view in shown.context["views"]}
    assert (counts["待报送进展"], counts["待整改答复"]) == ("1", "1")
    assert "我的项目" in text_of(shown)
    assert "贵单位还没有负责的项目" in text_of(client(county, "unit").get(DESK))
    home = text_of(browser.get("/"))
    assert "待报送季度进展" in home
    assert "待答复整改要求" in home


def test_a_deputy_sees_groups_and_projects(county: County) -> None:
    project = works.project(county)
    works.group(county, project)
    shown = text_of(client(county, "deputy").get(MINE))
    assert "第一监督小组" in shown
    assert "组长李代表" in shown
    assert shown.count("农村安全饮水提质工程1") == 2
    other = text_of(client(county, "other_deputy").get(MINE))
    assert "第一监督小组" not in other
    assert other.count("农村安全饮水提质工程1") == 1


@pytest.mark.parametrize(("who", "url"), [("county_approver", DESK), ("county_unit", DESK), ("deputy", MINE)])
def test_lists_ask_the_same_for_2_and_for_20(county: County, who: str, url: str) -> None:
    projects = works.started(county, 2)
    works.group(county, projects[0])
    few = queries(client(county, who), url)
    of = projects[0].programme
    for number in range(3, 21):
        candidate = works.elected(county, of, number)
        Project.objects.create(
            programme=of,
            candidate=candidate,
            office=of.office,
            region_prefix=of.region_prefix,
            name=candidate.name,
            content=candidate.content,
            place=candidate.place,
            investment=candidate.investment,
            unit=county.unit,
            unit_name=county.unit.name,
            finish_on=candidate.finish_on,
        )
    SupervisionGroup.objects.get().projects.set(Project.objects.all())
    many = queries(client(county, who), url)
    once(many)
    # session, account, capacity, rows with names and due day, counts of the tabs, choices of the filters,
    # menu and todo counts, unread messages
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))


def test_the_record_asks_the_same_for_2_and_for_20(county: County) -> None:
    project = works.project(county)
    group = works.group(county, project)

    def fill(count: int, start: int) -> None:
        for number in range(start, start + count):
            works.milestone(county, project, f"节点{number}")
            works.inspection(county, project, group, findings=f"第{number}次")

    fill(2, 0)
    for who in ("county_clerk", "county_unit", "deputy"):
        client(county, who).get(project.get_absolute_url())
    few = {who: len(queries(client(county, who), project.get_absolute_url())) for who in ("county_clerk", "deputy")}
    fill(18, 2)
    many = {who: len(queries(client(county, who), project.get_absolute_url())) for who in ("county_clerk", "deputy")}
    assert many == few


# ── export ───────────────────────────────────────────────────────────────────────────────────────
def test_the_tab_becomes_a_workbook(county: County) -> None:
    from openpyxl import load_workbook

    project = works.project(county)
    works.report(county, project)
    works.project(county, year=2024)
    response = client(county, "county_clerk").post(reverse("projects:export"), {"query": f"year={works.day().year}"})
    job = Job.objects.latest("id")
    assert response.url == job.get_absolute_url()
    job_run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.message) == (JobStatus.DONE, "共1个项目。")
    with job.file.open("rb") as content:
        header, row = list(load_workbook(content).active.iter_rows(min_row=2, values_only=True))
    found = dict(zip(header, row, strict=True))
    assert (found["项目名称"], found["投资额（万元）"], found["累计使用（万元）"]) == (project.name, 320, 120.5)
    assert found["形象进度（%）"] == 40


# ── report ───────────────────────────────────────────────────────────────────────────────────────
def test_the_unit_reports_from_its_page(county: County) -> None:
    project = works.project(county)
    browser = client(county, "county_unit")
    record = browser.get(project.get_absolute_url())
    assert "请报送季度进展" in text_of(record)
    url = page(project, "report", report_id=works.due_report(project).public_id)
    assert url in record.content.decode()
    wrong = browser.post(url, {"text": "做了很多。", "percent": "40", "money_used": "400"})
    assert wrong.status_code == 422
    assert set(errors(wrong)) == {"explanation"}
    assert "做了很多。" in wrong.content.decode()
    done = browser.post(
        url,
        {
            "text": "做了很多。",
            "percent": "40",
            "money_used": "120.5",
            "problems": "征地未完成。",
            "pictures": [works.picture("一.png", 3), works.picture("二.png", 4)],
        },
        follow=True,
    )
    shown = text_of(done)
    assert "季度进展已报送" in said(done)
    assert "37.7%（120.5/320万元）" in shown
    assert "本季度进展已报送" in shown
    again = browser.post(url, {"text": "再报一次。", "percent": "50", "money_used": "130"})
    assert again.status_code == 409
    names = {entry.action for entry in AuditEntry.objects.all()}
    assert {"project.start", "report.submit"} <= names


def test_a_report_sent_back_keeps_what_was_written(county: County) -> None:
    project = works.project(county)
    report = works.report(county, project, pictures=[works.picture()], text="写了很多。", money_used=Decimal("310"))
    clerk, unit = client(county, "county_clerk"), client(county, "county_unit")
    back = page(project, "report_return", report_id=report.public_id)
    assert set(errors(clerk.post(back, {"reason": " "}))) == {"reason"}
    done = clerk.post(back, {"reason": "资金多报"}, follow=True)
    assert "资金多报" in text_of(done)
    url = page(project, "report", report_id=report.public_id)
    initial = unit.get(url).context["form"].initial
    assert (initial["text"], initial["percent"], initial["money_used"]) == ("写了很多。", 40, Decimal("310"))
    typed = {"text": "写了很多。", "percent": "40", "money_used": "31"}

    def pictures(count: int) -> list[Any]:
        return [works.picture(f"{width}.png", width) for width in range(10, 10 + count)]

    wrong = unit.post(url, {**typed, "pictures": pictures(9)})
    assert "已有1张" in errors(wrong)["pictures"][0]
    unit.post(url, {**typed, "pictures": pictures(8)})
    project.refresh_from_db()
    assert project.money_used == Decimal("31")


def test_a_late_report_is_marked_late(county: County) -> None:
    with time_machine.travel("2026-05-20T02:00:00Z", tick=False):
        project = works.project(county)
    with time_machine.travel("2026-07-30T02:00:00Z", tick=False):
        open_reports()
        assert "已经超期，仍可报送" in text_of(client(county, "county_unit").get(project.get_absolute_url()))
        works.report(county, project)
        assert "晚报" in text_of(client(county, "county_unit").get(project.get_absolute_url()))


# ── milestones, change, finish ───────────────────────────────────────────────────────────────────
def test_milestones_are_set_moved_and_done_by_page(county: County) -> None:
    project = works.project(county)
    browser = client(county, "county_unit")
    done = browser.post(page(project, "milestone_add"), {"name": "通水", "due_on": works.day(20)}, follow=True)
    milestone = project.milestones.get()
    edit = page(project, "milestone_edit", milestone_id=milestone.pk)
    assert edit in done.content.decode()
    refused = browser.post(edit, {"name": "通水", "due_on": works.day(30), "reason": ""})
    assert set(errors(refused)) == {"reason"}
    moved = browser.post(edit, {"name": "通水", "due_on": works.day(30), "reason": "雨季"}, follow=True)
    assert "进度节点：改期" in text_of(moved)
    browser.post(page(project, "milestone_done", milestone_id=milestone.pk), {"done_on": works.day()})
    milestone.refresh_from_db()
    assert milestone.done_on == works.day()
    assert browser.get(edit).status_code == 409


def test_a_milestone_is_deleted_by_page_after_a_reason(county: County) -> None:
    project = works.project(county)
    milestone = works.milestone(county, project, "填错的节点")
    browser = client(county, "county_unit")
    remove = page(project, "milestone_remove", milestone_id=milestone.pk)
    assert remove in browser.get(project.get_absolute_url()).content.decode()
    assert "确认删除" in text_of(browser.get(remove))
    assert set(errors(browser.post(remove, {"reason": ""}))) == {"reason"}
    done = text_of(browser.post(remove, {"reason": "填错了"}, follow=True))
    assert "节点“填错的节点”已删除" in done
    assert "还没有设置节点" in done
    assert "删除节点“填错的节点”" in done
    public = Client().get(reverse("open_works:programme", args=[project.programme.public_id]))
    assert public.status_code == 200
    assert "填错的节点" not in text_of(public)
    assert browser.get(remove).status_code == 404


def test_a_change_is_asked_for_and_decided_by_page(county: County) -> None:
    project = works.project(county)
    unit, approver = client(county, "county_unit"), client(county, "county_approver")
    form = unit.get(page(project, "change"))
    typed = {**hidden(form), "content": project.content, "place": "泥江口镇", "investment": "320.00"}
    typed |= {"finish_on": project.finish_on.isoformat(), "reason": "选址变更"}
    done = unit.post(page(project, "change"), typed, follow=True)
    assert "实施地点：八字哨镇、笔架山乡 → 泥江口镇" in text_of(done)
    change = ProjectChange.objects.get()
    assert change.wanted == {"place": "泥江口镇"}
    url = page(project, "decide", change_id=change.public_id)
    assert url in approver.get(project.get_absolute_url()).content.decode()
    shown = approver.get(url)
    assert shown.context["form"]["deciding_body"].initial == "赫山区人民代表大会常务委员会"
    typed = {"deciding_body": "区人大常委会", "decision": "", "decided_on": works.day().isoformat()}
    missing = approver.post(url, {**typed, "verdict": "approve"})
    assert set(errors(missing)) == {"decision"}
    refused = approver.post(url, {**typed, "verdict": "refuse", "note": ""})
    assert set(errors(refused)) == {"note"}
    done = approver.post(url, {**typed, "verdict": "approve", "decision": "第三十二次会议"}, follow=True)
    assert "已登记批准" in said(done)
    project.refresh_from_db()
    assert project.place == "泥江口镇"


def test_finish_send_back_and_hand_over_by_page(county: County) -> None:
    project = works.project(county)
    unit, clerk = client(county, "county_unit"), client(county, "county_clerk")
    typed = {"finished_on": works.day().isoformat(), "money_used": "300", "text": "建成通水。"}
    form = unit.get(page(project, "finish"))
    missing = unit.post(page(project, "finish"), {**hidden(form), **typed})
    assert set(errors(missing)) == {"pictures"}
    unit.post(page(project, "finish"), {**hidden(form), **typed, "pictures": [works.picture()]})
    record = clerk.get(project.get_absolute_url())
    assert "责任单位报告已完工" in text_of(record)
    form = clerk.get(page(project, "resume"))
    clerk.post(page(project, "resume"), {**hidden(form), "reason": "两处未通水"})
    form = unit.get(page(project, "finish"))
    unit.post(page(project, "finish"), {**hidden(form), **typed, "pictures": [works.picture("二.png", 5)]})
    form = clerk.get(page(project, "hand_over"))
    done = clerk.post(
        page(project, "hand_over"),
        {**hidden(form), "handed_over_on": works.day().isoformat(), "uploads": [works.pdf()]},
        follow=True,
    )
    assert "已确认交付" in said(done)
    assert "验收和交付文件" in text_of(done)
    project.refresh_from_db()
    assert project.status == "handed_over"


def test_the_office_names_the_unit_by_page(county: County) -> None:
    project = works.project(county, unit=None, unit_name="八字哨镇人民政府")
    clerk = client(county, "county_clerk")
    assert "八字哨镇人民政府还没有账号" in text_of(clerk.get(project.get_absolute_url()))
    form = clerk.get(page(project, "unit"))
    done = clerk.post(page(project, "unit"), {**hidden(form), "unit": str(county.unit.public_id)}, follow=True)
    assert "责任单位已指定" in said(done)
    report = page(project, "report_return", report_id=works.due_report(project).public_id)
    assert clerk.get(report).status_code == 409


# ── supervision ──────────────────────────────────────────────────────────────────────────────────
def test_a_group_is_made_and_changed_by_page(county: County) -> None:
    project = works.project(county)
    of = project.programme
    clerk = client(county, "county_clerk")
    groups, new = (reverse(f"projects:{name}", args=[of.public_id]) for name in ("groups", "group_new"))
    assert "还没有监督小组" in text_of(clerk.get(groups))
    wrong = clerk.post(new, {"name": "一组"})
    assert set(errors(wrong)) == {"projects", "head"}
    typed = {
        "name": "一组",
        "projects": [str(project.public_id)],
        "head": str(county.mandates[0].public_id),
        "members": [str(county.mandates[1].public_id)],
    }
    done = clerk.post(new, typed, follow=True)
    assert "一组已保存" in said(done)
    assert "李代表、王附议" in text_of(done)
    group = SupervisionGroup.objects.get()
    edit = reverse("projects:group_edit", args=[of.public_id, group.public_id])
    clerk.post(edit, {**typed, "name": "饮水组"})
    group.refresh_from_db()
    assert group.name == "饮水组"
    assert "修改" not in text_of(client(county, "insider").get(groups))


def test_inspection_answer_return_and_check_on_the_phone(county: County) -> None:
    project = works.project(county)
    works.group(county, project)
    deputy, unit = client(county, "deputy"), client(county, "county_unit")
    assert "您在第一监督小组" in text_of(deputy.get(project.get_absolute_url()))
    url = page(project, "inspect")
    form = deputy.get(url)
    typed = {"group": form.context["form"].initial["group"], "inspected_on": works.day().isoformat()}
    wrong = deputy.post(url, {**typed, "findings": "看了现场。", "demands": "重做。"})
    assert set(errors(wrong)) == {"answer_by"}
    done = deputy.post(
        url,
        {
            **typed,
            "findings": "看了现场。",
            "demands": "重做。",
            "answer_by": works.day(9).isoformat(),
            "pictures": [works.picture()],
        },
        follow=True,
    )
    assert "检查情况已登记" in said(done)
    inspection = Inspection.objects.get()
    key = [inspection.public_id]
    answer = reverse("inspections:answer", args=key)
    form = unit.get(answer)
    done = unit.post(answer, {**hidden(form), "answer": "已重做。", "uploads": [works.pdf()]}, follow=True)
    assert "等待第一监督小组核查" in text_of(done)
    assert "待核查的整改" in text_of(deputy.get("/"))
    back = reverse("inspections:return", args=key)
    form = deputy.get(back)
    deputy.post(back, {**hidden(form), "note": "没有到位", "answer_by": works.day(5).isoformat()})
    form = unit.get(answer)
    assert "上次答复没有通过核查" in text_of(form)
    unit.post(answer, {**hidden(form), "answer": "又重做了。"})
    check = reverse("inspections:check", args=key)
    form = deputy.get(check)
    stale = deputy.post(check, {"version": "1", "note": "到位"})
    assert stale.status_code == 409
    done = deputy.post(check, {**hidden(stale), "note": "到位"}, follow=True)
    assert "整改已核查销号" in text_of(done)


# ── the shell ────────────────────────────────────────────────────────────────────────────────────
def test_search_finds_projects_that_one_may_see(county: County) -> None:
    project = works.project(county)
    assert [hit.url for hit in registry.search(county.actor("insider"), "安全饮水") if hit.kind == "实施项目"] == [
        project.get_absolute_url()
    ]
    for who in ("stranger", "unit", "prosecutor"):
        assert not [hit for hit in registry.search(county.actor(who), "安全饮水") if hit.kind == "实施项目"]


def test_files_of_works_are_for_those_who_see_them(county: County) -> None:
    project = works.project(county)
    works.report(county, project, pictures=[works.picture()])
    picture = Attachment.objects.get()
    for who, status in (("deputy", 200), ("insider", 200), ("unit", 404), ("prosecutor", 404), ("nobody", 404)):
        assert status_of(client(county, who), picture.url) == status, who


def test_every_act_has_its_words_in_the_audit() -> None:
    for action in ("project.start", "report.submit", "change.approve", "inspection.return", "group.create"):
        assert registry.audit_labels[action]
