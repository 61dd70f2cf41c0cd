from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.core.fields import MoneyField

NIL = Decimal("0.00")


class OrderLine(models.Model):
    """One SKU of an order as it was sold.

    `shares` lists what each adjustment took off: [{"lane", "rule", "code", "amount"}], yuan as text.
    `withdrawn_count` are pieces refunded before they were shipped: they will never leave the house, even when
    the refund fails after the order was received.
    `refunded_count` and `refunded_amount` count open and done refunds, before or after shipment.
    """

    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="lines")
    key = models.CharField(max_length=40)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name=_("SKU"))
    product_id = models.BigIntegerField()
    title = models.CharField(_("title"), max_length=120)
    spec_text = models.CharField(_("specification"), max_length=120, blank=True)
    image_path = models.CharField(max_length=200, blank=True)
    sale_unit = models.CharField(max_length=12, blank=True)
    nominal_grams = models.PositiveIntegerField(null=True, blank=True)
    price_basis_grams = models.PositiveIntegerField(null=True, blank=True)
    no_reason_return = models.BooleanField(_("no-reason return"), default=False)
    promised_ship_hours = models.PositiveIntegerField(default=48)

    quantity = models.PositiveIntegerField(_("quantity"))
    list_price = MoneyField(_("list price"))
    unit_price = MoneyField(_("unit price"))
    list_amount = MoneyField(_("list amount"))
    due = MoneyField(_("due"))
    shares = models.JSONField(default=list)

    shipped_count = models.PositiveIntegerField(_("shipped"), default=0)
    withdrawn_count = models.PositiveIntegerField(_("withdrawn pieces"), default=0)
    refunded_count = models.PositiveIntegerField(_("refunded pieces"), default=0)
    refunded_amount = MoneyField(_("refunded"), default=NIL)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="order_line_key"),
            models.CheckConstraint(
                name="order_line_quantity", condition=Q(quantity__gte=1, quantity__lte=999)
            ),
            models.CheckConstraint(
                name="order_line_money_not_negative",
                condition=Q(list_price__gte=0, unit_price__gte=0, list_amount__gte=0, due__gte=0),
            ),
            models.CheckConstraint(
                name="order_line_list_amount",
                condition=Q(list_amount=F("list_price") * F("quantity")) & Q(due__lte=F("list_amount")),
            ),
            models.CheckConstraint(
                name="order_line_ships_what_was_kept",
                condition=Q(shipped_count__lte=F("quantity") - F("withdrawn_count")),
            ),
            models.CheckConstraint(
                name="order_line_refund_within_sale",
                condition=Q(refunded_count__lte=F("quantity"))
                & Q(refunded_amount__gte=0, refunded_amount__lte=F("due")),
            ),
        ]
        indexes = [models.Index(fields=["sku"], name="order_line_sku")]

    def __str__(self) -> str:
        return f"{self.title} {self.spec_text} × {self.quantity}"

    @property
    def to_ship_count(self) -> int:
        return self.quantity - self.withdrawn_count - self.shipped_count
