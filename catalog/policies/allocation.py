"""What counts when the shop chooses the place that ships."""

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import whole

_HELP = _("Among places that need as few parcels; only the proportions of the four numbers matter.")

WEIGHT_DISTANCE = whole(
    "catalog.weight_distance",
    default=50,
    low=0,
    high=100,
    label=_("Choosing a place: weight of the distance"),
    help=_HELP,
)
WEIGHT_COMPLETENESS = whole(
    "catalog.weight_completeness",
    default=20,
    low=0,
    high=100,
    label=_("Choosing a place: weight of having more of the goods"),
    help=_HELP,
)
WEIGHT_COST = whole(
    "catalog.weight_cost",
    default=20,
    low=0,
    high=100,
    label=_("Choosing a place: weight of what a parcel costs"),
    help=_HELP,
)
WEIGHT_LOAD = whole(
    "catalog.weight_load",
    default=10,
    low=0,
    high=100,
    label=_("Choosing a place: weight of orders already waiting there"),
    help=_HELP,
)
