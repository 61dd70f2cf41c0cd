"""Words of counting stock."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StocktakeStatus(TextChoices):
    """From the first piece counted to the differences booked."""

    COUNTING = "counting", _("Counting")
    REVIEW = "review", _("Waiting for approval")
    CLOSED = "closed", _("Booked")
    CANCELLED = "cancelled", _("Called off")


class EntryKind(TextChoices):
    """What a clerk says about a line that somebody has counted already."""

    FOUND = "found", _("More of it elsewhere")
    INSTEAD = "instead", _("Correction of my count")
    CHECK = "check", _("The same goods, counted again")


class Recount(TextChoices):
    """Why a line is to be counted again."""

    ASKED = "asked", _("The reviewer asks")
    DIFFERENT = "different", _("Two people counted differently")
    MOVED = "moved", _("Goods moved between two counts")
