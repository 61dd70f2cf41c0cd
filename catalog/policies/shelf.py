"""What the merchant may set about goods on the shelf."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import rate, text, whole

VIDEO_SHORTEST = whole(
    "catalog.video_shortest",
    default=15,
    low=1,
    high=600,
    label=_("Shortest video in seconds"),
    help=_("Videos of a product that are shorter are refused."),
)
VIDEO_LONGEST = whole(
    "catalog.video_longest",
    default=30,
    low=1,
    high=600,
    label=_("Longest video in seconds"),
    help=_("Videos of a product that are longer are refused."),
)
VIDEOS_AT_MOST = whole(
    "catalog.videos_at_most",
    default=3,
    low=1,
    high=10,
    label=_("Videos per product"),
    help=_("More than these are refused."),
)
VIDEO_MEGABYTES = whole(
    "catalog.video_megabytes",
    default=30,
    low=1,
    high=200,
    label=_("Largest video in MB"),
    help=_("Larger files are refused when they are sent."),
)
TWIN_BITS = whole(
    "catalog.twin_bits",
    default=4,
    low=0,
    high=16,
    label=_("Difference of pictures alike"),
    help=_("Of 64 signs by which pictures are compared, so many may differ. 0 finds copies only."),
)
SPOT_CHECKS = whole(
    "catalog.spot_checks",
    default=5,
    low=0,
    high=200,
    label=_("Spot checks a week"),
    help=_("So many products are picked at random each Monday. 0 switches it off."),
)
SPOT_CHECK_DAYS = whole(
    "catalog.spot_check_days",
    default=3,
    low=1,
    high=30,
    label=_("Days to finish a spot check"),
    help=_("After that it is late."),
)
SPOT_CHECK_REST = whole(
    "catalog.spot_check_rest",
    default=60,
    low=0,
    high=730,
    label=_("Days before a product is picked again"),
    help=_("Counted from its last spot check."),
)
IDLE_DAYS = whole(
    "catalog.idle_days",
    default=30,
    low=3,
    high=365,
    label=_("Days without a sale before a warning"),
    help=_("Counted for goods that have been on the shelf at least so long."),
)
UNSEEN_VIEWS = whole(
    "catalog.unseen_views",
    default=30,
    low=0,
    high=100000,
    label=_("Page views that count as seen"),
    help=_("Goods that don't sell and were looked at less often are called unseen."),
)
DEAR_SHARE = rate(
    "catalog.dear_share",
    default=Decimal("0.15"),
    low=Decimal("0"),
    high=Decimal("5"),
    label=_("Dearer than the neighbours by"),
    help=_("0.15: a product 15% above the middle price of its category is called dear."),
)
FEW_PICTURES = whole(
    "catalog.few_pictures",
    default=3,
    low=1,
    high=20,
    label=_("Pictures a product should have"),
    help=_("Fewer are named as a cause of no sales, and a seasonal plan waits for them."),
)
LAUNCH_AT_MOST = whole(
    "catalog.launch_at_most",
    default=30,
    low=1,
    high=1000,
    label=_("Products to open with, at most"),
    help=_("A new shop with more of them before its first week is over is told to start smaller."),
)
WATERMARK_WORDS = text(
    "catalog.watermark_words",
    default="",
    longest=20,
    label=_("Words of the watermark"),
    help=_("Empty: the name of the shop."),
)
