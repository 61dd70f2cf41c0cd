"""What other shops ask: written by whoever looks, read by whoever compares."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import CompetitorGoods, PriceObservation
from catalog.services import competitors
from catalog.terms.prices import ObservationSource
from shop.core import refs
from shop.core.errors import NotFound
from shop.core.rest.idempotency import IdempotentMixin
from shop.core.rest.paging import KeysetPagination
from shop.core.rest.permissions import HasPerm

ROW = {
    "id": 9,
    "competitor": "邻家鲜选",
    "code": "AP-5",
    "price": "18.80",
    "promotion_text": "第二件半价",
    "rating": "4.8",
    "review_count": 320,
    "source": "api",
    "observed_at": "2026-11-20T09:30:00+08:00",
}


class ObservationRow(serializers.ModelSerializer[PriceObservation]):
    """One price as it was seen."""

    competitor = serializers.CharField(source="goods.competitor.name")
    code = serializers.CharField(source="goods.sku.code", help_text="Code of our SKU.")

    class Meta:
        model = PriceObservation
        fields = (
            *("id", "competitor", "code", "price", "promotion_text", "rating", "review_count"),
            *("source", "observed_at"),
        )


class ObservationFilter(serializers.Serializer[Any]):
    code = serializers.CharField(required=False, max_length=40, help_text="Code of our SKU.")


class ObservationOrder(serializers.Serializer[Any]):
    """The goods must be paired with the competitor before."""

    competitor = serializers.CharField(max_length=40)
    code = serializers.CharField(max_length=40, help_text="Code of our SKU.")
    price = serializers.DecimalField(9, 2, min_value=0)
    promotion_text = serializers.CharField(
        required=False, allow_blank=True, max_length=120, default="", help_text="Such as 第二件半价."
    )
    rating = serializers.DecimalField(
        2, 1, required=False, allow_null=True, default=None, min_value=0, max_value=5
    )
    review_count = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=100_000_000
    )
    observed_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class CompetitorPricesView(IdempotentMixin, ListAPIView[PriceObservation]):
    serializer_class = ObservationRow
    pagination_class = KeysetPagination.by("-id")
    filter_backends = ()

    def get_permissions(self) -> list[Any]:
        name = "view" if self.request.method in ("GET", "HEAD", "OPTIONS") else "add"
        return [HasPerm(f"catalog.{name}_priceobservation")()]

    def get_queryset(self) -> Any:
        given = ObservationFilter(data=self.request.query_params)
        given.is_valid(raise_exception=True)
        rows = PriceObservation.objects.select_related("goods__competitor", "goods__sku")
        code = given.validated_data.get("code")
        return rows.filter(goods__sku__code=code) if code else rows

    @extend_schema(
        operation_id="list_competitor_prices",
        tags=["prices"],
        parameters=[ObservationFilter],
        responses={200: ObservationRow(many=True)},
        examples=[OpenApiExample("Prices seen", value=ROW, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Prices seen in other shops, the newest entry first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="note_competitor_price",
        tags=["prices"],
        request=ObservationOrder,
        responses={201: ObservationRow},
        examples=[
            OpenApiExample(
                "A price seen",
                value={"competitor": "邻家鲜选", "code": "AP-5", "price": "18.80"},
                request_only=True,
            ),
            OpenApiExample("Kept", value=ROW, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Keep a price seen in another shop. The same moment again changes nothing."""
        given = ObservationOrder(data=request.data)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        goods = CompetitorGoods.objects.filter(
            competitor__name=facts.pop("competitor"), sku__code=facts.pop("code")
        ).first()
        if goods is None:
            raise NotFound()
        seen = competitors.observe(
            goods_id=goods.pk, actor=refs.user(request.user), source=ObservationSource.API, **facts
        )
        return Response(ObservationRow(seen).data, status=201)
