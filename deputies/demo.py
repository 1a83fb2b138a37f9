"""The demo's deputies: about 120 people over five levels, in 益阳市 and its counties and towns."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from deputies.models import (
    Congress,
    CongressSettings,
    ElectoralUnit,
    Mandate,
    Person,
    ProfessionClass,
    Session,
    Tag,
    TagKind,
)
from deputies.models.congress import CongressLevel
from deputies.models.person import Gender
from liaison.demo import CITY, account
from liaison.models import Organisation, Region

if TYPE_CHECKING:
    from collections.abc import Callable

#: (key, region, level, term, name, short name, office, number of deputies, certificate prefix)
_CONGRESSES = (
    ("national", "430000", CongressLevel.NATIONAL, 14, "第十四届全国人民代表大会", "十四届全国人大", None, 4, "GJ14"),
    ("province", "430000", CongressLevel.PROVINCE, 14, "湖南省第十四届人民代表大会", "省十四届人大", None, 12, "HN14"),
    ("city", "430900", CongressLevel.CITY, 7, "益阳市第七届人民代表大会", "益阳市七届人大", "益阳市人大常委会", 44, "YY07"),
    ("county", "430903", CongressLevel.COUNTY, 6, "赫山区第六届人民代表大会", "赫山区六届人大", "赫山区人大常委会", 20, "HS06"),
    ("yuanjiang", "430981", CongressLevel.COUNTY, 18, "沅江市第十八届人民代表大会", "沅江市十八届人大", "沅江市人大常委会", 16, "YJ18"),
    ("bazishao", "430903101", CongressLevel.TOWNSHIP, 20, "八字哨镇第二十届人民代表大会", "八字哨镇二十届人大", "八字哨镇人大主席团", 14, "BZ20"),
    ("lanxi", "430903111", CongressLevel.TOWNSHIP, 20, "兰溪镇第二十届人民代表大会", "兰溪镇二十届人大", "兰溪镇人大主席团", 10, "LX20"),
)  # fmt: skip
_SURNAMES = "李王张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗"
_GIVEN = (
    "建国", "秀英", "志强", "桂兰", "文辉", "春梅", "国庆", "丽华", "海涛", "玉兰", "卫东", "红霞", "新民", "小燕",
    "正明", "雪梅", "立军", "凤英", "学文", "菊香", "光荣", "艳红", "孟辉",
)  # fmt: skip
_WORK: dict[ProfessionClass, tuple[tuple[str, str, str, str], ...]] = {
    ProfessionClass.ENTREPRENEUR: (
        ("益阳茶厂有限公司", "总经理", "食品加工", "茶叶"),
        ("湖南湘船重工有限公司", "董事长", "装备制造", "船舶"),
    ),
    ProfessionClass.RURAL: (
        ("八字哨镇高桥村", "村党总支书记", "种植业", "水稻种植"),
        ("兰溪镇千家洲村", "种粮大户", "种植业", "农业机械"),
    ),
    ProfessionClass.PROFESSIONAL: (
        ("益阳市中心医院", "主任医师", "医疗卫生", "儿科"),
        ("湖南城市学院", "教授", "教育", "环境工程"),
        ("益阳市第一中学", "高级教师", "教育", "心理健康"),
    ),
    ProfessionClass.CADRE: (("赫山区人民政府", "副区长", "公共管理", "城市管理"),),
    ProfessionClass.OTHER: (("益阳市公共交通有限公司", "驾驶员", "交通运输", "公共交通"),),
}
_CLASSES = (
    ProfessionClass.ENTREPRENEUR,
    ProfessionClass.RURAL,
    ProfessionClass.PROFESSIONAL,
    ProfessionClass.RURAL,
    ProfessionClass.CADRE,
    ProfessionClass.OTHER,
    ProfessionClass.PROFESSIONAL,
)
_CITY_UNITS = (
    ("赫山区代表团", "430903"),
    ("资阳区代表团", "430902"),
    ("沅江市代表团", "430981"),
    ("桃江县代表团", "430922"),
)


def load(say: Callable[[str], None]) -> None:
    """Make congresses, people and mandates; what is there stays as it is."""
    index = 0
    for key, code, level, term, name, short_name, office, count, prefix in _CONGRESSES:
        congress = _congress(code, level, term, name, short_name, office)
        units = _electoral_units(congress, key)
        for place in range(count):
            _deputy(congress, units, f"{prefix}{place + 1:03d}", index)
            index += 1
    _accounts()
    say(f"五级代表 {Mandate.objects.count()} 名，人民代表大会 {Congress.objects.count()} 个")


def _congress(code: str, level: str, term: int, name: str, short_name: str, office: str | None) -> Congress:
    starts_on = (
        dt.date(2023, 1, 13) if level in {CongressLevel.NATIONAL, CongressLevel.PROVINCE} else dt.date(2021, 12, 27)
    )
    congress, _ = Congress.objects.get_or_create(
        region=Region.objects.get(code=code),
        level=level,
        term=term,
        defaults={
            "name": name,
            "short_name": short_name,
            "office": Organisation.objects.get(name=office) if office else None,
            "starts_on": starts_on,
        },
    )
    CongressSettings.objects.get_or_create(congress=congress)
    for number in range(1, 6):
        opening = starts_on.replace(year=starts_on.year + number - 1)
        Session.objects.get_or_create(
            congress=congress,
            number=number,
            defaults={"starts_on": opening, "ends_on": opening + dt.timedelta(days=3)},
        )
    return congress


def _electoral_units(congress: Congress, key: str) -> list[ElectoralUnit]:
    wanted = {
        "national": (("湖南省人民代表大会", None),),
        "province": (("益阳市代表团", "430900"),),
        "city": _CITY_UNITS,
    }.get(key, tuple((f"第{number}选区", None) for number in range(1, 5)))
    units = []
    for name, code in wanted:
        region = Region.objects.get(code=code) if code else None
        unit, _ = ElectoralUnit.objects.get_or_create(congress=congress, name=name, defaults={"region": region})
        units.append(unit)
    return units


def _deputy(congress: Congress, units: list[ElectoralUnit], certificate: str, index: int) -> None:
    if Mandate.objects.filter(certificate_number=certificate).exists():
        return
    profession = _CLASSES[index % len(_CLASSES)]
    employer, post, industry, expertise = _WORK[profession][index % len(_WORK[profession])]
    person = Person.objects.create(
        name=_SURNAMES[index % len(_SURNAMES)] + _GIVEN[(index * 7 + index // len(_SURNAMES)) % len(_GIVEN)],
        gender=Gender.FEMALE if index % 5 in {1, 3} else Gender.MALE,
        ethnicity="汉族" if index % 11 else "回族",
        birth_month=dt.date(1962 + index % 34, index % 12 + 1, 1),
        phone=f"139007{index:05d}",
        employer=employer,
        post=post,
    )
    person.tags.set(
        [
            Tag.objects.get_or_create(kind=TagKind.INDUSTRY, name=industry)[0],
            Tag.objects.get_or_create(kind=TagKind.EXPERTISE, name=expertise)[0],
        ]
    )
    unit = units[index % len(units)]
    Mandate.objects.create(
        person=person,
        congress=congress,
        electoral_unit=unit,
        certificate_number=certificate,
        profession_class=profession,
        home_prefix=(unit.region or congress.region).prefix,
        started_on=congress.starts_on,
    )


def _accounts() -> None:
    """The two deputies of the sign-in page; the first one holds a town mandate as well."""
    for username, certificate in (("demo_deputy", "YY07001"), ("demo_cosigner", "YY07002")):
        person = Mandate.objects.select_related("person").get(certificate_number=certificate).person
        if person.user_id is None:
            user = account(username, person.name, Region.objects.get(code=CITY))
            user.phone = person.phone
            user.save(update_fields=["phone"])
            person.user = user
            person.save(update_fields=["user", "updated_at"])
    deputy = Mandate.objects.select_related("person").get(certificate_number="YY07001").person
    town = Congress.objects.get(short_name="八字哨镇二十届人大")
    Mandate.objects.get_or_create(
        person=deputy,
        congress=town,
        defaults={
            "certificate_number": "BZ20900",
            "profession_class": ProfessionClass.RURAL,
            "home_prefix": town.region.prefix,
            "started_on": town.starts_on,
        },
    )
