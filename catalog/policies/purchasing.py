"""What the merchant may set about buying in."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import flag, money, rate, whole

APPROVAL_FROM = money(
    "catalog.purchase_approval_from",
    default=Decimal("3000.00"),
    label=_("Purchase orders need approval from (yuan)"),
    help=_("Smaller ones are approved as soon as they are handed in. 0: somebody else approves each."),
)


OVER_DELIVERY = rate(
    "catalog.over_delivery",
    default=Decimal("0"),
    label=_("More than was ordered is taken up to"),
    help=_("0.05 takes five percent more of a line; 0 refuses every piece too many."),
)


COST_FOLLOWS = flag(
    "catalog.cost_follows_purchases",
    default=True,
    label=_("Costs follow purchases"),
    help=_("Received goods move the cost of a SKU: their moving average, freight included."),
)


LINK_DAYS = whole(
    "catalog.supplier_link_days",
    default=7,
    low=1,
    high=60,
    label=_("Days a supplier's link works"),
    help=_("After that a new link has to be made."),
)


KEY_SKUS = whole(
    "catalog.key_skus",
    default=20,
    low=0,
    high=1000,
    label=_("Key SKUs"),
    help=_("So many best sellers of the last 28 days need two suppliers. Single SKUs can be marked by hand."),
)


CLOSE_AFTER_DAYS = whole(
    "catalog.purchase_close_days",
    default=7,
    low=1,
    high=90,
    label=_("Received purchase orders are closed after days"),
    help=_("Until then what was found later can still be told apart."),
)


ON_TIME_WEIGHT = whole(
    "catalog.supplier_score_on_time",
    default=40,
    low=0,
    high=100,
    label=_("Supplier score: weight of being on time"),
    help=_("Only the proportion of the three weights counts."),
)


QUALITY_WEIGHT = whole(
    "catalog.supplier_score_quality",
    default=30,
    low=0,
    high=100,
    label=_("Supplier score: weight of few defects"),
    help=_("Only the proportion of the three weights counts."),
)


PRICE_WEIGHT = whole(
    "catalog.supplier_score_price",
    default=30,
    low=0,
    high=100,
    label=_("Supplier score: weight of the price"),
    help=_("Only the proportion of the three weights counts."),
)
