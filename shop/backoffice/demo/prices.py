"""Prices of the demo: competitors and what they ask, goods that follow the market, stores of their own mind,
and members who wait."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from random import Random

import requests
from django.conf import settings

from catalog.models import Competitor, Place, PriceRule, Sku
from catalog.pricing import tails
from catalog.selectors import stock
from catalog.services import competitors, goods_notices, place_goods, prices, repricing
from catalog.terms import ProductStatus
from catalog.terms.prices import NoticeKind, ObservationSource, PriceSource, Protection
from members.models import Member
from shop.core import clock, money
from shop.core.errors import Refusal

ACTOR = "system"
RIVAL = "邻家鲜选"
# name, share of our price it asks, days ago it was last looked at
SHOPS = ((RIVAL, "0.97", 0), ("优鲜超市", "1.02", 1), ("每日果园", "0.93", 2), ("老街菜场", "0.80", 16))
DRIVERS = 10
HOURS = 6


def load(places: dict[str, Place], shoppers: list[Member]) -> int:
    """Lay it out once; how many SKUs follow the market. Prices end where they began."""
    if Competitor.objects.exists():
        return 0
    chance = Random(4)  # noqa: S311
    drivers = _best_sellers()
    for sku in drivers[:6]:
        _remember_a_dearer_month(sku)
    _compare(drivers, chance)
    _rule(drivers)
    with clock.shifted(-timedelta(days=3)):
        run = repricing.calculate(actor=ACTOR, is_automatic=True)
        repricing.apply(run_id=run.pk, actor=ACTOR)
    with clock.shifted(-timedelta(days=2)):
        repricing.undo(run_id=run.pk, actor=ACTOR)
    repricing.calculate(actor=ACTOR, is_automatic=True)
    _differ(places["ST1"], drivers)
    _wait(drivers, shoppers)
    return len(drivers)


def _best_sellers() -> list[Sku]:
    """One SKU of each of the products that sell best."""
    on_shelf = Sku.objects.filter(is_active=True, product__status=ProductStatus.ON_SHELF, bundle=None)
    found: dict[int, Sku] = {}
    for sku in (
        on_shelf.filter(cost_price__gt=0)
        .select_related("product")
        .order_by("-product__sold_count", "pk")[:120]
    ):
        found.setdefault(sku.product_id, sku)
    return list(found.values())[:DRIVERS]


def _remember_a_dearer_month(sku: Sku) -> None:
    price = sku.list_price
    dearer = tails.nearest(price * Decimal("1.12"), "9_tenths")
    for days, changed, reason in ((44, dearer, "产地涨价"), (15, price, "新货上市，恢复原价")):
        with clock.shifted(-timedelta(days=days)):
            prices.set_price(
                sku_id=sku.pk,
                list_price=changed or price,
                actor=ACTOR,
                reason=reason,
                source=PriceSource.HAND,
            )


def _compare(drivers: list[Sku], chance: Random) -> None:
    for number, (name, share, ago) in enumerate(SHOPS):
        shop = competitors.save(
            competitor=Competitor(name=name, is_fetched=name == RIVAL and bool(settings.COMPETITOR_HOSTS)),
            actor=ACTOR,
        )
        for sku in drivers[: len(drivers) - number]:
            price = money.yuan(sku.list_price * Decimal(share) * Decimal(chance.randint(97, 103)) / 100)
            url = _publish(sku, price) if name == RIVAL else ""
            goods = competitors.pair(
                competitor_id=shop.pk, sku_id=sku.pk, actor=ACTOR, name=sku.product.title, url=url
            )
            for days in (ago + 9, ago + 4, ago):
                competitors.observe(
                    goods_id=goods.pk,
                    price=money.yuan(price * Decimal(100 + days) / 100),
                    promotion_text="满 39 减 5" if days == ago and number == 1 else "",
                    rating=Decimal(chance.randint(44, 49)) / 10,
                    review_count=chance.randint(80, 2400),
                    actor=ACTOR,
                    source=ObservationSource.FETCHER if url else ObservationSource.FILE,
                    observed_at=clock.page_now() - timedelta(days=days, hours=HOURS),
                )


def _publish(sku: Sku, price: Decimal) -> str:
    """The goods' page in the sandbox's competing shop; empty where there is none."""
    if not settings.SANDBOX_URL or not settings.COMPETITOR_HOSTS:
        return ""
    with suppress(requests.RequestException):
        answer = requests.put(
            f"{settings.SANDBOX_URL}/_control/rival/goods/{sku.code}",
            json={"price": money.to_fen(price), "name": sku.product.title, "promotion": "第二件半价"},
            timeout=5,
        )
        if answer.ok:
            return f"{settings.SANDBOX_URL}{answer.json()['path']}"
    return ""


def _rule(drivers: list[Sku]) -> None:
    protections = {3: Protection.ASK, 7: Protection.LOCKED}
    notes = {3: "老客最在意的价格，先问店长", 7: "与产地签了零售价"}
    PriceRule.objects.bulk_create(
        PriceRule(
            sku=sku,
            is_traffic_driver=True,
            protection=protections.get(number, Protection.NONE),
            note=notes.get(number, ""),
        )
        for number, sku in enumerate(drivers)
    )


def _differ(store: Place, drivers: list[Sku]) -> None:
    """The store by the market sells some cheaper, and one thing not at all."""
    for sku in drivers[1:4]:
        cheaper = tails.nearest(sku.list_price * Decimal("0.95"), "9_tenths")
        if cheaper and cheaper < sku.list_price:
            place_goods.save(place_id=store.pk, sku_id=sku.pk, is_sold=True, price=cheaper, actor=ACTOR)
    place_goods.save(place_id=store.pk, sku_id=drivers[-1].pk, is_sold=False, price=None, actor=ACTOR)


def _wait(drivers: list[Sku], shoppers: list[Member]) -> None:
    gone = list(stock.sold_out().order_by("pk")[:2])
    for number, member in enumerate(shoppers[:5]):
        with suppress(Refusal):
            goods_notices.wish(
                member_id=member.pk, sku_id=drivers[number % len(drivers)].pk, kind=NoticeKind.DROP
            )
        for sku in gone:
            with suppress(Refusal):
                goods_notices.wish(member_id=member.pk, sku_id=sku.pk, kind=NoticeKind.BACK)
