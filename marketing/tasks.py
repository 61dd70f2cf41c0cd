"""Work by the clock: each job scans what is due."""

from datetime import timedelta

from marketing.models import PromotionUse
from marketing.services import coupons, promotions
from shop.core import beat, retention

retention.keep(
    "released promotion uses",
    timedelta(days=180),
    lambda before: PromotionUse.objects.filter(released_at__lt=before),
)


@beat.beat_job("marketing.expire_coupons")
def expire_coupons() -> int:
    return coupons.expire_due()


@beat.beat_job("marketing.announce_promotions")
def announce_promotions() -> int:
    return promotions.announce_due()
