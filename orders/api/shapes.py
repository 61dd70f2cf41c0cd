"""Orders as JSON. Money is text in yuan; names, phones and addresses are masked."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders.models import LineComponent, Order, Pickup, Refund, Shipment
from orders.selectors import ledger, orders, states, timeline
from orders.terms import Carrier, DeliveryMode, Flag, OrderStatus, ShippingStatus

ADDRESS_SHOWN = 9


class StateShape(serializers.Serializer[Any]):
    """What the shopper is told: `code` for programs, `label` for people."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class PlaceShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class OrderRow(serializers.ModelSerializer[Order]):
    """One order of a list."""

    state = serializers.SerializerMethodField()
    place = PlaceShape(allow_null=True)
    recipient = serializers.CharField(source="masked_recipient")
    phone = serializers.CharField(source="masked_phone")
    piece_count = serializers.IntegerField()

    class Meta:
        model = Order
        fields = [
            *("number", "status", "shipping_status", "state", "hold", "delivery_mode", "place"),
            *("recipient", "phone", "piece_count", "due", "paid_amount", "refunded_amount"),
            *(
                "flag",
                "buyer_note",
                "created_at",
                "expires_at",
                "paid_at",
                "shipped_at",
                "slot_start",
                "slot_end",
            ),
        ]
        read_only_fields = fields

    @extend_schema_field(StateShape)
    def get_state(self, order: Order) -> dict[str, str]:
        state = states.shopper_state(order)
        return {"code": state.code.value, "label": state.label}


class ComponentShape(serializers.ModelSerializer[LineComponent]):
    """One component of a bundle: its pieces and its share of the line's due."""

    to_ship_count = serializers.IntegerField()

    class Meta:
        model = LineComponent
        fields = [
            *("id", "sku_id", "title", "spec_text", "per_bundle", "quantity", "to_ship_count"),
            *("shipped_count", "refunded_count", "due", "refunded_amount"),
        ]
        read_only_fields = fields


class LineShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    sku_id = serializers.IntegerField()
    title = serializers.CharField()
    spec_text = serializers.CharField()
    quantity = serializers.IntegerField()
    to_ship_count = serializers.IntegerField()
    shipped_count = serializers.IntegerField()
    refunded_count = serializers.IntegerField()
    list_price = serializers.DecimalField(12, 2)
    unit_price = serializers.DecimalField(12, 2)
    list_amount = serializers.DecimalField(12, 2)
    due = serializers.DecimalField(12, 2)
    refunded_amount = serializers.DecimalField(12, 2)
    components = ComponentShape(many=True, source="components.all", help_text="Of a bundle; else empty.")


class LedgerShape(serializers.Serializer[Any]):
    kind = serializers.CharField()
    text = serializers.CharField()
    amount = serializers.DecimalField(12, 2)
    rule = serializers.CharField()


class MomentShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    code = serializers.CharField()
    text = serializers.CharField()
    detail = serializers.CharField()
    actor = serializers.CharField()


class ShipmentShape(serializers.ModelSerializer[Shipment]):
    pieces = serializers.SerializerMethodField()
    components = serializers.SerializerMethodField()

    class Meta:
        model = Shipment
        fields = [
            *("id", "carrier", "carrier_name", "tracking_no", "status", "shipped_at"),
            *("pieces", "components"),
        ]
        read_only_fields = fields

    def get_pieces(self, shipment: Shipment) -> dict[str, int]:
        """Pieces by line."""
        return {str(part.line_id): part.quantity for part in shipment.lines.all()}

    def get_components(self, shipment: Shipment) -> dict[str, int]:
        """Pieces by component of bundles."""
        return {str(part.component_id): part.quantity for part in shipment.components.all()}


class PickupShape(serializers.ModelSerializer[Pickup]):
    """Without the code: only the shopper has it."""

    place = PlaceShape()

    class Meta:
        model = Pickup
        fields = ["place", "status", "slot_start", "slot_end", "verified_at"]
        read_only_fields = fields


class RefundShape(serializers.ModelSerializer[Refund]):
    class Meta:
        model = Refund
        fields = ["number", "kind", "status", "amount", "reason", "created_at", "done_at"]
        read_only_fields = fields


class OrderDetail(OrderRow):
    """All about one order. `actions` are the next steps staff can take."""

    address = serializers.CharField(source="address_text")
    lines = LineShape(many=True)
    ledger = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()
    shipments = ShipmentShape(many=True)
    refunds = RefundShape(many=True)
    pickup = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta(OrderRow.Meta):
        fields = [
            *OrderRow.Meta.fields,
            *(
                "list_total",
                "goods_due",
                "freight_due",
                "points_used",
                "address",
                "staff_note",
                "close_reason",
            ),
            *("received_at", "completed_at", "closed_at", "auto_confirm_at"),
            *("lines", "ledger", "timeline", "shipments", "refunds", "pickup", "actions"),
        ]
        read_only_fields = fields

    @extend_schema_field(LedgerShape(many=True))
    def get_ledger(self, order: Order) -> Any:
        return LedgerShape(ledger.of_order(order), many=True).data

    @extend_schema_field(MomentShape(many=True))
    def get_timeline(self, order: Order) -> Any:
        moments = timeline.of(order, order.transitions.all(), order.shipments.all(), order.refunds.all())
        return MomentShape(moments, many=True).data

    @extend_schema_field(PickupShape(allow_null=True))
    def get_pickup(self, order: Order) -> dict[str, Any] | None:
        pickup = getattr(order, "pickup", None)
        return PickupShape(pickup).data if pickup else None

    def get_actions(self, order: Order) -> list[str]:
        return list(orders.staff_actions(order))

    def to_representation(self, order: Order) -> dict[str, Any]:
        shown = super().to_representation(order)
        if order.delivery_mode != DeliveryMode.PICKUP:
            shown["address"] = order.address_text[:ADDRESS_SHOWN] + "****"
        return shown


class ContactShape(serializers.Serializer[Any]):
    """Who the parcel goes to, unmasked; every look is recorded."""

    recipient = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField(source="address_text")


class OrderFilter(serializers.Serializer[Any]):
    """Filters of the list; all of them must hold."""

    status = serializers.ChoiceField(OrderStatus.choices, required=False)
    shipping_status = serializers.ChoiceField(ShippingStatus.choices, required=False)
    mode = serializers.ChoiceField(DeliveryMode.choices, required=False)
    todo = serializers.ChoiceField(["to_ship", "late_to_ship", "nudged", "flagged"], required=False)
    place = serializers.IntegerField(required=False, min_value=1)
    flag = serializers.ChoiceField(Flag.choices, required=False)
    placed_from = serializers.DateTimeField(required=False)
    placed_to = serializers.DateTimeField(required=False)
    q = serializers.CharField(
        required=False, max_length=40, help_text="Order number, phone number or its last four digits."
    )


class PiecesWish(serializers.Serializer[Any]):
    line = serializers.IntegerField(min_value=1)
    quantity = serializers.IntegerField(min_value=1, max_value=999)


class InsideWish(serializers.Serializer[Any]):
    component = serializers.IntegerField()
    quantity = serializers.IntegerField(min_value=1, max_value=99_900)


class ShipWish(serializers.Serializer[Any]):
    carrier = serializers.ChoiceField(Carrier.choices)
    tracking_no = serializers.CharField(max_length=60, allow_blank=True, default="")
    lines = PiecesWish(
        many=True, required=False, allow_empty=False, help_text="Left out: everything that is left."
    )
    components = InsideWish(
        many=True, required=False, allow_empty=False, help_text="Single components of bundles."
    )


class MoveWish(serializers.Serializer[Any]):
    place_id = serializers.IntegerField()
    reason = serializers.CharField(max_length=200)


class CancelWish(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class RefundWish(serializers.Serializer[Any]):
    """Give `lines` and `components`, or `amount`, or nothing for everything that is left."""

    reason = serializers.CharField(max_length=80)
    amount = serializers.DecimalField(12, 2, required=False)
    lines = PiecesWish(many=True, required=False, allow_empty=False)
    components = InsideWish(many=True, required=False, allow_empty=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("lines") or attrs.get("components")) and attrs.get("amount") is not None:
            raise serializers.ValidationError("Give lines or an amount, not both.")
        return attrs


class NoteWish(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    flag = serializers.ChoiceField(Flag.choices, required=False)


class CodeWish(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=20, help_text="Twelve digits; spaces and dashes are ignored.")


class TodoShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    count = serializers.IntegerField()
    oldest_at = serializers.DateTimeField(allow_null=True)


def quantities(parts: list[dict[str, int]] | None, of: str = "line") -> dict[int, int] | None:
    """Pieces by line id (or component id); the same one twice adds up."""
    if not parts:
        return None
    total: dict[int, int] = {}
    for part in parts:
        total[part[of]] = total.get(part[of], 0) + part["quantity"]
    return total
