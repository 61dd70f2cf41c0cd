"""Suggestions with an agreement behind them are ordered without a person."""

from decimal import Decimal
from typing import Any

import pytest

from analytics.models import ReorderSuggestion
from analytics.services import agreed_orders
from catalog.models import PurchaseOrder
from catalog.services import suppliers
from catalog.terms.purchasing import PurchaseOrigin, PurchaseStatus
from shop.core import clock
from tests.factories.catalog import a_place, a_sku
from tests.factories.purchasing import SupplierFactory, a_source

pytestmark = pytest.mark.django_db


def suggested(source: Any, quantity: int) -> ReorderSuggestion:
    return ReorderSuggestion.objects.create(
        place=a_place(),
        sku=source.sku,
        supplier=source.supplier,
        price=Decimal("10.00"),
        quantity=quantity,
        daily_mean=1,
        daily_sigma=1,
        free=0,
        incoming=0,
        lead_days=1,
        review_days=1,
        reorder_point=1,
        target=quantity,
        minimum=1,
        pack_size=1,
        made_at=clock.now(),
    )


def test_what_is_agreed_on_goes_out_once_and_the_rest_stays_suggested():
    supplier = SupplierFactory()
    agreed, free, large = (a_source(a_sku(), supplier=supplier) for _ in range(3))
    far = a_source(a_sku())
    for source in (agreed, large, far):
        suppliers.agree(source_id=source.pk, order_cap=Decimal(100), month_cap=Decimal(1000), actor="user:1")
    one, left = suggested(agreed, 5), suggested(free, 5)
    suggested(far, 50)
    assert agreed_orders.run() == 2
    assert agreed_orders.run() == 0
    order = PurchaseOrder.objects.get(supplier=supplier)
    assert (order.status, order.origin, order.lines.get().quantity) == (
        PurchaseStatus.SENT,
        PurchaseOrigin.AUTOMATIC,
        5,
    )
    assert PurchaseOrder.objects.get(supplier=far.supplier).status == PurchaseStatus.WAITING
    one.refresh_from_db()
    left.refresh_from_db()
    assert (one.reference, left.ended_at) == (f"purchase:{order.pk}", None)
