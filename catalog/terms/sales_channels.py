"""Where else goods are sold."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChannelKind(TextChoices):
    """What a sales channel is."""

    POS = "pos", _("Till in a store")
    EXTERNAL = "external", _("Other platform")


class ChannelMode(TextChoices):
    """How much of the stock a channel is told."""

    SHARED = "shared", _("A share of what is free")
    ALLOTTED = "allotted", _("Only what was set aside for it")
