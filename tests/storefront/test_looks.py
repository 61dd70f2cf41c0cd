"""What the browser is told: colours, manifest, worker, offline page; pages that say what is missing."""

import re

import pytest
from django.test import Client

from shop.core import appearance, settings_store
from shop.core.appearance import Appearance

pytestmark = pytest.mark.django_db


def test_a_merchants_colours_arrive_as_one_sheet_kept_for_ever(client: Client) -> None:
    assert "/theme-" not in client.get("/login/").content.decode()
    appearance.set_by(chosen=Appearance(brand="#1F5FAF"), actor="system")
    settings_store.forget()
    found = re.search(r'href="(/theme-[0-9a-f]+\.css)"', client.get("/login/").content.decode())
    assert found
    answer = client.get(found[1])
    assert "--brand: #1F5FAF;" in answer.content.decode()
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/css")
    assert client.get("/theme-0123456789ab.css")["Cache-Control"] == "no-cache"


def test_the_worker_keeps_the_offline_page_and_never_a_price(client: Client) -> None:
    worker = client.get("/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    text = worker.content.decode()
    kept = re.search(r"KEPT = \[(.*?)\]", text)
    assert kept
    assert [one for one in re.findall(r'"([^"]+)"', kept[1]) if not one.startswith("/static/")] == [
        "/offline/"
    ]
    assert "cache.put" not in text
    page = client.get("/offline/")
    assert page.status_code == 200
    assert "¥" not in page.content.decode()


def test_the_manifest_names_the_shop(client: Client) -> None:
    said = client.get("/manifest.webmanifest").json()
    assert said["name"]
    assert said["start_url"] == "/"
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}


def test_only_pages_without_a_person_in_them_are_fetched_ahead(client: Client) -> None:
    page = client.get("/login/").content.decode()
    rules = re.search(r'<script type="speculationrules" nonce="[^"]+">(.*?)</script>', page)
    assert rules
    assert re.findall(r'"href_matches":"([^"]+)"', rules[1]) == ["/products/:id/", "/categories/:slug/"]
