from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.selectors import places
from orders.api.base import OrderView
from orders.api.orders import REFUSED, detail
from orders.api.shapes import CodeWish, OrderDetail
from orders.services import pickups
from shop.core.rest.permissions import HasPerm

CODE = OpenApiExample("A code", value={"code": "0483 7712 0356"}, request_only=True)


class PeekView(OrderView):
    permission_classes = (HasPerm("orders.verify_pickup"),)

    @extend_schema(
        operation_id="pickup_peek",
        tags=["pickups"],
        request=CodeWish,
        responses={200: OrderDetail, **REFUSED},
        examples=[CODE],
    )
    def post(self, request: Request) -> Response:
        """What the code stands for, so that you can fetch the goods. Changes nothing."""
        wish = CodeWish(data=request.data)
        wish.is_valid(raise_exception=True)
        mine = places.ids_of_staff(request.user)
        pickup = pickups.peek(code=wish.validated_data["code"], place_ids=mine)
        return Response(OrderDetail(detail(request, pickup.order.number)).data)


class VerifyView(OrderView):
    permission_classes = (HasPerm("orders.verify_pickup"),)

    @extend_schema(
        operation_id="pickup_verify",
        tags=["pickups"],
        request=CodeWish,
        responses={200: OrderDetail, **REFUSED},
        examples=[CODE],
    )
    def post(self, request: Request) -> Response:
        """Hands the goods out: the code works once, in its own store."""
        wish = CodeWish(data=request.data)
        wish.is_valid(raise_exception=True)
        mine = places.ids_of_staff(request.user)
        pickup = pickups.verify(code=wish.validated_data["code"], place_ids=mine, actor=self.actor(request))
        self.note(request, "verify_pickup", pickup.order, pickup=pickup.pk)
        return Response(OrderDetail(detail(request, pickup.order.number)).data)
