"""What other shops ask for the same goods: who they are, which goods compare, what was seen."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.channels import page_facts
from catalog.errors.prices import ObservationUnclear
from catalog.models import Competitor, CompetitorGoods, PriceObservation, Sku
from catalog.services import prices
from catalog.terms.prices import ObservationSource
from shop.core import audit, clock
from shop.core.errors import NotFound
from shop.core.transactions import unit

KEPT_DAYS = 400
OLDEST_DAYS = 90


@unit
def save(*, competitor: Competitor, actor: str) -> Competitor:
    """Write a competitor. Raises ObservationUnclear for a selector that is none."""
    for selector in (competitor.price_selector, competitor.promotion_selector):
        if selector and not page_facts.is_selector(selector):
            raise ObservationUnclear(detail=_("“{text}” is not a selector.").format(text=selector))
    competitor.save()
    audit.record(
        actor=actor,
        verb="save_competitor",
        target=f"competitor:{competitor.pk}",
        after={"is_fetched": competitor.is_fetched, "is_active": competitor.is_active},
    )
    return competitor


@unit
def pair(
    *, competitor_id: int, sku_id: int, actor: str, url: str = "", name: str = "", is_active: bool = True
) -> CompetitorGoods:
    """Say which goods of theirs compare with our SKU; said again it is changed. Raises NotFound."""
    if not Competitor.objects.filter(pk=competitor_id).exists() or not Sku.objects.filter(pk=sku_id).exists():
        raise NotFound()
    goods, _is_new = CompetitorGoods.objects.update_or_create(
        competitor_id=competitor_id,
        sku_id=sku_id,
        defaults={
            "url": url,
            "name": name,
            "is_active": is_active,
            "fetch_at": clock.page_now() if url and is_active else None,
            "failed_count": 0,
            "error": "",
        },
    )
    audit.record(actor=actor, verb="pair_competitor", target=f"sku:{sku_id}", after={"goods": goods.pk})
    return goods


@unit
def observe(
    *,
    goods_id: int,
    price: Decimal,
    actor: str,
    source: str = ObservationSource.HAND,
    promotion_text: str = "",
    rating: Decimal | None = None,
    review_count: int | None = None,
    observed_at: datetime | None = None,
) -> PriceObservation:
    """Keep what the goods cost there (yuan); the same moment again changes nothing. Raises NotFound, Invalid
    for what is no price, ObservationUnclear for 0, a moment to come or more than 90 days ago, or a rating
    that is none."""
    now = clock.page_now()
    seen = observed_at or now
    checked = prices.checked(price)
    if checked == 0:
        raise ObservationUnclear(detail=_("nothing costs ¥0.00."))
    if seen > now + timedelta(minutes=5):
        raise ObservationUnclear(detail=_("it was seen in the future."))
    if seen < now - timedelta(days=OLDEST_DAYS):
        raise ObservationUnclear(detail=_("it is older than {days} days.").format(days=OLDEST_DAYS))
    if rating is not None and not 0 <= rating <= 5:
        raise ObservationUnclear(detail=_("a rating goes from 0 to 5."))
    if not CompetitorGoods.objects.filter(pk=goods_id).exists():
        raise NotFound(goods_id=goods_id)
    found, _is_new = PriceObservation.objects.get_or_create(
        goods_id=goods_id,
        observed_at=seen,
        defaults={
            "price": checked,
            "promotion_text": promotion_text[:120],
            "rating": rating,
            "review_count": review_count,
            "source": source,
            "actor": actor,
        },
    )
    return found


def forget_old(limit: int = 5000) -> int:
    """Observations of more than 400 days ago go; how many went."""
    old = PriceObservation.objects.filter(observed_at__lt=clock.page_now() - timedelta(days=KEPT_DAYS))
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    count, _rows = PriceObservation.objects.filter(pk__in=keys).delete()
    return count
