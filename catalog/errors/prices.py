"""Refusals about prices."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class BelowFloor(Refusal):
    """The price is under the SKU's floor price. extra: floor."""

    code = "below_floor"
    message = _("The price may not be lower than ¥{floor}.")
