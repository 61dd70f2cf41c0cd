"""The only row locks of this app."""

import zlib

from django.db import connection

from members.models import Member, PointsAccount
from shop.core import locks
from shop.core.locks import Rank
from shop.core.transactions import require_transaction

PHONE_CODES = 0x5E50


def member(member_id: int) -> Member:
    """The member's row; growth changes one at a time."""
    return locks.take(Member.objects.filter(pk=member_id), Rank.ACCOUNT)[0]


def points_account(member_id: int) -> PointsAccount:
    """The member's account, made if need be; all changes of points go through this row."""
    found = locks.take(PointsAccount.objects.filter(member_id=member_id), Rank.ACCOUNT)
    if not found:
        PointsAccount.objects.bulk_create([PointsAccount(member_id=member_id)], ignore_conflicts=True)
        found = locks.take(PointsAccount.objects.filter(member_id=member_id), Rank.ACCOUNT)
    return found[0]


def phone_codes(*names: str) -> None:
    """One sender of codes at a time for a phone and for a network address, until the transaction ends."""
    require_transaction()
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [PHONE_CODES, zlib.crc32(name.encode()) - 2**31]
            )
