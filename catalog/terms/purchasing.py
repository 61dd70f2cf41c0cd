"""What buying in is made of."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SourceRank(TextChoices):
    """What a supplier is for one SKU."""

    PREFERRED = "preferred", _("First choice")
    ORDINARY = "ordinary", _("Also delivers")
    CONTINGENCY = "contingency", _("Stands by")


class PurchaseStatus(TextChoices):
    """Where a purchase order stands."""

    DRAFT = "draft", pgettext_lazy("purchase", "Draft")
    WAITING = "waiting", pgettext_lazy("purchase", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("purchase", "Approved")
    SENT = "sent", pgettext_lazy("purchase", "Sent")
    CONFIRMED = "confirmed", pgettext_lazy("purchase", "Confirmed")
    DECLINED = "declined", pgettext_lazy("purchase", "Declined by the supplier")
    PARTIAL = "partial", pgettext_lazy("purchase", "Partly received")
    RECEIVED = "received", pgettext_lazy("purchase", "Received")
    CLOSED = "closed", pgettext_lazy("purchase", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("purchase", "Cancelled")


class PurchaseOrigin(TextChoices):
    """How a purchase order came about."""

    HAND = "hand", _("Written by hand")
    SUGGESTED = "suggested", _("From a suggestion")
    AUTOMATIC = "automatic", _("Automatic")
    REISSUED = "reissued", _("Issued again to another supplier")


class ReturnStatus(TextChoices):
    """Where goods that go back to a supplier stand."""

    DRAFT = "draft", pgettext_lazy("supplier return", "Draft")
    SENT = "sent", pgettext_lazy("supplier return", "On the way back")
    CREDITED = "credited", pgettext_lazy("supplier return", "Credited")
    CANCELLED = "cancelled", pgettext_lazy("supplier return", "Cancelled")


class ReturnReason(TextChoices):
    """Why goods go back."""

    DEFECT = "defect", _("Defective")
    WRONG = "wrong", _("Wrong goods")
    EXPIRING = "expiring", _("Expires too soon")
    SLOW = "slow", _("Sells too slowly")
    RECALL = "recall", _("Recalled")


class RebatePeriod(TextChoices):
    """The time in which purchases count towards a rebate."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")
