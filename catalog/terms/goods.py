"""What goods are."""

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
