"""What the merchant may set about pickup."""

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import whole

SLOT_MINUTES = whole(
    "catalog.slot_minutes",
    default=120,
    low=15,
    high=720,
    label=_("Length of a pickup slot in minutes"),
    help=_("Opening hours are divided into slots of this length."),
)


SLOT_DAYS = whole(
    "catalog.slot_days",
    default=3,
    low=1,
    high=30,
    label=_("Days ahead that can be booked for pickup"),
    help=_("Today counts as the first day."),
)


PREPARE_MINUTES = whole(
    "catalog.prepare_minutes",
    default=30,
    low=0,
    high=2880,
    label=_("Minutes needed to prepare a pickup"),
    help=_("Slots that end sooner than this are not offered."),
)
