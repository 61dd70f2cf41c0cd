"""The merchant's morning in a browser: orders that come by themselves, a page arranged, help at hand."""

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from members.models import StaffPreference
from shop.backoffice import waiting
from tests.factories import members, orders
from tests.journeys.conftest import Meet
from tests.journeys.town import Town
from tests.journeys.visitor import zh

pytestmark = pytest.mark.browser

WITHIN = 5000


@pytest.fixture(autouse=True)
def _counts_as_fresh_as_in_the_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "FRESH_SECONDS", 2)


def test_a_new_order_appears_on_the_open_list_within_five_seconds_and_rings(town: Town, meet: Meet) -> None:
    boss = members.staff("administrator")
    staff = meet(desktop=True)
    staff.becomes(boss)
    staff.page.set_default_navigation_timeout(30_000)
    staff.go("/admin/orders/order/")
    page = staff.page
    with page.expect_response(lambda answer: "/admin/live/" in answer.url):
        page.get_by_text(zh("New-order sound off")).first.click()
    expect(page.get_by_text(zh("New-order sound on")).first).to_be_visible()
    first = orders.paid({town.small: 1})
    began = time.monotonic()
    expect(page.get_by_role("link", name=first.number)).to_be_visible(timeout=WITHIN)
    expect(page.locator("#nav-sidebar-apps a[href='/admin/orders/order/'] .bo-badge")).to_have_text("1")
    assert time.monotonic() - began < 5
    expect(page.locator(".bo-note", has_text=zh("New order"))).to_be_visible()
    assert page.evaluate("Number(document.documentElement.dataset.rang)") >= 1

    page.locator("input.action-select").first.check()
    second = orders.paid({town.small: 1})
    expect(page.locator(".bo-note", has_text=zh("New order"))).to_have_count(2, timeout=WITHIN)
    assert page.get_by_role("link", name=second.number).count() == 0, "nothing moves under a hand at work"

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/admin/live/" in request.url else None)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_timeout(4000)
    assert asked == [], "nobody looks, nobody asks"


def test_the_dashboard_is_arranged_by_keyboard_and_follows_the_day(town: Town, meet: Meet) -> None:
    boss = members.staff("administrator")
    orders.paid({town.small: 1})
    staff = meet(desktop=True)
    staff.becomes(boss)
    staff.go("/admin/")
    page = staff.page
    count = page.locator("[data-count=to_ship]")
    expect(count).to_have_text("1")
    orders.paid({town.small: 1})
    expect(count).to_have_text("2", timeout=WITHIN)
    expect(page.locator("[data-code=orders] .bo-value")).to_have_text("2", timeout=WITHIN + 3000)

    page.get_by_text(zh("Arrange")).click()
    doors = page.locator("[data-arrange='dashboard.shortcuts'] > .bo-item")
    before = doors.nth(0).get_attribute("data-code")
    doors.nth(0).locator("[data-move='1']").focus()
    page.keyboard.press("ArrowRight")
    expect(doors.nth(1)).to_have_attribute("data-code", str(before))
    doors.nth(1).locator("[data-hide]").click()
    expect(page.locator(".bo-note", has_text=zh("Saved"))).to_have_count(2)
    wish = StaffPreference.objects.get(user=boss, name="dashboard.shortcuts").value
    assert wish["hidden"] == [before]
    assert wish["order"][1] == before
    staff.go("/admin/")
    assert before not in [door.get_attribute("data-code") for door in doors.all() if door.is_visible()]
    page.get_by_text(zh("Arrange")).click()
    page.get_by_text(zh("Back to how it was")).click()
    expect(doors.nth(0)).to_have_attribute("data-code", str(before))

    page.locator(".bo-help-button").click()
    panel = page.locator("dialog.bo-help")
    expect(panel).to_contain_text("工作台")
    panel.locator("input[type=search]").fill("退款")
    page.keyboard.press("Enter")
    panel.get_by_role("link", name="退款").first.click()
    expect(panel).to_contain_text("原路退回")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


@pytest.mark.parametrize("path", ["/admin/", "/admin/orders/order/", "order", "/admin/catalog/product/add/"])
def test_staff_pages_fit_a_phone(town: Town, meet: Meet, path: str) -> None:
    order: Any = orders.paid({town.small: 1}, buyer_note="放门口" * 20)
    staff = meet()
    staff.becomes(members.staff("administrator"))
    staff.go(f"/admin/orders/order/{order.pk}/change/" if path == "order" else path)
    wide = staff.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    button = staff.page.locator(".bo-help-button").bounding_box()
    assert button is not None
    assert min(button["width"], button["height"]) >= 44
