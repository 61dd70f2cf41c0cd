"""Whether anybody beside the shop wants to hear of stock; switched by the channels themselves."""

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import Policy

CHANNELS_LISTEN = Policy(
    "catalog.channels_listen",
    kind="flag",
    default=False,
    parse=bool,
    label=_("Sales channels are told of stock"),
    has_own_page=True,
)
