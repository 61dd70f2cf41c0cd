"""Offers begin and end by the clock; this is where the shop says so."""

from django.db.models import Q

from marketing import locks
from marketing.events import PromotionEnded, PromotionStarted
from marketing.models import BundlePrice, FullReduction, LimitedDiscount, TierPrice
from marketing.models.base import Offer
from marketing.selectors import running
from shop.core import audit, clock, refs
from shop.core.events import publish
from shop.core.transactions import unit

KINDS: tuple[type[Offer], ...] = (BundlePrice, FullReduction, LimitedDiscount, TierPrice)


def announce_due() -> int:
    """Publishes and audits the start and the end of every offer once; returns how many there were.

    Prices don't wait for this: a quote judges windows by itself.
    """
    return sum(_announce(model) for model in KINDS)


@unit
def _announce(model: type[Offer]) -> int:
    now = clock.now()
    runs = running.is_running(now)
    due = model._default_manager.filter((runs & Q(is_announced=False)) | (~runs & Q(is_announced=True)))
    changed = locks.offers(due)
    for offer in changed:
        offer.is_announced = not offer.is_announced
        publish((PromotionStarted if offer.is_announced else PromotionEnded)(rule=offer.rule))
        audit.record(
            actor=refs.SYSTEM,
            verb="promotion_started" if offer.is_announced else "promotion_ended",
            target=f"{offer._meta.label_lower}:{offer.pk}",
        )
    model._default_manager.bulk_update(changed, ["is_announced"])
    return len(changed)
