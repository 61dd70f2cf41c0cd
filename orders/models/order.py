from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from orders.states import ORDER, SHIPPING
from orders.terms import CloseReason, DeliveryMode, Flag, Hold, OrderStatus, ShippingStatus, Source
from shop.core.fields import EncryptedTextField, MoneyField
from shop.core.states import TransitionRow
from shop.core.text import mask_name

NIL = Decimal("0.00")


class Order(models.Model):
    """One sale. Prices, names and the address are a snapshot; later edits elsewhere change nothing.

    `paid_amount` is money this order took, `refunded_amount` what open and done refunds give back of it;
    money that arrives for a closed order touches neither.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="orders")
    status = models.CharField(
        _("status"), max_length=12, choices=OrderStatus, default=OrderStatus.UNPAID, editable=False
    )
    shipping_status = models.CharField(
        _("shipping"), max_length=12, choices=ShippingStatus, default=ShippingStatus.NONE, editable=False
    )
    hold = models.CharField(_("hold"), max_length=12, choices=Hold, default=Hold.NOTHING, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.BASKET)
    key = models.CharField(max_length=64)

    delivery_mode = models.CharField(_("delivery"), max_length=12, choices=DeliveryMode)
    place = models.ForeignKey(
        "catalog.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    recipient = models.CharField(_("recipient"), max_length=60, blank=True)
    phone_cipher = EncryptedTextField(blank=True, default="")
    phone_tail = models.CharField(max_length=4, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    address_text = models.CharField(_("address"), max_length=300, blank=True)
    slot_start = models.DateTimeField(_("pickup from"), null=True, blank=True)
    slot_end = models.DateTimeField(_("pickup until"), null=True, blank=True)

    list_total = MoneyField(_("goods at list price"))
    goods_due = MoneyField(_("goods"))
    freight_due = MoneyField(_("freight"))
    due = MoneyField(_("amount due"))
    paid_amount = MoneyField(_("paid"), default=NIL)
    refunded_amount = MoneyField(_("refunded"), default=NIL)
    points_used = models.PositiveIntegerField(_("points used"), default=0)
    coupon_grant_id = models.BigIntegerField(null=True, blank=True)
    quote = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    buyer_note = models.CharField(_("buyer's note"), max_length=200, blank=True)
    staff_note = models.CharField(_("staff note"), max_length=500, blank=True)
    flag = models.CharField(_("flag"), max_length=8, choices=Flag, default=Flag.NOTHING, blank=True)

    created_at = models.DateTimeField(_("placed at"))
    expires_at = models.DateTimeField(_("pay until"))
    close_after = models.DateTimeField(
        help_text=_(
            "When the closing job looks at it next; later than “pay until” while a gateway is silent."
        )
    )
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    auto_confirm_at = models.DateTimeField(_("received automatically at"), null=True, blank=True)
    extended_at = models.DateTimeField(_("receipt extended at"), null=True, blank=True)
    nudged_at = models.DateTimeField(_("shopper asked for it at"), null=True, blank=True)
    nudge_count = models.PositiveSmallIntegerField(_("times the shopper asked"), default=0, db_default=0)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    close_reason = models.CharField(_("close reason"), max_length=24, choices=CloseReason, blank=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-pk"]
        permissions = [
            ("ship_order", _("Can ship orders")),
            ("verify_pickup", _("Can verify pickup codes")),
            ("cancel_order", _("Can cancel orders")),
            ("refund_order", _("Can refund orders")),
            ("note_order", _("Can note and flag orders")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="order_once_per_key"),
            ORDER.constraint("orders.Order"),
            SHIPPING.constraint("orders.Order"),
            models.CheckConstraint(
                name="order_money_not_negative",
                condition=Q(list_total__gte=0, goods_due__gte=0, freight_due__gte=0, due__gte=0)
                & Q(paid_amount__gte=0, refunded_amount__gte=0),
            ),
            models.CheckConstraint(
                name="order_due_is_goods_and_freight", condition=Q(due=F("goods_due") + F("freight_due"))
            ),
            models.CheckConstraint(
                name="order_refund_within_paid", condition=Q(refunded_amount__lte=F("paid_amount"))
            ),
            models.CheckConstraint(
                name="order_paid_in_full",
                condition=Q(status__in=[OrderStatus.UNPAID, OrderStatus.CLOSED])
                | Q(paid_amount__gte=F("due")),
            ),
            models.CheckConstraint(
                name="order_closed_with_reason",
                condition=~Q(status=OrderStatus.CLOSED) | ~Q(close_reason=""),
            ),
            models.CheckConstraint(
                name="order_pickup_has_a_place",
                condition=~Q(delivery_mode=DeliveryMode.PICKUP) | Q(place__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="order_of_member"),
            models.Index(fields=["status", "shipping_status", "-id"], name="order_by_state"),
            models.Index(fields=["place", "-id"], name="order_of_place"),
            models.Index(fields=["created_at"], name="order_created"),
            models.Index(fields=["phone_hash"], name="order_phone"),
            models.Index(fields=["phone_tail", "-id"], name="order_phone_tail"),
            models.Index(fields=["paid_at"], name="order_paid", condition=Q(paid_at__isnull=False)),
            models.Index(fields=["created_at"], name="order_flagged_red", condition=Q(flag=Flag.RED)),
            models.Index(
                fields=["nudged_at"],
                name="order_nudged",
                condition=Q(nudged_at__isnull=False, status=OrderStatus.PAID),
            ),
            GinIndex(
                OpClass(Upper("buyer_note"), name="gin_trgm_ops"),
                name="order_buyer_note_words",
                condition=~Q(buyer_note=""),
            ),
            GinIndex(
                OpClass(Upper("staff_note"), name="gin_trgm_ops"),
                name="order_staff_note_words",
                condition=~Q(staff_note=""),
            ),
            models.Index(fields=["flag", "-id"], name="order_flagged", condition=~Q(flag="")),
            models.Index(
                fields=["close_after"], name="order_close_due", condition=Q(status=OrderStatus.UNPAID)
            ),
            models.Index(
                fields=["auto_confirm_at"], name="order_confirm_due", condition=Q(status=OrderStatus.PAID)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """How apps below know this order."""
        return f"order:{self.number}"

    @property
    def phone(self) -> str:
        return self.phone_cipher or ""

    @property
    def masked_phone(self) -> str:
        return f"*******{self.phone_tail}" if self.phone_tail else ""

    @property
    def masked_recipient(self) -> str:
        return mask_name(self.recipient)


class OrderTransition(TransitionRow):
    """One step of an order; payment states and shipping states share this timeline."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="transitions")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("order step")
        verbose_name_plural = _("order steps")
