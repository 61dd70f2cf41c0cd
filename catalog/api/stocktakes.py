"""Count sheets for devices in clerks' hands: open, look, count, hand in."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.shapes import NamedShape
from catalog.models import Stocktake, StocktakeLine
from catalog.selectors import scanning, staff_lists
from catalog.selectors import stocktakes as selector
from catalog.services import counting, stocktakes
from catalog.terms.stocktakes import EntryKind, Recount, StocktakeStatus
from shop.core import idempotency, refs
from shop.core.errors import Invalid, NotFound
from shop.core.rest.idempotency import IdempotentMixin
from shop.core.rest.paging import KeysetPagination
from shop.core.rest.permissions import HasPerm

COUNT = "catalog.count_stock"


class SheetRow(serializers.ModelSerializer[Stocktake]):
    place = NamedShape()
    line_count = serializers.IntegerField()
    counted_count = serializers.IntegerField()

    class Meta:
        model = Stocktake
        fields = [
            *("id", "number", "title", "place", "shelf", "status", "is_blind", "is_freezing"),
            *("line_count", "counted_count", "created_at"),
        ]
        read_only_fields = fields


class LineRow(serializers.ModelSerializer[StocktakeLine]):
    """One line; `book` and `variance` are null while a blind sheet is being counted."""

    sku_id = serializers.IntegerField(source="level.sku_id")
    sku_code = serializers.CharField(source="level.sku.code")
    barcode = serializers.CharField(source="level.sku.barcode", allow_null=True)
    title = serializers.CharField(source="level.sku.product.title")
    spec_text = serializers.CharField(source="level.sku.spec_text")
    recount = serializers.ChoiceField(Recount.choices, allow_blank=True)
    book = serializers.SerializerMethodField()
    variance = serializers.SerializerMethodField()

    class Meta:
        model = StocktakeLine
        fields = [
            *("id", "sku_id", "sku_code", "barcode", "title", "spec_text", "shelf", "round", "counted"),
            *("recount", "book", "variance"),
        ]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.INT)
    def get_book(self, line: StocktakeLine) -> int | None:
        return None if self._is_secret(line) else line.book

    @extend_schema_field(OpenApiTypes.INT)
    def get_variance(self, line: StocktakeLine) -> int | None:
        return None if self._is_secret(line) else line.variance

    def _is_secret(self, line: StocktakeLine) -> bool:
        return line.stocktake.is_blind and line.stocktake.status == StocktakeStatus.COUNTING


class SheetOrder(serializers.Serializer[Any]):
    place = serializers.IntegerField(min_value=1)
    title = serializers.CharField(max_length=40)
    category = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)
    shelf = serializers.CharField(required=False, allow_blank=True, max_length=20, default="")
    is_blind = serializers.BooleanField(required=False, default=True)
    is_freezing = serializers.BooleanField(required=False, default=False)


class CountEntryOrder(serializers.Serializer[Any]):
    """`line` or `code`; `kind` says what a count of a line means that somebody counted already."""

    line = serializers.IntegerField(required=False, min_value=1)
    code = serializers.CharField(required=False, max_length=40, help_text="Any code of the goods.")
    quantity = serializers.IntegerField(min_value=0, max_value=1_000_000, help_text="Pieces seen.")
    kind = serializers.ChoiceField(EntryKind.choices, required=False, allow_blank=True, default="")


class HandInOrder(serializers.Serializer[Any]):
    is_rest_zero = serializers.BooleanField(
        required=False, default=False, help_text="Nothing is there of what was not counted."
    )


COUNTED_ALREADY = OpenApiResponse(
    OpenApiTypes.OBJECT,
    examples=[
        OpenApiExample(
            "Counted already",
            value={
                "code": "counted_already",
                "message": "这一行已经有人点过。请说明你点的是另外的货、同一批货再点一次，还是更正自己的数。",
                "extra": {"line_id": 7, "by": "user:12", "is_mine": False},
            },
        )
    ],
)


class SheetsView(IdempotentMixin, ListAPIView[Stocktake]):
    """Count sheets of the caller's places, newest first."""

    serializer_class = SheetRow
    pagination_class = KeysetPagination.by("-id")
    filter_backends = ()

    def get_permissions(self) -> Any:
        name = COUNT if self.request.method == "POST" else "catalog.view_stocktake"
        return [HasPerm(name)()]

    def get_queryset(self) -> QuerySet[Stocktake]:
        return selector.with_progress(selector.of_staff(self.request.user))

    @extend_schema(operation_id="list_stocktakes", tags=["stocktakes"], responses={200: SheetRow(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="open_stocktake",
        tags=["stocktakes"],
        request=SheetOrder,
        responses={201: SheetRow},
        examples=[
            OpenApiExample(
                "A shelf", value={"place": 2, "title": "A 货架盘点", "shelf": "A"}, request_only=True
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Open a sheet for a place, a category or a shelf of it."""
        given = SheetOrder(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        if not staff_lists.visible_places(request.user).filter(pk=asked["place"]).exists():
            raise NotFound(place_id=asked["place"])
        sheet = stocktakes.open_sheet(
            place_id=asked.pop("place"),
            category_id=asked.pop("category"),
            actor=refs.user(request.user),
            **asked,
        )
        return Response(SheetRow(self.get_queryset().get(pk=sheet.pk)).data, status=201)


class LinesView(ListAPIView[StocktakeLine]):
    """The lines of one sheet."""

    permission_classes = (HasPerm("catalog.view_stocktake"),)
    serializer_class = LineRow
    pagination_class = KeysetPagination.by("id")
    filter_backends = ()

    def get_queryset(self) -> QuerySet[StocktakeLine]:
        sheet = own(self.request, self.kwargs["stocktake_id"])
        return sheet.lines.select_related("level__sku__product", "stocktake")

    @extend_schema(
        operation_id="list_stocktake_lines", tags=["stocktakes"], responses={200: LineRow(many=True)}
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class CountView(IdempotentMixin):
    permission_classes = (HasPerm(COUNT),)

    @extend_schema(
        operation_id="count_stock",
        tags=["stocktakes"],
        request=CountEntryOrder,
        responses={200: LineRow, 409: COUNTED_ALREADY},
        examples=[
            OpenApiExample("Scanned", value={"code": "6900000001011", "quantity": 12}, request_only=True)
        ],
    )
    def post(self, request: Request, stocktake_id: int) -> Response:
        """Write down one count. The code of goods that aren't on the sheet puts them there."""
        given = CountEntryOrder(data=request.data)
        given.is_valid(raise_exception=True)
        asked, who = given.validated_data, refs.user(request.user)
        sheet = own(request, stocktake_id)
        line_id = asked.get("line") or 0
        if "code" in asked:
            scanned = scanning.read(asked["code"])
            line_id = stocktakes.add_line(stocktake_id=sheet.pk, sku_id=scanned.sku.pk, actor=who).pk
        elif not line_id:
            raise Invalid(field="line")
        if not sheet.lines.filter(pk=line_id).exists():
            raise NotFound(line_id=line_id)
        counting.enter(
            line_id=line_id,
            quantity=asked["quantity"],
            kind=asked["kind"],
            actor=who,
            key=idempotency.fingerprint([who, request.idempotency_key])[:40],  # type: ignore[attr-defined]
        )
        line = sheet.lines.select_related("level__sku__product", "stocktake").get(pk=line_id)
        return Response(LineRow(line).data)


class HandInView(IdempotentMixin):
    permission_classes = (HasPerm(COUNT),)

    @extend_schema(
        operation_id="hand_in_stocktake",
        tags=["stocktakes"],
        request=HandInOrder,
        responses={200: SheetRow},
    )
    def post(self, request: Request, stocktake_id: int) -> Response:
        """Give the sheet to a reviewer."""
        given = HandInOrder(data=request.data)
        given.is_valid(raise_exception=True)
        sheet = own(request, stocktake_id)
        stocktakes.hand_in(stocktake_id=sheet.pk, actor=refs.user(request.user), **given.validated_data)
        shown = selector.with_progress(selector.of_staff(request.user)).get(pk=sheet.pk)
        return Response(SheetRow(shown).data)


def own(request: Request, stocktake_id: int) -> Stocktake:
    """The sheet; NotFound when it is of a place the caller doesn't serve."""
    sheet = selector.of_staff(request.user).filter(pk=stocktake_id).first()
    if sheet is None:
        raise NotFound(stocktake_id=stocktake_id)
    return sheet
