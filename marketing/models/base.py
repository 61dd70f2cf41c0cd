"""What rules share: the time they run and the goods they are about."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketing import terms


class Offer(models.Model):
    """A rule that runs from `starts_at` until `ends_at` (open when empty), judged by database time."""

    kind: ClassVar[terms.OfferKind]

    name = models.CharField(
        _("name"), max_length=30, help_text=_("Shoppers see it beside the amount it takes off.")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text=_("Leave empty to run until you switch it off.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_announced = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(class)s_window",
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> str:
        return f"{self.kind}:{self.pk}"


class Scoped(models.Model):
    """A rule about all goods or about chosen ones; only the list that `scope_kind` names counts."""

    scope_kind = models.CharField(
        _("applies to"), max_length=10, choices=terms.ScopeKind.choices, default=terms.ScopeKind.ALL
    )
    products = models.ManyToManyField(
        "catalog.Product", blank=True, related_name="+", verbose_name=_("products")
    )
    categories = models.ManyToManyField(
        "catalog.Category",
        blank=True,
        related_name="+",
        verbose_name=_("categories"),
        help_text=_("Goods of their subcategories count too."),
    )
    skus = models.ManyToManyField("catalog.Sku", blank=True, related_name="+", verbose_name=_("SKUs"))

    class Meta:
        abstract = True
