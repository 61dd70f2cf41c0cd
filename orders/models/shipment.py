from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.states import SHIPMENT
from orders.terms import ShipmentStatus
from shop.core.states import TransitionRow


class Shipment(models.Model):
    """One parcel that left a place."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="shipments")
    place = models.ForeignKey("catalog.Place", models.PROTECT, null=True, related_name="+")
    status = models.CharField(
        _("status"), max_length=12, choices=ShipmentStatus, default=ShipmentStatus.SHIPPED, editable=False
    )
    carrier = models.CharField(_("carrier code"), max_length=24)
    carrier_name = models.CharField(_("carrier"), max_length=60)
    tracking_no = models.CharField(_("tracking number"), max_length=40)
    shipped_at = models.DateTimeField(_("shipped at"))
    shipped_by = models.CharField(_("shipped by"), max_length=60)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["pk"]
        constraints = [
            SHIPMENT.constraint("orders.Shipment"),
            models.UniqueConstraint(
                fields=["order", "carrier", "tracking_no"],
                name="shipment_once_per_tracking_number",
                condition=~Q(tracking_no=""),
            ),
        ]
        indexes = [
            models.Index(fields=["tracking_no"], name="shipment_tracking"),
            models.Index(
                fields=["tracking_no"], name="shipment_tracking_start", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier_name} {self.tracking_no}"

    @property
    def goods(self) -> list[str]:
        """What is in it, in words; components of bundles by themselves."""
        whole = [f"{one.line.title} {one.line.spec_text}".strip() for one in self.lines.all()]
        counts = [one.quantity for one in self.lines.all()]
        inside = [(one.component.name, one.quantity) for one in self.components.all()]
        return [f"{name} × {count}" for name, count in [*zip(whole, counts, strict=True), *inside]]


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="shipment_lines")
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("parcel line")
        verbose_name_plural = _("parcel lines")
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(name="shipment_line_quantity", condition=Q(quantity__gte=1)),
        ]


class ShipmentTransition(TransitionRow):
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="transitions")

    class Meta:
        ordering = ["pk"]
