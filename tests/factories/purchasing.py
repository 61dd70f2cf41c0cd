"""Suppliers and purchase orders for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from catalog.models import Place, PurchaseOrder, Sku, Supplier, SupplierPrice, SupplierSku
from catalog.services import purchase_orders
from catalog.terms.purchasing import PurchaseStatus
from tests.factories.catalog import a_place

BUYER, BOSS = "user:1001", "user:1002"


class SupplierFactory(DjangoModelFactory):
    class Meta:
        model = Supplier

    name = factory.Sequence(lambda n: f"绿源果蔬{n}")
    code = factory.Sequence(lambda n: f"S{n:04d}")


def a_source(
    sku: Sku, *, supplier: Supplier | None = None, price: str = "10.00", **fields: Any
) -> SupplierSku:
    """A SKU in a supplier's price list, ten yuan for a purchase unit of one piece."""
    source = SupplierSku.objects.create(supplier=supplier or SupplierFactory(), sku=sku, **fields)
    SupplierPrice.objects.create(
        source=source, price=Decimal(price), valid_from=date(2020, 1, 1), actor="system"
    )
    return source


def an_order(
    *sources: SupplierSku, packs: int = 10, place: Place | None = None, status: str = "sent", **fields: Any
) -> PurchaseOrder:
    """A purchase order of so many units of each, brought to a status (draft, approved, sent)."""
    order = purchase_orders.draft(
        supplier_id=sources[0].supplier_id,
        place_id=(place or a_place()).pk,
        lines=[(one.sku_id, packs * one.pack_size, None) for one in sources],
        actor=BUYER,
        **fields,
    )
    if status == PurchaseStatus.DRAFT:
        return order
    order = purchase_orders.submit(order_id=order.pk, actor=BUYER)
    if order.status == PurchaseStatus.WAITING:
        order = purchase_orders.approve(order_id=order.pk, actor=BOSS)
    return purchase_orders.send(order_id=order.pk, actor=BUYER) if status == PurchaseStatus.SENT else order
