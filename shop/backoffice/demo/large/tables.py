"""What is copied, table by table: what hangs on a member, on a product, on an order."""

from django.db import models

from catalog.models import (
    Bundle,
    BundleComponent,
    Product,
    ProductImage,
    Sku,
    SkuDay,
    StockLevel,
    StockMovement,
)
from catalog.models.product import ProductTag, ProductTransition
from catalog.models.sku import PriceChange, SpecAxis, SpecValue
from catalog.models.stock import Reservation
from marketing.models import CouponGrant, LimitTally, PromotionUse
from marketing.models.coupon import CouponGrantTransition
from members.models import Address, GrowthEntry, Member, PointsAccount, PointsEntry, PointsLot, User
from members.models.points import PointsDebt, PointsLotUse
from orders.models import Order, OrderLine, Payment, PaymentShare, Pickup, Refund, RefundLine, Shipment
from orders.models.component import LineBundle, LineComponent, RefundComponent, ShipmentComponent
from orders.models.order import OrderTransition
from orders.models.payment import PaymentTransition
from orders.models.pickup import PickupTransition
from orders.models.refund import RefundTransition
from orders.models.shipment import ShipmentLine, ShipmentTransition
from shop.backoffice.demo.large.copying import Copy, Group, Plan

OPEN_COPIES = 200  # so many copies hold orders under way; the others only what is over
# Members, orders and payments that are copied, made beside the plan (see `growing`)
SETUP = """
CREATE TEMP TABLE large_user AS
    SELECT u.id FROM members_user u JOIN members_member m ON m.user_id = u.id WHERE NOT u.is_staff;
CREATE TEMP TABLE large_order AS
    SELECT id, number, coupon_grant_id AS grant_id,
           (SELECT coalesce(max(id), 0) + 1 FROM marketing_coupongrant) AS grant_stride,
           rest.is_under_way, CASE WHEN rest.is_under_way THEN %(open_copies)s ELSE 1000000 END AS copies
    FROM orders_order CROSS JOIN LATERAL (
        SELECT status NOT IN ('completed', 'closed') AND points_used = 0 AS is_under_way
    ) rest WHERE status <> 'unpaid';
CREATE TEMP TABLE large_payment AS
    SELECT s.payment_id AS id, max(o.copies) AS copies
    FROM orders_paymentshare s JOIN large_order o ON o.id = s.order_id GROUP BY s.payment_id;
CREATE TEMP TABLE large_product AS SELECT coalesce(max(id), 0) + 1 AS stride FROM catalog_product;
CREATE TEMP TABLE large_phone (copy int, user_id bigint, cipher text, hash text, tail text);
"""
_MINE = "JOIN members_member owner ON owner.id = t.member_id JOIN large_user u ON u.id = owner.user_id"
_ORDER = "JOIN large_order o ON o.id = t.order_id"
_REFUND_LINE = (
    "JOIN orders_refundline part ON part.id = t.refund_line_id"
    " JOIN orders_refund up ON up.id = part.refund_id JOIN large_order o ON o.id = up.order_id"
)
_REFERENCE = "JOIN large_order o ON t.reference = 'order:' || o.number"
_UNDER_WAY = "k <= o.copies"


def _of_member(model: type[models.Model], **values: str) -> Copy:
    return Copy(model, "members", _MINE, values=values)


def _of_order(model: type[models.Model], **values: str) -> Copy:
    return Copy(model, "orders", _ORDER, _UNDER_WAY, values)


def _part_of(model: type[models.Model], parent: type[models.Model], column: str, **values: str) -> Copy:
    table = parent._meta.db_table
    join = f"JOIN {table} up ON up.id = t.{column} JOIN large_order o ON o.id = up.order_id"
    return Copy(model, "orders", join, _UNDER_WAY, values)


def _goods(model: type[models.Model], **values: str) -> Copy:
    return Copy(model, "goods", values=values)


def _phone_of(owner: str, column: str) -> str:
    return f"(SELECT {column} FROM large_phone p WHERE p.copy = k AND p.user_id = {owner})"


def _with_coupon(column: str) -> str:
    """The rule names of a moved coupon inside stored prices."""
    return (
        f"CASE WHEN o.grant_id IS NULL THEN t.{column} ELSE replace(t.{column}::text,"
        " '\"coupon:' || o.grant_id || '\"',"
        " '\"coupon:' || o.grant_id + k * o.grant_stride || '\"')::jsonb END"
    )


def plan(counts: dict[Group, int]) -> Plan:
    """The whole plan for so many copies of each group."""
    restock = counts["orders"] // counts["goods"] + 2
    buyer = "(SELECT user_id FROM members_member m WHERE m.id = t.member_id)"
    grant = "CASE WHEN t.grant_id IS NULL THEN t.rule ELSE 'coupon:' || t.grant_id + k * o.grant_stride END"
    moved = {"reference": "pg_temp.copied_reference(t.reference, k)"}
    return Plan(
        (
            Copy(
                User,
                "members",
                "JOIN large_user u ON u.id = t.id",
                values={
                    "username": "t.username || '.' || k",
                    "email": "NULL",
                    "phone_cipher": _phone_of("t.id", "cipher"),
                    "phone_hash": _phone_of("t.id", "hash"),
                    "phone_tail": _phone_of("t.id", "tail"),
                },
            ),
            Copy(Member, "members", "JOIN large_user u ON u.id = t.user_id"),
            _of_member(Address),
            _of_member(GrowthEntry, source="pg_temp.copied_reference(t.source, k)"),
            _of_member(PointsAccount),
            _of_member(PointsLot, source="pg_temp.copied_reference(t.source, k)"),
            _of_member(PointsEntry, source="pg_temp.copied_reference(t.source, k)"),
            Copy(
                PointsLotUse,
                "members",
                f"JOIN members_pointsentry e ON e.id = t.entry_id {_MINE.replace('t.', 'e.')}",
            ),
            _of_member(PointsDebt, source="pg_temp.copied_reference(t.source, k)"),
            _of_member(CouponGrant, **moved),
            Copy(
                CouponGrantTransition,
                "members",
                f"JOIN marketing_coupongrant g ON g.id = t.grant_id {_MINE.replace('t.', 'g.')}",
            ),
            _goods(Product, title="left(t.title, 24) || ' ' || k", sold_count=f"t.sold_count * {restock}"),
            _goods(ProductTag),
            _goods(ProductTransition),
            _goods(SpecAxis),
            _goods(SpecValue),
            _goods(Sku, code="t.code || '-' || k", barcode="NULL"),
            _goods(Sku.values.through),
            _goods(Bundle),
            _goods(BundleComponent),
            _goods(PriceChange),
            _goods(ProductImage),
            _goods(SkuDay, sold_count=f"t.sold_count * {restock}"),
            _goods(StockLevel, on_hand="CASE WHEN t.pool = 'transit' THEN 0 ELSE t.on_hand END"),
            Copy(
                StockMovement,
                "goods",
                keep="t.reference NOT LIKE 'order:%%' AND NOT EXISTS (SELECT 1 FROM catalog_stocklevel way"
                " WHERE way.id = t.level_id AND way.pool = 'transit')",
                values={
                    "key": "t.key || '*' || k",
                    "reference": "regexp_replace(t.reference, '^(transfer|stocktake):.*', '')",
                    "delta_on_hand": f"t.delta_on_hand * {restock}",
                },
            ),
            Copy(
                Order,
                "orders",
                "JOIN large_order o ON o.id = t.id",
                _UNDER_WAY,
                {
                    "number": "pg_temp.copied(t.number, k)",
                    "phone_cipher": f"coalesce({_phone_of(buyer, 'cipher')}, t.phone_cipher)",
                    "phone_hash": f"coalesce({_phone_of(buyer, 'hash')}, t.phone_hash)",
                    "phone_tail": f"coalesce({_phone_of(buyer, 'tail')}, t.phone_tail)",
                    "coupon_grant_id": "t.coupon_grant_id + k * o.grant_stride",
                    "quote": _with_coupon("quote"),
                },
            ),
            _of_order(OrderTransition),
            _of_order(
                OrderLine,
                product_id="t.product_id + chosen.goods * (SELECT stride FROM large_product)",
                shares=_with_coupon("shares"),
            ),
            _part_of(LineBundle, OrderLine, "line_id"),
            _part_of(LineComponent, OrderLine, "line_id"),
            Copy(
                PromotionUse,
                "orders",
                _REFERENCE,
                _UNDER_WAY,
                {**moved, "rule": grant},
            ),
            Copy(LimitTally, "members", _MINE),
            Copy(
                Payment,
                "orders",
                "JOIN large_payment o ON o.id = t.id",
                _UNDER_WAY,
                {"number": "pg_temp.copied(t.number, k)", "transaction_id": "t.transaction_id || '.' || k"},
            ),
            Copy(PaymentTransition, "orders", "JOIN large_payment o ON o.id = t.payment_id", _UNDER_WAY),
            _of_order(PaymentShare),
            _of_order(
                Refund,
                number="pg_temp.copied(t.number, k)",
                gateway_refund_id="t.gateway_refund_id || '.' || k",
            ),
            _part_of(RefundLine, Refund, "refund_id"),
            Copy(RefundComponent, "orders", _REFUND_LINE, _UNDER_WAY),
            _part_of(RefundTransition, Refund, "refund_id"),
            _of_order(Shipment, tracking_no="t.tracking_no || k"),
            _part_of(ShipmentLine, Shipment, "shipment_id"),
            _part_of(ShipmentComponent, Shipment, "shipment_id"),
            _part_of(ShipmentTransition, Shipment, "shipment_id"),
            _of_order(Pickup, code="pg_temp.copied(t.code, k)"),
            _part_of(PickupTransition, Pickup, "pickup_id"),
            Copy(Reservation, "orders", _REFERENCE, _UNDER_WAY, moved),
            Copy(
                StockMovement, "orders", _REFERENCE, _UNDER_WAY, {**moved, "key": "t.key || '*' || k || 'o'"}
            ),
        ),
        counts,
    )
