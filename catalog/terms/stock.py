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
    TRANSIT = "transit", _("On the way")


SELLABLE_POOLS = (Pool.SPOT, Pool.PRESALE, Pool.ACTIVITY)
"""What orders may draw on; the others hold what nobody may buy."""
HANDLED_POOLS = tuple(one for one in Pool if one != Pool.TRANSIT)
"""What people book by hand; goods on the way are their transfer's alone."""


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
    MOVED = "moved", _("Moved to another pool")
    WRITTEN_OFF = "written_off", _("Written off")
    SENT = "sent", _("Sent to another place")
    ARRIVED = "arrived", _("Came from another place")
    TO_SUPPLIER = "to_supplier", _("Back to the supplier")


class ReservationStatus(TextChoices):
    """A reservation ends once: handed out or given back."""

    ACTIVE = "active", _("Active")
    RELEASED = "released", _("Released")
    CONSUMED = "consumed", _("Handed out")


class LossReason(TextChoices):
    """Why goods can't be sold any more."""

    EXPIRED = "expired", _("Expired")
    SPOILED = "spoiled", _("Spoiled")
    DAMAGED = "damaged", _("Damaged")
    LOST = "lost", _("Lost")
    TASTED = "tasted", _("Given to taste")
    USED = "used", _("Used in the shop")
    RECALLED = "recalled", _("Recalled")
    OTHER = "other", _("Other loss")
