"""What the merchant may set about figures."""

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import flag

COUNT_VISITS = flag(
    "analytics.count_visits",
    default=True,
    label=_("Count visitors"),
    help=_(
        "One row a browser and day, nothing that leads to a person, kept for 180 days. "
        "Off: the dashboard shows no visitors and no conversion."
    ),
)
