"""Transfers for devices in clerks' hands: list, write, send, receive."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.shapes import NamedShape
from catalog.models import Place, Transfer, TransferLine
from catalog.selectors import scanning, staff_lists
from catalog.selectors import transfers as selector
from catalog.services import transfers
from catalog.services.transfers import WHY_MISSING, Arrived
from catalog.terms import MovementReason
from catalog.terms.transfers import TransferStatus
from shop.core import refs
from shop.core.errors import NotFound
from shop.core.rest.idempotency import IdempotentMixin
from shop.core.rest.paging import KeysetPagination
from shop.core.rest.permissions import HasPerm

MOVE = "catalog.move_stock"


class TransferLineRow(serializers.ModelSerializer[TransferLine]):
    sku_code = serializers.CharField(source="sku.code")
    title = serializers.CharField(source="sku.product.title")
    spec_text = serializers.CharField(source="sku.spec_text")

    class Meta:
        model = TransferLine
        fields = [
            *("sku_id", "sku_code", "title", "spec_text", "quantity", "sent_count", "good_count"),
            *("damaged_count", "missing_count", "extra_count", "reason", "note"),
        ]
        read_only_fields = fields


class TransferRow(serializers.ModelSerializer[Transfer]):
    source = NamedShape()  # type: ignore[assignment]
    target = NamedShape()
    lines = serializers.SerializerMethodField()

    class Meta:
        model = Transfer
        fields = [
            "id",
            "number",
            "source",
            "target",
            "status",
            "note",
            "created_at",
            "sent_at",
            "ended_at",
            "lines",
        ]
        read_only_fields = fields

    @extend_schema_field(TransferLineRow(many=True))
    def get_lines(self, transfer: Transfer) -> Any:
        return TransferLineRow(transfer.lines.all(), many=True).data


class TransferFilter(serializers.Serializer[Any]):
    status = serializers.ChoiceField(TransferStatus.choices, required=False)


class WantedLine(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40, help_text="Any code; a carton's counts as its pieces.")
    quantity = serializers.IntegerField(min_value=1, max_value=100_000)


class TransferOrder(serializers.Serializer[Any]):
    source = serializers.IntegerField(min_value=1)  # type: ignore[assignment]
    target = serializers.IntegerField(min_value=1)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    lines = WantedLine(many=True, min_length=1, max_length=200)  # type: ignore[call-arg]
    is_sent = serializers.BooleanField(required=False, default=False, help_text="Send it at once.")


class ArrivedLine(serializers.Serializer[Any]):
    """good + damaged + missing = sent + extra; a difference needs a reason."""

    sku_id = serializers.IntegerField(min_value=1)
    good = serializers.IntegerField(min_value=0, max_value=1_000_000)
    damaged = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000, default=0)
    missing = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000, default=0)
    extra = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000, default=0)
    reason = serializers.ChoiceField(
        sorted((one.value, one.label) for one in MovementReason if one in WHY_MISSING),
        required=False,
        allow_blank=True,
        default="",
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class ArrivalOrder(serializers.Serializer[Any]):
    """Lines nobody speaks of arrived whole."""

    lines = ArrivedLine(many=True, required=False, default=list)


class TransfersView(IdempotentMixin, ListAPIView[Transfer]):
    """Transfers from or to the caller's places, newest first."""

    serializer_class = TransferRow
    pagination_class = KeysetPagination.by("-id")
    filter_backends = ()

    def get_permissions(self) -> Any:
        return [HasPerm(MOVE if self.request.method == "POST" else "catalog.view_transfer")()]

    def get_queryset(self) -> QuerySet[Transfer]:
        given = TransferFilter(data=self.request.query_params)
        given.is_valid(raise_exception=True)
        return _with_lines(self.request).filter(**given.validated_data)

    @extend_schema(
        operation_id="list_transfers",
        tags=["transfers"],
        parameters=[TransferFilter],
        responses={200: TransferRow(many=True)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="open_transfer",
        tags=["transfers"],
        request=TransferOrder,
        responses={201: TransferRow},
        examples=[
            OpenApiExample(
                "To a store",
                value={"source": 1, "target": 2, "lines": [{"code": "6900000001011", "quantity": 12}]},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Write a transfer out of one of the caller's places, and send it with `is_sent`."""
        given = TransferOrder(data=request.data)
        given.is_valid(raise_exception=True)
        asked, who = given.validated_data, refs.user(request.user)
        if not staff_lists.visible_places(request.user).filter(pk=asked["source"]).exists():
            raise NotFound(place_id=asked["source"])
        if not Place.objects.filter(pk=asked["target"], is_active=True).exists():
            raise NotFound(place_id=asked["target"])
        made = transfers.draft(
            source_id=asked["source"], target_id=asked["target"], note=asked["note"], actor=who
        )
        for line in asked["lines"]:
            scanned = scanning.read(line["code"])
            transfers.put_line(
                transfer_id=made.pk,
                sku_id=scanned.sku.pk,
                quantity=line["quantity"] * scanned.pieces,
                actor=who,
                is_more=True,
            )
        if asked["is_sent"]:
            transfers.send(transfer_id=made.pk, actor=who)
        return Response(TransferRow(_with_lines(request).get(pk=made.pk)).data, status=201)


class _TransferView(IdempotentMixin):
    permission_classes = (HasPerm(MOVE),)

    def own(self, request: Request, transfer_id: int, *, at_target: bool) -> Transfer:
        """The transfer; NotFound when the caller doesn't work at the end that acts."""
        transfer = selector.of_staff(request.user).filter(pk=transfer_id).first()
        may = selector.may_receive if at_target else selector.may_send
        if transfer is None or not may(request.user, transfer):
            raise NotFound(transfer_id=transfer_id)
        return transfer

    def shown(self, request: Request, transfer_id: int) -> Response:
        return Response(TransferRow(_with_lines(request).get(pk=transfer_id)).data)


class SendView(_TransferView):
    @extend_schema(
        operation_id="send_transfer", tags=["transfers"], request=None, responses={200: TransferRow}
    )
    def post(self, request: Request, transfer_id: int) -> Response:
        """Take the goods out of the source; they are on the way."""
        transfer = self.own(request, transfer_id, at_target=False)
        transfers.send(transfer_id=transfer.pk, actor=refs.user(request.user))
        return self.shown(request, transfer_id)


class ArrivalView(_TransferView):
    @extend_schema(
        operation_id="receive_transfer",
        tags=["transfers"],
        request=ArrivalOrder,
        responses={200: TransferRow},
        examples=[
            OpenApiExample(
                "One missing",
                value={"lines": [{"sku_id": 31, "good": 11, "missing": 1, "reason": "lost"}]},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, transfer_id: int) -> Response:
        """Say what arrived; what is not named arrived whole."""
        given = ArrivalOrder(data=request.data)
        given.is_valid(raise_exception=True)
        transfer = self.own(request, transfer_id, at_target=True)
        arrived = [Arrived(**line) for line in given.validated_data["lines"]]
        transfers.receive(transfer_id=transfer.pk, arrived=arrived, actor=refs.user(request.user))
        return self.shown(request, transfer_id)


def _with_lines(request: Request) -> QuerySet[Transfer]:
    return selector.of_staff(request.user).prefetch_related("lines__sku__product")
