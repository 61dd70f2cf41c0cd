from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.states import REFUND
from orders.terms import RefundKind, RefundStatus
from shop.core.fields import MoneyField
from shop.core.states import TransitionRow


class Refund(models.Model):
    """Money on its way back from one payment of one order; the number never changes on retry (INVARIANT
    RF3)."""

    number = models.CharField(_("refund number"), max_length=64, unique=True)
    payment = models.ForeignKey("orders.Payment", models.PROTECT, related_name="refunds")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="refunds")
    kind = models.CharField(_("kind"), max_length=20, choices=RefundKind.choices)
    status = models.CharField(
        _("state"), max_length=10, choices=RefundStatus.choices, default=RefundStatus.CREATED
    )
    amount = MoneyField(_("amount"))
    reason = models.CharField(_("reason"), max_length=80, blank=True)
    requested_by = models.CharField(_("requested by"), max_length=64)
    gateway_refund_id = models.CharField(_("refund at the gateway"), max_length=64, blank=True)
    is_unknown = models.BooleanField(_("answer outstanding"), default=False)
    trouble = models.CharField(_("what the gateway said"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    ask_count = models.PositiveSmallIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        constraints = [
            REFUND.constraint("orders.refund"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.UniqueConstraint(
                fields=["payment", "order"],
                condition=Q(kind__in=[RefundKind.LATE_PAYMENT, RefundKind.DUPLICATE_PAYMENT])
                & ~Q(status=RefundStatus.CLOSED),
                name="refund_of_stray_payment_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_ask_at"],
                condition=Q(status__in=[RefundStatus.CREATED, RefundStatus.PROCESSING]),
                name="refund_to_ask",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in (RefundStatus.CREATED, RefundStatus.PROCESSING, RefundStatus.ABNORMAL)


class RefundLine(models.Model):
    """Which pieces of an order line, and how much of its due, a refund gives back. `line` empty means
    freight.

    `withdrawn_count` of the pieces had not left the house and never will; 0 again when the refund failed in
    time.
    """

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="lines")
    line = models.ForeignKey("orders.OrderLine", models.PROTECT, null=True, related_name="refund_lines")
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    withdrawn_count = models.PositiveIntegerField(_("withdrawn pieces"), default=0)
    amount = MoneyField(_("amount"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_count__lte=F("quantity")), name="refund_line_withdraws_its_pieces"
            ),
            models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(amount__gte=0), name="refund_line_amount_not_negative"),
        ]


class RefundTransition(TransitionRow):
    refund = models.ForeignKey(Refund, models.CASCADE, related_name="transitions")
