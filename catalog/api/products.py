"""Products: look at them, put them on and off the shelf."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.shapes import ProductDetail, ProductFilter, ProductRow, ShelveOrder
from catalog.models import Product
from catalog.selectors import staff_lists
from catalog.services import products
from shop.core import refs
from shop.core.errors import NotFound
from shop.core.rest.idempotency import IdempotentMixin
from shop.core.rest.paging import KeysetPagination
from shop.core.rest.permissions import HasPerm

ROW = {
    "id": 12,
    "title": "红富士苹果 5斤装",
    "subtitle": "脆甜多汁",
    "status": "on_shelf",
    "category": {"id": 3, "name": "苹果"},
    "brand": None,
    "lowest_price": "29.90",
    "highest_price": "49.90",
    "available": 86,
    "sold_count": 310,
    "sale_unit": "箱",
    "image_url": "/media/products/4fJ_1200x1200-480.webp",
    "on_shelf_at": "2026-11-01T10:00:00+08:00",
    "created_at": "2026-10-30T09:12:00+08:00",
}
INCOMPLETE = OpenApiResponse(
    OpenApiTypes.OBJECT,
    examples=[
        OpenApiExample(
            "Incomplete",
            value={
                "code": "product_incomplete",
                "message": "请先补全：图片。",
                "extra": {"missing": "图片"},
            },
        )
    ],
)


class ProductsView(ListAPIView[Product]):
    """Products, newest first."""

    permission_classes = (HasPerm("catalog.view_product"),)
    serializer_class = ProductRow
    pagination_class = KeysetPagination.by("-id")
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Product]:
        given = ProductFilter(data=self.request.query_params)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        found = staff_lists.products(query=asked.get("q", ""))
        if "status" in asked:
            found = found.filter(status=asked["status"])
        if "category" in asked:
            found = found.filter(category=asked["category"])
        return found

    @extend_schema(
        operation_id="list_products",
        tags=["products"],
        parameters=[ProductFilter],
        responses={200: ProductRow(many=True)},
        examples=[OpenApiExample("Products", value=ROW, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ProductView(APIView):
    permission_classes = (HasPerm("catalog.view_product"),)

    @extend_schema(
        operation_id="get_product",
        tags=["products"],
        responses={200: ProductDetail},
    )
    def get(self, request: Request, product_id: int) -> Response:
        """One product with its SKUs."""
        return Response(_detail(product_id))


class _ShelveView(IdempotentMixin):
    permission_classes = (HasPerm("catalog.shelve_product"),)

    def found(self, product_id: int) -> Product:
        """Raises NotFound."""
        product = Product.objects.filter(pk=product_id).first()
        if product is None:
            raise NotFound(product_id=product_id)
        return product

    def reason(self, request: Request) -> str:
        given = ShelveOrder(data=request.data)
        given.is_valid(raise_exception=True)
        return str(given.validated_data["reason"])


class PutOnShelfView(_ShelveView):
    @extend_schema(
        operation_id="put_product_on_shelf",
        tags=["products"],
        request=ShelveOrder,
        responses={200: ProductDetail, 409: INCOMPLETE},
        examples=[OpenApiExample("Put on the shelf", value={"reason": "新货到店"}, request_only=True)],
    )
    def post(self, request: Request, product_id: int) -> Response:
        """Offer the product from now on."""
        product = self.found(product_id)
        products.put_on_shelf(product=product, actor=refs.user(request.user), reason=self.reason(request))
        return Response(_detail(product_id))


class TakeOffShelfView(_ShelveView):
    @extend_schema(
        operation_id="take_product_off_shelf",
        tags=["products"],
        request=ShelveOrder,
        responses={200: ProductDetail},
        examples=[OpenApiExample("Take off the shelf", value={"reason": "品质不稳"}, request_only=True)],
    )
    def post(self, request: Request, product_id: int) -> Response:
        """Offer the product no longer; orders that exist are not touched."""
        product = self.found(product_id)
        products.take_off_shelf(product=product, actor=refs.user(request.user), reason=self.reason(request))
        return Response(_detail(product_id))


def _detail(product_id: int) -> dict[str, Any]:
    product = staff_lists.products().filter(pk=product_id).first()
    if product is None:
        raise NotFound(product_id=product_id)
    return dict(ProductDetail(product).data)
