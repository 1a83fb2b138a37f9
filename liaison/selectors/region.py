"""Finding administrative divisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from liaison.exceptions import NotFound
from liaison.models import Region
from liaison.models.region import RegionLevel
from liaison.selectors.fixed import FixedQuery

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: Digits of a prefix that end a level: province, city, county, township.
_LEVEL_DIGITS = (2, 4, 6, 9)
_PUBLIC = "divisions are public, and old records name retired ones"


def get_region(code: str) -> Region:
    """A division in force by its code.

    Raises:
        NotFound: no such code, or retired.
    """
    region = Region.objects.unscoped(reason=_PUBLIC).filter(code=code, is_active=True).first()
    if region is None:
        raise NotFound(f"没有代码为“{code}”的行政区划。")
    return region


class RegionFacts(NamedTuple):
    """What a message that names a division by its code needs of it; ``name`` is the full one."""

    id: int
    code: str
    prefix: str
    name: str


_FACTS = ("id", "code", "prefix", "full_name")
_BY_CODE = FixedQuery(
    lambda code: Region.objects.unscoped(reason=_PUBLIC).filter(code=code, is_active=True).values_list(*_FACTS),
    mark="-",
)


def regions_in_force(codes: Collection[str]) -> dict[str, RegionFacts]:
    """Divisions in force by their codes (one query, whose SQL is written once a process when it is for one code)."""
    if len(codes) == 1:
        rows = _BY_CODE(*codes)
    else:
        rows = list(Region.objects.unscoped(reason=_PUBLIC).filter(code__in=codes, is_active=True).values_list(*_FACTS))
    return {row[1]: RegionFacts(*row) for row in rows}


def region_path(region: Region) -> list[Region]:
    """The division with those above it, from the province down (one query)."""
    return region_paths([region])[region.prefix]


def region_paths(regions: Iterable[Region]) -> dict[str, list[Region]]:
    """The paths of several divisions by prefix (one query for all)."""
    wanted = {region.prefix: _prefixes(region.prefix) for region in regions}
    above = {prefix for path in wanted.values() for prefix in path}
    found = {
        region.prefix: region for region in Region.objects.unscoped(reason=_PUBLIC).filter(prefix__in=sorted(above))
    }
    return {prefix: [found[each] for each in path if each in found] for prefix, path in wanted.items()}


def path_names(path: list[Region]) -> list[str]:
    """What ``partials/region_path.html`` shows: the names from the city down, of a province its own."""
    below = [region.name for region in path if region.level != RegionLevel.PROVINCE]
    return below or [region.name for region in path]


def _prefixes(prefix: str) -> list[str]:
    return [prefix[:digits] for digits in _LEVEL_DIGITS if digits <= len(prefix)]
