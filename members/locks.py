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


def members(*member_ids: int) -> None:
    """Several members' rows, in key order."""
    locks.take(Member.objects.filter(pk__in=member_ids), Rank.ACCOUNT)


def points_accounts(*member_ids: int) -> dict[int, PointsAccount]:
    """Several members' accounts by member, made if need be, locked in key order."""
    PointsAccount.objects.bulk_create(
        [PointsAccount(member_id=pk) for pk in sorted(member_ids)], ignore_conflicts=True
    )
    found = locks.take(PointsAccount.objects.filter(member_id__in=member_ids), Rank.ACCOUNT)
    return {account.member_id: account for account in found}


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
