"""What freight is counted by."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FreightBasis(TextChoices):
    """What freight is counted by; units are pieces, grams or cubic centimetres."""

    PIECE = "piece", _("By piece")
    WEIGHT = "weight", _("By weight")
    VOLUME = "volume", _("By volume")
