"""The demo shop: loaded once, alive up to this hour, sound by every invariant, with logins that work."""

import re
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from catalog.models import Product
from catalog.selectors import stock
from members.models import Member, User
from members.models.user import phone_hash
from orders.models import Order
from orders.selectors import todo
from shop.backoffice.demo import basics, goods, ledger, people, showcase
from shop.backoffice.demo.moments import moments
from shop.core import clock
from shop.core.models import OutboxDelivery

pytestmark = pytest.mark.django_db(transaction=True)


def run(command: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def test_the_demo_is_loaded_once_and_is_alive_today(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.SANDBOX_URL = ""
    assert "Demo loaded" in run("load_demo", size="tiny")
    before = Order.objects.count()
    assert "was not loaded" in run("load_demo", size="tiny")
    assert Order.objects.count() == before >= 15
    assert "0 rows" in run("check_invariants")
    assert not OutboxDelivery.objects.filter(done_at=None).exists()

    now = clock.now()
    start, _end = clock.day_bounds(clock.business_day(now))
    assert Order.objects.filter(paid_at__gte=start).count() >= 3
    assert not Order.objects.filter(created_at__gt=now).exists()
    assert not Order.objects.filter(paid_at__gt=now).exists()
    assert Order.objects.filter(created_at__lt=now - timedelta(days=20)).exists()
    admin = User.objects.get(username="admin")
    counts = {one.code: one.count for one in todo.counts(admin)}
    assert counts["to_ship"] > 0
    assert counts["to_hand_out"] > 0
    assert counts["flagged"] == 1
    assert stock.short().count() >= 2, "what the demo left short on purpose"
    assert Member.objects.filter(user__joined_at__gt=now).count() == 0
    assert Product.objects.filter(tags__slug="new").exists()
    sold = Product.objects.filter(status="on_shelf")
    assert all(product.images.count() >= 2 for product in sold)
    shown = Product.objects.filter(title__in=showcase.SHOWCASE)
    assert shown
    for product in shown:
        assert product.images.count() == 5
        assert "常见问题" in product.description
        assert 'src="/media/details/' in product.description
    for phone, _name, _level in people.SHOPPERS[:2]:
        member = Member.objects.get(user__phone_hash=phone_hash(phone))
        assert Order.objects.filter(member=member).count() >= 2
        assert member.points_account.available > 0
        assert member.coupons.exists()

    boss = Client()
    boss.force_login(admin)
    paths = re.findall(rf"{settings.SHOP_URL}(\S+)", run("demo_tour"))
    assert len(paths) >= 6
    assert [path for path in paths if boss.get(path).status_code >= 400] == []

    logins = run("demo_logins")
    for username, _name, _role, _places in basics.STAFF:
        assert f"{username} / {basics.PASSWORD}" in logins
        client = Client()
        answer = client.post("/admin/login/", {"username": username, "password": basics.PASSWORD})
        assert answer.status_code == 302, username
        assert client.get("/admin/").status_code == 200
    assert "17000000001" in logins
    assert ledger.seed() == 0, "without a sandbox nobody is told"


def test_without_a_demo_no_login_is_printed() -> None:
    assert run("demo_logins").count("/") == 0


def test_every_showcase_is_a_good_of_the_shop() -> None:
    assert len(showcase.SHOWCASE) == 10
    assert set(showcase.SHOWCASE) <= {good.title for good in goods.GOODS}
    assert all(len(shown.headline) <= 10 for shown in showcase.SHOWCASE.values())


def test_history_leads_up_to_now_whatever_the_time_is() -> None:
    from random import Random

    day, _end = clock.day_bounds(clock.business_day(clock.now()))
    for hours in (0.2, 3, 12, 23.5):
        now = day + timedelta(hours=hours)
        found = moments(Random(1), now, 100)
        by_day = Counter(clock.business_day(moment) for moment in found)
        assert len(found) == 100
        assert found == sorted(found)
        assert max(found) < now
        assert by_day[clock.business_day(now)] >= 3
        assert by_day[clock.business_day(now - timedelta(days=7))] >= 2


def test_the_assortment_is_that_of_a_neighbourhood_grocer() -> None:
    titles = [good.title for good in goods.GOODS]
    assert len(set(titles)) == len(titles) >= 110
    assert all(len(title) <= 30 for title in titles)
    assert all(0 < float(price) < 1000 for good in goods.GOODS for price in good.prices)
