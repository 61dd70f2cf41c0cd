"""What only a demo has: one-tap roles, the stage, the robots' switch; and that nothing else has it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from catalog.models import Product, StockLevel
from members.models import Member
from members.services import roles
from orders import gateways
from orders.models import Order, Payment
from orders.services import settling
from orders.terms import OrderStatus
from shop.backoffice.demo import basics, people
from shop.backoffice.proof.town import Town
from shop.backoffice.stage import acts, plays, telling
from shop.core import clock
from tests import books
from tests.factories import members
from tests.sandboxes import Sandbox, running

CHECKOUT = Path(__file__).resolve().parents[2]
PRODUCTION = {"DEBUG": "0", "INSECURE_COOKIES": "0", "DEMO": "1", "SANDBOX_URL": "http://127.0.0.1:1"}
ASK = """
import django, json
django.setup()
from django.conf import settings
from django.urls import Resolver404, resolve
found = {}
for path in ("/admin/stage/", "/admin/stage/play/", "/demo/enter/", "/demo/robots/"):
    try:
        found[path] = resolve(path).view_name
    except Resolver404:
        found[path] = None
print(json.dumps([settings.DEMO, found]))
"""


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.backoffice.demo_urls"


def routes(**variables: str) -> tuple[bool, dict[str, str | None]]:
    """DEMO and the demo's addresses, as a process with these variables has them."""
    environment = {
        **os.environ,
        "SETTINGS_FILES": "none",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SECRET_KEY": "x" * 60,
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True
    )
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def test_production_has_no_route_of_the_demo_whatever_is_asked_for() -> None:
    is_demo, found = routes(**PRODUCTION)
    assert not is_demo
    assert not any(name and name.startswith("stage:") for name in found.values()), found
    is_demo, found = routes(**PRODUCTION | {"INSECURE_COOKIES": "1", "SANDBOX_URL": ""})
    assert not is_demo
    is_demo, found = routes(**PRODUCTION | {"INSECURE_COOKIES": "1"})
    assert is_demo
    assert all(name and name.startswith("stage:") for name in found.values()), found


@pytest.mark.django_db
def test_without_a_demo_the_login_pages_offer_nobody(client: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("stage:enter")
    assert client.post("/demo/enter/", {"who": "staff:admin"}).status_code == 404
    for page in ("/admin/login/", "/login/"):
        assert b'name="who"' not in client.get(page).content


@pytest.mark.django_db
def test_one_tap_signs_in_who_is_on_the_list_and_nobody_else(demo: None, client: Client) -> None:
    roles.sync()
    basics.lay()
    shopper = members.member(phone="17000000001").user
    members.superuser(username="root")
    for page, key in (("/admin/login/", "staff:clerk"), ("/login/", "shopper:17000000001")):
        assert f'value="{key}"'.encode() in client.get(page).content
    for who in ("staff:root", "shopper:13800138000", "staff:17000000001", "", "staff:"):
        assert client.post("/demo/enter/", {"who": who}).status_code == 404
    answer = client.post("/demo/enter/", {"who": "staff:clerk", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/stage/").status_code == 403, "the stage is the administrators'"
    answer = client.post("/demo/enter/", {"who": "shopper:17000000001", "next": "/basket/"})
    assert answer.headers["Location"] == "/basket/"
    assert client.session["_auth_user_id"] == str(shopper.pk)


@pytest.mark.django_db
def test_the_robots_ask_before_they_shop_and_can_be_sent_home(demo: None, client: Client) -> None:
    cache.clear()
    told = client.get("/demo/robots/", {"made": "7"}).json()
    assert told["wanted"]
    assert not set(told["phones"]) & {phone for phone, _name, _level in people.SHOPPERS}
    boss = Client()
    boss.force_login(members.superuser())
    assert "7" in boss.get("/admin/stage/").content.decode()
    boss.post("/admin/stage/robots/", {"on": "0"})
    assert not client.get("/demo/robots/", {"made": "x" * 9}).json()["wanted"]


@pytest.fixture
def sandbox(settings: Any, tmp_path: Path) -> Iterator[Sandbox]:
    with running(tmp_path, time_factor=600) as sandbox:
        for name, value in sandbox.settings.items():
            setattr(settings, name, value)
        gateways.get.cache_clear()
        yield sandbox
    gateways.get.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_every_scene_plays_and_says_what_came(demo: None, sandbox: Sandbox) -> None:
    town = Town()
    goods = [town.product(title, price="20.00", stocked=200) for title in ("香蕉", "吐司", "橙子")]
    Product.objects.update(on_shelf_at=clock.now() - timedelta(days=30))
    for _number in range(11):
        town.member()
    assert Member.objects.count() == 11
    boss = Client()
    boss.force_login(members.superuser())

    for kind in plays.PLAYS:
        assert boss.post("/admin/stage/play/", {"kind": kind}, follow=True).status_code == 200
    assert boss.post("/admin/stage/play/", {"kind": "nonsense"}).status_code == 404
    told = {act.kind: telling.tell(act) for act in acts.all_of_them()}
    assert set(told) == set(plays.PLAYS)
    flash = next(act for act in acts.all_of_them() if act.kind == "flash")
    assert len(flash.facts["orders"]) == plays.PIECES
    assert (flash.facts["refused"], flash.facts["crashed"]) == (3, 0)
    levels = StockLevel.objects
    assert levels.get(sku=goods[0]).on_hand == 200, "what the flash left out of sight is back"
    assert levels.get(sku=goods[1]).available == plays.FEW

    short = next(act for act in acts.all_of_them() if act.kind == "run_short")
    boss.post("/admin/stage/refill/", {"act": short.id})
    boss.post("/admin/stage/refill/", {"act": short.id})
    assert levels.get(sku=goods[1]).available == 200, "filled up once"

    late = Order.objects.get(number=told_order(acts.all_of_them(), "pay_late"))
    assert late.status == OrderStatus.CLOSED
    lost = Order.objects.get(number=told_order(acts.all_of_them(), "lose_notice"))
    assert lost.status == OrderStatus.UNPAID
    settling.ask(payment_id=Payment.objects.get(shares__order=lost).pk)
    page = boss.get("/admin/stage/acts/").content.decode()
    assert lost.number in page
    assert not [step for step in _steps("lose_notice") if step.tone != "done"]
    assert books.broken() == []


def told_order(played: list[acts.Act], kind: str) -> str:
    return next(act.facts["order"] for act in played if act.kind == kind)


def _steps(kind: str) -> tuple[telling.Step, ...]:
    return telling.tell(next(act for act in acts.all_of_them() if act.kind == kind)).steps
