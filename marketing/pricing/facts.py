"""Facts: everything a price depends on, as plain values. Pure: no Django, no clock, no tables.

Prices and amounts are yuan with two places; a `rate` is the share of the price that is paid (0.9 = 九折);
a `rule` names the merchant's rule for the record, such as "tier:7".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

ScopeKind = Literal["all", "products", "categories", "skus"]
CouponKind = Literal["fixed", "percent", "free_shipping"]
FreightBasis = Literal["piece", "weight", "volume"]
DeliveryMode = Literal["express", "pickup", "same_city", "virtual"]

NO_FREIGHT_MODES: frozenset[str] = frozenset({"pickup", "virtual"})


@dataclass(frozen=True, slots=True)
class Line:
    """So many pieces of one SKU. `key` is unique among the lines and stays with the line into the order.

    `contents_version` says which components a bundle product has, 0 for any other SKU.
    """

    key: str
    sku_id: int
    product_id: int
    category_ids: tuple[int, ...]
    list_price: Decimal
    quantity: int
    weight_grams: int = 0
    volume_cm3: int = 0
    freight_template_id: int | None = None
    contents_version: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which goods a rule is about."""

    kind: ScopeKind = "all"
    ids: frozenset[int] = frozenset()

    def covers(self, line: Line) -> bool:
        if self.kind == "all":
            return True
        if self.kind == "products":
            return line.product_id in self.ids
        if self.kind == "skus":
            return line.sku_id in self.ids
        return not self.ids.isdisjoint(line.category_ids)


ALL_GOODS = Scope()


@dataclass(frozen=True, slots=True)
class LevelPrice:
    """What the shopper's level pays: the lower of `rate` times list price and the SKU's own price."""

    rule: str
    level_name: str
    rate: Decimal | None = None
    sku_prices: Mapping[int, Decimal] = field(default_factory=dict)
    is_stackable: bool = True


@dataclass(frozen=True, slots=True)
class TierPrice:
    """Steps are (pieces, rate). Mixed: all lines in scope count together; else each line alone."""

    rule: str
    name: str
    steps: tuple[tuple[int, Decimal], ...]
    scope: Scope = ALL_GOODS
    is_mixed: bool = False
    is_stackable: bool = True


@dataclass(frozen=True, slots=True)
class LimitedPrice:
    """A unit price for a while. `left` pieces of the quota and `own_left` of what one member may have; None
    where nothing bounds them. A basket that wants more pays the normal price."""

    rule: str
    name: str
    sku_id: int
    unit_price: Decimal
    left: int | None = None
    own_left: int | None = None
    is_stackable: bool = True

    def has_room_for(self, count: int) -> bool:
        return all(left is None or count <= left for left in (self.left, self.own_left))


@dataclass(frozen=True, slots=True)
class ExclusivePrice:
    """A unit price of an activity; `code` says of which (flash, group, bargain, presale)."""

    rule: str
    code: str
    sku_id: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class BundlePrice:
    """One set of `parts` (SKU → pieces) costs `price`."""

    rule: str
    name: str
    parts: Mapping[int, int]
    price: Decimal


@dataclass(frozen=True, slots=True)
class FullReduction:
    """Steps are (threshold, off), in yuan. Cumulative: every multiple of a step's threshold counts."""

    rule: str
    name: str
    steps: tuple[tuple[Decimal, Decimal], ...]
    scope: Scope = ALL_GOODS
    is_cumulative: bool = False


@dataclass(frozen=True, slots=True)
class Coupon:
    """The one coupon the shopper chose. fixed: `off`; percent: `rate`, at most `cap` off; or freight."""

    rule: str
    name: str
    kind: CouponKind
    threshold: Decimal = Decimal("0.00")
    scope: Scope = ALL_GOODS
    off: Decimal | None = None
    rate: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """`per_yuan` points are worth one yuan and pay at most `cap_rate` of the goods."""

    available: int = 0
    wanted: int = 0
    per_yuan: int = 100
    cap_rate: Decimal = Decimal("0.30")


@dataclass(frozen=True, slots=True)
class Freight:
    """What one template costs to the shopper's region. Units are pieces, grams or cubic centimetres."""

    template_id: int
    basis: FreightBasis
    first_units: int
    first_fee: Decimal
    next_units: int
    next_fee: Decimal
    free_from: Decimal | None = None
    delivers: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. `freights` is None while the region is unknown; then freight is not in the price yet."""

    lines: tuple[Line, ...]
    level: LevelPrice | None = None
    limiteds: tuple[LimitedPrice, ...] = ()
    tiers: tuple[TierPrice, ...] = ()
    exclusives: tuple[ExclusivePrice, ...] = ()
    bundles: tuple[BundlePrice, ...] = ()
    reductions: tuple[FullReduction, ...] = ()
    coupon: Coupon | None = None
    points: Points = Points()
    freights: Mapping[int, Freight] | None = field(default_factory=dict)
    delivery_mode: DeliveryMode = "express"
