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
