"""Bundle products 组合商品: SKUs made of other SKUs, and the partners of co-branded gift boxes 联名礼盒."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.bundles import PIECES_AT_MOST, BundleKind


class Partner(models.Model):
    """A brand that lends its name to gift boxes and gets a share of what they bring."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    code = models.SlugField(_("code"), max_length=20, unique=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("partner brand")
        verbose_name_plural = _("partner brands")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Bundle(models.Model):
    """Makes a SKU a bundle: it has a price and no stock of its own, its stock is that of its components.

    `revenue_share` is the partner's percentage of what shoppers pay for it. `version` counts changes of the
    components; orders keep those they were placed with.
    """

    sku = models.OneToOneField(
        "catalog.Sku", models.PROTECT, related_name="bundle", verbose_name=_("bundle SKU")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=BundleKind, default=BundleKind.BUNDLE)
    partner = models.ForeignKey(
        Partner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bundles",
        verbose_name=_("partner brand"),
    )
    revenue_share = models.DecimalField(
        _("partner's share (%)"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    channel_code = models.CharField(_("channel code"), max_length=40, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_at = models.DateTimeField(_("changed at"), editable=False)

    class Meta:
        verbose_name = _("bundle product")
        verbose_name_plural = _("bundle products")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="bundle_share_is_a_percentage", condition=Q(revenue_share__gte=0, revenue_share__lte=100)
            ),
            models.CheckConstraint(
                name="bundle_share_has_a_partner", condition=Q(partner__isnull=False) | Q(revenue_share=0)
            ),
        ]

    def __str__(self) -> str:
        return str(self.sku)


class BundleComponent(models.Model):
    """So many pieces of a SKU are in one bundle."""

    bundle = models.ForeignKey(Bundle, models.CASCADE, related_name="components")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="inside", verbose_name=_("SKU"))
    quantity = models.PositiveSmallIntegerField(_("pieces in one bundle"), default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "sku"], name="component_once"),
            models.CheckConstraint(
                name="component_quantity", condition=Q(quantity__gte=1, quantity__lte=PIECES_AT_MOST)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} × {self.quantity}"
