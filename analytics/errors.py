"""Refusals of analytics."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class AlreadyTreated(Refusal):
    """A remedy for these goods is still running."""

    code = "already_treated"
    message = _("Something is being done about these goods already. End that first.")


class NobodyTakesBack(Refusal):
    code = "nobody_takes_back"
    message = _("No supplier is known for these goods, so nobody can take them back.")


class NothingLeft(Refusal):
    code = "nothing_left"
    message = _("Nothing of these goods is left.")


class NothingToOrder(Refusal):
    code = "nothing_to_order"
    message = _(
        "Nothing to order: choose suggestions with a supplier. What was ordered before is not repeated."
    )
