"""Growing the small demo to the size of a busy shop, in SQL, within minutes."""

import io
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError
from django.db import ProgrammingError, connection

from members.models.user import phone_hash
from shop.backoffice.demo.large import tables
from shop.backoffice.demo.large.copying import Group
from shop.core import crypto

SESSION = """
SET statement_timeout = 0;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET work_mem = '128MB';
"""
AFTERWARDS = """
UPDATE catalog_stocklevel level SET on_hand = moved.on_hand, reserved = moved.reserved
FROM (
    SELECT level_id, sum(delta_on_hand) AS on_hand, sum(delta_reserved) AS reserved
    FROM catalog_stockmovement GROUP BY level_id
) moved
WHERE moved.level_id = level.id
  AND (level.on_hand, level.reserved) IS DISTINCT FROM (moved.on_hand, moved.reserved);
UPDATE marketing_coupon coupon
SET issued_count = held.number, total_count = greatest(total_count, held.number)
FROM (SELECT coupon_id, count(*) AS number FROM marketing_coupongrant GROUP BY coupon_id) held
WHERE held.coupon_id = coupon.id AND coupon.issued_count <> held.number;
"""


def grow(*, skus: int, members: int, orders: int, done: Callable[[str, int], None]) -> None:
    """Copies a freshly loaded small demo until it has at least so many of each. Every promise of
    `check_invariants` holds for the copies as it does for what is copied. Needs a database role that may
    switch triggers off (SET session_replication_role); raises CommandError otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        _switch_triggers_off(cursor)
        cursor.execute(tables.SETUP, {"open_copies": tables.OPEN_COPIES})
        counts = _counts(cursor, skus=skus, members=members, orders=orders)
        done("telephone numbers", _write_phones(cursor, counts["members"]))
        try:
            for table, number in tables.plan(counts).run(cursor):
                done(table, number)
        except ProgrammingError as problem:
            raise CommandError(
                f"This role of the database may not switch triggers off: {problem}"
            ) from problem
        cursor.execute(AFTERWARDS)
        cursor.execute("ANALYZE")
        cursor.execute("DROP TABLE large_user, large_order, large_payment, large_product, large_phone")
        cursor.execute("RESET ALL")


def _switch_triggers_off(cursor: Any) -> None:
    """Foreign keys and triggers rest meanwhile: the copies are as consistent as what is copied."""
    try:
        cursor.execute("SET session_replication_role = replica")
    except ProgrammingError as problem:
        raise CommandError(f"This role may not switch triggers off: {problem}") from problem


def _counts(cursor: Any, *, skus: int, members: int, orders: int) -> dict[Group, int]:
    """Copies of each group. The buyer of an order's copy is the copy of its buyer, and a member's points
    name their orders: of both there are as many."""
    goods = _copies(skus, _number(cursor, "SELECT count(*) FROM catalog_sku"))
    under_way = _number(cursor, "SELECT count(*) FROM large_order WHERE is_under_way")
    over = _number(cursor, "SELECT count(*) FROM large_order WHERE NOT is_under_way")
    shops = max(
        _copies(orders - under_way * tables.OPEN_COPIES, over),
        _copies(members, _number(cursor, "SELECT count(*) FROM large_user")),
    )
    return {"members": shops, "goods": goods, "orders": shops}


def _copies(wanted: int, there: int) -> int:
    return max(1, -(-(wanted - there) // there))


def _number(cursor: Any, statement: str) -> int:
    cursor.execute(statement)
    return int(cursor.fetchone()[0])


def _write_phones(cursor: Any, copies: int) -> int:
    """A mobile number of its own for every copied member, encrypted as the shop does it."""
    cursor.execute("SELECT id FROM large_user ORDER BY id")
    users = [row[0] for row in cursor.fetchall()]
    lines = io.StringIO()
    for count in range(copies * len(users)):
        phone = f"171{count:08d}"
        copy, user = divmod(count, len(users))
        lines.write(
            f"{copy + 1}\t{users[user]}\t{crypto.encrypt(phone)}\t{phone_hash(phone)}\t{phone[-4:]}\n"
        )
    lines.seek(0)
    cursor.copy_expert("COPY large_phone FROM STDIN", lines)
    cursor.execute("CREATE INDEX ON large_phone (user_id, copy); ANALYZE large_phone")
    return copies * len(users)
