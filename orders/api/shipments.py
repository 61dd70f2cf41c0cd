from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.base import OrderView
from orders.api.orders import REFUSED, detail
from orders.api.shapes import OrderDetail, ShipWish, quantities
from orders.services import shipments
from shop.core.rest.permissions import HasPerm


class ShipView(OrderView):
    permission_classes = (HasPerm("orders.ship_order"),)

    @extend_schema(
        operation_id="order_ship",
        tags=["orders"],
        request=ShipWish,
        responses={200: OrderDetail, **REFUSED},
        examples=[
            OpenApiExample(
                "Everything in one parcel",
                value={"carrier": "shunfeng", "tracking_no": "SF1234567890123"},
                request_only=True,
            ),
            OpenApiExample(
                "A part of it",
                value={
                    "carrier": "zhongtong",
                    "tracking_no": "75412345678901",
                    "lines": [{"line": 12, "quantity": 1}],
                },
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Records a parcel; its goods leave the stock. Leave `lines` out to ship everything that is left."""
        wish = ShipWish(data=request.data)
        wish.is_valid(raise_exception=True)
        given = wish.validated_data
        order = self.order(request, number)
        shipment = shipments.ship(
            order_id=order.pk,
            carrier=given["carrier"],
            tracking_no=given["tracking_no"],
            lines=quantities(given.get("lines")),
            actor=self.actor(request),
        )
        self.note(request, "ship", order, shipment=shipment.pk, carrier=given["carrier"])
        return Response(OrderDetail(detail(request, number)).data)
