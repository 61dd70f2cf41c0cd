"""Staff of a place hear in their mini-program what runs short there."""

from typing import Any

import pytest

from catalog.models import StaffPlace, StockLevel
from catalog.policies import STAFF_TEMPLATE
from catalog.services import stock
from members.models import StaffWechat
from shop.core import outbox
from tests.factories import members as make
from tests.factories.catalog import a_sku
from tests.sandboxes import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_short_stock_is_told_to_those_who_work_there_and_bound_their_wechat(
    sandbox: Sandbox, settings: Any
) -> None:
    found = {
        (one["app"], one["kind"]): one["template_id"] for one in sandbox.call("GET", "/wechat/templates")
    }
    words = "character_string1=number thing2=place character_string3=number thing4=what"
    STAFF_TEMPLATE.set(f"{found['mp', 'pickup_ready']} {words}", actor="user:1")
    person = next(one for one in sandbox.call("GET", "/wechat/people") if one["nickname"] == "阿树")
    sandbox.call("POST", "/wechat/accept", person=person["name"], app="mp")
    level = StockLevel.objects.select_related("place", "sku__product").get(sku=a_sku(stock=5))
    here, elsewhere = make.staff("store_clerk"), make.staff("store_clerk")
    StaffPlace.objects.create(user=here, place=level.place)
    StaffWechat.objects.create(user=here, app_id=settings.WECHAT_MP_APPID, openid=person["openid"]["mp"])
    del elsewhere
    stock.set_alert(level_id=level.pk, alert_at=2, actor="system")
    stock.adjust(level_id=level.pk, delta=-4, reason="damaged", actor="user:1")
    outbox.drain_all()
    sent = [one for one in sandbox.call("GET", "/wechat/messages") if one["app"] == "mp"]
    assert len(sent) == 1
    assert sent[0]["data"]["thing2"] == level.place.name[:20]
    assert level.sku.product.title[:6] in sent[0]["data"]["thing4"]
