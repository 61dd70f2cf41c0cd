"""The rows of stock: taken last in a transaction, in key order, changed by one statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from catalog.events.sales_channels import FreeStockChanged
from catalog.models import (
    GoodsNotice,
    Product,
    PurchaseOrder,
    RepriceRun,
    Reservation,
    SalesChannel,
    Sku,
    StockLevel,
    Stocktake,
    SupplierReturn,
    SupplyAgreement,
    Transfer,
)
from catalog.policies.sales_channels import CHANNELS_LISTEN
from shop.core import locks
from shop.core.events import publish
from shop.core.locks import Rank

_CHANGE = """
WITH change AS (
    SELECT * FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS c(id, on_hand, reserved)
), held AS (
    SELECT id, on_hand, reserved FROM catalog_stocklevel
    WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
), misfit AS (
    SELECT 1 FROM change LEFT JOIN held USING (id)
    WHERE held.id IS NULL
       OR held.on_hand + change.on_hand < held.reserved + change.reserved
       OR held.reserved + change.reserved < 0
)
UPDATE catalog_stocklevel AS level
SET on_hand = level.on_hand + change.on_hand, reserved = level.reserved + change.reserved
FROM change
WHERE level.id = change.id
  AND NOT EXISTS (SELECT 1 FROM misfit)
  AND level.on_hand + change.on_hand >= level.reserved + change.reserved
  AND level.reserved + change.reserved >= 0
"""


@dataclass(frozen=True)
class Change:
    """What a level gains (or loses) on hand and in reservations."""

    on_hand: int = 0
    reserved: int = 0


def change_levels(changes: Mapping[int, Change]) -> bool:
    """Change these levels together or not at all; False when one of them can't bear it.

    One conditional UPDATE; rows are locked in key order, so two orders of the same goods never deadlock.
    """
    if not changes:
        return True
    ids = sorted(changes)
    locks.declare(Rank.STOCK, StockLevel._meta.db_table, ids)
    on_hand = [changes[pk].on_hand for pk in ids]
    reserved = [changes[pk].reserved for pk in ids]
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [ids, on_hand, reserved, ids])
        is_done = bool(cursor.rowcount == len(ids))
    if is_done and CHANNELS_LISTEN.get():
        publish(FreeStockChanged(level_ids=tuple(ids)))
    return is_done


def levels(ids: Iterable[int]) -> list[StockLevel]:
    """These levels, locked, in key order; missing ones are left out."""
    return hold(StockLevel.objects.filter(pk__in=ids))


def hold(queryset: QuerySet[StockLevel]) -> list[StockLevel]:
    """The levels of a queryset as they are now, locked, in key order."""
    return locks.take(queryset, Rank.STOCK)


def sku(sku_id: int) -> Sku | None:
    """The SKU, locked, while its price is written."""
    return next(iter(locks.rows_locked(Sku.objects.filter(pk=sku_id))), None)


def sales_channel(channel_id: int) -> SalesChannel | None:
    """The channel, locked, while something is set aside, sold or sent for it; before any stock."""
    return next(iter(locks.rows_locked(SalesChannel.objects.filter(pk=channel_id))), None)


def skus(sku_ids: Iterable[int]) -> list[Sku]:
    """These SKUs with their products, locked in key order, while bundles are made of them."""
    return locks.rows_locked(Sku.objects.filter(pk__in=set(sku_ids)).select_related("product"))


def reprice_run(run_id: int) -> RepriceRun | None:
    """The repricing, locked, while it is applied, dropped or taken back; before any SKU."""
    return next(iter(locks.rows_locked(RepriceRun.objects.filter(pk=run_id))), None)


def goods_notices(keys: Iterable[int]) -> list[GoodsNotice]:
    """Those of these wishes nobody has answered yet, locked in key order; who waits here finds none left."""
    rows = GoodsNotice.objects.filter(pk__in=list(keys), sent_at=None)
    return locks.rows_locked(rows.select_related("sku__product"))


def product(product_id: int) -> Product | None:
    """The product, locked, while its SKUs or pictures are arranged."""
    return next(iter(locks.rows_locked(Product.objects.filter(pk=product_id))), None)


def active_reservations(reference: str, line_keys: Sequence[str] | None) -> list[Reservation]:
    """What this reference still holds, locked and in key order; outside the ranks, for nobody else wants
    them.
    """
    rows = Reservation.objects.filter(reference=reference, status="active")
    if line_keys is not None:
        rows = rows.filter(line_key__in=line_keys)
    return locks.rows_locked(rows)


def purchase_order(order_id: int) -> PurchaseOrder | None:
    """The purchase order, locked, while it moves or goods arrive for it."""
    return next(iter(locks.take(PurchaseOrder.objects.filter(pk=order_id), Rank.ORDER)), None)


def supplier_return(return_id: int) -> SupplierReturn | None:
    """The return to a supplier, locked, while it moves."""
    return next(iter(locks.take(SupplierReturn.objects.filter(pk=return_id), Rank.ORDER)), None)


def agreements(supplier_id: int, sku_ids: Iterable[int]) -> list[SupplyAgreement]:
    """The agreements of a supplier about SKUs, locked, while their caps are counted; before any order."""
    rows = SupplyAgreement.objects.filter(source__supplier=supplier_id, source__sku__in=list(sku_ids))
    return locks.rows_locked(rows.select_related("source"))


def stocktake(stocktake_id: int) -> Stocktake | None:
    """The count sheet, locked, while somebody writes on it; clerks of one sheet write one after another."""
    return next(iter(locks.take(Stocktake.objects.filter(pk=stocktake_id), Rank.ORDER)), None)


def transfer(transfer_id: int) -> Transfer | None:
    """The transfer, locked, while it moves."""
    return next(iter(locks.take(Transfer.objects.filter(pk=transfer_id), Rank.ORDER)), None)
