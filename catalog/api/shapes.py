"""Goods and stock as JSON. Money is text in yuan; cost prices are not shown."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Place, Product, Sku, StockLevel
from catalog.selectors import staff_lists
from catalog.services import products
from catalog.services.stock import BY_HAND
from catalog.terms import MovementReason, Pool, ProductStatus
from shop.core import uploads

PICTURE_WIDTH = 480


class NamedShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ProductRow(serializers.ModelSerializer[Product]):
    """One product of a list. `available` counts pieces free to sell in every warehouse and store."""

    category = NamedShape()
    brand = NamedShape(allow_null=True)
    available = serializers.IntegerField()
    image_url = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = [
            *("id", "title", "subtitle", "status", "category", "brand", "lowest_price", "highest_price"),
            *("available", "sold_count", "sale_unit", "image_url", "on_shelf_at", "created_at"),
        ]
        read_only_fields = fields

    def get_image_url(self, product: Product) -> str:
        return uploads.derivative_url(product.image_path, PICTURE_WIDTH)  # type: ignore[attr-defined]


class SkuRow(serializers.ModelSerializer[Sku]):
    """One SKU. `available` counts pieces free to sell in every warehouse and store."""

    product_title = serializers.CharField(source="product.title")
    available = serializers.IntegerField()

    class Meta:
        model = Sku
        fields = [
            *("id", "product_id", "product_title", "code", "barcode", "spec_text", "list_price"),
            *("available", "is_active", "weight_grams", "volume_cm3", "nominal_grams", "price_basis_grams"),
        ]
        read_only_fields = fields


class ProductDetail(ProductRow):
    """All about one product, with its SKUs."""

    skus = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField(help_text="What it lacks before it can be put on the shelf.")

    class Meta(ProductRow.Meta):
        fields = [
            *ProductRow.Meta.fields,
            *("description", "is_weighed", "no_reason_return", "minimum_quantity", "quantity_multiple"),
            *("promised_ship_hours", "skus", "missing"),
        ]
        read_only_fields = fields

    @extend_schema_field(SkuRow(many=True))
    def get_skus(self, product: Product) -> Any:
        return SkuRow(staff_lists.skus().filter(product=product), many=True).data

    def get_missing(self, product: Product) -> list[str]:
        return products.what_is_missing(product)


class LevelRow(serializers.ModelSerializer[StockLevel]):
    """One SKU in one place."""

    place = NamedShape()
    sku_code = serializers.CharField(source="sku.code")
    title = serializers.CharField(source="sku.product.title")
    spec_text = serializers.CharField(source="sku.spec_text")
    available = serializers.IntegerField()

    class Meta:
        model = StockLevel
        fields = [
            *("id", "place", "sku_id", "sku_code", "title", "spec_text", "pool"),
            *("on_hand", "reserved", "available", "alert_at"),
        ]
        read_only_fields = fields


class PlaceRow(serializers.ModelSerializer[Place]):
    class Meta:
        model = Place
        fields = [
            *("id", "kind", "name", "code", "province", "city", "district", "address", "phone", "hours"),
            *("is_active", "offers_pickup"),
        ]
        read_only_fields = fields


class ProductFilter(serializers.Serializer[Any]):
    """Filters of the list of products; all of them must hold."""

    q = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Part of a word, a code or a barcode."
    )
    status = serializers.ChoiceField(ProductStatus.choices, required=False)
    category = serializers.IntegerField(required=False, min_value=1)


class SkuFilter(serializers.Serializer[Any]):
    """Filters of the list of SKUs; all of them must hold."""

    code = serializers.CharField(required=False, max_length=40)
    barcode = serializers.CharField(required=False, max_length=40)
    product = serializers.IntegerField(required=False, min_value=1)


class LevelFilter(serializers.Serializer[Any]):
    """Filters of the list of stock levels; all of them must hold."""

    place = serializers.IntegerField(required=False, min_value=1)
    sku = serializers.IntegerField(required=False, min_value=1)
    code = serializers.CharField(required=False, max_length=40, help_text="Code of a SKU.")
    q = serializers.CharField(
        required=False, max_length=40, help_text="Part of the title, or a whole code or bar code."
    )
    pool = serializers.ChoiceField(Pool.choices, required=False)
    is_short = serializers.BooleanField(
        required=False, help_text="Only what is at or under its warning mark."
    )


class ShelveOrder(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class PriceOrder(serializers.Serializer[Any]):
    list_price = serializers.DecimalField(12, 2, min_value=0)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class AdjustOrder(serializers.Serializer[Any]):
    delta = serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000, help_text="Not 0.")
    reason = serializers.ChoiceField(
        sorted((one.value, one.label) for one in MovementReason if one in BY_HAND)
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class CountOrder(serializers.Serializer[Any]):
    expected = serializers.IntegerField(
        min_value=0, max_value=1_000_000, help_text="`on_hand` as you saw it."
    )
    value = serializers.IntegerField(min_value=0, max_value=1_000_000, help_text="`on_hand` as counted.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
