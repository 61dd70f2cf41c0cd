"""What a scanned code is, and goods taken in by scanning: the clerk's two commonest calls."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.shapes import LevelRow
from catalog.models import PurchaseOrder
from catalog.selectors import scanning, staff_lists
from catalog.services import goods_receipts, stock
from catalog.services.batches import BatchFacts
from catalog.services.goods_receipts import Received
from catalog.terms import Pool
from shop.core import idempotency, refs
from shop.core.errors import Invalid, NotFound
from shop.core.rest.idempotency import IdempotentMixin
from shop.core.rest.permissions import HasPerm


class ScanQuery(serializers.Serializer[Any]):
    code = serializers.CharField(
        max_length=40, help_text="Bar code, carton's code, scale's code or SKU code."
    )
    place = serializers.IntegerField(required=False, min_value=1)


class ScannedGoods(serializers.Serializer[Any]):
    """What the code means. `grams` and `price` (yuan for all of it) come from a scale."""

    kind = serializers.ChoiceField(["sku", "pack", "scale"])
    sku_id = serializers.IntegerField(source="sku.pk")
    sku_code = serializers.CharField(source="sku.code")
    title = serializers.CharField(source="sku.product.title")
    spec_text = serializers.CharField(source="sku.spec_text")
    sale_unit = serializers.CharField(source="sku.product.sale_unit")
    list_price = serializers.DecimalField(12, 2, source="sku.list_price")
    pieces = serializers.IntegerField()
    pack = serializers.CharField()
    grams = serializers.IntegerField(allow_null=True)
    price = serializers.DecimalField(12, 2, allow_null=True)
    levels = LevelRow(many=True, help_text="Where it lies, of the caller's places (or of `place`).")


class ReceiveOrder(serializers.Serializer[Any]):
    place = serializers.IntegerField(min_value=1)
    code = serializers.CharField(max_length=40)
    quantity = serializers.IntegerField(min_value=1, max_value=100_000, help_text="Times the code's pieces.")
    batch = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    made_on = serializers.DateField(required=False, allow_null=True, default=None)
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")
    purchase_order = serializers.IntegerField(
        required=False, min_value=1, help_text="The purchase order of this place the goods are for."
    )
    defect = serializers.IntegerField(
        required=False, min_value=0, max_value=100_000, default=0, help_text="Of them defective, in pieces."
    )


SCANNED = {
    "kind": "scale",
    "sku_id": 31,
    "sku_code": "WM002601",
    "title": "黑猪五花肉",
    "spec_text": "",
    "sale_unit": "份",
    "list_price": "32.80",
    "pieces": 1,
    "pack": "",
    "grams": 735,
    "price": "48.22",
    "levels": [],
}
UNKNOWN = OpenApiResponse(
    OpenApiTypes.OBJECT,
    examples=[
        OpenApiExample(
            "Unknown",
            value={
                "code": "barcode_unknown",
                "message": "这里没有编码为 6900000000000 的商品。",
                "extra": {"code_read": "6900000000000"},
            },
        )
    ],
)


class ScanView(APIView):
    permission_classes = (HasPerm("catalog.view_stocklevel"),)

    @extend_schema(
        operation_id="scan_code",
        tags=["stock"],
        parameters=[ScanQuery],
        responses={200: ScannedGoods, 404: UNKNOWN},
        examples=[OpenApiExample("From a scale", value=SCANNED, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """What a code means, and where those goods lie in the caller's places."""
        given = ScanQuery(data=request.query_params)
        given.is_valid(raise_exception=True)
        found = scanning.read(given.validated_data["code"])
        levels = staff_lists.levels(request.user).filter(sku=found.sku).order_by("place__position", "pk")
        if place := given.validated_data.get("place"):
            levels = levels.filter(place=place)
        shown = {name: getattr(found, name) for name in ("kind", "sku", "pieces", "pack", "grams", "price")}
        return Response(ScannedGoods(shown | {"levels": levels[:50]}).data)


class ReceiveView(IdempotentMixin):
    def get_permissions(self) -> Any:
        given = self.request.data if isinstance(self.request.data, dict) else {}
        is_ordered = "purchase_order" in given
        return [HasPerm("catalog.receive_purchase" if is_ordered else "catalog.adjust_stock")()]

    @extend_schema(
        operation_id="receive_stock",
        tags=["stock"],
        request=ReceiveOrder,
        responses={200: LevelRow, 404: UNKNOWN},
        examples=[
            OpenApiExample(
                "Two cartons",
                value={"place": 1, "code": "16900000000011", "quantity": 2, "batch": "B2611"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Take goods into a place by their code; a carton's code counts as its pieces.

        With `purchase_order` they are received against it (which needs that permission instead): `quantity`
        times the code's pieces less `defect` arrived well.
        """
        given = ReceiveOrder(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        if not staff_lists.visible_places(request.user).filter(pk=asked["place"]).exists():
            raise NotFound(place_id=asked["place"])
        scanned = scanning.read(asked["code"])
        pieces = scanned.pieces * asked["quantity"]
        told = [refs.user(request.user), request.idempotency_key]  # type: ignore[attr-defined]
        key = f"api:{idempotency.fingerprint(told)[:40]}"
        facts = None
        if asked["batch"]:
            facts = BatchFacts(asked["batch"], made_on=asked["made_on"], expires_on=asked["expires_on"])
        if "purchase_order" in asked:
            _against_order(asked, scanned.sku.pk, pieces, refs.user(request.user), key)
        else:
            stock.receive(
                place_id=asked["place"],
                sku_id=scanned.sku.pk,
                quantity=pieces,
                actor=refs.user(request.user),
                key=key,
                batch_facts=facts,
            )
        levels = staff_lists.levels(request.user).filter(sku=scanned.sku, place=asked["place"])
        shown = levels.filter(pool=Pool.SPOT).first() or levels.get(pool=Pool.DEFECT)
        return Response(LevelRow(shown).data)


def _against_order(asked: dict[str, Any], sku_id: int, pieces: int, actor: str, key: str) -> None:
    order_id, defect = asked["purchase_order"], asked["defect"]
    if not PurchaseOrder.objects.filter(pk=order_id, place=asked["place"]).exists():
        raise NotFound(purchase_order=order_id)
    if defect > pieces:
        raise Invalid(field="defect")
    line = Received(
        sku_id=sku_id,
        good=pieces - defect,
        defect=defect,
        batch=asked["batch"],
        made_on=asked["made_on"],
        expires_on=asked["expires_on"],
    )
    goods_receipts.receive(order_id=order_id, lines=[line], actor=actor, key=key, note=asked["note"])
