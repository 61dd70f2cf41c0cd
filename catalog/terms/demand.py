"""How short stock runs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AlertTier(TextChoices):
    """From the mildest to the worst."""

    WARN = "warn", _("Running short")
    CRITICAL = "critical", _("Almost gone")
    OUT = "out", _("Sold out")


WORST_FIRST = (AlertTier.OUT, AlertTier.CRITICAL, AlertTier.WARN)
