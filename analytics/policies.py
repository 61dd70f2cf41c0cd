"""What the merchant may set about figures."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import flag, money, rate, whole

COUNT_VISITS = flag(
    "analytics.count_visits",
    default=True,
    label=_("Count visitors"),
    help=_(
        "One row a browser and day, nothing that leads to a person, kept for 180 days. "
        "Off: the dashboard shows no visitors and no conversion."
    ),
)

BEST_SELLER_SHARE = rate(
    "analytics.best_seller_share",
    default=Decimal("0.2"),
    label=_("Share of best sellers"),
    help=_("So many of each place's SKUs, those expected to sell most, count as best sellers."),
)
REVIEW_DAYS = whole(
    "analytics.review_days",
    default=7,
    low=1,
    high=60,
    label=_("Days between two looks at what to buy"),
    help=_("What is bought has to last until goods of the next look arrive."),
)
LEAD_DAYS = whole(
    "analytics.lead_days",
    default=5,
    low=0,
    high=120,
    label=_("Lead time without a supplier (days)"),
    help=_("Used for goods no supplier is known for."),
)
SERVICE_LEVEL = rate(
    "analytics.service_level",
    default=Decimal("0.95"),
    low=Decimal("0.5"),
    high=Decimal("0.999"),
    label=_("Service level"),
    help=_("How sure one wants to be not to run out before the next delivery. More means more stock."),
)
SLOW_SCORE = whole(
    "analytics.slow_score",
    default=60,
    low=1,
    high=100,
    label=_("Slow seller from"),
    help=_("Goods with at least this score (0 to 100) are shown as slow sellers."),
)
HOLDING_COST = money(
    "analytics.holding_cost",
    default=Decimal("2.00"),
    label=_("Cost of keeping a cubic metre for a day (yuan)"),
    help=_("Rent, light and hands; it counts in the score of slow sellers."),
)
CAPITAL_RATE = rate(
    "analytics.capital_rate",
    default=Decimal("0.06"),
    label=_("Yearly cost of the money in stock"),
    help=_("What the same money would cost or earn elsewhere; it counts in the score of slow sellers."),
)
