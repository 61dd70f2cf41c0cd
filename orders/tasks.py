"""Thin Celery names of the trade's periodic work: each scans what is due."""

from datetime import timedelta

from orders.models import Basket, GatewayCall, Notice
from orders.services import closing, place_load, receipts, refunds, settling
from shop.core import retention
from shop.core.beat import beat_job

GUEST_BASKETS_LIVE = timedelta(days=60)

retention.keep(
    "guest_baskets",
    GUEST_BASKETS_LIVE,
    lambda before: Basket.objects.filter(member=None, updated_at__lt=before),
)
# The books refer to payments and refunds, not to these; three years is what e-commerce law asks (art. 31).
VENDOR_WORDS_LIVE = timedelta(days=3 * 365)

retention.keep("notices", VENDOR_WORDS_LIVE, lambda before: Notice.objects.filter(processed_at__lt=before))
retention.keep(
    "gateway_calls", VENDOR_WORDS_LIVE, lambda before: GatewayCall.objects.filter(made_at__lt=before)
)


@beat_job("orders.close_expired")
def close_expired() -> int:
    return closing.expire_due()


@beat_job("orders.confirm_due")
def confirm_due() -> int:
    return receipts.confirm_due()


@beat_job("orders.count_waiting")
def count_waiting() -> int:
    return place_load.refresh()


@beat_job("orders.ask_payments")
def ask_payments() -> int:
    return settling.ask_due()


@beat_job("orders.ask_refunds")
def ask_refunds() -> int:
    return refunds.ask_due()
