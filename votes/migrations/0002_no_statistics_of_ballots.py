"""PostgreSQL keeps samples of a column's values (pg_statistic), and an emptied table's samples stay for ever.

No samples are taken of what must be gone after a count: sealed ballots, the tellers' shares, hashes of receipts and
slips. Setting a column's type, even to what it is, throws away the samples taken so far.
"""

from django.db import migrations

COLUMNS = (
    ("votes_sealedballot", "sealed", "bytea"),
    ("votes_teller", "share", "bytea"),
    ("votes_rollentry", "receipt_check", "varchar(64)"),
    ("votes_rollentry", "slip_hash", "varchar(64)"),
)


class Migration(migrations.Migration):
    dependencies = [("votes", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0, ALTER COLUMN {column} TYPE {kind}",
            f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1",
        )
        for table, column, kind in COLUMNS
    ]
