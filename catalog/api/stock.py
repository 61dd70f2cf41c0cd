"""Stock of the caller's places: look, change by ±n, set to what was counted."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.shapes import AdjustOrder, CountOrder, LevelFilter, LevelRow, PlaceRow
from catalog.models import Place, StockLevel
from catalog.selectors import staff_lists
from catalog.selectors import stock as selector
from catalog.services import stock
from shop.core import refs
from shop.core.errors import NotFound
from shop.core.rest.idempotency import IdempotentMixin
from shop.core.rest.paging import KeysetPagination
from shop.core.rest.permissions import HasPerm, IsStaff

ROW = {
    "id": 77,
    "place": {"id": 1, "name": "天河店"},
    "sku_id": 31,
    "sku_code": "AP-5",
    "title": "红富士苹果 5斤装",
    "spec_text": "5斤 / 大果",
    "pool": "spot",
    "on_hand": 42,
    "reserved": 3,
    "available": 39,
    "alert_at": 5,
}
MOVED = OpenApiResponse(
    OpenApiTypes.OBJECT,
    examples=[
        OpenApiExample(
            "Stock moved",
            value={
                "code": "stock_moved",
                "message": "库存已变化：现在是 41，不是 42。",
                "extra": {"level_id": 77, "expected": 42, "actual": 41},
            },
        )
    ],
)
FIELDS = {"place": "place", "sku": "sku", "code": "sku__code", "pool": "pool"}


class StockView(ListAPIView[StockLevel]):
    """Stock levels of the caller's places, newest first."""

    permission_classes = (HasPerm("catalog.view_stocklevel"),)
    serializer_class = LevelRow
    pagination_class = KeysetPagination.by("-id")
    filter_backends = ()

    def get_queryset(self) -> QuerySet[StockLevel]:
        given = LevelFilter(data=self.request.query_params)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        found = staff_lists.levels(self.request.user)
        if asked.get("is_short"):
            found = found.filter(pk__in=selector.short().values("pk"))
        if text := asked.get("q"):
            found = found.filter(selector.named(text))
        return found.filter(**{FIELDS[name]: value for name, value in asked.items() if name in FIELDS})

    @extend_schema(
        operation_id="list_stock",
        tags=["stock"],
        parameters=[LevelFilter],
        responses={200: LevelRow(many=True)},
        examples=[OpenApiExample("Stock", value=ROW, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class PlacesView(ListAPIView[Place]):
    """The caller's places."""

    permission_classes = (IsStaff,)
    serializer_class = PlaceRow
    pagination_class = KeysetPagination.by("position", "id")
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Place]:
        return staff_lists.visible_places(self.request.user)

    @extend_schema(operation_id="list_places", tags=["stock"], responses={200: PlaceRow(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class _LevelView(IdempotentMixin):
    permission_classes = (HasPerm("catalog.adjust_stock"),)

    def own(self, request: Request, level_id: int) -> int:
        """The level's id; NotFound when it is of a place the caller doesn't serve."""
        if not staff_lists.levels(request.user).filter(pk=level_id).exists():
            raise NotFound(level_id=level_id)
        return level_id

    def shown(self, request: Request, level_id: int) -> Response:
        return Response(LevelRow(staff_lists.levels(request.user).get(pk=level_id)).data)


class LevelView(_LevelView):
    @extend_schema(
        operation_id="set_stock",
        tags=["stock"],
        request=CountOrder,
        responses={200: LevelRow, 409: MOVED},
        examples=[
            OpenApiExample(
                "Counted",
                value={"expected": 42, "value": 40, "reason": "月末盘点"},
                request_only=True,
            ),
            OpenApiExample("Stock", value=ROW | {"on_hand": 40, "available": 37}, response_only=True),
        ],
    )
    def put(self, request: Request, level_id: int) -> Response:
        """Set `on_hand` to what was counted, provided that it still is `expected`."""
        given = CountOrder(data=request.data)
        given.is_valid(raise_exception=True)
        stock.set_level(
            level_id=self.own(request, level_id), actor=refs.user(request.user), **given.validated_data
        )
        return self.shown(request, level_id)


class AdjustView(_LevelView):
    @extend_schema(
        operation_id="adjust_stock",
        tags=["stock"],
        request=AdjustOrder,
        responses={200: LevelRow},
        examples=[
            OpenApiExample(
                "Three damaged",
                value={"delta": -3, "reason": "damaged", "note": "压坏"},
                request_only=True,
            ),
            OpenApiExample("Stock", value=ROW | {"on_hand": 39, "available": 36}, response_only=True),
        ],
    )
    def post(self, request: Request, level_id: int) -> Response:
        """Change `on_hand` by `delta`."""
        given = AdjustOrder(data=request.data)
        given.is_valid(raise_exception=True)
        stock.adjust(
            level_id=self.own(request, level_id), actor=refs.user(request.user), **given.validated_data
        )
        return self.shown(request, level_id)
