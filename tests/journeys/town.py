"""A small shop that has all a journey needs: goods, a warehouse, two stores, offers, freight, staff."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import requests
from PIL import Image

from catalog.models import Category, Place, Product, Sku, StaffPlace
from catalog.selectors import categories
from catalog.services import images, products, skus
from catalog.services.freight import Rate
from catalog.services.skus import AxisRow, SkuRow, ValueRow
from marketing.models import LevelPrice
from members.models import Level
from members.services import consents, merchant
from shop.core import numbers
from tests.factories import members
from tests.factories.catalog import (
    CategoryFactory,
    PlaceFactory,
    ProductFactory,
    StoreFactory,
    a_freight_template,
    a_sku,
    searchable,
    stock_up,
)
from tests.factories.marketing import a_reduction, a_tier

OPERATOR = "user:1"


class Town:
    """Apples in two sizes (¥32.80, ¥60.00), milk (¥69.90) and strawberries (¥39.90, fresh).

    银卡 pays nine tenths, two apples cost nine tenths again, 满100减10, freight ¥6 up to ¥99.
    """

    def __init__(self) -> None:
        merchant.save(
            actor=OPERATOR,
            shop_name="梧桐里生鲜",
            slogan="街坊的好味道",
            licence_number="91440300MA5EXAMPLE",
            icp_number="粤ICP备2026000001号",
            phone="0755-26000000",
        )
        for kind, title in (("terms", "服务条款"), ("privacy", "隐私政策")):
            consents.publish(kind=kind, title=title, body=f"{title}的正文。\n\n第二段。", actor=OPERATOR)
        self.common, self.silver, self.gold = members.levels()
        LevelPrice.objects.create(level=self.silver, rate=Decimal("0.9"))
        self.warehouse = PlaceFactory(name="中心仓")
        self.store = StoreFactory(name="梧桐里店", address="梧桐路8号", phone="0755-26000001", position=1)
        self.other_store = StoreFactory(name="河滨店", address="河滨路2号", position=2)
        self.fruit: Category = CategoryFactory(name="新鲜水果", slug="fruit", position=1)
        self.apples_and_pears: Category = CategoryFactory(
            name="苹果梨", slug="apples", parent=self.fruit, position=1
        )
        self.drinks: Category = CategoryFactory(name="牛奶饮料", slug="drinks", position=2)
        categories.forget()
        self.apple = self._apple()
        self.small, self.large = Sku.objects.filter(product=self.apple).order_by("list_price")
        self.milk = a_sku(
            price="69.90", stock=30, product__title="鲜牛奶整箱装", product__category=self.drinks
        )
        self.strawberry = a_sku(
            price="39.90",
            stock=8,
            product__title="丹东草莓",
            product__category=self.fruit,
            product__no_reason_return=False,
        )
        for sku in (self.small, self.large, self.milk, self.strawberry):
            for place in (self.store, self.other_store):
                stock_up(sku, 6, place)
        self.goods: Sequence[Product] = (self.apple, self.milk.product, self.strawberry.product)
        for product, colour in zip(self.goods, ("#C8371B", "#DDE7F0", "#B3261E"), strict=True):
            images.add(product=product, file=picture(colour), actor=OPERATOR)
        searchable(*self.goods)
        a_tier((2, "0.9"), name="两件九折", about=[self.apple])
        a_reduction(("100", "10"), ("300", "50"), name="全场满减")
        a_freight_template(
            Rate(first_fee=Decimal("6.00"), next_fee=Decimal("0.00"), free_from=Decimal("99.00")),
            is_default=True,
        )

    def _apple(self) -> Product:
        apple: Product = ProductFactory(
            title="烟台红富士苹果", category=self.apples_and_pears, subtitle="脆甜多汁", sale_unit="箱"
        )
        rows = (SkuRow(("2斤装",), Decimal("32.80")), SkuRow(("5斤装",), Decimal("60.00")))
        axis = AxisRow("规格", (ValueRow("2斤装"), ValueRow("5斤装")))
        skus.save_matrix(product=apple, axes=[axis], rows=rows, actor=OPERATOR)
        for sku in Sku.objects.filter(product=apple):
            stock_up(sku, 20, self.warehouse)
        return apple

    def shopper(self, level: Level | None = None, **fields: Any) -> Any:
        return members.member(level=level, **fields)

    def clerk(self, place: Place, role: str = "store_clerk") -> Any:
        """Somebody who works in this place."""
        user = members.staff(role)
        StaffPlace.objects.create(user=user, place=place)
        return user


class Desk:
    """Somebody of the staff at the REST API, with a token."""

    def __init__(self, url: str, user: Any) -> None:
        self.url = f"{url}/api/v1"
        answer = requests.post(
            f"{self.url}/sessions/",
            json={"login": user.username, "password": members.PASSWORD},
            timeout=10,
        )
        assert answer.status_code in (200, 201), answer.text
        self.headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def get(self, path: str) -> Any:
        return requests.get(self.url + path, headers=self.headers, timeout=10)

    def post(self, path: str, key: str = "", **payload: Any) -> Any:
        headers = {**self.headers, "Idempotency-Key": key or numbers.token()}
        return requests.post(self.url + path, json=payload, headers=headers, timeout=10)


def picture(colour: str) -> BytesIO:
    """A JPEG of one colour."""
    content = BytesIO()
    Image.new("RGB", (400, 400), colour).save(content, "JPEG")
    content.seek(0)
    return content


def take_off_shelf(product: Product) -> None:
    products.take_off_shelf(product=product, actor=OPERATOR)


def set_price(sku: Sku, price: str) -> None:
    skus.set_price(sku_id=sku.pk, list_price=Decimal(price), actor=OPERATOR, reason="测试调价")
