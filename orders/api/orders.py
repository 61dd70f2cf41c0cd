"""Orders for staff: looking, cancelling, giving money back, noting."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.api.base import LookAtOrder, OrderView
from orders.api.shapes import (
    CancelWish,
    ContactShape,
    NoteWish,
    OrderDetail,
    OrderFilter,
    OrderRow,
    RefundShape,
    RefundWish,
    quantities,
)
from orders.errors import OrderNotFound
from orders.models import Order
from orders.selectors import finding
from orders.selectors import orders as order_pages
from orders.services import closing, notes
from shop.core.rest.errors import ErrorSerializer
from shop.core.rest.paging import KeysetPagination
from shop.core.rest.permissions import HasPerm, IsStaff

REFUSED = {
    400: ErrorSerializer,
    401: ErrorSerializer,
    403: ErrorSerializer,
    404: ErrorSerializer,
    409: ErrorSerializer,
    422: ErrorSerializer,
}
ROW = {
    "number": "261121048377120356",
    "status": "paid",
    "shipping_status": "none",
    "state": {"code": "to_ship", "label": "待发货"},
    "hold": "",
    "delivery_mode": "express",
    "place": {"id": 1, "name": "中心仓"},
    "recipient": "王*",
    "phone": "*******1234",
    "piece_count": 3,
    "due": "81.00",
    "paid_amount": "81.00",
    "refunded_amount": "0.00",
    "flag": "",
    "buyer_note": "放门口",
    "created_at": "2026-11-21T10:00:00+08:00",
    "expires_at": "2026-11-21T10:15:00+08:00",
    "paid_at": "2026-11-21T10:01:12+08:00",
    "shipped_at": None,
    "slot_start": None,
    "slot_end": None,
}


def detail(request: Request, number: str) -> Order:
    """The order with all its parts, of the caller's places. Raises OrderNotFound."""
    rows = finding.for_staff(request.user).select_related("member__user", "pickup__place")
    order = order_pages.with_parts(rows).filter(number=number).first()
    if order is None:
        raise OrderNotFound()
    return order


class OrdersView(generics.GenericAPIView[Order]):
    permission_classes = (HasPerm("orders.view_order"),)
    serializer_class = OrderRow
    pagination_class = KeysetPagination
    queryset = Order.objects.none()
    filter_backends = ()

    @extend_schema(
        operation_id="orders",
        tags=["orders"],
        parameters=[OrderFilter],
        responses={200: OrderRow(many=True), 400: ErrorSerializer, 403: ErrorSerializer},
        examples=[OpenApiExample("An order waiting for its parcel", value=ROW, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Orders of your places, newest first."""
        wish = OrderFilter(data=request.query_params)
        wish.is_valid(raise_exception=True)
        rows = finding.narrowed(finding.for_staff(request.user), wish.validated_data)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(OrderRow(page, many=True).data)


class OrderDetailView(APIView):
    permission_classes = (HasPerm("orders.view_order"),)

    @extend_schema(operation_id="order", tags=["orders"], responses={200: OrderDetail, 404: ErrorSerializer})
    def get(self, request: Request, number: str) -> Response:
        """One order with lines, ledger, timeline, parcels and refunds."""
        return Response(OrderDetail(detail(request, number)).data)


class ContactView(LookAtOrder):
    """Needs orders.ship_order or members.view_phone. Every look counts, and no answer is kept."""

    permission_classes = (IsStaff,)

    @extend_schema(
        operation_id="order_contact",
        tags=["orders"],
        request=None,
        responses={200: ContactShape, **REFUSED},
        examples=[
            OpenApiExample(
                "Contact",
                value={
                    "recipient": "王小明",
                    "phone": "13800001234",
                    "address": "广东省广州市天河区天河路1号",
                },
                response_only=True,
            )
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Recipient, phone and address in clear; the look is recorded."""
        if not (request.user.has_perm("orders.ship_order") or request.user.has_perm("members.view_phone")):
            raise PermissionDenied
        order = self.order(request, number)
        self.note(request, "see_contact", order)
        return Response(ContactShape(order).data)


class CancelView(OrderView):
    permission_classes = (HasPerm("orders.cancel_order"),)
    idempotent_multi_phase = True

    @extend_schema(
        operation_id="order_cancel",
        tags=["orders"],
        request=CancelWish,
        responses={200: OrderDetail, **REFUSED},
        examples=[OpenApiExample("Cancel", value={"reason": "缺货"}, request_only=True)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Closes an unpaid order; a paid one that hasn't been shipped is refunded in full and then closed."""
        wish = CancelWish(data=request.data)
        wish.is_valid(raise_exception=True)
        order = self.order(request, number)
        self.note(request, "cancel", order)
        closing.cancel(order_id=order.pk, actor=self.actor(request), reason=wish.validated_data["reason"])
        return Response(OrderDetail(detail(request, number)).data)


class RefundView(OrderView):
    permission_classes = (HasPerm("orders.refund_order"),)

    @extend_schema(
        operation_id="order_refund",
        tags=["orders"],
        request=RefundWish,
        responses={201: RefundShape, **REFUSED},
        examples=[
            OpenApiExample("Everything", value={"reason": "顾客不要了"}, request_only=True),
            OpenApiExample("An amount", value={"reason": "补偿", "amount": "5.00"}, request_only=True),
            OpenApiExample(
                "Pieces", value={"reason": "少货", "lines": [{"line": 12, "quantity": 1}]}, request_only=True
            ),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Gives money back to where it came from; it travels in the background."""
        wish = RefundWish(data=request.data)
        wish.is_valid(raise_exception=True)
        given = wish.validated_data
        order = self.order(request, number)
        refund = closing.give_back(
            order_id=order.pk,
            actor=self.actor(request),
            reason=given["reason"],
            amount=given.get("amount"),
            quantities=quantities(given.get("lines")),
            pieces_of=quantities(given.get("components"), "component"),
        )
        self.note(request, "refund", order, refund=refund.number, amount=refund.amount)
        return Response(RefundShape(refund).data, status=201)


class NoteView(OrderView):
    permission_classes = (HasPerm("orders.note_order"),)

    @extend_schema(
        operation_id="order_note",
        tags=["orders"],
        request=NoteWish,
        responses={200: OrderDetail, **REFUSED},
        examples=[
            OpenApiExample("Note and flag", value={"note": "已电话确认", "flag": "red"}, request_only=True)
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Replaces the staff note, the flag or both."""
        wish = NoteWish(data=request.data)
        wish.is_valid(raise_exception=True)
        order = self.order(request, number)
        notes.write(order_id=order.pk, **wish.validated_data)
        self.note(request, "note", order, flag=wish.validated_data.get("flag"))
        return Response(OrderDetail(detail(request, number)).data)
