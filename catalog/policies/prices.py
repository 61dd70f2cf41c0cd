"""What the merchant may set about prices, competitors and the repricer."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from catalog.terms.prices import Tail
from shop.core.settings_store import Policy, flag, rate, whole


def _tail(raw: object) -> str:
    return Tail(str(raw).strip()).value


PRICE_CHANGES_AT_MOST = whole(
    "catalog.price_changes_at_most",
    default=3,
    low=0,
    high=100,
    label=_("Price changes by hand"),
    help=_("At most so many of one SKU within the days below; 0 sets no limit."),
)
PRICE_CHANGE_DAYS = whole(
    "catalog.price_change_days",
    default=7,
    low=1,
    high=90,
    label=_("Price changes are counted over days"),
)
PRICE_REASON_NEEDED = flag("catalog.price_reason_needed", default=True, label=_("A new price needs a reason"))
PRICE_TAIL = Policy(
    "catalog.price_tail",
    kind="text",
    default=Tail.NINE_TENTHS.value,
    parse=_tail,
    label=_("Calculated prices end on"),
    help=_("none, 9_tenths (19.9), 99_cents (19.99), 9_yuan (19) or 99_yuan (199)."),
)
OBSERVATION_DAYS = whole(
    "catalog.observation_days",
    default=7,
    low=1,
    high=90,
    label=_("Days a competitor's price counts"),
    help=_("Older prices are shown as stale and no longer move ours."),
)
FETCH_HOURS = whole(
    "catalog.fetch_hours",
    default=12,
    low=1,
    high=168,
    label=_("Hours between two looks at a competitor's page"),
)
REPRICE_BELOW = rate(
    "catalog.reprice_below",
    default=Decimal("0.04"),
    low=Decimal("0.03"),
    high=Decimal("0.05"),
    label=_("Repricer: below the market by"),
    help=_("0.04 aims 4% below the average of the competitors."),
)
REPRICE_MARGIN = rate(
    "catalog.reprice_margin",
    default=Decimal("0.10"),
    low=Decimal("0"),
    high=Decimal("5"),
    label=_("Repricer: minimum margin on cost"),
    help=_("0.10 never goes below cost plus 10%."),
)
REPRICE_ASK_OVER = rate(
    "catalog.reprice_ask_over",
    default=Decimal("0.20"),
    low=Decimal("0"),
    high=Decimal("1"),
    label=_("Repricer: asks before moves over"),
    help=_("A larger move than this share of the price waits for a person."),
)
REPRICE_DAILY = flag(
    "catalog.reprice_daily", default=False, label=_("Repricer: makes a proposal every morning")
)
REPRICE_AUTOMATIC = flag(
    "catalog.reprice_automatic",
    default=False,
    label=_("Repricer: applies the morning's proposal itself"),
    help=_("What it has to ask about still waits for a person."),
)
