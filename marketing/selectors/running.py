"""The offers that run at an instant, as facts for the pipeline; one query whatever their number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    DecimalField,
    Exists,
    Expression,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from marketing.models import (
    BundlePart,
    BundlePrice,
    FullReduction,
    FullReductionStep,
    LimitedDiscount,
    LimitedPrice,
    TierPrice,
    TierStep,
)
from marketing.models.base import Scoped
from marketing.pricing import facts
from marketing.selectors import limited
from marketing.selectors.limited import LimitedOffer
from marketing.terms import OfferKind, ScopeKind

NUMBER = DecimalField(max_digits=14, decimal_places=3)
NUMBERS = ArrayField(NUMBER)
IDS = ArrayField(BigIntegerField())
TABLES: dict[str, tuple[str, str]] = {
    ScopeKind.PRODUCTS: ("products", "product_id"),
    ScopeKind.CATEGORIES: ("categories", "category_id"),
    ScopeKind.SKUS: ("skus", "sku_id"),
}


@dataclass(frozen=True, slots=True)
class Running:
    """What runs, each kind in the order of its keys; `ends` says until when, by rule."""

    limiteds: tuple[LimitedOffer, ...] = ()
    tiers: tuple[facts.TierPrice, ...] = ()
    reductions: tuple[facts.FullReduction, ...] = ()
    bundles: tuple[facts.BundlePrice, ...] = ()
    ends: Mapping[str, datetime | None] = field(default_factory=dict)


def at(now: datetime, *, sku_ids: Collection[int] | None = None, member_id: int | None = None) -> Running:
    """The offers whose window holds `now` and that are switched on. Limited-time prices are those of
    `sku_ids` (all without), and count what the member has had of them."""
    rows = _tiers(now).union(_reductions(now), _bundles(now), _limiteds(now, sku_ids, member_id), all=True)
    found: dict[str, list[Any]] = {kind.value: [] for kind in OfferKind}
    make = {
        OfferKind.LIMITED.value: limited.read,
        OfferKind.TIER.value: _tier,
        OfferKind.REDUCTION.value: _reduction,
        OfferKind.BUNDLE.value: _bundle,
    }
    ends: dict[str, datetime | None] = {}
    for row in sorted(rows, key=lambda row: (row["offer"], row["id"])):
        ends[f"{row['offer']}:{row['id']}"] = row["ends_at"]
        found[row["offer"]].append(make[row["offer"]](row))
    return Running(
        limiteds=tuple(price for prices in found[OfferKind.LIMITED] for price in prices),
        tiers=tuple(found[OfferKind.TIER]),
        reductions=tuple(found[OfferKind.REDUCTION]),
        bundles=tuple(found[OfferKind.BUNDLE]),
        ends=ends,
    )


def is_running(now: datetime) -> Q:
    """The condition every kind of offer shares."""
    return Q(is_active=True, starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))


def scope_ids(model: type[Model], outer: str = "pk", prefix: str = "") -> Expression:
    """The ids that a rule's scope names, as an array; empty for all goods. `outer` is the rule's key in the
    outer query and `prefix` the way from there to the rule's own columns."""
    cases = []
    for kind, (name, column) in TABLES.items():
        through = getattr(model, name).through
        own = through._meta.get_field(model._meta.model_name).attname
        ids = through.objects.filter(**{own: OuterRef(outer)}).order_by(column).values(column)
        cases.append(When(**{f"{prefix}scope_kind": kind}, then=ArraySubquery(ids)))
    return Case(*cases, default=_no(IDS), output_field=IDS)


def pairs(rows: QuerySet[Any], first: str, second: str) -> ArraySubquery:
    """Two columns of related rows as an array of pairs of decimals."""
    pair = Func(
        Cast(first, NUMBER), Cast(second, NUMBER), template="ARRAY[%(expressions)s]", output_field=NUMBERS
    )
    return ArraySubquery(rows.order_by(first).annotate(pair=pair).values("pair"))


def scope(kind: str, ids: list[int]) -> facts.Scope:
    return facts.Scope(kind, frozenset(ids))  # type: ignore[arg-type]


def _tiers(now: datetime) -> QuerySet[Any, Any]:
    steps = pairs(TierStep.objects.filter(tier=OuterRef("pk")), "min_quantity", "rate")
    return _rows(TierPrice, now, scope_ids(TierPrice), F("is_mixed"), F("is_stackable"), steps, None)


def _reductions(now: datetime) -> QuerySet[Any, Any]:
    steps = pairs(FullReductionStep.objects.filter(reduction=OuterRef("pk")), "threshold", "off")
    return _rows(FullReduction, now, scope_ids(FullReduction), F("is_cumulative"), _no(), steps, None)


def _bundles(now: datetime) -> QuerySet[Any, Any]:
    parts = pairs(BundlePart.objects.filter(bundle=OuterRef("pk")), "sku_id", "quantity")
    return _rows(BundlePrice, now, _no(IDS), _no(), _no(), parts, F("price"))


def _limiteds(now: datetime, sku_ids: Collection[int] | None, member_id: int | None) -> QuerySet[Any, Any]:
    prices = limited.columns(OuterRef("pk"), sku_ids, member_id)
    rows = _rows(LimitedDiscount, now, _no(IDS), F("is_stackable"), _no(), prices, None)
    if sku_ids is None:
        return rows
    return rows.filter(Exists(LimitedPrice.objects.filter(discount=OuterRef("pk"), sku__in=sku_ids)))


def _rows(
    model: Any, now: datetime, ids: Expression, first: Any, second: Any, steps: Any, price: Any
) -> QuerySet[Any, Any]:
    """The same columns for every kind, so that the kinds can be one query."""
    named: Any = F("scope_kind") if issubclass(model, Scoped) else Value(ScopeKind.ALL.value)
    rows = model.objects.filter(is_running(now)).order_by()
    return rows.annotate(
        offer=Value(model.kind.value, CharField()),
        about=Cast(named, CharField()),
        about_ids=ids,
        first=Cast(first, BooleanField()),
        second=Cast(second, BooleanField()),
        pairs=Cast(steps, ArrayField(NUMBERS)),
        amount=Cast(price if price is not None else Value(None), NUMBER),
    ).values("id", "name", "ends_at", "offer", "about", "about_ids", "first", "second", "pairs", "amount")


def _no(field: Any = None) -> Any:
    return Value([], field) if field else Value(False, BooleanField())


def _tier(row: dict[str, Any]) -> facts.TierPrice:
    return facts.TierPrice(
        rule=f"{OfferKind.TIER}:{row['id']}",
        name=row["name"],
        steps=tuple((int(pieces), rate) for pieces, rate in row["pairs"]),
        scope=scope(row["about"], row["about_ids"]),
        is_mixed=row["first"],
        is_stackable=row["second"],
    )


def _reduction(row: dict[str, Any]) -> facts.FullReduction:
    return facts.FullReduction(
        rule=f"{OfferKind.REDUCTION}:{row['id']}",
        name=row["name"],
        steps=tuple((_cents(threshold), _cents(off)) for threshold, off in row["pairs"]),
        scope=scope(row["about"], row["about_ids"]),
        is_cumulative=row["first"],
    )


def _bundle(row: dict[str, Any]) -> facts.BundlePrice:
    return facts.BundlePrice(
        rule=f"{OfferKind.BUNDLE}:{row['id']}",
        name=row["name"],
        parts={int(sku_id): int(pieces) for sku_id, pieces in row["pairs"]},
        price=_cents(row["amount"]),
    )


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))
