"""What a line of a bundle product is made of, as it was sold; its parcels and refunds piece by piece."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.bundles import BundleKind
from shop.core.fields import MoneyField

NIL = Decimal("0.00")


class LineBundle(models.Model):
    """The bundle an order line sold: kind, version, and who gets a share of it, as agreed that day."""

    line = models.OneToOneField("orders.OrderLine", models.CASCADE, related_name="bundle")
    kind = models.CharField(_("kind"), max_length=10, choices=BundleKind)
    version = models.PositiveIntegerField(_("version"))
    partner = models.ForeignKey(
        "catalog.Partner", models.PROTECT, null=True, related_name="+", verbose_name=_("partner brand")
    )
    revenue_share = models.DecimalField(_("partner's share (%)"), max_digits=5, decimal_places=2)
    channel_code = models.CharField(_("channel code"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("bundle of a line")
        verbose_name_plural = _("bundles of lines")
        indexes = [
            models.Index(fields=["partner"], name="line_bundle_partner", condition=Q(partner__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.line} v{self.version}"


class LineComponent(models.Model):
    """One component of a bundle line: `per_bundle` pieces in each, `quantity` in all.

    `due` is its share of the line's due by list price; the shares of a line add up to it. The counts say of
    these pieces what those of `OrderLine` say of whole bundles.
    """

    line = models.ForeignKey("orders.OrderLine", models.CASCADE, related_name="components")
    key = models.CharField(max_length=40)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name=_("SKU"))
    title = models.CharField(_("title"), max_length=120)
    spec_text = models.CharField(_("specification"), max_length=120, blank=True)
    image_path = models.CharField(max_length=200, blank=True)
    per_bundle = models.PositiveSmallIntegerField(_("pieces in one bundle"))
    quantity = models.PositiveIntegerField(_("quantity"))
    list_price = MoneyField(_("list price"))
    due = MoneyField(_("due"))

    shipped_count = models.PositiveIntegerField(_("shipped"), default=0)
    withdrawn_count = models.PositiveIntegerField(_("withdrawn pieces"), default=0)
    refunded_count = models.PositiveIntegerField(_("refunded pieces"), default=0)
    refunded_amount = MoneyField(_("refunded"), default=NIL)

    class Meta:
        verbose_name = _("component of a line")
        verbose_name_plural = _("components of lines")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "sku"], name="line_component_once"),
            models.CheckConstraint(
                name="line_component_quantity", condition=Q(per_bundle__gte=1, quantity__gte=F("per_bundle"))
            ),
            models.CheckConstraint(
                name="line_component_ships_what_was_kept",
                condition=Q(shipped_count__lte=F("quantity") - F("withdrawn_count")),
            ),
            models.CheckConstraint(
                name="line_component_refund_within_sale",
                condition=Q(refunded_count__lte=F("quantity"))
                & Q(refunded_amount__gte=0, refunded_amount__lte=F("due")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"

    @property
    def name(self) -> str:
        """Title and specification."""
        return f"{self.title} {self.spec_text}".strip()

    @property
    def to_ship_count(self) -> int:
        return self.quantity - self.withdrawn_count - self.shipped_count


class ShipmentComponent(models.Model):
    """Pieces of a component in a parcel; a bundle may travel in several."""

    shipment = models.ForeignKey("orders.Shipment", models.CASCADE, related_name="components")
    component = models.ForeignKey(LineComponent, models.PROTECT, related_name="shipment_components")
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("component in a parcel")
        verbose_name_plural = _("components in parcels")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "component"], name="shipment_component_once"),
            models.CheckConstraint(name="shipment_component_quantity", condition=Q(quantity__gte=1)),
        ]


class RefundComponent(models.Model):
    """What a refund gives back of one component; the amounts of a refund line add up to the line's."""

    refund_line = models.ForeignKey("orders.RefundLine", models.PROTECT, related_name="components")
    component = models.ForeignKey(LineComponent, models.PROTECT, related_name="refund_components")
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    withdrawn_count = models.PositiveIntegerField(_("withdrawn pieces"), default=0)
    amount = MoneyField(_("amount"))

    class Meta:
        verbose_name = _("component of a refund")
        verbose_name_plural = _("components of refunds")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["refund_line", "component"], name="refund_component_once"),
            models.CheckConstraint(
                name="refund_component_withdraws_its_pieces", condition=Q(withdrawn_count__lte=F("quantity"))
            ),
            models.CheckConstraint(name="refund_component_amount", condition=Q(amount__gte=0)),
        ]
