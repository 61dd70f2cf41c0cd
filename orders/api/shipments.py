from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.base import OrderView
from orders.api.orders import REFUSED, detail
from orders.api.shapes import MoveWish, OrderDetail, ShipWish, quantities
from orders.services import reallocation, shipments
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
            OpenApiExample(
                "One component of a bundle",
                value={"carrier": "own", "components": [{"component": 31, "quantity": 2}]},
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
            pieces_of=quantities(given.get("components"), "component"),
            actor=self.actor(request),
        )
        self.note(request, "ship", order, shipment=shipment.pk, carrier=given["carrier"])
        return Response(OrderDetail(detail(request, number)).data)


class MoveView(OrderView):
    permission_classes = (HasPerm("orders.ship_order"),)

    @extend_schema(
        operation_id="order_move",
        tags=["orders"],
        request=MoveWish,
        responses={204: None, **REFUSED},
        examples=[
            OpenApiExample("Another place", value={"place_id": 2, "reason": "主仓盘点"}, request_only=True)
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Holds everything that has not left at another place; refused as a whole when it lacks something."""
        wish = MoveWish(data=request.data)
        wish.is_valid(raise_exception=True)
        order = self.order(request, number)
        given = wish.validated_data
        moved = reallocation.move(order_id=order.pk, actor=self.actor(request), **given)
        self.note(request, "move", order, place=moved.place_id)
        return Response(status=204)
