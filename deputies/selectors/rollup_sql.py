"""The one statement behind the roll-up: what is asked of each deputy, and how much of it is done.

It starts at the deputies whom the reader may see (``Mandate.objects.visible_to``, handed over as a queryset) and reads
the trigger-kept totals, never the ledger. The rules are those of ``deputies.selectors.quota``: the two must agree, and
a test says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from deputies.models import ProfessionClass, QuotaAudience, QuotaPeriod
from deputies.states import CampaignStatus

if TYPE_CHECKING:
    from deputies.models import MandateQuerySet

#: mandate_id, home_prefix, words, short (whether less is done than asked) of each requirement of each deputy.
_SQL = """
WITH m AS ({mandates}),
q AS (
    SELECT q.id, q.congress_id, q.campaign_id, q.period, q.audience, q.kind, q.or_kind, q.activity_kinds, q.minimum,
           q.words, c.levels, c.region_prefix, c.audience AS campaign_audience, c.starts_on, c.ends_on
    FROM deputies_dutyquota q LEFT JOIN deputies_campaign c ON c.id = q.campaign_id
    WHERE q.ended_on IS NULL AND (q.period = %(term)s) = %(of_term)s
      AND (%(campaign)s::bigint IS NULL OR q.campaign_id = %(campaign)s)
      AND (q.campaign_id IS NULL OR (c.status <> %(draft)s
           AND EXTRACT(YEAR FROM c.starts_on) <= %(year)s AND EXTRACT(YEAR FROM c.ends_on) >= %(year)s))
),
asked AS (
    SELECT m.id AS mandate_id, m.person_id, m.home_prefix, q.*
    FROM m JOIN q ON (q.audience = %(all)s OR (m.profession_class = %(cadre)s) = (q.audience = %(cadres)s))
     AND CASE WHEN q.campaign_id IS NULL THEN q.congress_id = m.congress_id
              ELSE m.level = ANY(q.levels)
               AND left(m.home_prefix, length(q.region_prefix)) = q.region_prefix
               AND m.started_on <= q.ends_on AND (m.ended_on IS NULL OR m.ended_on >= q.starts_on)
               AND (q.campaign_audience = %(all)s
                    OR (m.profession_class = %(cadre)s) = (q.campaign_audience = %(cadres)s))
         END
),
state AS (
    SELECT a.mandate_id, a.home_prefix, a.words, COALESCE(SUM(t.quantity), 0) < a.minimum AS short
    FROM asked a
    JOIN deputies_mandate own ON own.person_id = a.person_id AND (a.campaign_id IS NOT NULL OR own.id = a.mandate_id)
    LEFT JOIN deputies_dutytotal t ON t.mandate_id = own.id
     AND (t.kind = a.kind OR (a.or_kind <> '' AND t.kind = a.or_kind))
     AND (a.period <> %(yearly)s OR t.year = %(year)s)
     AND (a.period <> %(in_campaign)s OR t.campaign_id = a.campaign_id)
     AND (cardinality(a.activity_kinds) = 0 OR t.activity_kind = ANY(a.activity_kinds))
    GROUP BY a.mandate_id, a.home_prefix, a.id, a.words, a.minimum
)
"""
_BY_REGION = """
SELECT left(home_prefix, %(digits)s) AS place, words, COUNT(DISTINCT mandate_id) AS asked,
       COUNT(DISTINCT mandate_id) FILTER (WHERE short) AS behind
FROM state GROUP BY GROUPING SETS ((left(home_prefix, %(digits)s)), (left(home_prefix, %(digits)s), words))
"""
_BEHIND = "SELECT mandate_id FROM state WHERE short AND (%(words)s = '' OR words = %(words)s)"


def by_region(
    mandates: MandateQuerySet, *, year: int, of_term: bool, campaign_id: int | None, digits: int
) -> tuple[str, tuple[Any, ...]]:
    """Statement and values of: place, words (NULL for all requirements together), deputies asked, of them behind.

    Args:
        mandates: whom it is about; in the reader's scope.
        of_term: the requirements of the term, else those of the year and of campaigns in it.
        digits: of the prefixes by which places are told apart.
    """
    return _filled(_BY_REGION, mandates, year, of_term, campaign_id, digits=digits)


def behind(
    mandates: MandateQuerySet, *, year: int, of_term: bool, campaign_id: int | None, words: str
) -> tuple[str, tuple[Any, ...]]:
    """Statement and values of: the ids of the deputies who have done less than asked.

    Args:
        words: of one requirement only; of any when empty.
    """
    return _filled(_BEHIND, mandates, year, of_term, campaign_id, words=words)


def _filled(
    ask: str, mandates: MandateQuerySet, year: int, of_term: bool, campaign_id: int | None, **more: Any
) -> tuple[str, tuple[Any, ...]]:
    columns = mandates.order_by().annotate(level=F("congress__level"))
    inner, inner_values = columns.values(
        "id", "person_id", "home_prefix", "congress_id", "profession_class", "level", "started_on", "ended_on"
    ).query.sql_with_params()
    values: dict[str, Any] = {
        "term": QuotaPeriod.TERM.value,
        "yearly": QuotaPeriod.YEAR.value,
        "in_campaign": QuotaPeriod.CAMPAIGN.value,
        "draft": CampaignStatus.DRAFT.value,
        "all": QuotaAudience.ALL.value,
        "cadres": QuotaAudience.CADRE.value,
        "cadre": ProfessionClass.CADRE.value,
        "year": year,
        "of_term": of_term,
        "campaign": campaign_id,
        **more,
    }
    return _by_place(_SQL + ask, inner, inner_values, values)


def _by_place(
    text: str, inner: str, inner_values: tuple[Any, ...], values: dict[str, Any]
) -> tuple[str, tuple[Any, ...]]:
    """Named values turned into values by place, as those of the inner statement are."""
    parts: list[str] = []
    found: list[Any] = []
    head, tail = text.split("{mandates}")
    for place, part in enumerate((head, tail)):
        if place:
            parts.append(inner)
            found += inner_values
        pieces = part.split("%(")
        parts.append(pieces[0])
        for piece in pieces[1:]:
            name, rest = piece.split(")s", 1)
            parts.append("%s" + rest)
            found.append(values[name])
    return "".join(parts), tuple(found)
