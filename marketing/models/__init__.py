from marketing.models.bundle import BundlePart, BundlePrice
from marketing.models.coupon import Coupon, CouponGrant, CouponGrantTransition
from marketing.models.level_price import LevelPrice, SkuLevelPrice
from marketing.models.limit import LimitTally, PurchaseLimit
from marketing.models.limited import LimitedDiscount, LimitedPrice
from marketing.models.reduction import FullReduction, FullReductionStep
from marketing.models.tier import TierPrice, TierStep
from marketing.models.use import PromotionUse

__all__ = [
    "BundlePart",
    "BundlePrice",
    "Coupon",
    "CouponGrant",
    "CouponGrantTransition",
    "FullReduction",
    "FullReductionStep",
    "LevelPrice",
    "LimitTally",
    "LimitedDiscount",
    "LimitedPrice",
    "PromotionUse",
    "PurchaseLimit",
    "SkuLevelPrice",
    "TierPrice",
    "TierStep",
]
