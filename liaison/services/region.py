"""Loading the administrative divisions from a file: whole or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import connection, transaction

from liaison.exceptions import NotAllowed
from liaison.models import Organisation, Region
from liaison.regionfile import LEVEL_ORDER, RegionRow, parse_regions
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from liaison.actor import Actor

_FIELDS = ("name", "full_name", "level", "kind", "statistical_only", "is_active")


@dataclass(frozen=True, slots=True)
class RegionsLoaded:
    """What a load did, in numbers of divisions.

    Args:
        retired: no longer in the file, kept with ``is_active=False``.
        orphaned: names of active organisations in retired divisions, which staff must look after.
    """

    total: int
    created: int = 0
    changed: int = 0
    retired: int = 0
    orphaned: list[str] = field(default_factory=list)


def regions_load(*, actor: Actor, data: bytes) -> RegionsLoaded:
    """Bring the divisions to the state of a file. Loading the same file again changes nothing.

    Divisions that are new are added; names, kinds and parents that changed are taken over; those of the
    file's provinces that the file no longer has are retired, never deleted; one that comes back is active again.

    Args:
        actor: the system; divisions are data, not a matter of the pages.
        data: the file, as described in ``liaison.regionfile``.

    Raises:
        RegionFileError: the file is malformed; nothing was changed.
    """
    if not actor.is_system:
        raise NotAllowed("行政区划由系统管理员用命令导入。")
    rows = parse_regions(data)
    with transaction.atomic():
        loaded = _load(rows)
        if loaded.created or loaded.changed or loaded.retired:
            record_audit(
                actor=actor,
                action="region.load",
                title=f"行政区划（{len(rows)}条）",
                detail={
                    "created": loaded.created,
                    "changed": loaded.changed,
                    "retired": loaded.retired,
                    "sha256": hashlib.sha256(data).hexdigest(),
                },
            )
    return loaded


def _load(rows: list[RegionRow]) -> RegionsLoaded:
    with connection.cursor() as cursor:  # two loads at once go one after the other; readers go on
        cursor.execute(f"LOCK TABLE {Region._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    stored = {region.code: region for region in Region.objects.unscoped(reason="a load sees retired divisions too")}
    created = _create(rows, stored)
    changed = _update(rows, stored)
    retired = _retire(rows, stored)
    return RegionsLoaded(
        total=len(rows),
        created=created,
        changed=changed,
        retired=len(retired),
        orphaned=[str(office) for office in Organisation.objects.active().filter(region__in=retired)],
    )


def _create(rows: list[RegionRow], stored: dict[str, Region]) -> int:
    """Insert what is new, level by level, so that each finds its parent's key."""
    new = [row for row in rows if row.code not in stored]
    for _, level in groupby(new, key=lambda row: LEVEL_ORDER[row.level]):  # type: ignore[index]
        made = Region.objects.bulk_create(
            [
                Region(
                    code=row.code,
                    prefix=row.prefix,
                    name=row.name,
                    full_name=row.full_name,
                    level=row.level,
                    kind=row.kind,
                    statistical_only=row.statistical_only,
                    parent=stored.get(row.parent_code),
                )
                for row in level
            ],
            batch_size=1000,
        )
        stored |= {region.code: region for region in made}
    return len(new)


def _update(rows: list[RegionRow], stored: dict[str, Region]) -> int:
    changed: list[Region] = []
    for row in rows:
        region = stored[row.code]
        parent = stored.get(row.parent_code)
        wanted = {name: getattr(row, name, True) for name in _FIELDS} | {"parent_id": parent.pk if parent else None}
        if any(getattr(region, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(region, name, value)
            changed.append(region)
    Region.objects.bulk_update(changed, [*_FIELDS, "parent"], batch_size=500)
    return len(changed)


def _retire(rows: list[RegionRow], stored: dict[str, Region]) -> list[Region]:
    provinces = tuple(row.prefix for row in rows if not row.parent_code)
    kept = {row.code for row in rows}
    gone = [
        region
        for region in stored.values()
        if region.is_active and region.code not in kept and region.prefix.startswith(provinces)
    ]
    for region in gone:
        region.is_active = False
    Region.objects.bulk_update(gone, ["is_active"], batch_size=500)
    return gone
