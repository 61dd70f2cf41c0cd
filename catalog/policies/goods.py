"""What the merchant may set about goods."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import rate, whole

NEW_DAYS = whole(
    "catalog.new_days",
    default=30,
    low=1,
    high=365,
    label=_("Days a product counts as new"),
    help=_("Counted from the day it was put on the shelf."),
)


HOT_SHARE = rate(
    "catalog.hot_share",
    default=Decimal("0.05"),
    low=Decimal("0"),
    high=Decimal("1"),
    label=_("Share of best sellers"),
    help=_("0.05 marks the best-selling 5% of the last seven days."),
)


PICTURES_AT_MOST = whole(
    "catalog.pictures_at_most",
    default=15,
    low=1,
    high=50,
    label=_("Pictures per product"),
    help=_("More than these are refused when uploading."),
)


SOLD_SHOWN_FROM = whole(
    "catalog.sold_shown_from",
    default=10,
    low=1,
    high=1000000,
    label=_("Pieces sold that are worth telling"),
    help=_("Shoppers see how much has been sold from this number on."),
)
