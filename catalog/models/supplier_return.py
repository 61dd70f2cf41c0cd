"""Goods that go back to a supplier."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.states.purchasing import SUPPLIER_RETURN
from catalog.terms import Pool
from catalog.terms.purchasing import ReturnReason, ReturnStatus
from shop.core import clock
from shop.core.fields import MoneyField
from shop.core.states import TransitionRow


class SupplierReturn(models.Model):
    """One parcel back to one supplier; `amount` is the credit expected, in yuan."""

    number = models.CharField(_("number"), max_length=18, unique=True, editable=False)
    supplier = models.ForeignKey(
        "catalog.Supplier", models.PROTECT, related_name="returns", verbose_name=_("supplier")
    )
    place = models.ForeignKey("catalog.Place", models.PROTECT, related_name="+", verbose_name=_("place"))
    status = models.CharField(
        _("status"), max_length=10, choices=ReturnStatus.choices, default=ReturnStatus.DRAFT, editable=False
    )
    reason = models.CharField(_("reason"), max_length=10, choices=ReturnReason.choices)
    reference = models.CharField(_("belongs to"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    amount = MoneyField(_("amount"), default=0)
    credited_amount = MoneyField(_("credited"), null=True, blank=True)
    created_by = models.CharField(_("written by"), max_length=64)
    created_at = models.DateTimeField(_("created"), default=clock.page_now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    credited_at = models.DateTimeField(_("credited at"), null=True, editable=False)

    class Meta:
        verbose_name = _("return to supplier")
        verbose_name_plural = _("returns to suppliers")
        ordering = ["-id"]
        constraints = [SUPPLIER_RETURN.constraint("catalog.SupplierReturn")]
        indexes = [
            models.Index(fields=["status", "-id"], name="supplier_return_by_status"),
            models.Index(fields=["reference"], name="supplier_return_reference", condition=~Q(reference="")),
        ]

    def __str__(self) -> str:
        return self.number


class SupplierReturnTransition(TransitionRow):
    supplier_return = models.ForeignKey(SupplierReturn, models.CASCADE, related_name="transitions")


class SupplierReturnLine(models.Model):
    """Pieces of one SKU out of one pool."""

    supplier_return = models.ForeignKey(SupplierReturn, models.CASCADE, related_name="lines")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name=_("SKU"))
    pool = models.CharField(_("pool"), max_length=10, choices=Pool.choices, default=Pool.DEFECT)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    quantity = models.PositiveIntegerField(_("pieces"))
    amount = MoneyField(_("amount"))

    class Meta:
        verbose_name = _("line of a return to supplier")
        verbose_name_plural = _("lines of returns to suppliers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier_return", "sku", "pool", "batch"], name="supplier_return_line_once"
            ),
            models.CheckConstraint(name="supplier_return_line", condition=Q(quantity__gte=1, amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.sku} × {self.quantity}"
