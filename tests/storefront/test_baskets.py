"""The basket through its forms: guests too, nonsense refused with what was typed kept."""

import json

import pytest

from members.models import Member
from orders.models import BasketLine
from tests.factories.catalog import a_freight_template, a_sku
from tests.factories.marketing import a_reduction
from tests.factories.members import address
from tests.storefront.conftest import Browser


def lines() -> dict[int, int]:
    return dict(BasketLine.objects.values_list("sku_id", "quantity"))


def test_a_guest_puts_goods_in_and_finds_them_again(guest: Browser) -> None:
    sku = a_sku()
    answer = guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "2"})
    assert (answer.status_code, answer["Location"]) == (302, "/basket/")
    assert guest.cookies["guest"]["httponly"]
    assert guest.cookies["guest"]["samesite"] == "Lax"
    assert lines() == {sku.pk: 2}
    assert sku.product.title in guest.page("/basket/")
    assert Browser().page("/basket/").count("Your basket is empty") == 1, "a basket belongs to its cookie"


def test_a_forged_guest_cookie_opens_no_basket(guest: Browser) -> None:
    sku = a_sku()
    guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "2"})
    thief = Browser()
    thief.cookies["guest"] = guest.cookies["guest"].value.split(":")[0] + ":forged:forged"
    assert "Your basket is empty" in thief.page("/basket/")


def test_adding_needs_the_token_of_our_own_page(guest: Browser) -> None:
    sku = a_sku()
    assert guest.post("/basket/lines/", {"sku": sku.pk, "quantity": 1}).status_code == 403
    assert guest.get("/basket/lines/").status_code == 405
    assert not lines()


@pytest.mark.parametrize("typed", ["0", "-1", "1000", "a", "", "1.5", "１０００", "99999999999999999999"])
def test_a_quantity_that_is_none_is_refused_and_kept(guest: Browser, typed: str) -> None:
    sku = a_sku()
    answer = guest.send("/basket/lines/", {"sku": sku.pk, "quantity": typed})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "A quantity is a whole number from 1 to 999." in shown
    assert (
        f'name="quantity" type="text" inputmode="numeric" data-least="1" data-by="1" value="{typed}"' in shown
    )
    assert not lines()


def test_a_full_width_number_is_a_number(guest: Browser) -> None:
    sku = a_sku()
    guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "１２"})
    assert lines() == {sku.pk: 12}


@pytest.mark.parametrize("typed", ["0", "-1", "1000", "a"])
def test_a_line_keeps_its_quantity_when_nonsense_is_typed(guest: Browser, typed: str) -> None:
    sku = a_sku()
    guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "2"})
    line = BasketLine.objects.get()
    answer = guest.send(f"/basket/lines/{line.pk}/", {"quantity": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert lines() == {sku.pk: 2}


def test_steps_checks_removal_and_undo_work_as_plain_forms(guest: Browser) -> None:
    first, second = a_sku(price="10.00"), a_sku(price="7.00")
    for sku in (first, second):
        guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "1"})
    line = BasketLine.objects.get(sku=first)
    guest.send(f"/basket/lines/{line.pk}/", {"quantity": "1", "step": "1"})
    assert lines()[first.pk] == 2
    guest.send(f"/basket/lines/{line.pk}/select/", {"selected": "0"})
    assert "Check out (1)" in guest.page("/basket/")
    guest.send("/basket/select/", {"selected": "0"})
    assert 'aria-disabled="true"' in guest.page("/basket/")
    guest.send("/basket/select/", {"selected": "1"})
    answer = guest.send(f"/basket/lines/{line.pk}/remove/")
    assert answer["Location"] == f"/basket/?undo={first.pk}&quantity=2"
    assert "Undo" in guest.page(answer["Location"])
    assert lines() == {second.pk: 1}
    assert guest.send(f"/basket/lines/{line.pk}/remove/").status_code == 302, "twice is no error"


def test_a_strangers_line_cannot_be_touched(guest: Browser) -> None:
    sku = a_sku()
    guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "2"})
    line = BasketLine.objects.get()
    other = Browser()
    other.send("/basket/lines/", {"sku": sku.pk, "quantity": "1"})
    for path, data in (
        ("", {"quantity": "5"}),
        ("remove/", {}),
        ("select/", {"selected": "0"}),
        ("change/", {}),
    ):
        other.send(f"/basket/lines/{line.pk}/{path}", data)
    line.refresh_from_db()
    assert (line.quantity, line.is_selected) == (2, True)


def test_goods_off_the_shelf_are_set_aside_with_the_reason(guest: Browser) -> None:
    sold, gone = a_sku(), a_sku()
    for sku in (sold, gone):
        guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "1"})
    type(gone.product).objects.filter(pk=gone.product_id).update(status="off_shelf")
    shown = guest.page("/basket/")
    assert "Not available now" in shown
    assert "No longer on sale" in shown
    guest.send("/basket/clear/")
    assert lines() == {sold.pk: 1}


def test_the_next_step_of_an_offer_is_told(guest: Browser) -> None:
    a_reduction(("100", "10"))
    sku = a_sku(price="84.40")
    guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "1"})
    assert "Buy ¥15.60 more to get ¥10 off" in guest.page("/basket/")


def test_the_total_says_whether_delivery_is_in_it(guest: Browser, browser: Browser, member: Member) -> None:
    a_freight_template(is_default=True)
    sku = a_sku(price="10.00")
    for one in (guest, browser):
        one.send("/basket/lines/", {"sku": sku.pk, "quantity": "1"})
    assert "Total without delivery" in guest.page("/basket/")
    address(member)
    shown = browser.page("/basket/")
    assert "without delivery" not in shown
    assert "with delivery" in shown
    assert "¥6.00" in shown


def test_htmx_gets_the_part_that_changed_and_the_count(guest: Browser) -> None:
    sku = a_sku()
    guest.get("/")
    answer = guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "2"}, **{"HX-Request": "true"})
    assert answer.status_code == 204
    assert json.loads(answer["HX-Trigger"])["basketChanged"] == {"count": 2}
    refused = guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "0"}, **{"HX-Request": "true"})
    assert refused.status_code == 422
    line = BasketLine.objects.get()
    part = guest.send(f"/basket/lines/{line.pk}/", {"quantity": "2", "step": "1"}, **{"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div class="stack" id="basket"')
    assert 'value="3"' in part.content.decode()


def test_after_adding_one_stays_where_one_was_but_never_leaves_the_shop(guest: Browser) -> None:
    sku = a_sku()
    cases = {
        "/search/?q=a": "/search/?q=a",
        "https://evil.example/": "/basket/",
        "//evil.example": "/basket/",
        "/\\evil.example": "/basket/",
        "javascript:alert(1)": "/basket/",
    }
    for wanted, led_to in cases.items():
        answer = guest.send("/basket/lines/", {"sku": sku.pk, "quantity": 1, "next": wanted})
        assert answer["Location"] == led_to
