"""Back in stock and cheaper: told once."""

from decimal import Decimal
from typing import Any

import pytest

from catalog import locks
from catalog.errors.prices import NoticeNotNeeded, TooManyNotices
from catalog.models import GoodsNotice, Sku
from catalog.services import goods_notices, prices, stock
from members.models import Member, Message
from shop.core import numbers, outbox
from shop.core.wechat import apps
from tests.factories import members as make
from tests.factories.catalog import a_place, a_sku
from tests.races import Meeting, run_together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wechat(settings: Any) -> None:
    settings.WECHAT_OA_APPID, settings.WECHAT_OA_SECRET = "wx0", "secret"
    assert apps.is_on("oa")


def receive(sku: Sku, quantity: int = 5) -> None:
    stock.receive(
        place_id=a_place().pk, sku_id=sku.pk, quantity=quantity, actor="user:1", key=numbers.token()
    )


def wish(sku: Sku, kind: str = "back", member: Member | None = None) -> Member:
    member = member or make.member()
    goods_notices.wish(member_id=member.pk, sku_id=sku.pk, kind=kind)
    return member


def test_who_waits_is_told_once_when_goods_arrive() -> None:
    sku, other = a_sku(stock=0), a_sku(stock=0)
    member = wish(sku)
    wish(sku, member=member)
    wish(other)
    assert goods_notices.tell_back() == 0
    receive(sku)
    assert [goods_notices.tell_back(), goods_notices.tell_back()] == [1, 0]
    (message,) = Message.objects.all()
    assert (message.member_id, message.kind, message.target) == (
        member.pk,
        "goods_back",
        f"product:{sku.product_id}",
    )
    assert GoodsNotice.objects.get(sku=sku).sent_at is not None
    with pytest.raises(NoticeNotNeeded):
        wish(sku)


def test_a_lower_price_is_told_once_to_who_asked_at_a_higher_one() -> None:
    sku = a_sku(price="20.00")
    early = wish(sku, "drop")
    prices.set_price(sku_id=sku.pk, list_price=Decimal("22.00"), actor="user:1", reason="涨价")
    wish(sku, "drop")
    outbox.drain()
    assert not Message.objects.exists()
    prices.set_price(sku_id=sku.pk, list_price=Decimal("21.00"), actor="user:1", reason="回落")
    outbox.drain()
    assert Message.objects.count() == 1
    assert not Message.objects.filter(member=early).exists()
    prices.set_price(sku_id=sku.pk, list_price=Decimal("19.00"), actor="user:1", reason="促销")
    outbox.drain()
    message = Message.objects.get(member=early)
    assert message.parameters["price"] == "¥19.00"
    assert message.parameters["before"] == "¥20.00"
    assert Message.objects.count() == 2


def test_a_wish_can_be_taken_back_and_a_list_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = a_sku(stock=0)
    member = wish(sku)
    assert goods_notices.forget(member_id=member.pk, sku_id=sku.pk, kind="back")
    assert not goods_notices.forget(member_id=member.pk, sku_id=sku.pk, kind="back")
    receive(sku)
    assert goods_notices.tell_back() == 0
    monkeypatch.setattr(goods_notices, "AT_MOST", 1)
    wish(sku, "drop", member)
    with pytest.raises(TooManyNotices):
        wish(a_sku(), "drop", member)


def test_wishes_follow_when_two_accounts_become_one_and_go_back() -> None:
    sku, both = a_sku(stock=0), a_sku(stock=0)
    gone = wish(sku)
    kept = wish(both, member=make.member())
    wish(both, member=gone)
    keys = goods_notices.hand_over(from_member_id=gone.pk, to_member_id=kept.pk)
    assert set(GoodsNotice.objects.filter(member=kept).values_list("sku_id", flat=True)) == {sku.pk, both.pk}
    goods_notices.hand_back(keys=keys, from_member_id=kept.pk, to_member_id=gone.pk)
    assert GoodsNotice.objects.filter(member=gone).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_receipts_at_once_send_one_message() -> None:
    sku = a_sku(stock=0)
    wish(sku)

    def arrive() -> int:
        receive(sku)
        return goods_notices.tell_back()

    outcome = run_together(4, arrive)
    assert not outcome.problems
    assert sum(outcome.results) == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_one_wish_is_answered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = a_sku(stock=0)
    wish(sku)
    receive(sku)
    meeting = Meeting(2)

    def unlocked(keys: list[int]) -> list[GoodsNotice]:
        found = list(GoodsNotice.objects.filter(pk__in=keys, sent_at=None).select_related("sku__product"))
        meeting.wait()
        return found

    monkeypatch.setattr(locks, "goods_notices", unlocked)
    outcome = run_together(2, goods_notices.tell_back)
    assert sum(outcome.results) == 2, "both would have told; only the key of the message stands behind it"
    assert Message.objects.count() == 1
