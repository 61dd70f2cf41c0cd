"""What the merchant may set about stock."""

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import whole

ALERT_AGAIN_HOURS = whole(
    "catalog.alert_again_hours",
    default=24,
    low=1,
    high=720,
    label=_("Hours between two stock warnings"),
    help=_("The same stock is reported at most once in this time."),
)


NEAR_EXPIRY_DAYS = whole(
    "catalog.near_expiry_days",
    default=7,
    low=1,
    high=90,
    label=_("Days before its end from which a batch expires soon"),
    help=_("For batches without a day of making; with one, the length of the shelf life decides."),
)
