"""Where goods lie, and how they reach people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
