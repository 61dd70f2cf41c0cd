"""Help on every page, in both languages, and words instead of codes in the log."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin

from shop.backoffice import guides, navigation, policies
from shop.core import audit
from shop.core.admin import verbs
from tests.backoffice.lived_in import desk

ROOT = Path(__file__).parents[2]
SHORTEST = 60


def test_every_page_of_the_navigation_has_a_guide_of_its_own_in_both_languages() -> None:
    links = {page.link() for group in navigation.GROUPS for entry in group.entries for page in entry.pages}
    for language in guides.LANGUAGES:
        for link in links:
            guide = guides.of_page(link, language)
            assert guide.slug != guides.FIRST or "merchant" in link, f"{language}: no guide for {link}"
    chinese, english = guides.all_of("zh-hans"), guides.all_of("en")
    assert list(chinese) == list(english)
    assert len(chinese) >= 35
    for guide in (*chinese.values(), *english.values()):
        assert len(guide.text) > SHORTEST, guide.slug
        assert "<" in guide.body
    assert all(re.search(r"[一-鿿]", guide.title + guide.text) for guide in chinese.values())
    assert not [guide.slug for guide in english.values() if re.search(r"[一-鿿]", guide.text)]
    assert guides.of_page("/admin/orders/order/12/change/", "en").slug == "orders"
    assert guides.of_page("/admin/", "en").slug == "dashboard"
    assert guides.of_page("/admin/nowhere/", "en").slug == guides.FIRST


@pytest.mark.django_db
def test_the_button_leads_to_the_guide_of_the_page_and_the_search_finds_words() -> None:
    client = desk("warehouse")
    client.cookies["django_language"] = "en"
    body = client.get("/admin/catalog/stocklevel/").content.decode()
    assert "/admin/help/?at=/admin/catalog/stocklevel/" in body

    def shown(**query: str) -> str:
        answer = client.get("/admin/help/", query)
        assert answer.status_code == 200
        return str(answer.content.decode())

    part = shown(at="/admin/catalog/stocklevel/", part="1")
    assert "Free to sell" in part
    assert "<html" not in part
    assert "<html" in shown(at="/admin/catalog/stocklevel/")
    assert "Checking a pickup code" in shown(q="twelve digits")
    assert "Free to sell" not in shown(q="twelve digits")
    assert "No guide says" in shown(q="xyzzy")
    assert "<script>" not in shown(q="<script>alert(1)</script>")
    assert client.get("/admin/help/refunds/").status_code == 200
    assert client.get("/admin/help/nothing/").status_code == 404
    policies.SUPPORT_PHONE.set("400-100-200", actor="system")
    assert "400-100-200" in shown(q="refund")
    client.logout()
    assert client.get("/admin/help/").status_code == 302


def test_every_verb_of_the_log_has_words() -> None:
    """Verbs written by services, and those of buttons, which are the names of their functions."""
    said: set[str] = set()
    for app in ("shop", "members", "catalog", "marketing", "orders"):
        for file in (ROOT / app).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            if "audit" in text:
                said |= set(re.findall(r'verb="([a-z_]+)"', text))
    for page in admin.site._registry.values():
        for name in getattr(page, "actions_detail", ()) or ():
            said.add(str(name))
    unnamed = said - set(verbs.VERBS)
    assert not unnamed, f"name them in shop/core/admin/verbs.py: {sorted(unnamed)}"


@pytest.mark.django_db
def test_the_log_is_read_in_words(django_user_model: Any) -> None:
    audit.record(actor="user:1", verb="put_on_shelf", target="product:12")
    audit.record(actor="system", verb="brand_new_verb", target="weather:1")
    client = desk("administrator")
    client.cookies["django_language"] = "en"
    body = client.get("/admin/core/auditentry/").content.decode()
    assert "Put on the shelf" in body
    assert "product 12" in body
    assert "Brand new verb" in body
    assert "weather:1" in body
    only = client.get("/admin/core/auditentry/", {"verb": "put_on_shelf"}).content.decode()
    assert "Brand new verb" not in only
