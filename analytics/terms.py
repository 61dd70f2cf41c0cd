"""The figures of the shop: what each is called and what exactly it counts."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReorderStatus(TextChoices):
    """What became of a suggestion to buy."""

    OPEN = "open", pgettext_lazy("reorder", "To decide")
    ORDERED = "ordered", pgettext_lazy("reorder", "Ordered")
    DISMISSED = "dismissed", pgettext_lazy("reorder", "Not now")


class RemedyKind(TextChoices):
    """What can be done about goods that don't sell."""

    CLEAR = "clear", pgettext_lazy("remedy", "Clear at a lower price")
    BUNDLE = "bundle", pgettext_lazy("remedy", "Bundle with what sells")
    OUTSIDE = "outside", pgettext_lazy("remedy", "Bring traffic from outside")
    RETURN = "return", pgettext_lazy("remedy", "Return to the supplier")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure's name and its definition, shown wherever the figure is."""

    code: str
    label: str | Promise
    definition: str | Promise


SALES = Figure(
    "sales",
    pgettext_lazy("figure", "Sales"),
    _("Money taken by orders, counted at the moment they were paid, before any refund."),
)
ORDERS = Figure(
    "orders",
    pgettext_lazy("figure", "Orders"),
    _("Orders paid, also those with nothing left to pay after coupons and points."),
)
AVERAGE = Figure(
    "average",
    pgettext_lazy("figure", "Average order"),
    _("Sales divided by orders of the same time, to the fen."),
)
NEW_MEMBERS = Figure(
    "new_members",
    pgettext_lazy("figure", "New members"),
    _("People who signed in for the first time."),
)
VISITORS = Figure(
    "visitors",
    pgettext_lazy("figure", "Visitors"),
    _("Browsers that opened a page of the shop, each once a day. Robots and staff don't count."),
)
CONVERSION = Figure(
    "conversion",
    pgettext_lazy("figure", "Conversion"),
    _("People who paid an order, per hundred visitors of the same time."),
)
REFUNDED = Figure(
    "refunded",
    pgettext_lazy("figure", "Refunded"),
    _("Sales that went back to shoppers, counted at the moment the gateway confirmed it."),
)
PIECES = Figure(
    "pieces",
    pgettext_lazy("figure", "Pieces"),
    _("Pieces in orders paid in this time, before any return."),
)
GOODS = Figure(
    "goods",
    pgettext_lazy("figure", "Goods sold"),
    _("What shoppers paid for these goods after every offer, without freight, before any refund."),
)
