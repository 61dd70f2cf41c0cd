"""Choosing a specification with plain radio buttons, what can't be had shown with the reason."""

import re
from decimal import Decimal

import pytest

from catalog.models import Product, Sku
from catalog.services.skus import AxisRow, SkuRow, ValueRow, save_matrix
from orders.models import BasketLine
from tests.factories.catalog import ProductFactory, stock_up
from tests.storefront.conftest import Browser

RED_M, BLUE_M, BLUE_L = "Red / M", "Blue / M", "Blue / L"


@pytest.fixture
def shirt(db: None) -> Product:
    """Red M and Blue M in stock, Blue L sold out, Red L never made."""
    product: Product = ProductFactory(title="长绒棉T恤")
    axes = [
        AxisRow("Colour", (ValueRow("Red"), ValueRow("Blue"))),
        AxisRow("Size", (ValueRow("M"), ValueRow("L"))),
    ]
    rows = [
        SkuRow(("Red", "M"), Decimal("59.00"), code="RM"),
        SkuRow(("Blue", "M"), Decimal("62.00"), code="BM"),
        SkuRow(("Blue", "L"), Decimal("69.00"), code="BL"),
    ]
    save_matrix(product=product, axes=axes, rows=rows, actor="system")
    for sku in Sku.objects.filter(code__in=["RM", "BM"]):
        stock_up(sku, 5)
    return product


def radios(page: str) -> dict[str, str]:
    """Name of each value and what is said about it: chosen, a reason, or nothing."""
    found = {}
    for label in re.findall(r'<label class="chip.*?</label>', page, re.S):
        name = re.search(r"<span>(.*?)</span>", label)
        why = re.search(r'chip__why">(.*?)<', label)
        assert name
        found[name[1]] = "chosen" if " checked" in label else (why[1] if why and " disabled" in label else "")
    return found


def named(product: Product) -> dict[str, tuple[str, str]]:
    """Field and value of each specification value."""
    values = [(value, axis) for axis in product.axes.all() for value in axis.values.all()]
    return {value.name: (f"axis-{axis.pk}", str(value.pk)) for value, axis in values}


def test_the_first_that_can_be_bought_is_chosen_and_the_rest_says_why_not(
    guest: Browser, shirt: Product
) -> None:
    shown = guest.page(f"/products/{shirt.pk}/")
    assert radios(shown) == {"Red": "chosen", "Blue": "", "M": "chosen", "L": "not made like this"}
    value = named(shirt)
    blue = guest.page(f"/products/{shirt.pk}/?{'='.join(value['Blue'])}&{'='.join(value['M'])}")
    assert radios(blue) == {"Red": "", "Blue": "chosen", "M": "chosen", "L": "sold out"}
    assert "62" in blue


def test_the_chosen_values_decide_what_is_bought(guest: Browser, shirt: Product) -> None:
    value = named(shirt)
    data = {"product": shirt.pk, "quantity": 2, **dict([value["Blue"], value["M"]])}
    guest.send("/basket/lines/", data)
    assert BasketLine.objects.get().sku.code == "BM"
    answer = guest.send("/basket/buy/", data)
    assert answer["Location"] == f"/checkout/?sku={Sku.objects.get(code='BM').pk}&quantity=2"
    again = guest.send(f"/products/{shirt.pk}/choose/", data)
    assert again["Location"].startswith(f"/products/{shirt.pk}/?quantity=2&axis-")
    assert again["Location"].endswith("#buy")


def test_a_combination_that_is_not_made_is_refused(guest: Browser, shirt: Product) -> None:
    value = named(shirt)
    data = {"product": shirt.pk, "quantity": 1, **dict([value["Red"], value["L"]])}
    assert guest.send("/basket/lines/", data).status_code == 409
    assert not BasketLine.objects.exists()


def test_the_sheet_is_drawn_again_for_each_choice(guest: Browser, shirt: Product) -> None:
    value = named(shirt)
    part = guest.page(
        f"/products/{shirt.pk}/sheet/?dialog=1&quantity=3&{'='.join(value['Blue'])}&{'='.join(value['M'])}"
    )
    assert part.count("<form") == 1
    assert "Only 5 left" in part
    assert 'value="3"' in part


def test_a_line_of_the_basket_changes_its_specification(guest: Browser, shirt: Product) -> None:
    value = named(shirt)
    guest.send("/basket/lines/", {"product": shirt.pk, "quantity": 1, **dict([value["Red"], value["M"]])})
    line = BasketLine.objects.get()
    assert "Use this one" in guest.page(f"/basket/lines/{line.pk}/change/")
    guest.send(f"/basket/lines/{line.pk}/change/", dict([value["Blue"], value["M"]]))
    assert BasketLine.objects.get().sku.code == "BM"
    refused = guest.send(f"/basket/lines/{line.pk}/change/", dict([value["Red"], value["L"]]))
    assert "no longer on sale" in refused.content.decode()


def test_a_product_off_the_shelf_still_has_its_page(guest: Browser, shirt: Product) -> None:
    Product.objects.filter(pk=shirt.pk).update(status="off_shelf")
    shown = guest.page(f"/products/{shirt.pk}/")
    assert "Not on sale now" in shown
    assert "Buy now" not in shown
