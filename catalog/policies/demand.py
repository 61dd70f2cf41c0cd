"""What the merchant may set about warnings of short stock."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import rate, text, whole

COVER_DAYS = whole(
    "catalog.cover_days",
    default=15,
    low=0,
    high=180,
    label=_("Best sellers: warn below days of cover"),
    help=_("Warn when what is left of a best seller lasts fewer days at its expected pace; 0 never does."),
)
CRITICAL_SHARE = rate(
    "catalog.critical_share",
    default=Decimal("0.34"),
    label=_("Almost gone from"),
    help=_("A warning becomes urgent when no more than this share of its mark is left."),
)
STAFF_TEMPLATE = text(
    "catalog.stock_template",
    default="",
    label=_("WeChat template for short stock"),
    help=_(
        "The mini-program's subscribe message that tells the staff of a place, as “template id "
        "thing1=place thing2=what”. Empty: they see it in the back office only."
    ),
    longest=200,
)
