"""Taking one product out of everything that runs or is planned, because it may not be offered any more."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from catalog.models import Sku
from marketing import locks
from marketing.models import BundlePart, BundlePrice, FullReduction, LimitedDiscount, LimitedPrice, TierPrice
from marketing.models.base import Offer
from marketing.terms import ScopeKind
from shop.core import audit, clock, refs
from shop.core.transactions import unit


@unit
def withdraw(*, product_id: int, reason: str) -> list[str]:
    """End every offer that is about this product, or take the product out of it when it is about others too.
    Offers about all goods or whole categories go on: they aren't the product's. Orders that exist keep their
    prices. Returns what was stopped, as "model:key:how"; nothing the second time. Tables are locked in the
    order of their names."""
    now = clock.now()
    sku_ids = list(Sku.objects.filter(product=product_id).values_list("pk", flat=True))
    return [
        *_bundles(sku_ids, now, reason),
        *_scoped(FullReduction, product_id, sku_ids, now, reason),
        *_limited(sku_ids, now, reason),
        *_scoped(TierPrice, product_id, sku_ids, now, reason),
    ]


def _bundles(sku_ids: list[int], now: datetime, reason: str) -> Iterator[str]:
    """A set that lacks a part is another set: the whole offer ends."""
    ids = BundlePart.objects.filter(sku__in=sku_ids).values("bundle")
    for bundle in locks.offers(_alive(BundlePrice, now).filter(pk__in=ids)):
        yield _end(bundle, reason)


def _limited(sku_ids: list[int], now: datetime, reason: str) -> Iterator[str]:
    rows = LimitedPrice.objects.filter(sku__in=sku_ids).values("discount")
    discounts = locks.offers(_alive(LimitedDiscount, now).filter(pk__in=rows))
    locks.limited_prices([discount.pk for discount in discounts], sku_ids)
    for discount in discounts:
        others = LimitedPrice.objects.filter(discount=discount).exclude(sku__in=sku_ids)
        if not others.exists():
            yield _end(discount, reason)
            continue
        LimitedPrice.objects.filter(discount=discount, sku__in=sku_ids).delete()
        yield _taken_out(discount, reason)


def _scoped(
    model: type[Any], product_id: int, sku_ids: list[int], now: datetime, reason: str
) -> Iterator[str]:
    about = Q(scope_kind=ScopeKind.PRODUCTS, products=product_id) | Q(
        scope_kind=ScopeKind.SKUS, skus__in=sku_ids
    )
    found = list(_alive(model, now).filter(about).order_by().values_list("pk", flat=True).distinct())
    for offer in locks.offers(model._default_manager.filter(pk__in=found)):
        chosen, mine = (
            (offer.products, [product_id])
            if offer.scope_kind == ScopeKind.PRODUCTS
            else (offer.skus, sku_ids)
        )
        if not chosen.exclude(pk__in=mine).exists():
            yield _end(offer, reason)
            continue
        chosen.remove(*mine)
        yield _taken_out(offer, reason)


def _alive(model: type[Any], now: datetime) -> QuerySet[Any]:
    """Switched on and not over: running or still to come."""
    return model._default_manager.filter(Q(ends_at=None) | Q(ends_at__gt=now), is_active=True)


def _end(offer: Offer, reason: str) -> str:
    offer.is_active = False
    offer.save(update_fields=["is_active"])
    return _note(offer, "stop_promotion", reason)


def _taken_out(offer: Offer, reason: str) -> str:
    return _note(offer, "narrow_promotion", reason)


def _note(offer: Offer, verb: str, reason: str) -> str:
    audit.record(
        actor=refs.SYSTEM, verb=verb, target=f"{offer._meta.label_lower}:{offer.pk}", reason=reason[:200]
    )
    return f"{offer._meta.label_lower}:{offer.pk}:{'ended' if verb == 'stop_promotion' else 'narrowed'}"
