"""Words of goods on the way between places."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TransferStatus(TextChoices):
    """From a wish to goods that arrived, or came back."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("On the way")
    RECEIVED = "received", _("Arrived")
    RETURNED = "returned", _("Came back")
    CANCELLED = "cancelled", _("Called off")
