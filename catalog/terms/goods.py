"""What goods are."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TITLE_LENGTH = 30


AXES_AT_MOST = 3


SKUS_AT_MOST = 500


CATEGORY_DEPTH = 3


class ProductStatus(TextChoices):
    """Where a product stands between being written and being sold."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CHECKED = "checked", _("Waits for review")
    APPROVED = "approved", pgettext_lazy("listing", "Approved")
    REJECTED = "rejected", pgettext_lazy("listing", "Sent back")
    ON_SHELF = "on_shelf", _("On the shelf")
    OFF_SHELF = "off_shelf", _("Off the shelf")


class AutomaticTag(TextChoices):
    """Rules by which a tag is hung on products by the clock; blank means by hand only."""

    NEW = "new", _("New arrivals")
    HOT = "hot", _("Best-selling goods")
