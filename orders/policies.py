"""What the merchant may set about the trade."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import rate, whole

PAYMENT_MINUTES = whole(
    "orders.payment_minutes",
    default=15,
    low=1,
    high=1440,
    label=_("Minutes to pay"),
    help=_("An unpaid order is closed after this time and its goods are free again."),
)
AUTO_CONFIRM_DAYS = whole(
    "orders.auto_confirm_days",
    default=10,
    low=1,
    high=60,
    label=_("Days until receipt is assumed"),
    help=_("A shipped order counts as received after this time."),
)
EXTEND_DAYS = whole(
    "orders.extend_days",
    default=7,
    low=1,
    high=30,
    label=_("Days a shopper may extend receipt by"),
    help=_("A shopper may do so once."),
)
NUDGE_AFTER_HOURS = whole(
    "orders.nudge_after_hours",
    default=2,
    low=0,
    high=168,
    label=_("Hours after payment until a shopper may ask for shipping"),
    help=_("After that once in 24 hours; the order then waits among the to-dos."),
)
POINTS_PER_YUAN = rate(
    "orders.points_per_yuan",
    default=Decimal(1),
    high=Decimal(100),
    label=_("Points per yuan of goods paid"),
    help=_("Given when the goods were received; freight earns nothing."),
)
GROWTH_PER_YUAN = rate(
    "orders.growth_per_yuan",
    default=Decimal(1),
    high=Decimal(100),
    label=_("Growth per yuan of goods paid"),
    help=_("Counts towards the next member level."),
)
BASKET_LINES = whole(
    "orders.basket_lines",
    default=120,
    low=10,
    high=500,
    label=_("Lines a basket may hold"),
    help=_("More lines make baskets slow to price."),
)
