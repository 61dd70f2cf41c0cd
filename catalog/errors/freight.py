"""Refusals about freight."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class LastFreightRate(Refusal):
    """A default template needs a rate for everywhere else."""

    code = "freight_rate_missing"
    message = _("A freight template needs at least one regional rate.")
