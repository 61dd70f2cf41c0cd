from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.states import PICKUP
from orders.terms import PickupStatus
from shop.core.fields import EncryptedTextField
from shop.core.states import TransitionRow


class Pickup(models.Model):
    """Goods that wait in a store for one code, which works once."""

    order = models.OneToOneField("orders.Order", models.PROTECT, related_name="pickup")
    place = models.ForeignKey("catalog.Place", models.PROTECT, related_name="+", verbose_name=_("store"))
    code = models.CharField(_("pickup code"), max_length=12, unique=True)
    status = models.CharField(
        _("status"), max_length=12, choices=PickupStatus, default=PickupStatus.WAITING, editable=False
    )
    slot_start = models.DateTimeField(_("pickup from"), null=True)
    slot_end = models.DateTimeField(_("pickup until"), null=True)
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    phone_cipher = EncryptedTextField(blank=True, default="")
    created_at = models.DateTimeField(_("created at"))
    verified_at = models.DateTimeField(_("verified at"), null=True)
    verified_by = models.CharField(_("verified by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("pickup")
        verbose_name_plural = _("pickups")
        constraints = [PICKUP.constraint("orders.Pickup")]
        indexes = [models.Index(fields=["place", "status", "-id"], name="pickup_of_place")]

    def __str__(self) -> str:
        return str(self.order)


class PickupTransition(TransitionRow):
    pickup = models.ForeignKey(Pickup, models.CASCADE, related_name="transitions")

    class Meta:
        ordering = ["pk"]
