"""Limits are said on the product page, before the basket."""

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.models import Product
from marketing.models import PurchaseLimit
from tests.factories.catalog import a_sku

pytestmark = pytest.mark.django_db


def test_minimum_steps_and_limit_per_member_stand_beside_the_quantity(client: Client) -> None:
    sku = a_sku(price="18.80")
    Product.objects.filter(pk=sku.product_id).update(minimum_quantity=2, quantity_multiple=2)
    PurchaseLimit.objects.create(product=sku.product, per_member=5, period_days=1)
    cache.clear()
    page = client.get(f"/products/{sku.product_id}/", headers={"accept-language": "zh"}).content.decode()
    assert "2 件 起购" in page or "起购" in page
    assert "按 2 的倍数购买" in page
    assert "每人每天限购 5" in page


def test_limit_of_another_product_is_not_said(client: Client) -> None:
    sku, other = a_sku(price="18.80"), a_sku(price="9.90")
    PurchaseLimit.objects.create(product=other.product, per_member=5)
    cache.clear()
    assert "限购" not in client.get(f"/products/{sku.product_id}/").content.decode()
