"""Making SKUs of other SKUs: bundle products 组合商品 and gift boxes 礼盒."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog import locks
from catalog.errors.bundles import (
    BundleInBundle,
    BundleTooSmall,
    BundleTwice,
    InsideABundle,
    PartnerMissing,
    StockOfItsOwn,
)
from catalog.models import Bundle, BundleComponent, Sku, StockLevel
from catalog.terms.bundles import COMPONENTS_AT_MOST, PIECES_AT_MOST, BundleKind
from shop.core import audit, clock
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit


@dataclass(frozen=True, slots=True)
class Component:
    """So many pieces of a SKU in one bundle."""

    sku_id: int
    quantity: int


@unit
def save(
    *,
    sku_id: int,
    components: Sequence[Component],
    actor: str,
    kind: str = BundleKind.BUNDLE,
    partner_id: int | None = None,
    revenue_share: Decimal = Decimal(0),
    channel_code: str = "",
) -> Bundle:
    """Make the SKU a bundle of these components, or change the bundle it is.

    Orders that exist keep the components they were placed with; a changed content gets a new version, and a
    shopper who saw the old one is asked again. Weight and volume are taken from the components while the SKU
    has none. Raises NotFound, Invalid, BundleTooSmall, BundleTwice, BundleInBundle, InsideABundle,
    StockOfItsOwn, PartnerMissing.
    """
    _check(components, kind, revenue_share)
    if revenue_share and partner_id is None:
        raise PartnerMissing()
    wanted = {one.sku_id: one.quantity for one in components}
    known = {sku.pk: sku for sku in locks.skus({sku_id, *wanted})}
    if len(known) < len({sku_id, *wanted}):
        raise NotFound(sku_ids=sorted({sku_id, *wanted} - known.keys()))
    if sku_id in wanted:
        raise BundleInBundle(title=_name(known[sku_id]))
    twice = next((one for one in components if _times(one, components) > 1), None)
    if twice:
        raise BundleTwice(title=_name(known[twice.sku_id]))
    bundle = Bundle.objects.filter(sku=sku_id).first()
    _check_levels_of_making(sku_id, known)
    if bundle is None:
        _forget_empty_levels(known[sku_id])
        bundle = Bundle(sku_id=sku_id, version=0)
    before = _as_audited(bundle) if bundle.pk else {}
    changed = before.get("components") != _audited(components)
    bundle.kind, bundle.partner_id = kind, partner_id
    bundle.revenue_share, bundle.channel_code = revenue_share, channel_code.strip()
    bundle.version += changed
    bundle.updated_at = clock.page_now()
    bundle.save()
    if changed:
        bundle.components.all().delete()
        BundleComponent.objects.bulk_create(
            BundleComponent(bundle=bundle, sku_id=one.sku_id, quantity=one.quantity, position=position)
            for position, one in enumerate(components)
        )
    _weigh(known[sku_id], wanted, known)
    after = _as_audited(bundle)
    if before != after:
        audit.record(actor=actor, verb="save_bundle", target=f"sku:{sku_id}", before=before, after=after)
    return bundle


@unit
def dissolve(*, sku_id: int, actor: str) -> None:
    """The SKU is an ordinary one again; orders keep what they sold. Nothing happens to its components."""
    bundle = Bundle.objects.filter(sku=sku_id).first()
    if bundle is None:
        raise NotFound(sku_id=sku_id)
    before = _as_audited(bundle)
    bundle.delete()
    audit.record(actor=actor, verb="dissolve_bundle", target=f"sku:{sku_id}", before=before)


def _check(components: Sequence[Component], kind: str, revenue_share: Decimal) -> None:
    if kind not in BundleKind.values or not 0 <= revenue_share <= 100:
        raise Invalid(field="kind" if kind not in BundleKind.values else "revenue_share")
    if len(components) > COMPONENTS_AT_MOST:
        raise Invalid(field="components", most=COMPONENTS_AT_MOST)
    if any(not 1 <= one.quantity <= PIECES_AT_MOST for one in components):
        raise Invalid(field="quantity", most=PIECES_AT_MOST)
    if sum(one.quantity for one in components) < 2:
        raise BundleTooSmall()


def _times(one: Component, components: Sequence[Component]) -> int:
    return sum(other.sku_id == one.sku_id for other in components)


def _check_levels_of_making(sku_id: int, known: dict[int, Sku]) -> None:
    """A bundle holds single goods only, and a single good in a bundle stays one. The rows are locked, so two
    people can't put two bundles into each other at once."""
    bundles = set(Bundle.objects.filter(sku__in=known.keys() - {sku_id}).values_list("sku_id", flat=True))
    for inside in sorted(known.keys() - {sku_id}):
        if inside in bundles:
            raise BundleInBundle(title=_name(known[inside]))
    if BundleComponent.objects.filter(sku=sku_id).exists():
        raise InsideABundle(title=_name(known[sku_id]))


def _forget_empty_levels(sku: Sku) -> None:
    levels = StockLevel.objects.filter(sku=sku)
    if levels.filter(movements__isnull=False).exists():
        raise StockOfItsOwn(code=sku.code)
    levels.delete()


def _weigh(sku: Sku, wanted: dict[int, int], known: dict[int, Sku]) -> None:
    if not sku.weight_grams:
        sku.weight_grams = sum(known[pk].weight_grams * quantity for pk, quantity in wanted.items())
    if not sku.volume_cm3:
        sku.volume_cm3 = sum(known[pk].volume_cm3 * quantity for pk, quantity in wanted.items())
    Sku.objects.filter(pk=sku.pk).update(weight_grams=sku.weight_grams, volume_cm3=sku.volume_cm3)


def _name(sku: Sku) -> str:
    return f"{sku.product.title} {sku.spec_text}".strip()


def _audited(components: Sequence[Component]) -> list[str]:
    return [f"{one.sku_id}×{one.quantity}" for one in components]


def _as_audited(bundle: Bundle) -> dict[str, Any]:
    return {
        "kind": str(bundle.kind),
        "partner": bundle.partner_id,
        "revenue_share": str(Decimal(bundle.revenue_share).normalize()),
        "channel_code": bundle.channel_code,
        "components": [f"{row.sku_id}×{row.quantity}" for row in bundle.components.all()],
    }
