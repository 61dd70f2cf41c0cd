"""What happens to stock."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Pool(TextChoices):
    """Stock of one SKU in one place is kept apart by purpose."""

    SPOT = "spot", _("Spot")
    PRESALE = "presale", _("Presale")
    ACTIVITY = "activity", _("Activity")
    DEFECT = "defect", _("Defective")
    FROZEN = "frozen", _("Frozen")


class MovementReason(TextChoices):
    """Why a stock level changed."""

    RECEIVED = "received", _("Goods received")
    RESERVED = "reserved", _("Reserved by an order")
    RELEASED = "released", _("Reservation released")
    CONSUMED = "consumed", _("Handed out")
    PUT_BACK = "put_back", _("Put back")
    COUNTED = "counted", _("Stock count")
    FOUND = "found", _("Found")
    DAMAGED = "damaged", _("Damaged")
    LOST = "lost", _("Lost")
    CORRECTED = "corrected", _("Correction")
    OPENING = "opening", _("Opening stock")


class ReservationStatus(TextChoices):
    """A reservation ends once: handed out or given back."""

    ACTIVE = "active", _("Active")
    RELEASED = "released", _("Released")
    CONSUMED = "consumed", _("Handed out")
