"""Freight templates as the merchant writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.errors import LastFreightRate
from catalog.models import FreightRegion, FreightTemplate
from catalog.services.prices import checked
from catalog.terms import FreightBasis
from shop.core import audit
from shop.core.errors import Invalid
from shop.core.transactions import unit


@dataclass(frozen=True)
class Rate:
    """The rate of some divisions (none: everywhere else); units are pieces, grams or cubic centimetres."""

    region_codes: tuple[str, ...] = ()
    first_units: int = 1
    first_fee: Decimal = Decimal(0)
    next_units: int = 1
    next_fee: Decimal = Decimal(0)
    free_from: Decimal | None = None
    delivers: bool = True


@unit
def save(
    *,
    name: str,
    basis: str,
    rates: Sequence[Rate],
    actor: str,
    is_default: bool = False,
    template: FreightTemplate | None = None,
) -> FreightTemplate:
    """Write a template with all its rates; a new default takes over from the old one.

    Raises LastFreightRate, Invalid.
    """
    if not rates:
        raise LastFreightRate()
    if basis not in FreightBasis.values:
        raise Invalid(field="basis")
    if sum(not rate.region_codes for rate in rates) > 1:
        raise Invalid(field="region_codes")
    template = template or FreightTemplate()
    if is_default:
        FreightTemplate.objects.exclude(pk=template.pk).filter(is_default=True).update(is_default=False)
    template.name, template.basis, template.is_default = name, basis, is_default
    template.save()
    template.regions.all().delete()
    FreightRegion.objects.bulk_create(
        _region(template, rate, position) for position, rate in enumerate(rates)
    )
    audit.record(
        actor=actor,
        verb="save_freight_template",
        target=f"freight_template:{template.pk}",
        after={"basis": basis, "rates": len(rates), "is_default": is_default},
    )
    return template


def _region(template: FreightTemplate, rate: Rate, position: int) -> FreightRegion:
    if min(rate.first_units, rate.next_units) < 1:
        raise Invalid(field="first_units")
    for code in rate.region_codes:
        if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 6)):
            raise Invalid(field="region_codes")
    return FreightRegion(
        template=template,
        region_codes=list(rate.region_codes),
        first_units=rate.first_units,
        first_fee=checked(rate.first_fee),
        next_units=rate.next_units,
        next_fee=checked(rate.next_fee),
        free_from=None if rate.free_from is None else checked(rate.free_from),
        delivers=rate.delivers,
        position=position,
    )
