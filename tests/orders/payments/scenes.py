"""Orders ready to be paid, written directly: what is tested here begins after placing."""

import itertools
from datetime import timedelta
from decimal import Decimal

from catalog.models import Sku
from members.models import Member, User
from orders.models import Order, OrderLine
from orders.terms import DeliveryMode
from shop.core import clock, numbers
from tests.factories.catalog import a_sku

_phones = itertools.count(16_600_000_001)


def a_member() -> Member:
    """Somebody with a number: without one nothing is bought."""
    user = User.objects.create_user(phone=str(next(_phones)))
    return Member.objects.get_or_create(user=user)[0]


def an_order(
    *prices: str,
    freight: str = "0.00",
    member: Member | None = None,
    sku: Sku | None = None,
    minutes: int = 15,
) -> Order:
    """An unpaid order with a line of one piece for each price."""
    now = clock.now()
    goods = sum((Decimal(price) for price in prices), Decimal("0.00"))
    order = Order.objects.create(
        number=numbers.new(now),
        member=member or a_member(),
        key=numbers.token(8),
        delivery_mode=DeliveryMode.EXPRESS,
        recipient="王小明",
        phone_cipher="17000000001",
        phone_tail="0001",
        address_text="上海市徐汇区永嘉路 1 号",
        list_total=goods,
        goods_due=goods,
        freight_due=Decimal(freight),
        due=goods + Decimal(freight),
        digest="d",
        created_at=now,
        expires_at=now + timedelta(minutes=minutes),
        close_after=now + timedelta(minutes=minutes),
    )
    for number, price in enumerate(prices):
        line_sku = sku or a_sku(price=price)
        OrderLine.objects.create(
            order=order,
            key=f"{number}",
            sku=line_sku,
            product_id=line_sku.product_id,
            title="红富士苹果",
            quantity=1,
            list_price=Decimal(price),
            unit_price=Decimal(price),
            list_amount=Decimal(price),
            due=Decimal(price),
        )
    return order
