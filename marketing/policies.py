"""What the merchant may set about prices."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import rate, whole

POINTS_PER_YUAN_OFF = whole(
    "marketing.points_per_yuan_off",
    default=100,
    low=1,
    high=10000,
    label=_("Points worth one yuan"),
    help=_("How many points a shopper gives for one yuan off."),
)
POINTS_CAP = rate(
    "marketing.points_cap",
    default=Decimal("0.30"),
    low=Decimal("0"),
    high=Decimal("1"),
    label=_("Share of the goods points may pay"),
    help=_("0.30 lets points pay at most 30% of the goods, counted after the coupon."),
)
MEMBER_GAP = rate(
    "marketing.member_gap",
    default=Decimal("0.03"),
    low=Decimal("0"),
    high=Decimal("0.9"),
    label=_("Smallest gap of a member price"),
    help=_("A member price must be lower than the normal price by at least this share."),
)
