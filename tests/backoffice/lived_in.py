"""A shop with rows behind every page of the back office."""

import itertools
from decimal import Decimal
from typing import Any

from django.test import Client

from analytics.models import ReorderSuggestion, SkuForecast
from analytics.services import health, remedies
from catalog.models import (
    Batch,
    CategoryRule,
    ChannelPush,
    Competitor,
    IdleWarning,
    ListingWord,
    Parameter,
    PictureTwin,
    Place,
    PriceRule,
    SearchWord,
    SpotCheck,
    StaffPlace,
    StockLevel,
    Synonym,
    Tag,
)
from catalog.services import (
    competitors,
    counting,
    goods_notices,
    listings,
    losses,
    partners,
    place_goods,
    prices,
    purchase_orders,
    recalls,
    repricing,
    sales_channels,
    seasons,
    stock,
    stocktakes,
    supplier_returns,
    tag_overrides,
    take_downs,
    transfers,
)
from catalog.terms import LossReason
from members.models import Message, PhoneCode, StaffWechat, WechatPush
from members.services import consents, merchant, merging, wechat
from orders.models import GatewayCall, Notice
from orders.services import refunds
from orders.terms import RefundKind
from shop.core import clock, decisions, jobs, numbers, outbox
from shop.core.models import JobRun
from tests.factories import marketing, members, orders, purchasing
from tests.factories.catalog import (
    BrandFactory,
    CategoryFactory,
    ImageFactory,
    PlaceFactory,
    StoreFactory,
    TagFactory,
    a_bundle,
    a_freight_template,
    a_sku,
    stock_up,
)
from tests.factories.purchasing import a_source

_numbers = itertools.count(1)


def desk(*roles: str, places: tuple[Place, ...] = ()) -> Client:
    """A browser in which somebody with these roles has signed in."""
    user = members.staff(*roles)
    for one in places:
        StaffPlace.objects.create(user=user, place=one)
    client = Client()
    client.force_login(user)
    return client


def live(store: Place | None = None) -> Place:
    """One more of everything, all of it in one store where there is a choice. Answers the store."""
    count = next(_numbers)
    store = store or StoreFactory()
    sku = _goods(store)
    _shelf()
    _purchases(sku, store)
    _batches(sku, store)
    _words(count)
    _channel(sku, count)
    _count(sku, store, count)
    _demand(sku, store)
    level = marketing.a_level(f"等级{count}", rank=count)
    member = members.member(level=level, points_available=100)
    _prices(sku, store, member, count)
    _offers(sku, level, member)
    _trade(sku, store, member)
    _bundle(sku, member, count)
    _people(count)
    _wechat(count)
    _house(count)
    outbox.drain_all()
    return store


def _batches(sku: Any, store: Place) -> None:
    at: dict[str, Any] = {"place_id": store.pk, "sku_id": sku.pk, "actor": "user:1"}
    for code in ("KEPT", "RECALLED"):
        stock.receive(quantity=5, key=numbers.token(), batch=code, **at)
    losses.book(quantity=1, reason=LossReason.SPOILED, key=numbers.token(), **at)
    recalled = Batch.objects.get(sku=sku, code="RECALLED")
    recalls.start(batch_ids=[recalled.pk], title="召回", reason="抽检", advice="请勿食用", actor="user:1")


def _goods(store: Place) -> Any:
    sku = a_sku(
        price="20.00",
        stock=0,
        product__category=CategoryFactory(parent=CategoryFactory()),
        product__brand=BrandFactory(),
        product__freight_template=a_freight_template(name=f"运费{numbers.token(4)}"),
    )
    sku.product.tags.add(TagFactory())
    ImageFactory(product=sku.product)
    stock_up(sku, 100, store)
    prices.set_price(sku_id=sku.pk, list_price=Decimal("19.00"), actor="user:1", reason="降价")
    _listing(sku.product)
    return sku


def _prices(sku: Any, store: Place, member: Any, count: int) -> None:
    shop = competitors.save(competitor=Competitor(name=f"邻店{count}"), actor="user:1")
    goods = competitors.pair(competitor_id=shop.pk, sku_id=sku.pk, actor="user:1")
    competitors.observe(goods_id=goods.pk, price=Decimal("18.00"), actor="user:1")
    PriceRule.objects.create(sku=sku, is_traffic_driver=True)
    repricing.calculate(actor="user:1")
    place_goods.save(place_id=store.pk, sku_id=sku.pk, is_sold=True, price=Decimal("18.50"), actor="user:1")
    goods_notices.wish(member_id=member.pk, sku_id=sku.pk, kind="drop")


def _bundle(sku: Any, member: Any, count: int) -> None:
    partner = partners.save(name=f"联名{count}", code=f"partner{count}", actor="user:1")
    box = a_bundle({sku: 2}, kind="gift_box", partner_id=partner.pk, revenue_share=Decimal(8))
    orders.shipped({box: 1}, member=member)


def _purchases(sku: Any, store: Place) -> None:
    source = a_source(sku, price="8.00")
    purchasing.an_order(source, packs=2, place=store, status="draft")
    order = purchasing.an_order(source, packs=5, place=store)
    counted = [purchase_orders.Received(sku.pk, 3, 2)]
    purchase_orders.receive(order_id=order.pk, lines=counted, actor="user:1", key=f"lived:{order.pk}")
    supplier_returns.draft(
        supplier_id=source.supplier_id,
        place_id=store.pk,
        lines=[supplier_returns.GoingBack(sku.pk, 2)],
        reason="defect",
        actor="user:1",
    )


def _count(sku: Any, store: Place, count: int) -> None:
    StockLevel.objects.filter(place=store, sku=sku, pool="spot").update(shelf=f"S{count}-")
    sheet = stocktakes.open_sheet(place_id=store.pk, title=f"盘点{count}", shelf=f"S{count}-", actor="user:1")
    counting.enter(line_id=sheet.lines.get(level__sku=sku).pk, quantity=90, actor="user:1", key="k")
    other = PlaceFactory()
    sent = transfers.draft(source_id=store.pk, target_id=other.pk, actor="user:1", lines=[(sku.pk, 1)])
    transfers.send(transfer_id=sent.pk, actor="user:1")


def _demand(sku: Any, store: Place) -> None:
    """Foretold, running short, to be bought, lying around, treated."""
    now = clock.now()
    SkuForecast.objects.create(
        sku=sku, place=store, made_on=clock.business_day(now), week=[1.5] * 7, daily_sigma=1, sold_28=40
    )
    level = StockLevel.objects.get(sku=sku, place=store, pool="spot")
    stock.set_alert(level_id=level.pk, alert_at=500, actor="user:1")
    ReorderSuggestion.objects.create(
        sku=sku,
        place=store,
        quantity=12,
        daily_mean=1.5,
        daily_sigma=1,
        free=2,
        lead_days=3,
        review_days=7,
        reorder_point=20,
        target=30,
        made_at=now,
    )
    health.run()
    remedies.start(sku_id=sku.pk, kind="clear", actor="user:1")


def _listing(product: Any) -> None:
    count = next(_numbers)
    Parameter.objects.create(category=product.category, name=f"参数{count}")
    CategoryRule.objects.create(category=product.category)
    ListingWord.objects.create(word=f"词{count}", kind="vague")
    draft = a_sku(product__status="draft", product__category=product.category).product
    ImageFactory(product=draft)
    listings.submit(product=draft, actor="user:1")


def _channel(sku: Any, count: int) -> None:
    channel = sales_channels.save(
        channel=None, actor="user:1", code=f"channel{count}", name=f"渠道{count}", kind="external"
    )
    sales_channels.offer(channel=channel, codes=[sku.code], actor="user:1")
    sales_channels.sold(channel=channel, number=f"S{count}", lines=[(sku.code, 1)])
    ChannelPush.objects.create(channel=channel, sku_count=1, lag_ms=80, is_done=True, created_at=clock.now())


def _shelf() -> None:
    """A product of each kind of care: warned of, checked, taken down, planned, filmed, alike."""
    one, other, gone = (a_sku() for _number in range(3))
    pictures = [ImageFactory(product=sku.product) for sku in (one, other)]
    now = clock.now()
    PictureTwin.objects.create(image=pictures[1], other=pictures[0], distance=1, found_at=now)
    IdleWarning.objects.create(product=one.product, cause="unseen", facts={"free": 1}, raised_at=now)
    SpotCheck.objects.create(product=one.product, picked_at=now, due_on=clock.business_day(now))
    take_downs.take_down(product=gone.product, cause="safety", actor="user:1")
    day = clock.business_day(now)
    seasons.save(
        plan=None,
        name="冬季",
        stock_on=day,
        visuals_on=day,
        on_on=day,
        off_on=None,
        goods=[one.product],
        actor="user:1",
    )
    tag, _is_new = Tag.objects.get_or_create(
        automatic="hot", defaults={"name": "爆款", "slug": numbers.token(4).lower()}
    )
    tag_overrides.choose(product=other.product, tag=tag, choice="always", actor="user:1")


def _words(count: int) -> None:
    Synonym.objects.create(words=[f"番茄{count}", f"西红柿{count}"])
    SearchWord.objects.create(word=f"番茄{count}", last_at=clock.now())


def _offers(sku: Any, level: Any, member: Any) -> None:
    marketing.a_tier(about=[sku.product])
    marketing.a_reduction(about=[sku])
    marketing.a_bundle((sku, 2), price="30.00")
    marketing.a_sku_level_price(sku, level, "18.00")
    marketing.a_limit(sku, 50)
    marketing.a_discount((sku, "17.00"))
    marketing.a_grant(member)


def _trade(sku: Any, store: Place, member: Any) -> None:
    orders.place({sku: 1}, member=member)
    orders.received({sku: 2}, member=member)
    orders.collected({sku: 1}, member=member, store=store)
    orders.paid({sku: 1}, member=member, delivery=orders.to_store(store))
    shipped = orders.shipped({sku: 3}, member=member)
    refunds.request(order_id=shipped.pk, reason="少发", kind=RefundKind.GOODWILL, actor="system", amount=None)
    now = clock.now()
    Notice.objects.create(
        gateway="wechat", notice_id=numbers.token(), kind="payment", number="1", body="{}", received_at=now
    )
    number = shipped.payment_shares.get().payment.number
    GatewayCall.objects.create(
        gateway="wechat", verb="query", number=number, request="GET", answer="{}", result="ok", made_at=now
    )


def _people(count: int) -> None:
    members.staff("operator")
    merchant.save(actor="system", shop_name=f"街角{count}")
    consents.publish(kind="terms", title=f"协议{count}", body="<p>一</p>", actor="system")
    PhoneCode.objects.create(
        phone_hash=f"{count}", purpose="login", session_hash="", code_hash="", expires_at=clock.now()
    )


def _wechat(count: int) -> None:
    kept = members.member()
    gone = wechat.sign_in(app_id="wx1", openid=f"member{count}").member
    merging.merge(keep=kept, gone=gone, proofs=("phone", "wechat"))
    Message.objects.create(member=kept, kind="order_paid", key=f"message:{count}")
    WechatPush.objects.create(key=f"push:{count}", kind="event")
    StaffWechat.objects.create(user=members.staff("operator"), app_id="wx1", openid=f"o{count}")


def _house(count: int) -> None:
    decisions.record(
        noun="risk", reference=f"order:{count}", inputs={}, rules=["x"], outcome={"word": "pass"}
    )
    jobs.create(kind="export", actor="system")
    JobRun.objects.create(name=f"job{count}", started_at=clock.now())
