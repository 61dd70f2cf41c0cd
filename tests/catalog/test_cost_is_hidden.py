"""What goods cost us is for those who may see it; a clerk sees pieces, and only of the own store."""

import json
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalog.admin import matrix_payload
from catalog.models import Batch, Loss, Product, Sku, StockMovement
from catalog.services import counting, losses, stock, stocktakes
from catalog.services.batches import BatchFacts
from catalog.terms import ProductStatus
from shop.core import clock
from tests.backoffice.lived_in import desk
from tests.factories.catalog import StoreFactory, a_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages() -> dict[str, str]:
    """Addresses of pages about goods that cost 7.77 a piece, in one store; another store has some as well."""
    mine, other = StoreFactory(name="天河店"), StoreFactory(name="越秀店")
    sku = a_sku(stock=0, cost_price=Decimal("7.77"))
    Product.objects.update(status=ProductStatus.DRAFT)  # warehouses change what shoppers don't see yet
    facts = BatchFacts("B1", None, clock.today())
    for place in (mine, other):
        stock.receive(
            place_id=place.pk,
            sku_id=sku.pk,
            quantity=5,
            cost=Decimal("7.77"),
            reference=f"from-{place.code}",
            batch_facts=facts,
            actor="user:1",
            key=place.code,
        )
    losses.book(place_id=mine.pk, sku_id=sku.pk, quantity=1, reason="damaged", actor="user:1", key="1")
    sheet = stocktakes.open_sheet(place_id=mine.pk, title="盘点", actor="user:1", is_blind=False)
    counting.enter(line_id=sheet.lines.get().pk, quantity=3, actor="user:1", key="1")
    received = StockMovement.objects.get(level__place=mine, reason="received")
    return {
        "sku": reverse("admin:catalog_sku_change", args=[sku.pk]),
        "movement": reverse("admin:catalog_stockmovement_change", args=[received.pk]),
        "loss": reverse("admin:catalog_loss_change", args=[Loss.objects.get().pk]),
        "losses": reverse("admin:catalog_loss_changelist"),
        "rate": reverse("admin:catalog_loss_rate"),
        "near": reverse("admin:catalog_batch_near"),
        "sheet": reverse("admin:catalog_stocktake_sheet", args=[sheet.pk]),
        "specs": reverse("admin:catalog_product_matrix", args=[sku.product_id]),
        "batch": reverse("admin:catalog_batch_change", args=[Batch.objects.get().pk]),
        "mine": mine,  # type: ignore[dict-item]
        "other": other,  # type: ignore[dict-item]
    }


def words_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_who_may_not_see_costs_sees_none_and_who_may_sees_them(pages):
    clerk, buyer = desk("store_clerk", places=(pages["mine"],)), desk("operator")
    keeper = desk("warehouse", places=(pages["mine"],))
    costs = dict.fromkeys(("sku", "movement", "loss", "losses", "rate", "sheet"), "7.77")
    costs |= {"near": "69.93", "specs": "7.77"}
    assert not [name for name, cost in costs.items() if cost not in words_of(buyer, pages[name])]
    costs["near"] = "31.08"
    leaks = [name for name, cost in costs.items() if cost in words_of(keeper, pages[name])]
    del costs["specs"]
    leaks += [name for name, cost in costs.items() if cost in words_of(clerk, pages[name])]
    assert not leaks


def test_who_may_not_see_costs_keeps_them_when_saving_specifications(pages):
    sku = Sku.objects.get()
    keeper = desk("warehouse", places=(pages["mine"],))
    sent = matrix_payload.state(sku.product)
    sent["rows"][0] |= {"cost_price": "", "weight_grams": "123"}
    answer = keeper.post(pages["specs"], json.dumps(sent), content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    sku.refresh_from_db()
    assert (sku.cost_price, sku.weight_grams) == (Decimal("7.77"), 123)


def test_batch_shows_a_clerk_where_it_lies_and_moved_in_the_own_store_only(pages):
    clerk = desk("store_clerk", places=(pages["mine"],))
    words = words_of(clerk, pages["batch"])
    assert "天河店" in words and f"from-{pages['mine'].code}" in words
    assert "越秀店" not in words and f"from-{pages['other'].code}" not in words
    assert "越秀店" in words_of(desk("operator"), pages["batch"])
