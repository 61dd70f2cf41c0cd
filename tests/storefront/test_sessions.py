"""Signing in by code and password; consent; the basket that comes along; where one is led."""

import pytest

from members.models import Consent, Member, User
from members.services import consents, passwords
from orders.models import BasketLine
from orders.services import baskets
from tests.factories import members
from tests.factories.catalog import a_sku
from tests.storefront.conftest import Browser

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "13912345678"


@pytest.fixture
def texts() -> None:
    for kind in ("terms", "privacy"):
        consents.publish(kind=kind, title=kind, body="<p>words</p>", actor="system")


def test_a_new_number_becomes_a_member_with_the_guests_basket(
    guest: Browser, inbox: list[str], texts: None
) -> None:
    sku = a_sku()
    guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "2"})
    sent = guest.send("/login/code/", {"phone": "+86 139 1234 5678", "agree": "on", "next": "/checkout/"})
    assert "ending in 5678" in sent.content.decode()
    key = guest.session.session_key
    answer = guest.send(
        "/login/", {"phone": PHONE, "code": inbox[-1], "agree": "on", "next": "/checkout/", "way": "code"}
    )
    assert answer["Location"] == "/checkout/"
    member = Member.objects.get()
    assert member.user.phone == PHONE
    assert guest.session.session_key != key, "a new session at sign-in"
    assert list(BasketLine.objects.values_list("basket__member", "quantity")) == [(member.pk, 2)]
    assert guest.cookies["guest"].value == ""
    assert Consent.objects.filter(user=member.user).count() == 2


def test_quantities_add_up_when_the_basket_comes_along(guest: Browser, inbox: list[str]) -> None:
    sku, member = a_sku(), members.member(phone=PHONE)
    baskets.add(basket=baskets.of(member=member), sku_id=sku.pk, quantity=3)
    guest.send("/basket/lines/", {"sku": sku.pk, "quantity": "2"})
    guest.send("/login/code/", {"phone": PHONE, "agree": "on"})
    guest.send("/login/", {"phone": PHONE, "code": inbox[-1], "agree": "on"})
    assert BasketLine.objects.get().quantity == 5


def test_consent_is_never_ticked_beforehand_and_is_needed(guest: Browser, inbox: list[str]) -> None:
    assert "checked" not in guest.page("/login/")
    answer = guest.send("/login/code/", {"phone": PHONE})
    assert answer.status_code == 422
    assert "Please read and agree first." in answer.content.decode()
    assert f'value="{PHONE}"' in answer.content.decode()
    assert not inbox
    assert not User.objects.exists()


def test_a_wrong_code_says_how_many_tries_are_left(guest: Browser, inbox: list[str]) -> None:
    guest.send("/login/code/", {"phone": PHONE, "agree": "on"})
    wrong = "000000" if inbox[-1] != "000000" else "111111"
    answer = guest.send("/login/", {"phone": PHONE, "code": wrong, "agree": "on"})
    assert answer.status_code == 400
    assert "tries left" in answer.content.decode()


def test_a_code_of_another_browser_opens_nothing(guest: Browser, inbox: list[str]) -> None:
    guest.send("/login/code/", {"phone": PHONE, "agree": "on"})
    other = Browser()
    other.get("/login/")
    answer = other.send("/login/", {"phone": PHONE, "code": inbox[-1], "agree": "on"})
    assert answer.status_code == 400
    assert not User.objects.exists()


def test_codes_are_not_sent_every_second(guest: Browser, inbox: list[str]) -> None:
    guest.send("/login/code/", {"phone": PHONE, "agree": "on"})
    answer = guest.send("/login/code/", {"phone": PHONE, "agree": "on"})
    assert answer.status_code == 429
    assert len(inbox) == 1
    assert guest.send("/login/code/", {"phone": "12345", "agree": "on"}).status_code == 400


def test_a_password_works_where_one_is_set(guest: Browser) -> None:
    member = members.member(phone=PHONE)
    passwords.change(user=member.user, password="long enough words")
    form = {"way": "password", "login": PHONE, "agree": "on"}
    wrong = guest.send("/login/", {**form, "password": "something else"})
    assert wrong.status_code == 401
    assert "The login or the password is wrong." in wrong.content.decode()
    answer = guest.send("/login/", {**form, "password": "long enough words"})
    assert answer["Location"] == "/me/"
    assert guest.send("/logout/")["Location"] == "/me/"
    assert "Sign in" in guest.page("/me/")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_signing_in_never_leads_out_of_the_shop(guest: Browser, wanted: str) -> None:
    passwords.change(user=members.member(phone=PHONE).user, password="long enough words")
    form = {"way": "password", "login": PHONE, "agree": "on", "password": "long enough words", "next": wanted}
    assert guest.send("/login/", form)["Location"] == "/me/"
    assert guest.get("/login/", {"next": wanted})["Location"] == "/me/"


def test_name_and_password_are_changed_by_their_owner(guest: Browser) -> None:
    member = members.member(phone=PHONE)
    guest.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    guest.get("/me/profile/")
    assert guest.send("/me/profile/", {"do": "name", "display_name": "  Li  Lei "}).status_code == 302
    assert guest.send("/me/profile/", {"do": "name", "display_name": ""}).status_code == 422
    passwords_given = {
        "do": "password",
        "new_password1": "long enough words",
        "new_password2": "long enough words",
    }
    assert guest.send("/me/profile/", passwords_given).status_code == 302
    assert "Li Lei" in guest.page("/me/"), "still signed in"
    unproved = guest.send("/me/profile/", passwords_given)
    assert "present password" in unproved.content.decode()
