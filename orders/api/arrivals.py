from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.selectors import arrivals
from shop.core.rest.errors import ErrorSerializer
from shop.core.rest.permissions import HasPerm


class AfterSerializer(serializers.Serializer[Any]):
    after = serializers.IntegerField(
        required=False,
        min_value=0,
        help_text="The cursor of the last answer; without it only a cursor comes.",
    )


class ArrivalShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    paid_at = serializers.DateTimeField()
    due = serializers.DecimalField(12, 2, help_text="Yuan.")
    delivery_mode = serializers.CharField()
    first = serializers.CharField(help_text="Title of the first line.")
    pieces = serializers.IntegerField()
    buyer_note = serializers.CharField(allow_blank=True)


class ArrivalsShape(serializers.Serializer[Any]):
    cursor = serializers.IntegerField()
    orders = ArrivalShape(many=True)


class ArrivalsView(APIView):
    permission_classes = (HasPerm("orders.view_order"),)

    @extend_schema(
        operation_id="new_orders",
        tags=["orders"],
        parameters=[AfterSerializer],
        responses={200: ArrivalsShape, 403: ErrorSerializer},
        examples=[
            OpenApiExample(
                "One came",
                value={
                    "cursor": 4711,
                    "orders": [
                        {
                            "number": "261121300193530690",
                            "paid_at": "2026-11-21T09:12:00+08:00",
                            "due": "58.60",
                            "delivery_mode": "pickup",
                            "first": "红富士苹果 5斤装",
                            "pieces": 2,
                            "buyer_note": "",
                        }
                    ],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """Orders of your places paid since the cursor, newest first. Ask every few seconds and ring."""
        given = AfterSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        found = arrivals.since(request.user, given.validated_data.get("after"))
        return Response(ArrivalsShape(found).data)
