"""The divisions of Hunan: loaded whole, again without effect, anew from a newer file, never from a bad one."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from liaison.actor import system_actor
from liaison.exceptions import NotAllowed, NotFound
from liaison.management.commands.load_regions import DEFAULT_FILE
from liaison.models import AuditEntry, Organisation, Region
from liaison.permissions import OrganisationKind
from liaison.regionfile import RegionFileError, parse_regions
from liaison.selectors.region import get_region, path_names, region_path, region_paths
from liaison.services.region import RegionsLoaded, regions_load
from tests.cast import Cast

HEADER = "code,code12,name,level,parent_code,kind,statistical_only"
SMALL = [
    "430000,430000000000,湖南省,province,,province,0",
    "430900,430900000000,益阳市,city,430000,prefecture,0",
    "430903,430903000000,赫山区,county,430900,county,0",
    "430903101,430903101000,八字哨镇,township,430903,town,0",
    "430971,430971000000,益阳市大通湖管理区,special,430900,statistical_zone,1",
    "430971101,430971101000,河坝镇,township,430971,town,1",
]


def csv(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines, ""]).encode()


def load(data: bytes) -> RegionsLoaded:
    return regions_load(actor=system_actor(), data=data)


def problems(data: bytes) -> list[str]:
    with pytest.raises(RegionFileError) as caught:
        parse_regions(data)
    return [str(problem) for problem in caught.value.problems]


# ── the whole province ────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_whole_of_hunan_loads_and_loads_again_without_effect() -> None:
    out = io.StringIO()
    call_command("load_regions", stdout=out)
    call_command("load_regions", stdout=out)
    assert out.getvalue().splitlines() == [
        "行政区划 2157 条：新增 2157，变更 0，停用 0，未变 0。",
        "行政区划 2157 条：新增 0，变更 0，停用 0，未变 2157。",
    ]
    levels = [Region.objects.filter(level=level).count() for level in ("province", "city", "county", "township")]
    assert levels == [1, 14, 122, 2008]
    assert AuditEntry.objects.filter(action="region.load").count() == 1
    assert get_region("430903").full_name == "湖南省益阳市赫山区"
    assert get_region("430121").full_name == "湖南省长沙市长沙县"
    assert Region.objects.subtree("430903").count() == 1 + Region.objects.filter(parent__code="430903").count()
    assert not Region.objects.exclude(level="province").filter(parent=None).exists()


@pytest.mark.django_db
def test_a_zone_of_the_statistics_does_not_say_its_city_twice() -> None:
    load(DEFAULT_FILE.read_bytes())
    names = {code: get_region(code).full_name for code in ("430971", "430971121", "430972", "430372", "431171")}
    assert names["430971"] == "湖南省益阳市大通湖管理区"
    assert names["430971121"] == "湖南省益阳市大通湖管理区河坝镇"
    assert names["430972"] == "湖南益阳高新技术产业园区"
    assert names["430372"] == "湖南省湘潭昭山示范区"
    assert names["431171"] == "湖南省永州经济技术开发区"


@pytest.mark.django_db
def test_a_load_takes_few_round_trips(
    django_assert_max_num_queries: Callable[[int], DjangoAssertNumQueries],
) -> None:
    with django_assert_max_num_queries(12):  # savepoint, lock, read, 4 levels in 5 batches, orphaned offices, audit
        load(DEFAULT_FILE.read_bytes())
    with django_assert_max_num_queries(5):  # savepoint, lock, read, orphaned offices
        load(DEFAULT_FILE.read_bytes())


# ── a newer file ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_names_and_parents_of_a_newer_file_are_taken_over() -> None:
    load(csv(*SMALL))
    newer = [line.replace("赫山区", "新赫山区") for line in SMALL]
    newer[5] = "430971101,430971101000,河坝新镇,township,430971,township,0"
    loaded = load(csv(*newer))
    assert (loaded.created, loaded.changed, loaded.retired) == (0, 3, 0)
    assert get_region("430903101").full_name == "湖南省益阳市新赫山区八字哨镇"
    moved = get_region("430971101")
    assert (moved.name, moved.kind, moved.statistical_only) == ("河坝新镇", "township", False)


@pytest.mark.django_db
def test_codes_gone_from_the_file_are_retired_and_come_back() -> None:
    load(csv(*SMALL))
    key = get_region("430903101").pk
    loaded = load(csv(*(line for line in SMALL if not line.startswith("430903101"))))
    assert (loaded.retired, Region.objects.count()) == (1, len(SMALL))
    with pytest.raises(NotFound):
        get_region("430903101")
    assert load(csv(*SMALL)).changed == 1
    assert get_region("430903101").pk == key


@pytest.mark.django_db
def test_another_province_leaves_hunan_alone() -> None:
    load(csv(*SMALL))
    loaded = load(csv("420000,420000000000,湖北省,province,,province,0"))
    assert (loaded.created, loaded.retired) == (1, 0)
    assert get_region("430903").is_active


@pytest.mark.django_db
def test_offices_in_retired_divisions_are_named(tmp_path: Path) -> None:
    load(csv(*SMALL))
    Organisation.objects.create(
        name="八字哨镇人大主席团", kind=OrganisationKind.CONGRESS, region=get_region("430903101")
    )
    file = tmp_path / "new.csv"
    file.write_bytes(csv(*(line for line in SMALL if not line.startswith("430903101"))))
    out = io.StringIO()
    call_command("load_regions", str(file), stdout=out, no_color=True)
    assert "停用 1" in out.getvalue()
    assert "注意：“八字哨镇人大主席团”所在区划已停用" in out.getvalue()


def test_only_the_system_loads_divisions(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        regions_load(actor=cast.actor("system_admin"), data=csv(*SMALL))


# ── a malformed file ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_malformed_file_is_refused_whole_with_line_numbers(tmp_path: Path) -> None:
    load(csv(*SMALL))
    file = tmp_path / "坏.csv"
    broken = [*SMALL, "43090310,430903100000,短码乡,township,430903,township,0"]
    broken[2] = broken[2].replace("赫山区", "改名区")
    file.write_bytes(csv(*broken))
    errors = io.StringIO()
    with pytest.raises(CommandError, match="没有导入任何内容"):
        call_command("load_regions", str(file), stderr=errors)
    assert "坏.csv 第8行：代码“43090310”不对：乡级代码应为9位的数字。" in errors.getvalue()
    assert get_region("430903").name == "赫山区"


def test_very_many_problems_are_shortened(tmp_path: Path) -> None:
    file = tmp_path / "坏.csv"
    file.write_bytes(csv(*SMALL, *(f"4309031{n:02},,x,y,z,w,2" for n in range(90))))
    errors = io.StringIO()
    with pytest.raises(CommandError):
        call_command("load_regions", str(file), stderr=errors)
    assert "……另有" in errors.getvalue()
    assert len(errors.getvalue().splitlines()) == 51


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("load_regions", str(tmp_path / "none.csv"))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("430904,430904000000,新区,county,430900,county", "应有7列，实有6列"),
        ("430904,430904000000,新区,county,430900,county,0,", "应有7列，实有8列"),
        ("43090,430900000000,新区,county,430900,county,0", "代码“43090”不对：县级代码应为6位、不以00结尾的数字"),
        ("43090A,43090A000000,新区,county,430900,county,0", "代码“43090A”不对"),
        ("430901,430901000000,益阳市,city,430000,prefecture,0", "代码“430901”不对：市级代码应为6位、以00结尾的数字"),
        ("430903,430903000000,赫山区,county,430900,county,0", "代码430903与第4行重复"),
        ("430904,430904000000,新区,county,431000,county,0", "上级代码“431000”不在文件里"),
        ("430904,430904000000,新区,county,,county,0", "没有填上级代码"),
        ("430904,430904000000,新区,county,430903,county,0", "上级“赫山区”的层级不对"),
        ("431021,431021000000,新县,county,430900,county,0", "代码431021不在上级430900（益阳市）之下"),
        ("440000,440000000000,广东省,province,430000,province,0", "省级没有上级"),
        ("430904,430904000000,新区,county,430900,borough,0", "类别“borough”不认识"),
        ("430904,430904000000,新区,county,430900,town,0", "县级不能是“镇”"),
        ("430904,430904000000,新区,district,430900,county,0", "层级“district”不认识"),
        ("430904,430905000000,新区,county,430900,county,0", "12位代码“430905000000”与代码“430904”不一致"),
        ("430904,430904000000,,county,430900,county,0", "名称为空"),
        ("430904,430904000000,新区,county,430900,county,是", "应为0或1"),
        ('430904,430904000000,"新区,county,430900,county,0', "引号不成对"),
    ],
)
def test_each_kind_of_mistake_is_named_with_its_line(line: str, reason: str) -> None:
    found = problems(csv(*SMALL, line))
    assert any(reason in problem for problem in found)
    assert found[0].startswith("第8行：") or "引号" in reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "第1行：文件是空的"),
        (csv(), "第2行：只有表头"),
        (b"code,name\n1,x\n", "第1行：表头不对：缺少列code12、level"),
        ((HEADER + ",note\n").encode(), "第1行：表头不对：多出列note"),
        ((HEADER + ",code\n").encode(), "第1行：表头不对：列名重复"),
        ("\n".join([HEADER, *SMALL]).encode("gb18030"), "第2行：不是UTF-8编码"),
        ("\n".join([HEADER, *SMALL]).encode("utf-16"), "第1行：不是UTF-8编码"),
    ],
)
def test_a_file_that_is_no_table_of_divisions_is_refused(data: bytes, reason: str) -> None:
    assert problems(data)[0].startswith(reason)


def test_excel_s_way_of_writing_csv_is_read() -> None:
    data = b"\xef\xbb\xbf" + "\r\n".join([HEADER, *SMALL, "", ""]).encode()
    assert len(parse_regions(data)) == len(SMALL)


def test_columns_may_stand_in_another_order() -> None:
    rows = parse_regions(
        "name,code,code12,level,parent_code,kind,statistical_only\n湖南省,430000,430000000000,province,,,0".encode()
    )
    assert (rows[0].code, rows[0].kind) == ("430000", "province")


# ── finding them ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_paths_of_many_divisions_cost_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load(csv(*SMALL))
    regions = [get_region(code) for code in ("430903101", "430971101", "430900", "430000")]
    with django_assert_num_queries(1):
        paths = region_paths(regions)
    assert [path_names(paths[region.prefix]) for region in regions] == [
        ["益阳市", "赫山区", "八字哨镇"],
        ["益阳市", "益阳市大通湖管理区", "河坝镇"],
        ["益阳市"],
        ["湖南省"],
    ]
    assert [region.name for region in region_path(regions[2])] == ["湖南省", "益阳市"]
