"""Bundle lane: goods that cost less when bought together.

A piece serves one bundle. Bundles are served in the order of what one set saves; sets are formed one by one
from the dearest open pieces for as long as a further set still saves something.
"""

from decimal import Decimal

from marketing.pricing.facts import BundlePrice, Facts
from marketing.pricing.ledger import Ledger, cash, total
from marketing.pricing.split import spread
from shop.core.money import ZERO


def apply(facts: Facts, ledger: Ledger) -> None:
    """Take off what complete sets save."""
    free = {line.key: line.quantity for line in ledger.lines if line.key not in ledger.closed}
    bundles = [bundle for bundle in facts.bundles if bundle.parts]
    for bundle in sorted(bundles, key=lambda bundle: (-_saving_of_one(bundle, ledger, free), bundle.rule)):
        _serve(bundle, ledger, free)


def _one_set(bundle: BundlePrice, ledger: Ledger, free: dict[str, int]) -> dict[str, int] | None:
    """Pieces by line for one more set, dearest first; None when a part is missing."""
    chosen: dict[str, int] = {}
    for sku_id, needed in bundle.parts.items():
        lines = [line for line in ledger.lines if line.sku_id == sku_id and free.get(line.key, 0) > 0]
        for line in sorted(lines, key=lambda line: (-ledger.unit_prices[line.key], line.key)):
            pieces = min(needed, free[line.key])
            chosen[line.key] = pieces
            needed -= pieces
            if not needed:
                break
        if needed:
            return None
    return chosen


def _value(pieces: dict[str, int], ledger: Ledger) -> dict[str, Decimal]:
    return {key: ledger.unit_prices[key] * count for key, count in pieces.items()}


def _saving_of_one(bundle: BundlePrice, ledger: Ledger, free: dict[str, int]) -> Decimal:
    pieces = _one_set(bundle, ledger, free)
    return total(_value(pieces, ledger).values()) - bundle.price if pieces else ZERO


def _serve(bundle: BundlePrice, ledger: Ledger, free: dict[str, int]) -> None:
    used: dict[str, int] = {}
    sets = 0
    while pieces := _one_set(bundle, ledger, free):
        if total(_value(pieces, ledger).values()) <= bundle.price:
            break
        sets += 1
        for key, count in pieces.items():
            free[key] -= count
            used[key] = used.get(key, 0) + count
    if sets:
        value = _value(used, ledger)
        shares = spread(total(value.values()) - bundle.price * sets, value)
        ledger.take(
            "bundle",
            bundle.rule,
            "bundle_price",
            shares,
            {"name": bundle.name, "price": cash(bundle.price), "sets": sets},
        )
    _tell(bundle, ledger, free, sets)


def _tell(bundle: BundlePrice, ledger: Ledger, free: dict[str, int], sets: int) -> None:
    """A set that is begun but not complete, or complete but not cheaper than it is anyway."""
    held = {
        sku_id: sum(free.get(line.key, 0) for line in ledger.lines if line.sku_id == sku_id)
        for sku_id in bundle.parts
    }
    missing = {sku_id: max(0, needed - held[sku_id]) for sku_id, needed in sorted(bundle.parts.items())}
    if sets or not any(held.values()):
        return
    parameters: dict[str, str | int] = {"name": bundle.name, "price": cash(bundle.price)}
    if any(missing.values()):
        parameters["missing_count"] = sum(missing.values())
        parameters["sku_id"] = next(sku_id for sku_id, count in missing.items() if count)
        ledger.why_not("bundle", bundle.rule, "bundle_incomplete", parameters)
    else:
        ledger.why_not("bundle", bundle.rule, "bundle_not_lower", parameters)
