"""Pages of the hotline 12345, by person."""

from __future__ import annotations

from tests.e2e.stops import Stop, form
from tests.e2e.world import World


def clerk_hotline(world: World) -> list[Stop]:
    return [
        Stop("/hotline/orders/"),
        Stop("/hotline/orders/?q=没有这样的词"),
        Stop(world.order()),
        form(world.order("hotline:make_opinion")),
        form(world.order("hotline:link_opinion")),
        form(world.order("hotline:link_station")),
        form(world.order("hotline:link_suggestion")),
        form(world.order("hotline:reply")),
        Stop("/hotline/topics/"),
        Stop("/hotline/reports/?tab=all"),
        Stop(world.report()),
        Stop("/hotline/reconciliation/"),
        Stop("/hotline/reconciliation/?tab=waiting"),
        Stop(world.reconciliation()),
        Stop(world.reconciliation("hotline:reconciliation_repair")),
        Stop("/hotline/scope/"),
    ]


def keeper_hotline(world: World) -> list[Stop]:
    return [
        Stop("/hotline/scope/"),
        form("/hotline/scope/new/"),
        form("/hotline/scope/court/"),
    ]


def deputy_hotline(world: World) -> list[Stop]:
    return [
        Stop("/hotline/mine/"),
        Stop("/hotline/mine/?tab=pass"),
        form("/hotline/mine/new/"),
        form(world.opinion("received", "my_hotline:from_opinion")),
        Stop(world.report("my_hotline:detail")),
        form(world.report("my_hotline:pass")),
        Stop(world.report("my_hotline:solved")),
        form(world.report("my_hotline:unsolved")),
    ]
