"""Wiping what deleted rows leave in the tables' files: after a count, no old row version may be readable.

PostgreSQL keeps deleted and superseded rows in a table's file until it is rewritten. VACUUM FULL rewrites it, so
sealed ballots, the roll as it was during the vote and the tellers' shares are gone from the data directory. The
roll is rewritten in the order of its positions (CLUSTER), so that not even its place in the file tells who voted when.
The planner's samples (pg_statistic) hold nothing of it: of the secret columns none are taken (migration 0002).
What the write-ahead log and backups hold is the operator's matter: docs/ballot-secrecy.md.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connections

from votes.models import Ballot, CountedReceipt, RollEntry, SealedBallot, Teller

if TYPE_CHECKING:
    from psycopg.errors import Diagnostic

logger = logging.getLogger(__name__)

#: A ballot being cast waits no longer than this for a table to be rewritten.
LOCK_TIMEOUT = "3s"


class TablesBusyError(Exception):
    """Some tables could not be had, or a transaction might still see their old rows; the task tries again."""


def ballots_scrub() -> None:
    """Rewrite the tables of the secret vote, each by itself, on a connection of its own (none of it in a transaction).

    PostgreSQL keeps deleted rows that an older transaction might still see, and says so: then it is not done yet.

    Raises:
        TablesBusyError: some table could not be had, or kept old rows; the others are done.
    """
    orders = {
        model._meta.db_table: f"VACUUM (FULL, ANALYZE, VERBOSE) {model._meta.db_table}"
        for model in (SealedBallot, Ballot, CountedReceipt, Teller)
    }
    roll = RollEntry._meta.db_table
    orders[roll] = f"CLUSTER (VERBOSE) {roll} USING roll_position_once"
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    busy: list[str] = []
    kept: list[int] = []
    try:
        connection.ensure_connection()
        connection.connection.add_notice_handler(lambda notice: kept.append(_left(notice)))
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            for table, order in orders.items():
                kept.clear()
                try:
                    cursor.execute(order)
                    if table == roll:  # CLUSTER takes no samples anew: those of the roll during the vote would stay
                        cursor.execute(f"ANALYZE {roll}")
                except (OperationalError, ProgrammingError):  # in use, or not permitted
                    busy.append(table)
                if any(kept):
                    busy.append(table)
    finally:
        connection.close()
    if busy:
        logger.warning("could not wipe old rows of %s yet: in use, or not permitted", ", ".join(busy))
        raise TablesBusyError(", ".join(busy))


def _left(notice: Diagnostic) -> int:
    """How many old rows stay, from what VACUUM or CLUSTER tells ("3 dead row versions cannot be removed yet", in
    whatever language the server speaks: the first number). A warning says that it did nothing at all."""
    if notice.severity_nonlocalized == "WARNING":
        logger.error("%s", notice.message_primary)
        return 1
    found = re.match(r"\D*(\d+)", notice.message_detail or "")
    return int(found[1]) if found else 0
