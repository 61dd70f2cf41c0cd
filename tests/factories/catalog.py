"""Goods for tests. `a_sku(...)` is what most tests want: a product on the shelf with one SKU in stock."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from catalog.models import (
    Brand,
    Category,
    FreightTemplate,
    Place,
    Product,
    ProductImage,
    Sku,
    StockLevel,
    Tag,
)
from catalog.selectors import categories
from catalog.services import bundles, freight, search_text, stock
from catalog.services.bundles import Component
from catalog.services.freight import Rate
from catalog.services.products import refresh_prices
from catalog.terms import FreightBasis, PlaceKind, ProductStatus
from shop.core import clock, numbers

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"分类{n}")
    slug = factory.Sequence(lambda n: f"category-{n}")
    parent = None
    depth = factory.LazyAttribute(lambda self: self.parent.depth + 1 if self.parent else 1)

    @classmethod
    def _after_postgeneration(cls, *args: Any, **kwargs: Any) -> None:
        categories.forget()


class BrandFactory(DjangoModelFactory):
    class Meta:
        model = Brand

    name = factory.Sequence(lambda n: f"品牌{n}")
    slug = factory.Sequence(lambda n: f"brand-{n}")


class TagFactory(DjangoModelFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"标签{n}")
    slug = factory.Sequence(lambda n: f"tag-{n}")


class ProductFactory(DjangoModelFactory):
    """A product on the shelf, without SKUs."""

    class Meta:
        model = Product

    title = factory.Sequence(lambda n: f"红富士苹果{n}")
    category = factory.SubFactory(CategoryFactory)
    status = ProductStatus.ON_SHELF
    on_shelf_at = factory.LazyFunction(clock.page_now)


class SkuFactory(DjangoModelFactory):
    """A SKU without stock."""

    class Meta:
        model = Sku

    product = factory.SubFactory(ProductFactory)
    code = factory.Sequence(lambda n: f"SKU{n:05d}")
    list_price = Decimal("10.00")
    weight_grams = 500
    spec_key = factory.Sequence(lambda n: f"spec{n}")

    @classmethod
    def _create(cls, *args: Any, **kwargs: Any) -> Sku:
        sku: Sku = super()._create(*args, **kwargs)
        refresh_prices(sku.product_id)
        return sku


class PlaceFactory(DjangoModelFactory):
    """A warehouse in Guangzhou."""

    class Meta:
        model = Place

    kind = PlaceKind.WAREHOUSE
    name = factory.Sequence(lambda n: f"仓库{n}")
    code = factory.Sequence(lambda n: f"place-{n}")
    region_code = "440106"
    province, city, district = "广东省", "广州市", "天河区"
    address = "天河路1号"


class StoreFactory(PlaceFactory):
    """A store in Guangzhou, open day and night, where orders are collected."""

    kind = PlaceKind.STORE
    name = factory.Sequence(lambda n: f"门店{n}")
    hours = factory.LazyFunction(lambda: dict(ALL_DAY))
    offers_pickup = True


class ImageFactory(DjangoModelFactory):
    class Meta:
        model = ProductImage

    product = factory.SubFactory(ProductFactory)
    path = factory.Sequence(lambda n: f"products/{n}_800x800.jpg")
    width = height = 800


def a_place() -> Place:
    """The one warehouse of a test."""
    return Place.objects.filter(kind=PlaceKind.WAREHOUSE).first() or PlaceFactory()


def stock_up(sku: Sku, quantity: int, place: Place | None = None) -> StockLevel:
    """Put so many pieces into a place (the warehouse), with their movement; none makes an empty level."""
    place = place or a_place()
    if quantity:
        return stock.receive(
            place_id=place.pk, sku_id=sku.pk, quantity=quantity, actor="system", key=numbers.token()
        )
    return StockLevel.objects.get(pk=stock.ensure_level(place_id=place.pk, sku_id=sku.pk))


def a_sku(
    *,
    price: str | Decimal = "10.00",
    stock: int = 10,
    place: Place | None = None,
    title: str | None = None,
    product: Product | None = None,
    **fields: Any,
) -> Sku:
    """A SKU of a product on the shelf with stock; `fields` go to the SKU, `product__…` to its product."""
    if title:
        fields["product__title"] = title
    if product:
        fields["product"] = product
    sku: Sku = SkuFactory(list_price=Decimal(price), **fields)
    stock_up(sku, stock, place)
    return sku


def searchable(*products: Product) -> None:
    """Write the search words of these products."""
    search_text.rebuild([product.pk for product in products])


def a_freight_template(
    *rates: Rate, basis: str = FreightBasis.PIECE, is_default: bool = False, name: str = "标准运费"
) -> FreightTemplate:
    """A template; without rates ¥6 for the first and ¥1 for every further unit, everywhere."""
    rates = rates or (Rate(first_fee=Decimal("6.00"), next_fee=Decimal("1.00")),)
    return freight.save(name=name, basis=basis, rates=rates, actor="system", is_default=is_default)


def a_bundle(
    parts: Mapping[Sku, int], *, price: str | Decimal = "30.00", title: str | None = None, **more: Any
) -> Sku:
    """A SKU made of these components, with a product of its own on the shelf."""
    sku = a_sku(price=price, stock=0, title=title)
    bundles.save(
        sku_id=sku.pk, components=[Component(part.pk, n) for part, n in parts.items()], actor="system", **more
    )
    sku.refresh_from_db()
    return sku
