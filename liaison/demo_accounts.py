"""The demo's accounts, one a role: the demo command makes exactly these, the sign-in page offers them."""

from __future__ import annotations

from typing import NamedTuple


class DemoAccount(NamedTuple):
    """One button on the sign-in page in demo mode."""

    username: str
    label: str


DEMO_PASSWORD = "Demo-2026-portal"  # noqa: S105  (the demo is open to everybody; production refuses it)

DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("demo_deputy", "代表"),
    DemoAccount("demo_cosigner", "附议代表"),
    DemoAccount("demo_clerk", "经办"),
    DemoAccount("demo_approver", "审核"),
    DemoAccount("demo_viewer", "查看"),
    DemoAccount("demo_unit", "承办单位"),
    DemoAccount("demo_procurator", "检察院"),
    DemoAccount("demo_county", "区县经办"),
    DemoAccount("demo_county_head", "区县审核"),
    DemoAccount("demo_county_unit", "区县责任单位"),
    DemoAccount("demo_town", "乡镇人大"),
    DemoAccount("demo_province", "省级经办"),
    DemoAccount("demo_system", "系统管理员"),
    DemoAccount("demo_security", "安全管理员"),
    DemoAccount("demo_auditor", "审计员"),
)
