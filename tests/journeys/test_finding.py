"""Finding: suggestions, filters, a heart, the list; and stores with and without a position."""

import pytest
from playwright.sync_api import expect

from catalog.models import Favourite, Place
from tests.journeys.conftest import Meet
from tests.journeys.steps import sign_in
from tests.journeys.town import Town
from tests.journeys.visitor import zh
from tests.sandboxes import Sandbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]


def test_from_a_half_typed_word_to_the_list_of_favourites(meet: Meet, town: Town, sandbox: Sandbox) -> None:
    visitor = meet()
    page = visitor.page
    visitor.go("/")
    page.locator("input[name=q]").press_sequentially("苹", delay=30)
    suggested = page.locator(".suggest a", has_text="烟台红富士苹果")
    expect(suggested).to_be_visible()
    page.locator("input[name=q]").fill("平果")
    page.locator("input[name=q]").press("Enter")
    visitor.sees("已为你搜索", "苹果")

    visitor.press(zh("Filter", "list"))
    expect(page.locator("#sheet[open]")).to_be_visible()
    expect(page.locator("#facets-go")).to_have_text("查看 1 件商品")
    page.locator("#sheet input[name=max]").fill("10")
    expect(page.locator("#facets-go")).to_have_text(zh("Nothing fits"))
    page.locator("#sheet input[name=max]").fill("100")
    page.locator("#sheet label.chip", has_text="2斤装").click()
    expect(page.locator("#facets-go")).to_have_text("查看 1 件商品")
    page.locator("#facets-go").click()
    visitor.arrives("spec=")
    visitor.press("去掉 规格 2斤装")
    expect(page.locator(".chips--chosen .chip")).to_have_count(1)

    page.locator(".good__open", has_text="烟台红富士苹果").click()
    visitor.press(zh("Favourite"), within=".actionbar")
    visitor.arrives("/login/")
    sign_in(visitor, sandbox, "13800138000")
    visitor.arrives(f"/products/{town.apple.pk}/")
    expect(visitor.thing(zh("Kept", "favourite"), within=".actionbar")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert Favourite.objects.get().product == town.apple

    visitor.go("/me/")
    visitor.press(zh("My favourites"))
    visitor.sees("烟台红富士苹果")
    visitor.press(zh("Remove %(title)s", title="烟台红富士苹果"))
    visitor.sees(zh("Removed from your favourites."))
    assert not Favourite.objects.exists()
    visitor.press(zh("Undo"))
    visitor.sees("烟台红富士苹果")
    assert Favourite.objects.count() == 1

    visitor.go("/search/")
    page.locator("[data-search-history] .chip", has_text="平果").wait_for()
    visitor.press(zh("Clear"))
    expect(page.locator("[data-search-history]")).to_be_hidden()


def test_the_nearest_store_by_consent_and_a_city_by_hand_without(meet: Meet, town: Town) -> None:
    Place.objects.filter(pk=town.store.pk).update(latitude="23.1291", longitude="113.2644")
    Place.objects.filter(pk=town.other_store.pk).update(latitude="31.2304", longitude="121.4737")
    here = {"latitude": 31.22, "longitude": 121.47}
    willing = meet(geolocation=here, permissions=["geolocation"])
    willing.go("/stores/")
    names = willing.page.locator(".store-card h2")
    expect(names).to_have_text(["梧桐里店", "河滨店"])
    willing.press(zh("Nearest to me"))
    expect(names).to_have_text(["河滨店", "梧桐里店"])
    willing.sees("km", "不会保存")
    kept = {cookie["name"]: cookie["value"] for cookie in willing.context.cookies()}
    assert not any("31." in value or "121." in value for value in kept.values())
    willing.go("/")
    willing.sees("河滨店")
    member = town.shopper()
    willing.becomes(member.user)
    willing.go(f"/checkout/?sku={town.milk.pk}&quantity=1&mode=pickup")
    expect(willing.page.locator("a.store b").first).to_have_text("河滨店")

    unwilling = meet()
    unwilling.go("/stores/")
    unwilling.press(zh("Nearest to me"))
    unwilling.sees(zh("Your browser did not tell us where you are. Choose a city instead."))
    expect(unwilling.page.locator(".store-card h2")).to_have_text(["梧桐里店", "河滨店"])

    plain = meet(java_script_enabled=False)
    plain.go("/search/?q=苹果")
    plain.press(zh("Filter", "list"))
    plain.arrives("/search/filter/")
    plain.page.locator("label.chip", has_text="5斤装").click()
    plain.page.locator("#facets-go").click()
    plain.arrives("spec=")
    plain.sees("烟台红富士苹果")
