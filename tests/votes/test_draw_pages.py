"""A draw from the list to the result, as its pages show it, and repeated by hand."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction
from django.urls import reverse

from liaison.exceptions import IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.models import AuditEntry
from tests.suggestions.budgets import queries
from tests.suggestions.pages import errors, said, text_of
from tests.votes.draws import JUDGES, drawn, fixed, listed, values
from votes.models import Draw
from votes.selectors.draw import checks_of, digest_of, recipe_of
from votes.selectors.draw import text_of as list_of
from votes.services.draw import draw_discard, draw_edit, draw_fix_list, draw_make_round, draw_run

if TYPE_CHECKING:
    from tests.cast import Cast


def posted(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "title": "2026年度履职评议对象抽取",
        "year": "2026",
        "congress_id": str(cast.congress.pk),
        "is_public": "on",
        "public_id": str(uuid4()),
        "slots": "2",
        "class_1_name": "员额法官",
        "class_1_take": "2",
        "class_1_members": JUDGES,
        "class_2_name": "",
        "class_2_take": "",
        "class_2_members": "",
    } | changes


# ── the way through ──────────────────────────────────────────────────────────────────────────────
def test_from_the_list_to_the_result(cast: Cast) -> None:
    clerk = cast.client("insider")
    response = clerk.post(reverse("draws:add"), posted(cast), follow=True)
    draw = Draw.objects.get()
    assert response.redirect_chain == [(draw.get_absolute_url(), 302)]
    assert "核对名单，然后锁定" in text_of(response)
    assert draw.classes[0]["members"][1] == {"name": "李四", "post": "一级法官"}

    page = clerk.get(reverse("draws:fix", args=[draw.public_id]))
    assert "员额法官4人，抽取2人" in text_of(page)
    response = clerk.post(reverse("draws:fix", args=[draw.public_id]), {"basis": digest_of(draw)}, follow=True)
    assert said(response) == "名单已锁定。现在可以当众产生种子。"

    response = clerk.post(
        reverse("draws:run", args=[draw.public_id]), {"seed": " 03  08 ", "seed_source": "双色球"}, follow=True
    )
    draw.refresh_from_db()
    assert said(response) == "已抽取2人。"
    assert draw.seed == "03 08"
    shown = text_of(response)
    for row in draw.drawn:
        assert row["member"] in shown
        assert row["digest"] in shown
    assert shown.count("重算一致") == 2
    acts = AuditEntry.objects.filter(target_id=str(draw.public_id)).order_by("id").values_list("action", flat=True)
    assert list(acts) == ["draw.create", "draw.fix_list", "draw.run"]


def test_anybody_repeats_it_with_the_printed_recipe(cast: Cast, tmp_path: Path) -> None:
    draw = drawn(cast, title="重做")
    public = cast.client("anonymous").get(draw.get_public_url())
    answer = cast.client("anonymous").get(reverse("open_draws:list_file", args=[draw.public_id]))
    (tmp_path / "名单.txt").write_bytes(answer.content)
    recipe = recipe_of(draw)
    assert len(recipe) == 5
    shown = text_of(public)
    assert all(" ".join(line.split()) in shown for line in recipe)
    out = subprocess.run(
        ["bash", "-c", "\n".join(recipe)], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=30
    ).stdout.splitlines()
    assert out[0].split()[0] == draw.list_hash
    assert [line.split(" ", 1) for line in out[1:]] == [
        [row["digest"], f"{row['class']}|{row['member']}|1"] for row in draw.drawn
    ]


def test_a_seed_full_of_quotes_is_only_a_seed(cast: Cast, tmp_path: Path) -> None:
    draw = fixed(cast, classes=[{"slot": 1, "name": "法官's $(x)", "take": 1, "members": JUDGES}])
    draw = draw_run(actor=cast.actor("insider"), public_id=draw.public_id, seed="it's $(id) `x` \\", seed_source="y")
    (tmp_path / "名单.txt").write_text(list_of(draw))
    out = subprocess.run(
        ["bash", "-c", "\n".join(recipe_of(draw))], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=30
    ).stdout.splitlines()
    assert out[1].split()[0] == draw.drawn[0]["digest"]


def test_the_public_sees_the_list_before_the_draw(cast: Cast) -> None:
    draw = listed(cast)
    anybody = cast.client("anonymous")
    assert anybody.get(draw.get_public_url()).status_code == 404
    draw = fixed(cast)
    page = text_of(anybody.get(draw.get_public_url()))
    assert "还没有抽取" in page
    assert draw.list_hash in page
    assert "张三" in page
    assert "怎样重做一遍" not in page
    secret = drawn(cast, is_public=False)
    for name in ("draw", "list_file"):
        assert anybody.get(reverse(f"open_draws:{name}", args=[secret.public_id])).status_code == 404


# ── what is refused ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"title": " "}, "title", ""),
        ({"class_1_name": ""}, "class_1_name", "请填写类别名称"),
        ({"class_1_name": "法官|检"}, "class_1_name", "不能有“|”"),
        ({"class_1_members": " \n"}, "class_1_members", "一行一人"),
        ({"class_1_members": "张三\n李四\n张三"}, "class_1_members", "第3行“张三”前面已经有了"),
        ({"class_1_members": "张|三"}, "class_1_members", "第1行"),
        ({"class_1_take": ""}, "class_1_take", "请填写抽取人数"),
        ({"class_1_take": "5"}, "class_1_take", "名单只有4人"),
        ({"class_2_name": "员额法官", "class_2_take": "1", "class_2_members": "甲"}, "class_2_name", "已经有了"),
        ({"class_1_name": "", "class_1_take": "", "class_1_members": ""}, "class_1_name", "请填写类别名称"),
        ({"year": "1999"}, "year", ""),
        ({"congress_id": "0"}, "congress_id", ""),
    ],
)
def test_wrong_values_are_named_and_nothing_typed_is_lost(
    cast: Cast, changes: dict[str, str], field: str, message: str
) -> None:
    response = cast.client("insider").post(reverse("draws:add"), posted(cast, **changes))
    assert response.status_code == 422
    assert message in "".join(errors(response)[field])
    if "class_1_members" not in changes:
        assert "张三 民事审判庭庭长" in response.content.decode()
    assert not Draw.objects.exists()


def test_one_ballot_holds_sixty(cast: Cast) -> None:
    many = "\n".join(f"法官{number}" for number in range(70))
    with pytest.raises(InvalidInput) as refused:
        listed(cast, classes=[{"slot": 1, "name": "法官", "take": 61, "members": many}])
    assert "最多抽取60人" in refused.value.fields["class_1_take"]


def test_another_class_is_added_and_nothing_typed_is_lost(cast: Cast) -> None:
    response = cast.client("insider").post(reverse("draws:add"), posted(cast, more="1"))
    assert response.status_code == 200
    page = response.content.decode()
    assert 'name="class_3_members"' in page
    assert "张三 民事审判庭庭长" in page
    assert "有误" not in page


def test_the_form_sent_twice_makes_one_draw(cast: Cast) -> None:
    data = posted(cast)
    for _ in range(2):
        assert cast.client("insider").post(reverse("draws:add"), data).status_code == 302
    assert Draw.objects.count() == 1


def test_a_list_may_change_until_it_is_fixed(cast: Cast) -> None:
    draw = listed(cast)
    url = reverse("draws:edit", args=[draw.public_id])
    page = cast.client("insider").get(url)
    assert "张三 民事审判庭庭长" in page.content.decode()
    data = posted(cast, basis=digest_of(draw), class_1_take="3")
    assert cast.client("insider").post(url, data).status_code == 302
    draw.refresh_from_db()
    assert [(one["name"], one["take"]) for one in draw.classes] == [("员额法官", 3)]
    stale = cast.client("insider").post(url, data)
    assert stale.status_code == 409
    assert f'value="{digest_of(draw)}"' in stale.content.decode()


def test_nothing_changes_a_fixed_list_not_even_sql(cast: Cast) -> None:
    draw = fixed(cast)
    clerk = cast.actor("insider")
    with pytest.raises(IllegalTransition):
        draw_edit(actor=clerk, public_id=draw.public_id, basis="", values=values(cast))
    with pytest.raises(IllegalTransition):
        draw_fix_list(actor=clerk, public_id=draw.public_id, basis="")
    with pytest.raises(IllegalTransition):
        draw_discard(actor=clerk, public_id=draw.public_id)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(classes=[])
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).delete()


def test_it_is_drawn_once_and_after_the_list_was_fixed(cast: Cast) -> None:
    clerk = cast.actor("insider")
    draw = listed(cast)
    with pytest.raises(IllegalTransition, match="还没有锁定"):
        draw_run(actor=clerk, public_id=draw.public_id, seed="1", seed_source="x")
    draw = drawn(cast)
    with pytest.raises(IllegalTransition, match="只抽取一次"):
        draw_run(actor=clerk, public_id=draw.public_id, seed="2", seed_source="x")
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(seed="2")


def test_the_page_must_show_the_list_that_is_fixed(cast: Cast) -> None:
    draw = listed(cast)
    with pytest.raises(StaleVersion):
        draw_fix_list(actor=cast.actor("insider"), public_id=draw.public_id, basis="0" * 64)


def test_a_seed_needs_its_source(cast: Cast) -> None:
    draw = fixed(cast)
    response = cast.client("insider").post(reverse("draws:run", args=[draw.public_id]), {"seed": "7"})
    assert response.status_code == 422
    assert errors(response) == {"seed_source": ["请写明种子从哪里来。"]}
    assert 'value="7"' in response.content.decode()


def test_only_the_office_that_holds_it(cast: Cast) -> None:
    draw = listed(cast)
    with pytest.raises(NotFound):
        draw_fix_list(actor=cast.actor("county_clerk"), public_id=draw.public_id, basis="")
    with pytest.raises(NotAllowed):
        draw_fix_list(actor=cast.actor("colleague"), public_id=draw.public_id, basis="")
    Draw.objects.filter(pk=draw.pk).update(office=cast.offices["county_office"])
    with pytest.raises(NotAllowed, match="其他人大机构"):
        draw_fix_list(actor=cast.actor("insider"), public_id=draw.public_id, basis="")
    assert "由赫山区人大常委会办理" in text_of(cast.client("insider").get(draw.get_absolute_url()))


def test_who_has_no_congress_is_told_so(cast: Cast) -> None:
    cast.congresses["county"].office = None
    cast.congresses["county"].save()
    page = cast.client("county_clerk").get(reverse("draws:add"))
    assert "还没有登记人民代表大会届次" in text_of(page)


def test_an_unfixed_list_may_be_thrown_away(cast: Cast) -> None:
    draw = listed(cast)
    url = reverse("draws:discard", args=[draw.public_id])
    assert "删除后不再保留" in text_of(cast.client("insider").get(url))
    response = cast.client("insider").post(url, follow=True)
    assert "还没有抽取过" in text_of(response)


# ── the vote that follows ────────────────────────────────────────────────────────────────────────
def test_those_who_were_drawn_are_put_to_the_vote(cast: Cast) -> None:
    draw = drawn(cast)
    url = reverse("draws:round", args=[draw.public_id])
    page = cast.client("insider").get(url)
    assert page.context["form"].initial["title"] == "2026年度员额法官、检察官履职评议"
    response = cast.client("insider").post(url, {"title": "履职评议", "scale": "four", "is_public": "on"})
    draw.refresh_from_db()
    assert draw.round is not None
    assert response.url == draw.round.get_absolute_url()
    assert (draw.round.kind, draw.round.scale, draw.round.congress) == ("duty", "four", cast.congress)
    lines = draw.round.options.order_by("position").values_list("name", flat=True)
    assert list(lines) == [row["member"] for row in draw.drawn]
    again = cast.client("insider").post(url, {"title": "再来", "scale": "three"})
    assert again.status_code == 409
    assert "已经按这次抽取建立了" in "".join(errors(again)[""])


def test_nobody_is_put_to_the_vote_before_the_draw(cast: Cast) -> None:
    draw = fixed(cast)
    with pytest.raises(IllegalTransition, match="还没有抽取"):
        draw_make_round(
            actor=cast.actor("insider"), public_id=draw.public_id, title="评议", scale="three", is_public=True
        )


# ── the command, the list ────────────────────────────────────────────────────────────────────────
def verify(public_id: object) -> str:
    out = io.StringIO()
    call_command("verify_draw", str(public_id), stdout=out)
    return out.getvalue()


def test_the_command_computes_it_again(cast: Cast) -> None:
    assert "还没有抽取" in verify(fixed(cast).public_id)
    draw = drawn(cast)
    said_by = verify(draw.public_id)
    assert "重算结果与库中一致" in said_by
    assert all(row["member"] in said_by for row in draw.drawn)


@pytest.mark.parametrize("wrong", ["00000000-0000-4000-8000-000000000000", "不是编号"])
def test_the_command_knows_no_such_draw(cast: Cast, wrong: str) -> None:
    with pytest.raises(CommandError, match="没有这次抽取"):
        verify(wrong)


def test_the_command_needs_a_fixed_list(cast: Cast) -> None:
    with pytest.raises(CommandError, match="还没有锁定"):
        verify(listed(cast).public_id)


def test_a_result_that_was_tampered_with_is_found(cast: Cast) -> None:
    draw = drawn(cast)
    draw.drawn = [{**row, "member": "别人"} for row in draw.drawn]
    assert [check.agrees for check in checks_of(draw)] == [True, False, False]


def test_the_list_costs_the_same_however_many_draws(cast: Cast) -> None:
    listed(cast)
    drawn(cast)
    client = cast.client("insider")
    few = queries(client, reverse("draws:list"))
    for _ in range(8):
        drawn(cast)
    # session, user, postings, activity · draws · menu, bell
    assert len(few) == len(queries(client, reverse("draws:list"))) <= 12, "\n".join(few)
    for view, count in (("drafting", 1), ("fixed", 0), ("drawn", 9)):
        page = client.get(reverse("draws:list"), {"view": view})
        assert len(page.context["page"].items) == count
