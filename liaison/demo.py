"""The demo's ground floor: offices of 益阳市 and their people. Real places, made-up people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.demo_accounts import DEMO_PASSWORD
from liaison.models import Organisation, Posting, Region, User
from liaison.permissions import OrganisationKind, Role
from liaison.selectors.reminder import SCAN_HEARTBEAT, last_scan
from liaison.services.heartbeat import heartbeat_record

if TYPE_CHECKING:
    from collections.abc import Callable

CITY = "430900"
COUNTIES = ("430902", "430903", "430921", "430922", "430923", "430981")
DEMO_COUNTY = "430903"
TOWNS = ("430903101", "430903111")
UNITS = ("生态环境局", "教育局", "交通运输局", "农业农村局", "卫生健康委员会", "市场监督管理局", "水利局", "民政局")

#: (username, name, organisation, role); the demo accounts first, then the colleagues of other units.
_STAFF: tuple[tuple[str, str, str, Role], ...] = (
    ("demo_clerk", "陈立新", "益阳市人大常委会", Role.HANDLER),
    ("demo_approver", "周慧敏", "益阳市人大常委会", Role.APPROVER),
    ("demo_viewer", "吴国平", "益阳市人大常委会", Role.VIEWER),
    ("demo_unit", "刘志远", "益阳市生态环境局", Role.HANDLER),
    ("demo_procurator", "唐思源", "益阳市人民检察院", Role.HANDLER),
    ("demo_county", "何晓芳", "赫山区人大常委会", Role.HANDLER),
    ("demo_system", "谢文斌", "益阳市人大常委会", Role.SYSTEM_ADMIN),
    ("demo_security", "曹卫国", "益阳市人大常委会", Role.SECURITY_ADMIN),
    ("demo_auditor", "彭学军", "益阳市人大常委会", Role.AUDITOR),
    ("yy_jyj", "蒋春华", "益阳市教育局", Role.HANDLER),
    ("yy_jtysj", "郭建军", "益阳市交通运输局", Role.HANDLER),
    ("yy_nyncj", "夏雨生", "益阳市农业农村局", Role.HANDLER),
    ("yy_wjw", "孟丽娟", "益阳市卫生健康委员会", Role.HANDLER),
    ("yy_scjgj", "罗正华", "益阳市市场监督管理局", Role.HANDLER),
    ("yy_slj", "汤海波", "益阳市水利局", Role.HANDLER),
    ("yy_mzj", "邓小莉", "益阳市民政局", Role.HANDLER),
)


def load(say: Callable[[str], None]) -> None:
    """Make the organisations, accounts and postings; what is there stays as it is."""
    city = Region.objects.get(code=CITY)
    _organisation("益阳市人大常委会", OrganisationKind.CONGRESS, city, "联工委")
    _organisation("益阳市人民检察院", OrganisationKind.PROCURATORATE, city, "第七检察部")
    for name in UNITS:
        _organisation(f"益阳市{name}", OrganisationKind.UNIT, city)
    for code in COUNTIES:
        county = Region.objects.get(code=code)
        _organisation(f"{county.name}人大常委会", OrganisationKind.CONGRESS, county, "联工委")
        _organisation(f"{county.name}人民检察院", OrganisationKind.PROCURATORATE, county)
    for code in TOWNS:
        town = Region.objects.get(code=code)
        _organisation(f"{town.name}人大主席团", OrganisationKind.CONGRESS, town)
    for username, name, organisation, role in _STAFF:
        office = Organisation.objects.select_related("region").get(name=organisation)
        user = account(username, name, office.region)
        Posting.objects.get_or_create(user=user, organisation=office, role=role, ended_at=None)
    if last_scan() is None:  # the demo's past is made, not lived: no outage kept a reminder from anybody
        heartbeat_record(name=SCAN_HEARTBEAT)
    say(f"机构 {Organisation.objects.count()} 个，工作人员 {len(_STAFF)} 人")


def _organisation(name: str, kind: OrganisationKind, region: Region, department: str = "") -> None:
    Organisation.objects.get_or_create(name=name, region=region, defaults={"kind": kind, "department": department})


def account(username: str, name: str, region: Region) -> User:
    """An account of a region; those of the sign-in page have the demo password, all others none that works."""
    user = User.objects.filter(username=username).first()
    if user is None:
        is_demo = username.startswith("demo_")
        user = User.objects.create_user(
            username,
            DEMO_PASSWORD if is_demo else None,
            name=name,
            region=region,
            email=f"{username.replace('_', '-')}@example.org" if is_demo else "",
        )
    return user
