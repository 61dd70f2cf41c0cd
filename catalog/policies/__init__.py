"""What the merchant may set about goods and stock, a file a subject."""

from catalog.policies import listing, prices, shelf
from catalog.policies.allocation import WEIGHT_COMPLETENESS, WEIGHT_COST, WEIGHT_DISTANCE, WEIGHT_LOAD
from catalog.policies.counting import COUNT_SELF_UP_TO, SCALE_FORMATS, TOO_MUCH_DAYS
from catalog.policies.demand import COVER_DAYS, CRITICAL_SHARE, STAFF_TEMPLATE
from catalog.policies.goods import (
    HOT_SHARE,
    NEW_DAYS,
    PICTURES_AT_MOST,
    SOLD_SHOWN_FROM,
)
from catalog.policies.places import (
    PREPARE_MINUTES,
    SLOT_DAYS,
    SLOT_MINUTES,
)
from catalog.policies.purchasing import (
    APPROVAL_FROM,
    CLOSE_AFTER_DAYS,
    COST_FOLLOWS,
    KEY_SKUS,
    LINK_DAYS,
    OVER_DELIVERY,
)
from catalog.policies.sales_channels import CHANNELS_LISTEN
from catalog.policies.stock import (
    ALERT_AGAIN_HOURS,
    NEAR_EXPIRY_DAYS,
)

__all__ = [
    "ALERT_AGAIN_HOURS",
    "APPROVAL_FROM",
    "CHANNELS_LISTEN",
    "CLOSE_AFTER_DAYS",
    "COST_FOLLOWS",
    "COUNT_SELF_UP_TO",
    "COVER_DAYS",
    "CRITICAL_SHARE",
    "HOT_SHARE",
    "KEY_SKUS",
    "LINK_DAYS",
    "NEAR_EXPIRY_DAYS",
    "NEW_DAYS",
    "OVER_DELIVERY",
    "PICTURES_AT_MOST",
    "PREPARE_MINUTES",
    "SCALE_FORMATS",
    "SLOT_DAYS",
    "SLOT_MINUTES",
    "SOLD_SHOWN_FROM",
    "STAFF_TEMPLATE",
    "TOO_MUCH_DAYS",
    "WEIGHT_COMPLETENESS",
    "WEIGHT_COST",
    "WEIGHT_DISTANCE",
    "WEIGHT_LOAD",
    "listing",
    "prices",
    "shelf",
]
