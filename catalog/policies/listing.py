"""What the merchant may set about listings and their review."""

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import flag, whole

TITLE_SHORTEST = whole(
    "catalog.title_shortest",
    default=8,
    low=1,
    high=30,
    label=_("Shortest good title"),
    help=_("Characters. Shorter titles cost points."),
)
DESCRIPTION_SHORTEST = whole(
    "catalog.description_shortest",
    default=60,
    low=0,
    high=5000,
    label=_("Shortest good description"),
    help=_("Characters without pictures. Shorter ones cost points."),
)
PAPER_NOTICE_DAYS = whole(
    "catalog.paper_notice_days",
    default=30,
    low=0,
    high=365,
    label=_("Days before a paper expires"),
    help=_("From then on the listing says so."),
)
FOUR_EYES = flag(
    "catalog.listing_four_eyes",
    default=False,
    label=_("Two people for every new listing"),
    help=_("Nobody approves what they submitted themselves, and nothing new goes on the shelf unreviewed."),
)
