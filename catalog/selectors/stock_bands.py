"""How well a level is supplied, as one of five bands; the database computes it, so it can be filtered by."""

from typing import Any

from django.db.models import Case, CharField, F, FloatField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Ceil, Coalesce, Greatest

from catalog.models import SkuDemand, StockLevel
from catalog.policies import TOO_MUCH_DAYS
from catalog.policies.demand import COVER_DAYS, CRITICAL_SHARE
from catalog.terms.bands import Band

TIMES_THE_MARK = 5


def with_bands(levels: QuerySet[StockLevel]) -> QuerySet[Any]:
    """Adds `free` (pieces), `daily` (expected pieces a day, 0 when unknown), `mark` and `band` (a `Band`).

    The mark is the larger of the level's warning mark and its days of cover at the expected pace. Too much
    is what lasts longer than the policy allows and is more than five times the mark.
    """
    demand = SkuDemand.objects.filter(sku=OuterRef("sku"), place=OuterRef("place"))
    zero = Value(0.0, FloatField())
    days = Case(
        When(cover_days__isnull=False, then=Cast("cover_days", FloatField())),
        When(is_best=True, then=Value(float(COVER_DAYS.get()))),
        default=zero,
    )
    return levels.annotate(
        free=F("on_hand") - F("reserved"),
        daily=Coalesce(Subquery(demand.values("daily_mean")[:1]), zero),
        is_best=Coalesce(Subquery(demand.values("is_best_seller")[:1]), Value(False)),
        mark=Greatest(Cast("alert_at", FloatField()), Ceil(F("daily") * days)),
        band=Case(
            When(free__lte=0, then=Value(Band.OUT.value)),
            When(free__lte=F("mark") * float(CRITICAL_SHARE.get()), then=Value(Band.CRITICAL.value)),
            When(free__lte=F("mark"), then=Value(Band.WARN.value)),
            When(
                Q(daily__gt=0)
                & Q(free__gt=F("daily") * float(TOO_MUCH_DAYS.get()))
                & Q(free__gt=F("mark") * TIMES_THE_MARK),
                then=Value(Band.TOO_MUCH.value),
            ),
            default=Value(Band.FINE.value),
            output_field=CharField(),
        ),
    )
