from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.states import PAYMENT
from orders.terms import PaymentMethod, PaymentStatus
from shop.core.fields import MoneyField
from shop.core.states import TransitionRow


class Payment(models.Model):
    """One attempt to take money, known to the gateway by `number` for ever (PROTOCOLS: out_trade_no)."""

    number = models.CharField(_("payment number"), max_length=32, unique=True)
    gateway = models.CharField(_("gateway"), max_length=20)
    method = models.CharField(_("method"), max_length=10, choices=PaymentMethod.choices)
    status = models.CharField(
        _("state"), max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.CREATED
    )
    amount = MoneyField(_("amount"))
    refunded_amount = MoneyField(_("refunded"), default=0)
    transaction_id = models.CharField(_("transaction at the gateway"), max_length=64, null=True, blank=True)
    payer = models.CharField(_("payer"), max_length=128, blank=True)
    prepay = models.JSONField(default=dict, blank=True)
    is_unknown = models.BooleanField(_("answer outstanding"), default=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    ask_count = models.PositiveSmallIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        constraints = [
            PAYMENT.constraint("orders.payment"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0, refunded_amount__lte=F("amount")),
                name="payment_refunds_within_amount",
            ),
            models.UniqueConstraint(fields=["gateway", "transaction_id"], name="payment_transaction_once"),
            models.CheckConstraint(
                condition=~Q(status=PaymentStatus.PAID) | Q(paid_at__isnull=False),
                name="payment_paid_has_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_ask_at"],
                condition=Q(status__in=[PaymentStatus.CREATED, PaymentStatus.PENDING]),
                name="payment_to_ask",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in (PaymentStatus.CREATED, PaymentStatus.PENDING)


class PaymentShare(models.Model):
    """The part of a payment that is meant for one order; `is_accepted` once the order counted the money."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="shares")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="payment_shares")
    amount = MoneyField(_("amount"))
    is_open = models.BooleanField(default=True)
    is_accepted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(is_open=True), name="order_one_open_share"),
            models.UniqueConstraint(fields=["payment", "order"], name="payment_order_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="share_amount_not_negative"),
        ]


class PaymentTransition(TransitionRow):
    payment = models.ForeignKey(Payment, models.CASCADE, related_name="transitions")
