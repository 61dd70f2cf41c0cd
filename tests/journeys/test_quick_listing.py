"""Listing a product from a phone: counted in taps, not in seconds."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageStat
from playwright.sync_api import expect

from catalog.models import Product, StockLevel
from catalog.terms import ProductStatus
from tests.factories import members
from tests.factories.catalog import CategoryFactory, PlaceFactory
from tests.journeys.visitor import zh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "/admin/catalog/product/quick/"
TAPS = """
addEventListener('click', (event) => {
  if (event.isTrusted) sessionStorage.setItem('taps', Number(sessionStorage.getItem('taps')) + 1);
}, true);
"""
LEAST_TAPS = 9  # camera, title, category, four keys, stock, done


def photograph(folder: Path) -> str:
    """A wide picture, red on the left, blue on the right, with something in the middle."""
    image = Image.new("RGB", (1800, 1000), "#2030C0")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 899, 999), fill="#C02030")
    pen.ellipse((700, 300, 1100, 700), fill="#F0E0A0")
    path = folder / "photo.jpg"
    image.save(path)
    return str(path)


def test_a_product_is_on_the_shelf_after_nine_taps(meet, town, tmp_path):
    fruit = CategoryFactory(name="时令水果")
    place = PlaceFactory(name="前置仓")
    boss = meet()
    boss.becomes(members.superuser())
    page = boss.page
    page.add_init_script(TAPS)
    boss.go(ADDRESS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("sessionStorage.setItem('taps', '0')")
    status = page.locator("[data-status]")

    with page.expect_file_chooser() as chooser:
        page.locator("label", has_text=zh("Take a picture")).tap()
    chooser.value.set_files(photograph(tmp_path))
    canvas = page.locator("[data-canvas]")
    expect(canvas).to_be_visible()
    frame = canvas.bounding_box()
    assert frame and abs(frame["width"] - frame["height"]) < 2
    # a finger pulls the picture to the right, so the red half is in the frame
    middle = frame["y"] + frame["height"] / 2
    page.mouse.move(frame["x"] + 40, middle)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] - 20, middle, steps=5)
    page.mouse.up()
    pulled = int(page.evaluate("sessionStorage.getItem('taps')"))
    page.evaluate("sessionStorage.setItem('taps', '1')")
    assert pulled <= 3
    expect(status).to_have_text(zh("Say what it is"))

    page.locator("[data-title]").tap()
    page.keyboard.type("阳光玫瑰葡萄 一串500g")
    expect(status).to_have_text(zh("Choose a category"))
    page.locator(f"[data-category='{fruit.pk}']").tap()
    for key in "12.5":
        page.locator(f"[data-key='{key}']").tap()
    page.locator("select[name=place]").select_option(str(place.pk))  # remembered for one place alone
    page.locator("[data-stock='20']").tap()
    expect(status).to_have_text(zh("Ready for the shelf"))
    with page.expect_navigation():
        page.locator("[data-done]").tap()
    assert int(page.evaluate("sessionStorage.getItem('taps')")) == LEAST_TAPS
    boss.sees(zh("It is on the shelf. Shoppers can buy it."), "阳光玫瑰葡萄")

    product = Product.objects.get(title="阳光玫瑰葡萄 一串500g")
    assert product.status == ProductStatus.ON_SHELF and product.category == fruit
    assert product.lowest_price == Decimal("12.50")
    assert StockLevel.objects.get(sku__product=product, place=place).on_hand == 20
    image = product.images.get()
    assert image.width == image.height == 1000
    with default_storage.open(image.path) as file:
        red, _green, blue = ImageStat.Stat(Image.open(file).convert("RGB")).mean
    assert red > 2 * blue
    boss.go(f"/products/{product.pk}/")
    boss.sees("阳光玫瑰葡萄")

    boss.go(ADDRESS)  # the next one starts where the last one was
    expect(page.locator(f"[data-category='{fruit.pk}']")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-done]").tap()
    expect(status).to_have_text(zh("Take a picture first"))
    assert Product.objects.filter(category=fruit).count() == 1
