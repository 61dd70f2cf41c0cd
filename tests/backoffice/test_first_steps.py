"""A new shop: steps that tick themselves, and alerts that say what is wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.services import products
from members.services import consents, merchant
from orders.models import Payment
from shop.backoffice import alerts, checklist
from shop.core import clock
from shop.core.models import JobRun
from tests.backoffice.lived_in import desk
from tests.factories import orders
from tests.factories.catalog import ImageFactory, PlaceFactory, a_freight_template, a_sku

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


def page(client: Client) -> Any:
    cache.clear()
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return answer


def done(client: Client) -> set[str]:
    return {step.code for step in page(client).context["steps"] if step.is_done}


def wrong(client: Client) -> set[str]:
    return {alert.code for alert in page(client).context["alerts"]}


def test_an_empty_shop_invites_and_each_step_ticks_itself(settings: Any) -> None:
    settings.WECHAT_PAY_MCHID = settings.WECHAT_OA_APPID = settings.WECHAT_MP_APPID = ""
    boss = desk("administrator")
    first = page(boss)
    assert first.context["is_new"]
    assert all(step.link for step in first.context["steps"])
    assert b"bo-first" in first.content
    assert done(boss) == {"staff"}
    merchant.save(actor="system", shop_name="街角", phone="021-1")
    assert done(boss) == {"staff", "name"}
    merchant.save(actor="system", company="街角有限公司", licence_number="91310000")
    for kind in ("terms", "privacy"):
        consents.publish(kind=kind, title=kind, body="<p>一</p>", actor="system")
    PlaceFactory()
    a_freight_template(is_default=True)
    settings.WECHAT_PAY_MCHID, settings.WECHAT_PAY_APIV3_KEY = "19", "k" * 32
    settings.WECHAT_OA_APPID = "wx1"
    assert done(boss) == {step[0] for step in checklist.STEPS} - {"goods"}
    for _ in range(checklist.ENOUGH_GOODS - 1):
        _on_shelf()
    assert "goods" not in done(boss)
    _on_shelf()
    assert page(boss).context["steps"] == [], "what is done leaves the page"


def _on_shelf() -> None:
    sku = a_sku(stock=1)
    if sku.product.status != "on_shelf":
        ImageFactory(product=sku.product)
        products.put_on_shelf(product=sku.product, actor="system")


def test_the_steps_can_be_sent_away_and_are_for_who_runs_the_shop() -> None:
    boss = desk("administrator")
    assert page(boss).context["steps"]
    boss.post("/admin/preferences/", {"name": checklist.DISMISSED, "value": "true"})
    assert page(boss).context["steps"] == []
    assert page(desk("warehouse")).context["steps"] == []


def test_what_is_wrong_is_said_to_who_can_look_into_it(settings: Any) -> None:
    settings.WECHAT_PAY_MCHID, settings.WECHAT_PAY_APIV3_KEY = "19", "k" * 32
    boss, operator = desk("administrator"), desk("operator")
    assert {"silent", "no_licence", "no_texts"} <= wrong(boss)
    assert not {"silent", "no_licence"} & wrong(operator)
    now = clock.now()
    beat = JobRun.objects.create(name=alerts.HEARTBEAT, started_at=now, succeeded_at=now)
    assert "silent" not in wrong(boss)
    JobRun.objects.filter(pk=beat.pk).update(succeeded_at=now - timedelta(minutes=2))
    assert "silent" in wrong(boss)
    JobRun.objects.create(name="x", started_at=now, is_ok=False)
    order = orders.place()
    Payment.objects.create(
        number="p1", gateway="wechat", method="native", amount=order.due, is_unknown=True,
        created_at=now - timedelta(minutes=9),
    )  # fmt: skip
    sold = a_sku(stock=1)
    orders.paid({sold: 1})
    found = wrong(boss)
    assert {"failed_jobs", "unknown_payments", "sold_out"} <= found
    settings.WECHAT_PAY_MCHID = ""
    assert "no_payment_keys" in wrong(boss)
    for alert in page(boss).context["alerts"]:
        assert alert.words
        assert alert.why
        assert boss.get(alert.link, follow=True).status_code == 200, alert.code
    assert wrong(desk()) == set()
