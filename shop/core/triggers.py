"""Triggers that hold what code could forget."""

from django.db.migrations import RunSQL

REFUSE = """
CREATE OR REPLACE FUNCTION shop_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> RunSQL:
    """A migration operation after which rows of the table can be neither changed nor deleted."""
    return RunSQL(
        REFUSE
        + f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON "{table}" '
        + "FOR EACH ROW EXECUTE FUNCTION shop_append_only();",
        f'DROP TRIGGER IF EXISTS {table}_append_only ON "{table}";',
    )
