"""SKUs: find them by code, change their price."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.shapes import PriceOrder, SkuFilter, SkuRow
from catalog.models import Sku
from catalog.selectors import staff_lists
from catalog.services import skus
from shop.core import refs
from shop.core.rest.idempotency import IdempotentMixin
from shop.core.rest.paging import KeysetPagination
from shop.core.rest.permissions import HasPerm

ROW = {
    "id": 31,
    "product_id": 12,
    "product_title": "红富士苹果 5斤装",
    "code": "AP-5",
    "barcode": "6901234567892",
    "spec_text": "5斤 / 大果",
    "list_price": "29.90",
    "available": 42,
    "is_active": True,
    "weight_grams": 2600,
    "volume_cm3": 9000,
    "nominal_grams": None,
    "price_basis_grams": None,
}
BELOW_FLOOR = OpenApiResponse(
    OpenApiTypes.OBJECT,
    examples=[
        OpenApiExample(
            "Below the floor",
            value={
                "code": "below_floor",
                "message": "价格不能低于 ¥26.00。",
                "extra": {"floor": "26.00"},
            },
        )
    ],
)


class SkusView(ListAPIView[Sku]):
    """SKUs, newest first."""

    permission_classes = (HasPerm("catalog.view_sku"),)
    serializer_class = SkuRow
    pagination_class = KeysetPagination.by("-id")
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Sku]:
        given = SkuFilter(data=self.request.query_params)
        given.is_valid(raise_exception=True)
        return staff_lists.skus().filter(**given.validated_data)

    @extend_schema(
        operation_id="list_skus",
        tags=["products"],
        parameters=[SkuFilter],
        responses={200: SkuRow(many=True)},
        examples=[OpenApiExample("SKUs", value=ROW, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class PriceView(IdempotentMixin):
    permission_classes = (HasPerm("catalog.set_price"),)

    @extend_schema(
        operation_id="set_price",
        tags=["products"],
        request=PriceOrder,
        responses={200: SkuRow, 409: BELOW_FLOOR},
        examples=[
            OpenApiExample(
                "New price", value={"list_price": "27.90", "reason": "周末特价"}, request_only=True
            ),
            OpenApiExample("SKU", value=ROW | {"list_price": "27.90"}, response_only=True),
        ],
    )
    def patch(self, request: Request, sku_id: int) -> Response:
        """Change the list price; the history keeps the old one."""
        given = PriceOrder(data=request.data)
        given.is_valid(raise_exception=True)
        skus.set_price(sku_id=sku_id, actor=refs.user(request.user), **given.validated_data)
        return Response(SkuRow(staff_lists.skus().get(pk=sku_id)).data)
