"""Refusals about sales channels."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class ChannelUntrusted(Refusal):
    """The signature of a call in the name of a channel does not fit, or it is too old."""

    code = "channel_untrusted"
    status = 401
    message = _("The signature does not fit.")


class NotSoldThere(Refusal):
    """A channel speaks of goods it does not offer. extra: code."""

    code = "not_sold_there"
    status = 400
    message = _("{code} is not sold through this channel.")


class ChannelAddressRefused(Refusal):
    """The host is not among CHANNEL_HOSTS. extra: host."""

    code = "channel_address_refused"
    status = 400
    message = _("{host} is not an allowed address. Ask whoever runs the server to add it to CHANNEL_HOSTS.")
