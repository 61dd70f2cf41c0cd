from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models import Q, QuerySet
from django.urls import reverse

from catalog.models import Product
from orders.models import Order
from orders.terms import DeliveryMode, OrderStatus, ShippingStatus
from shop.backoffice.demo import showcase

Stop = tuple[str, str, str]


class Command(BaseCommand):
    help = "Print a ten-minute tour of the demo with links into it, in Chinese and English."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n十分钟导览 · A tour in ten minutes")
        for number, (chinese, english, path) in enumerate(self._stops(), 1):
            address = f"{settings.SHOP_URL}{path}" if path.startswith("/") else path
            self.stdout.write(f" {number:>2}  {chinese}\n     {english}\n     {address}")

    def _stops(self) -> Iterator[Stop]:
        product = Product.objects.filter(title__in=showcase.SHOWCASE).order_by("-sold_count", "pk").first()
        yield (
            "顾客：登录页点“晓雯 · 金卡”，看看积分、券和订单",
            "Shopper: tap 晓雯 · 金卡 on the sign-in page; points, coupons, orders",
            reverse("storefront:login"),
        )
        if product is not None:
            yield (
                "商品：五张图、为什么是这个价、领券；立即购买，在沙箱收银台付款",
                "Product: pictures, why this price, a coupon; buy it, pay at the sandbox's cashier",
                reverse("storefront:product", args=[product.pk]),
            )
        if settings.SANDBOX_URL:
            yield (
                "微信手机：同一个小店在微信里，JSAPI 付款和分享",
                "WeChat phone: the same shop inside WeChat, JSAPI payment and sharing",
                f"{settings.SANDBOX_URL}/phone/",
            )
        yield (
            "商家：点“店长小周”，工作台上有刚才的订单；机器人顾客也在下单",
            "Merchant: tap 店长小周; your order is on the dashboard, robots order too",
            reverse("admin:index"),
        )
        for chinese, english, order in self._orders():
            yield chinese, english, reverse("admin:orders_order_change", args=[order.pk])
        yield (
            "店员：换“店员小秦”登录，核销顾客“我的订单”里的提货码",
            "Clerk: sign in as 店员小秦, check the pickup code a shopper shows",
            reverse("admin:orders_pickup_check_code"),
        )
        if settings.SANDBOX_URL:
            yield (
                "店员手机：只用员工接口的小程序，待办、发货、扫码核销",
                "Clerk's phone: a mini-program on the staff API alone; to do, ship, scan",
                f"{settings.SANDBOX_URL}/clerk/",
            )
        if settings.DEMO:
            yield (
                "舞台：一波抢购、只剩三件、丢了的通知、迟到的付款",
                "Stage: a flash of buyers, three left, a lost notice, a late payment",
                reverse("stage:page"),
            )
        yield ("接口：员工用的 REST", "Staff REST API, documented offline", reverse("api:docs"))
        yield (
            "证明：另开一个终端，一分钟看它守不守信用",
            "Proof: in another terminal, a minute that shows whether it keeps its promises",
            "make prove",
        )

    def _orders(self) -> Iterator[tuple[str, str, Order]]:
        to_ship = self._newest(Q(delivery_mode=DeliveryMode.EXPRESS, shipping_status=ShippingStatus.NONE))
        if to_ship:
            yield (
                "发货：这张订单在等发货，下面逐项列着每一分钱",
                "Shipping: this order waits to be shipped; below it every fen of its price",
                to_ship,
            )

    def _newest(self, which: Q) -> Order | None:
        rows: QuerySet[Order] = Order.objects.filter(which, status=OrderStatus.PAID)
        return rows.order_by("-pk").first()
