"""The roll-up of project votes (民生实事票决汇总): by year, up the region tree, portal figures and entered ones.

The rule, as the page says it (``RULES``): what the portal knows is counted; for congresses that do not use it,
staff enter one row a region, year and level; both are added. Of rows one above the other the upper one counts and
the lower ones only break it down. Everything is summed in SQL, with the same number of queries for any number of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Left

from deputies.selectors.congress import region_choices
from liaison.exceptions import NotAllowed, NotFound
from liaison.models import Region
from liaison.models.region import RegionKind, RegionLevel
from votes.models import Candidate, Programme, Round, RoundKind, SummaryLevel, YearSummary
from votes.selectors.summary_figures import Figures, Line, Lines, RollUp
from votes.states import CandidateStatus, ProjectStatus, RoundStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liaison.actor import Actor

#: What the page says about how it counts.
RULES = (
    "本平台上有当年民生实事项目的人大，由系统统计：票决结果已宣布的，计入“实行票决”。",
    "没有使用本平台的人大，由工作人员按地区、年度、层级填报一行“手工汇总”。填报的只计不在平台上的人大，与平台的数相加。",
    "上级地区填了手工汇总的，以上级的为准，下级的各行只作分列，不再相加。",
    "覆盖率＝实行票决的人大数÷人大数。人大数＝平台上的＋手工汇总填报的；没有填报的地区，按行政区划登记的县（市、区）、乡镇数。",
    "完成率＝完工或交付的项目÷票决项目；满意率＝满意票÷有效测评票。手工汇总没有填完成数的，不计入完成率。",
)
#: Digits of a prefix → digits of the level below it.
_BELOW = {2: 4, 4: 6, 6: 9, 9: 9}
_FINISHED = (ProjectStatus.FINISHED, ProjectStatus.HANDED_OVER)
_LEVELS = tuple(SummaryLevel.values)


class _LineSum(Func):
    """The sum of one number over the lines of a round's result."""

    template = (
        "(SELECT COALESCE(SUM((line->>'%(part)s')::bigint), 0) FROM jsonb_array_elements(%(expressions)s) AS line)"
    )
    output_field = BigIntegerField()


def require_staff(actor: Actor) -> None:
    """The roll-up is for congress offices.

    Raises:
        NotAllowed: a deputy, a unit, or anybody else.
    """
    if not (actor.is_congress or actor.is_system):
        raise NotAllowed("票决汇总只供人大工作机构使用。")


def roll_up(actor: Actor, *, code: str = "", year: int | None = None) -> RollUp:
    """The figures of a region and of those below it.

    Args:
        code: the region; the actor's own when empty, unknown, or outside the actor's subtree.
        year: the newest in which anybody voted when omitted.

    Raises:
        NotAllowed: see ``require_staff``.
    """
    require_staff(actor)
    way, below = region_choices(actor, code)
    if not way:
        raise NotFound
    here = way[-1]
    totals = _collect(actor, here, digits=len(here.prefix), whole=True)
    by_year: dict[int, list[Line]] = {}
    for line in sorted(totals.values(), key=lambda line: (-line.year, _LEVELS.index(line.level))):
        by_year.setdefault(line.year, []).append(line)
    years = list(by_year)
    voted = (one for one in years if any(line.total.voting for line in by_year[one]))
    chosen = year if year in by_year else next(voted, years[0] if years else 0)
    found: list[tuple[Region, list[Line]]] = []
    if chosen:
        lines = _collect(actor, here, digits=_BELOW[len(here.prefix)], whole=False, year=chosen)
        found = _below(here, below, lines, chosen)
    return RollUp(way, years, chosen, by_year, found)


def years_below(actor: Actor, here: Region) -> list[tuple[Region, list[Line]]]:
    """All years of a region and of those below it, for the workbook: the region itself first, then the rest."""
    _, below = region_choices(actor, here.code)
    totals = _collect(actor, here, digits=len(here.prefix), whole=True)
    lines = _collect(actor, here, digits=_BELOW[len(here.prefix)], whole=False)
    found: list[tuple[Region, list[Line]]] = []
    for year in sorted({key[0] for key in (*totals, *lines)}, reverse=True):
        own = [totals[year, here.prefix, level] for level in _LEVELS if (year, here.prefix, level) in totals]
        found.append((here, own))
        found += [pair for pair in _below(here, below, lines, year) if pair[0].pk != here.pk]
    return found


def _below(here: Region, below: list[Region], lines: Lines, year: int) -> list[tuple[Region, list[Line]]]:
    """The lines of each region below in one year; those without a congress only where there are figures."""
    found = []
    for region in [here, *below]:
        own = [lines[year, region.prefix, level] for level in _LEVELS if (year, region.prefix, level) in lines]
        if own:
            found.append((region, own))
        elif region.pk != here.pk and region.has_congress:
            found.append((region, []))
    return found


# ── what the database sums ───────────────────────────────────────────────────────────────────────
def _collect(actor: Actor, here: Region, *, digits: int, whole: bool, year: int | None = None) -> Lines:
    """Every line of a region by year, region of ``digits`` digits and level (five queries).

    Args:
        whole: for the region as a whole, with a row of its own; otherwise only what stands below it.
        year: one year only.
    """
    rows = _rows(actor, here, whole=whole, year=year)
    lines: Lines = {}

    def line_of(found: dict[str, Any]) -> Line:
        key = (found["at_year"], found["group"], found["at_level"])
        return lines.setdefault(key, Line(*key))

    for found in _entered(rows, digits):
        line = line_of(found)
        line.register_in_rows = found["register_in_rows"]
        line.entered = Figures(**_numbers(found))
    for found in _programmes(actor, here, rows, digits, year):
        line = line_of(found)
        line.portal.congresses, line.portal.voting = found["congresses"], found["voting"]
        line.under_row = found["under_row"]
    for found in _candidates(actor, here, digits, year):
        line_of(found).portal.add(Figures(**_numbers(found)))
    for found in _appraisals(actor, here, digits, year):
        line_of(found).portal.add(Figures(**_numbers(found)))
    register = {(found["group"], found["at_level"]): found["number"] for found in _register(here, digits)}
    for line in lines.values():
        line.register = register.get((line.prefix, line.level), 0)
    return lines


def _numbers(found: dict[str, Any]) -> dict[str, Any]:
    """The sums of a row of ``values``, as ``Figures`` takes them."""
    return {name.removeprefix("n_"): value or 0 for name, value in found.items() if name.startswith("n_")}


def _rows(actor: Actor, here: Region, *, whole: bool, year: int | None) -> QuerySet[YearSummary]:
    rows = YearSummary.objects.visible_to(actor).filter(region__prefix__startswith=here.prefix)
    if year is not None:
        rows = rows.filter(year=year)
    if not whole:
        own_level = {RegionLevel.COUNTY: SummaryLevel.COUNTY, RegionLevel.TOWNSHIP: SummaryLevel.TOWNSHIP}
        rows = rows.exclude(~Q(level=own_level.get(RegionLevel(here.level), "")), region__prefix=here.prefix)
    return rows


def _over(rows: QuerySet[YearSummary], *, year: str, level: str, prefix: str) -> QuerySet[YearSummary]:
    """Rows of the same year and level whose region is, or holds, the outer row's."""
    rows = rows.filter(year=OuterRef(year), level=OuterRef(level)).annotate(
        outer=ExpressionWrapper(OuterRef(prefix), output_field=CharField())
    )
    return rows.filter(outer__startswith=F("region__prefix")).order_by()


def _entered(rows: QuerySet[YearSummary], digits: int) -> list[dict[str, Any]]:
    upper = _over(rows, year="year", level="level", prefix="region__prefix").exclude(pk=OuterRef("pk"))
    inside = _congress_regions().filter(level_of=OuterRef("level"), prefix__startswith=OuterRef("region__prefix"))
    number = inside.order_by().values("level_of").annotate(number=Count("pk")).values("number")
    sums = (
        rows.filter(~Exists(upper))
        .annotate(
            group=Left("region__prefix", digits),
            inside=Coalesce(Subquery(number, output_field=IntegerField()), 0),
        )
        .order_by()
        .values("group", at_year=F("year"), at_level=F("level"))
        .annotate(
            register_in_rows=Sum("inside"),
            n_finish_base=Sum("projects", filter=Q(finished__isnull=False)),
            n_congresses=Sum("congresses"),
            n_voting=Sum("voting"),
            n_projects=Sum("projects"),
            n_investment=Sum("investment"),
            n_finished=Sum("finished"),
            n_satisfied=Sum("satisfied"),
            n_rated=Sum("rated"),
        )
    )
    return [dict(row) for row in sums]


def _programmes(
    actor: Actor, here: Region, rows: QuerySet[YearSummary], digits: int, year: int | None
) -> list[dict[str, Any]]:
    declared = Round.objects.filter(
        programme=OuterRef("pk"), kind=RoundKind.PROJECTS, status=RoundStatus.DECLARED
    ).order_by()
    found = Programme.objects.visible_to(actor).filter(
        region_prefix__startswith=here.prefix, congress__level__in=_LEVELS
    )
    if year is not None:
        found = found.filter(year=year)
    sums = (
        found.annotate(
            group=Left("region_prefix", digits),
            voted=Exists(declared),
            in_row=Exists(_over(rows, year="year", level="congress__level", prefix="region_prefix")),
        )
        .order_by()
        .values("group", at_year=F("year"), at_level=F("congress__level"))
        .annotate(
            congresses=Count("region_prefix", distinct=True),
            voting=Count("region_prefix", distinct=True, filter=Q(voted=True)),
            under_row=Count("region_prefix", distinct=True, filter=Q(in_row=True)),
        )
    )
    return [dict(row) for row in sums]


def _candidates(actor: Actor, here: Region, digits: int, year: int | None) -> list[dict[str, Any]]:
    found = Candidate.objects.visible_to(actor).filter(
        status=CandidateStatus.ELECTED,
        programme__region_prefix__startswith=here.prefix,
        programme__congress__level__in=_LEVELS,
    )
    if year is not None:
        found = found.filter(programme__year=year)
    sums = (
        found.annotate(
            group=Left("programme__region_prefix", digits),
            money=Coalesce("project__investment", "investment"),
        )
        .order_by()
        .values("group", at_year=F("programme__year"), at_level=F("programme__congress__level"))
        .annotate(
            n_projects=Count("pk"),
            n_finish_base=Count("pk"),
            n_investment=Sum("money"),
            n_finished=Count("pk", filter=Q(project__status__in=_FINISHED)),
        )
    )
    return [dict(row) for row in sums]


def _appraisals(actor: Actor, here: Region, digits: int, year: int | None) -> list[dict[str, Any]]:
    found = Round.objects.visible_to(actor).filter(
        kind=RoundKind.APPRAISAL,
        status=RoundStatus.DECLARED,
        region_prefix__startswith=here.prefix,
        programme__isnull=False,
        congress__level__in=_LEVELS,
        result__has_key="lines",
    )
    if year is not None:
        found = found.filter(programme__year=year)
    sums = (
        found.annotate(
            group=Left("region_prefix", digits),
            above=_LineSum(F("result__lines"), part="numerator"),
            below=_LineSum(F("result__lines"), part="denominator"),
        )
        .order_by()
        .values("group", at_year=F("programme__year"), at_level=F("congress__level"))
        .annotate(n_satisfied=Sum("above"), n_rated=Sum("below"))
    )
    return [dict(row) for row in sums]


def _congress_regions() -> QuerySet[Any]:
    """Divisions that have a people's congress of the two levels, by the register."""
    county = When(kind=RegionKind.COUNTY, then=Value(SummaryLevel.COUNTY.value))
    return Region.objects.filter(
        is_active=True,
        statistical_only=False,
        kind__in=[RegionKind.COUNTY, RegionKind.TOWN, RegionKind.TOWNSHIP],
    ).annotate(level_of=Case(county, default=Value(SummaryLevel.TOWNSHIP.value), output_field=CharField()))


def _register(here: Region, digits: int) -> list[dict[str, Any]]:
    found = _congress_regions().filter(prefix__startswith=here.prefix)
    sums = (
        found.annotate(group=Left("prefix", digits))
        .order_by()
        .values("group", at_level=F("level_of"))
        .annotate(number=Count("pk"))
    )
    return [dict(row) for row in sums]
