"""Enums and labels of the catalog."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

TITLE_LENGTH = 30
AXES_AT_MOST = 3
SKUS_AT_MOST = 500
CATEGORY_DEPTH = 3


class ProductStatus(TextChoices):
    """Where a product stands between being written and being sold."""

    DRAFT = "draft", _("Draft")
    ON_SHELF = "on_shelf", _("On the shelf")
    OFF_SHELF = "off_shelf", _("Off the shelf")


class AutomaticTag(TextChoices):
    """Rules by which a tag is hung on products by the clock; blank means by hand only."""

    NEW = "new", _("New arrivals")
    HOT = "hot", _("Best-selling goods")


class PlaceKind(TextChoices):
    """What a place is to the shop."""

    WAREHOUSE = "warehouse", _("Warehouse")
    STORE = "store", _("Store")
    PICKUP_POINT = "pickup_point", _("Pickup point")


class DeliveryMode(TextChoices):
    """How goods reach the shopper; stock is chosen accordingly."""

    EXPRESS = "express", _("Parcel")
    PICKUP = "pickup", _("Pickup in store")
    SAME_CITY = "same_city", _("Same-city delivery")
    VIRTUAL = "virtual", _("No delivery")


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


class FreightBasis(TextChoices):
    """What freight is counted by; units are pieces, grams or cubic centimetres."""

    PIECE = "piece", _("By piece")
    WEIGHT = "weight", _("By weight")
    VOLUME = "volume", _("By volume")
