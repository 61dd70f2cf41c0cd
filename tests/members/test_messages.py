"""Messages by WeChat and what WeChat pushes: each once, with how it went, against the sandbox."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from members.models import Message, WechatIdentity, WechatPush
from members.policies import TEMPLATES
from members.services import messages, pushes
from members.terms import MessageDelivery as D
from members.terms import MessageKind
from shop.core import outbox
from shop.core.models import OutboxDelivery
from shop.core.transactions import unit
from tests.factories import members as make
from tests.factories.catalog import StoreFactory, a_sku, stock_up
from tests.factories.orders import paid, shipped, to_store
from tests.sandboxes import Sandbox, running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(sandbox: Sandbox, settings: Any) -> dict[str, Any]:
    """WeChat people by nickname; the shop has the sandbox's templates."""
    for template in sandbox.call("GET", "/wechat/templates"):
        TEMPLATES[template["app"], template["kind"]].set(template["template_id"], actor="user:1")
    settings.SHOP_URL = "https://shop.example"
    return {person["nickname"]: person for person in sandbox.call("GET", "/wechat/people")}


def _member(person: Any, app: str, settings: Any) -> Any:
    member = make.member()
    app_id = settings.WECHAT_OA_APPID if app == "oa" else settings.WECHAT_MP_APPID
    WechatIdentity.objects.create(user=member.user, app_id=app_id, openid=person["openid"][app])
    return member


@unit
def _tell(member: Any, key: str = "k") -> None:
    facts = {"number": "2611", "what": "苹果", "amount": "¥8.00", "when": "2026-11-21 18:00"}
    messages.tell(member_id=member.pk, kind="order_paid", parameters=facts, target="order:2611", key=key)


def _sent(sandbox: Sandbox) -> list[Any]:
    return list(sandbox.call("GET", "/wechat/messages"))


def test_orders_tell_their_members_at_every_step(
    sandbox: Sandbox, people: dict[str, Any], settings: Any
) -> None:
    member = _member(people["小满"], "oa", settings)
    sku, store = a_sku(price="20.00", stock=9), StoreFactory(name="梧桐里店")
    stock_up(sku, 5, store)
    order = shipped({sku: 2}, member=member)
    to_collect = paid({sku: 1}, member=member, delivery=to_store(store))
    outbox.drain_all()
    got = {
        Message.objects.get(key=key).kind for key in (f"paid:{order.number}", f"pickup:{to_collect.number}")
    }
    assert got == {MessageKind.ORDER_PAID, MessageKind.PICKUP_READY}
    assert set(Message.objects.values_list("delivery", flat=True)) <= {D.SENT, D.DELIVERED}
    by_kind = {one["template_id"]: one for one in _sent(sandbox)}
    templates = {kind: TEMPLATES["oa", kind].get() for kind in MessageKind.values}
    told = {template.split()[0]: kind for kind, template in templates.items() if template}
    seen = {told[template]: one for template, one in by_kind.items()}
    assert set(seen) == {"order_paid", "order_shipped", "pickup_ready"}
    assert seen["order_shipped"]["data"]["character_string1"] == order.number
    assert seen["pickup_ready"]["data"]["character_string3"] == to_collect.pickup.code
    assert seen["pickup_ready"]["data"]["thing2"] == "梧桐里店"
    assert seen["order_paid"]["target"].endswith(f"https://shop.example/orders/{order.number}/")


def test_a_message_is_written_and_sent_once(sandbox: Sandbox, people: dict[str, Any], settings: Any) -> None:
    member = _member(people["小满"], "oa", settings)
    for _ in range(2):
        _tell(member)
    outbox.drain_all()
    message = Message.objects.get()
    messages.send(message_id=message.pk)
    assert len(_sent(sandbox)) == 1
    assert (message.channel, bool(message.vendor_number)) == ("official", True)


def test_no_means_no_and_is_not_a_failure(sandbox: Sandbox, people: dict[str, Any], settings: Any) -> None:
    for number, (nickname, app) in enumerate((("团团", "oa"), ("阿树", "mp"))):
        _tell(_member(people[nickname], app, settings), key=str(number))
    outbox.drain_all()
    outcomes = list(Message.objects.order_by("pk").values_list("channel", "delivery"))
    assert outcomes == [("official", D.UNWANTED), ("mini", D.UNWANTED)]
    sandbox.call("POST", "/wechat/accept", person=people["团团"]["name"], app="mp")
    _tell(_member(people["团团"], "mp", settings), key="yes")
    outbox.drain_all()
    assert Message.objects.get(key="yes").delivery == D.SENT


def test_silence_is_tried_again_and_a_refusal_is_kept(
    sandbox: Sandbox, people: dict[str, Any], settings: Any
) -> None:
    member = _member(people["小满"], "oa", settings)
    sandbox.fault("errcode", value=-1, operation="template")
    _tell(member)
    outbox.drain_all(strict=False)
    assert Message.objects.get().delivery == D.WAITING
    sandbox.clear()
    OutboxDelivery.objects.filter(done_at=None).update(available_at="2020-01-01T00:00Z")
    outbox.drain_all()
    assert Message.objects.get().delivery in (D.SENT, D.DELIVERED)
    TEMPLATES["oa", "order_paid"].set("unknown-template", actor="user:1")
    _tell(member, key="bad")
    outbox.drain_all()
    bad = Message.objects.get(key="bad")
    assert (bad.delivery, bad.error[:5]) == (D.FAILED, "40037")


def test_without_a_way_or_without_wechat_nobody_is_bothered(
    sandbox: Sandbox, people: dict[str, Any], settings: Any
) -> None:
    _tell(make.member())
    outbox.drain_all()
    assert Message.objects.get().delivery == D.SKIPPED
    settings.WECHAT_OA_APPID = settings.WECHAT_MP_APPID = ""
    _tell(make.member(), key="off")
    assert Message.objects.count() == 1
    assert _sent(sandbox) == []


def _fields(message: Message, status: str = "success") -> dict[str, str]:
    return {
        "ToUserName": "gh_1",
        "FromUserName": "o1",
        "CreateTime": "1700000000",
        "MsgType": "event",
        "Event": "TEMPLATESENDJOBFINISH",
        "MsgID": message.vendor_number,
        "Status": status,
    }


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("success", D.DELIVERED), ("failed:user block", D.UNWANTED), ("failed: system failed", D.FAILED)],
)
def test_the_result_of_a_message_is_noted_once(
    sandbox: Sandbox, people: dict[str, Any], settings: Any, status: str, outcome: str
) -> None:
    _tell(_member(people["小满"], "oa", settings))
    outbox.drain_all()
    message = Message.objects.get()
    for _ in range(2):
        pushes.receive(fields=_fields(message, status))
    outbox.drain_all()
    message.refresh_from_db()
    assert message.delivery == outcome
    assert WechatPush.objects.get(event="TEMPLATESENDJOBFINISH").processed_at is not None


@pytest.fixture(scope="module")
def pushing(tmp_path_factory: pytest.TempPathFactory, live_server: Any) -> Iterator[Sandbox]:
    """A sandbox that knows where the shop is."""
    with running(tmp_path_factory.mktemp("pushing"), shop=live_server.url) as sandbox:
        yield sandbox


def test_wechat_checks_the_address_and_pushes_arrive_once(pushing: Sandbox, settings: Any) -> None:
    for name, value in pushing.settings.items():
        setattr(settings, name, value)
    person = pushing.call("GET", "/wechat/people")[0]["name"]

    def push(**more: Any) -> Any:
        return pushing.call("POST", "/wechat/push", person=person, **more)

    assert push(verify=True)["verified"]
    assert push(event="subscribe", copies=4)["answers"] == [{"status": 200, "body": "success"}] * 4
    assert WechatPush.objects.filter(event="subscribe").count() == 1
    assert push(text="在吗？")["accepted"]
    said = WechatPush.objects.get(kind="text")
    assert "在吗" not in str(said.content), "what people wrote is not kept"
    for spoilt in ({"spoil": word} for word in ("signature", "msg_signature", "appid", "key")):
        if spoilt["spoil"] == "signature":
            continue  # of the plain kind, which an encrypted push needn't have
        assert not push(event="SCAN", **spoilt)["accepted"], spoilt
    assert not push(event="SCAN", age=400)["accepted"]
    assert not WechatPush.objects.filter(event="SCAN").exists()


def test_the_door_of_pushes_is_shut_for_everybody_else(sandbox: Sandbox) -> None:
    client, door = Client(), "/notify/wechat/messages/"
    forged = f"{door}?signature=x&timestamp=1&nonce=2&echostr=hi"
    assert client.get(forged).status_code == client.get(door).status_code == 401
    assert client.post(forged, data=b"<xml/>", content_type="text/xml").status_code == 401
    assert client.post(forged, data=b"x" * 70_000, content_type="text/xml").status_code == 413
    assert client.put(door).status_code == 405
    assert not WechatPush.objects.exists()
