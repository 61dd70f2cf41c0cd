from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketing.selectors import offers
from shop.core.rest.errors import ErrorSerializer
from shop.core.rest.permissions import HasPerm


class OfferShape(serializers.Serializer[offers.RunningOffer]):
    """`rule` names it as orders do; ids are of products, categories or SKUs, none for all goods."""

    rule = serializers.CharField()
    name = serializers.CharField()
    texts = serializers.ListField(child=serializers.CharField())
    ends_at = serializers.DateTimeField(allow_null=True)
    scope_kind = serializers.CharField()
    scope_ids = serializers.ListField(child=serializers.IntegerField())


class LimitedShape(serializers.Serializer[offers.LimitedOffer]):
    """A limited-time price; `left` pieces, null without a quota."""

    rule = serializers.CharField()
    name = serializers.CharField()
    sku_id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    price = serializers.DecimalField(max_digits=12, decimal_places=2)
    list_price = serializers.DecimalField(max_digits=12, decimal_places=2)
    left = serializers.IntegerField(allow_null=True)
    ends_at = serializers.DateTimeField()


class RunningShape(serializers.Serializer[dict[str, object]]):
    offers = OfferShape(many=True)
    limited = LimitedShape(many=True)


OFFERS_AT_MOST = 50
PRICES_AT_MOST = 500


class OffersView(APIView):
    permission_classes = (HasPerm("marketing.view_limiteddiscount"),)

    @extend_schema(
        operation_id="offers",
        tags=["marketing"],
        responses={200: RunningShape, 403: ErrorSerializer},
        examples=[
            OpenApiExample(
                "Running",
                value={
                    "offers": [
                        {
                            "rule": "reduction:3",
                            "name": "全场满减",
                            "texts": ["满¥100减¥10"],
                            "ends_at": None,
                            "scope_kind": "all",
                            "scope_ids": [],
                        }
                    ],
                    "limited": [
                        {
                            "rule": "limited:7",
                            "name": "鲜活限时抢",
                            "sku_id": 31,
                            "product_id": 12,
                            "price": "24.90",
                            "list_price": "29.90",
                            "left": 18,
                            "ends_at": "2026-11-24T06:00:00+08:00",
                        }
                    ],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """What runs now: full reductions, tier and bundle prices, limited-time prices with what is left."""
        running, limited = offers.everything(OFFERS_AT_MOST, PRICES_AT_MOST)
        return Response(RunningShape({"offers": running, "limited": limited}).data)
