"""How well a place is supplied with a SKU."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Band(TextChoices):
    """From nothing left to more than can be sold."""

    OUT = "out", pgettext_lazy("stock band", "Sold out")
    CRITICAL = "critical", pgettext_lazy("stock band", "Almost gone")
    WARN = "warn", pgettext_lazy("stock band", "Running short")
    FINE = "fine", pgettext_lazy("stock band", "Enough")
    TOO_MUCH = "too_much", pgettext_lazy("stock band", "Too much")
