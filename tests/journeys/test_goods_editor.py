"""A merchant enters goods in Chromium: specifications as chips, pictures by drag, a file, a preview."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from catalog.models import Product, Sku
from shop.core import outbox
from shop.core.models import Job
from tests.catalog.files import as_csv, lines
from tests.factories import members
from tests.factories.catalog import CategoryFactory, ProductFactory
from tests.journeys.town import Town
from tests.journeys.visitor import zh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def drag(page: Page, what: Locator, onto: Locator) -> None:
    """With the mouse, from the middle of one to the left edge of the other."""
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), onto.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 12, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()


def pictures(directory: Path) -> list[str]:
    found = []
    for number, colour in enumerate(("#C8371B", "#2B7A4B", "#1F5FAF")):
        path = directory / f"{number}.jpg"
        Image.new("RGB", (400, 400), colour).save(path)
        found.append(str(path))
    return found


def test_specifications_are_edited_as_chips_and_a_grid(meet, town: Town):
    boss = meet(desktop=True)
    boss.becomes(members.superuser())
    milk = town.milk
    Sku.objects.filter(pk=milk.pk).update(code="MILK", spec_key="")
    page = boss.page
    boss.go(f"/admin/catalog/product/{milk.product_id}/specs/")
    page.click("[data-add-axis]")
    axis = page.locator(".go-axis").last
    axis.locator("[data-axis-name]").fill("口味")
    adding = axis.locator("[data-add-value]")
    adding.fill("原味，草莓、香蕉")
    adding.press("Enter")
    expect(page.locator("[data-rows] tr")).to_have_count(3)
    adding.fill("草莓")
    adding.press("Enter")  # twice is told, not taken
    boss.sees(zh("“{name}” is there already.", name="草莓"))
    page.locator(".go-axis [data-add-value]").fill("")
    # the single SKU becomes what is chosen, with its stock
    page.select_option("[data-heir]", label="草莓")
    said = zh("{code} with {stock} in stock becomes {words}.")
    boss.sees(said.format(code="MILK", stock=42, words="草莓"))
    chips = page.locator(".go-chip")
    drag(page, chips.nth(2).locator(".go-grip"), chips.nth(0))
    expect(page.locator("[data-rows] th")).to_have_text(["香蕉", "原味", "草莓"])
    chips.nth(0).locator(".go-grip").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-rows] th")).to_have_text(["原味", "香蕉", "草莓"])
    expect(chips.nth(1).locator(".go-grip")).to_be_focused()
    page.locator("[data-start-rename]").nth(1).click()
    page.locator("[data-rename]").fill("芭蕉")
    page.locator("[data-rename]").press("Enter")
    page.fill("[data-fill-value]", "12.5x")
    page.click("[data-fill]")
    boss.sees(zh("Write a price such as 12.80."))
    page.fill("[data-fill-value]", "71.50")
    page.click("[data-fill]")
    price = page.locator("[data-row='1'][data-name=list_price]")
    expect(price).to_have_value("71.50")
    price.fill("-1")
    page.locator("[data-row='0'][data-name=code]").fill("MILK-0")
    page.locator("[data-row='2'][data-name=is_active]").uncheck()
    page.click("[data-save-button]")
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)
    expect(page.locator("[data-row='0'][data-name=code]")).to_have_value("MILK-0")  # nothing typed is lost
    assert Sku.objects.filter(product=milk.product).count() == 1
    page.locator("[data-row='1'][data-name=list_price]").fill("72.00")
    page.locator("[data-row='2'][data-name=is_active]").check()
    page.click("[data-save-button]")
    boss.arrives("/change/$")
    found = Sku.objects.filter(product=milk.product, is_active=True).order_by("position")
    assert [(sku.spec_text, str(sku.list_price)) for sku in found] == [
        ("原味", "71.50"),
        ("芭蕉", "72.00"),
        ("草莓", "71.50"),
    ]
    kept = found.get(spec_text="草莓")
    assert (kept.pk, kept.code) == (milk.pk, "MILK")
    assert sum(level.on_hand for level in kept.levels.all()) == 42


def test_a_product_is_entered_on_a_phone_with_pictures_and_preview(meet, town: Town, tmp_path):
    boss = meet()
    boss.becomes(members.superuser())
    page = boss.page
    product = ProductFactory(status="draft", title="新品" + "梨" * 28, category=town.fruit)
    boss.go(f"/admin/catalog/product/{product.pk}/specs/")
    page.locator("[data-name=list_price]").fill("8.80")
    page.locator("[data-name=opening]").fill("6")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.click("[data-save-button]")
    boss.arrives("/change/$")
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    page.set_input_files("#pictures input[type=file]", [*pictures(tmp_path), str(bad)])
    expect(page.locator(".go-picture")).to_have_count(3)
    expect(page.locator(".go-queue .go-error")).to_have_count(1)
    before = [item.get_attribute("data-key") for item in page.locator(".go-picture").all()]
    page.locator(".go-picture .go-grip").nth(2).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".go-picture").nth(1)).to_have_attribute("data-key", before[2] or "")
    expect(page.locator("#pictures [data-status]")).to_have_text(zh("Saved"))
    with page.expect_response("**/pictures/order/"):
        page.locator(".go-picture [data-first]").first.click()
    expect(page.locator(".go-picture").nth(0)).to_have_attribute("data-key", before[2] or "")
    assert product.images.first().pk == int(before[2] or 0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    boss.press(zh("Put on the shelf"), ".go-standing")
    boss.arrives("put-on-shelf")
    boss.go(f"/admin/preview/{product.pk}/")
    address = page.locator(".go-address").get_attribute("href") or ""
    shopper = meet()
    shopper.page.goto(address)
    shopper.sees(product.title, zh("Nothing can be bought in a preview"))
    assert shopper.page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_file_is_checked_followed_and_imported(meet, town: Town, tmp_path):
    CategoryFactory(name="水果", slug="shuiguo")
    boss = meet()
    boss.becomes(members.superuser())
    page = boss.page
    before = Product.objects.count()
    for name, changes, is_good in (("bad.csv", {"r4": {5: "-3"}}, False), ("good.csv", {}, True)):
        path = tmp_path / name
        path.write_bytes(as_csv(lines(10, **changes), encoding="gbk"))
        boss.go("/admin/catalog/product/import/")
        page.set_input_files("[name=file]", str(path))
        boss.press(zh("Check the file"))
        boss.arrives("/progress/$")
        page.reload()
        boss.sees(zh("A worker takes it up in a moment."))
        outbox.drain_all()
        boss.sees("GBK")  # the page asked by itself
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        if not is_good:
            boss.sees("售价", "-3", zh("is below zero"))
            boss.misses(zh("Import now"))
            assert Product.objects.count() == before
    boss.press(zh("Import now"))
    boss.arrives("/progress/$")
    outbox.drain_all()
    boss.sees(zh("To the products"))
    assert Product.objects.count() == before + 2
    assert set(Job.objects.values_list("status", flat=True)) == {"done"}
