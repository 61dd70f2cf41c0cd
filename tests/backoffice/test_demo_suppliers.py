"""The demo's suppliers: every state is there to look at, and the books are right."""

from decimal import Decimal

import pytest

from catalog.invariants import INVARIANTS
from catalog.models import PurchaseOrder, SupplierReturn
from catalog.terms.purchasing import PurchaseStatus
from shop.backoffice.demo import suppliers
from tests.factories.catalog import CategoryFactory, PlaceFactory, a_sku

pytestmark = pytest.mark.django_db


def test_the_demo_buys_in_from_four_suppliers_in_every_state():
    place = PlaceFactory(code="WH1")
    for slug in ("fruit-season", "leafy", "meat-eggs", "dairy-bakery", "paper", "pantry"):
        category = CategoryFactory(slug=slug)
        for _ in range(4):
            a_sku(
                place=place,
                stock=50,
                cost_price=Decimal("8.00"),
                product__category=category,
                product__sale_unit="盒",
            )
    assert suppliers.load({"WH1": place}) == 16
    assert suppliers.load({"WH1": place}) == 0
    shown = set(PurchaseOrder.objects.values_list("status", flat=True))
    assert shown == set(PurchaseStatus.values) - {PurchaseStatus.APPROVED}
    assert SupplierReturn.objects.get().status == "sent"
    assert not [one.id for one in INVARIANTS if one.broken()]
