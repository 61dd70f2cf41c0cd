"""What is done about slow sellers, followed to its result."""

from django.db.models import Sum

from analytics import locks
from analytics.errors import AlreadyTreated, NobodyTakesBack, NothingLeft
from analytics.models import Remedy, SkuHealth
from analytics.selectors import health
from analytics.terms import RemedyKind
from catalog.models import Sku, StockLevel
from catalog.selectors import supply
from catalog.services import supplier_returns
from catalog.services.supplier_returns import GoingBack
from catalog.terms import Pool
from catalog.terms.purchasing import ReturnReason
from shop.core import audit, clock, money
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit


@unit
def start(*, sku_id: int, kind: str, actor: str, note: str = "") -> Remedy:
    """Remember stock, value and price as they are, and begin.

    Returning drafts a return to the preferred supplier for each place with free stock; nothing leaves before
    it is sent there. Raises AlreadyTreated, NothingLeft, NobodyTakesBack, Invalid, NotFound.
    """
    if kind not in RemedyKind.values:
        raise Invalid(field="kind")
    sku = Sku.objects.filter(pk=sku_id).first()
    if sku is None:
        raise NotFound(sku_id=sku_id)
    if Remedy.objects.filter(sku=sku, ended_at=None).exists():
        raise AlreadyTreated()
    stock = health.stock_of([sku_id]).get(sku_id, 0)
    if stock <= 0:
        raise NothingLeft()
    score = SkuHealth.objects.filter(sku=sku).values_list("score", flat=True).first()
    remedy = Remedy.objects.create(
        sku=sku,
        kind=kind,
        note=note[:200],
        score_then=score or 0,
        stock_then=stock,
        value_then=money.yuan(stock * (sku.cost_price or sku.list_price)),
        price_then=sku.list_price,
        actor=actor,
        started_at=clock.now(),
    )
    if kind == RemedyKind.RETURN:
        _send_back(remedy, actor)
    audit.record(actor=actor, verb="treat_slow_seller", target=f"sku:{sku_id}", after={"kind": kind})
    return remedy


@unit
def end(*, remedy_id: int, actor: str) -> Remedy:
    """Write down what came of it: stock, pieces sold and money taken since it began."""
    remedy = locks.open_remedy(remedy_id)
    if remedy is None:
        raise NotFound(remedy_id=remedy_id)
    result = health.results([remedy])[remedy.pk]
    remedy.stock_end, remedy.sold_end, remedy.recovered = result.stock_now, result.sold, result.recovered
    remedy.ended_at = clock.now()
    remedy.save()
    audit.record(
        actor=actor,
        verb="end_remedy",
        target=f"sku:{remedy.sku_id}",
        after={"stock": result.stock_now, "recovered": str(result.recovered)},
    )
    return remedy


def _send_back(remedy: Remedy, actor: str) -> None:
    offers = supply.terms_for([remedy.sku_id]).get(remedy.sku_id)
    if not offers:
        raise NobodyTakesBack()
    free = (
        StockLevel.objects.filter(sku=remedy.sku_id, pool=Pool.SPOT)
        .order_by()
        .values_list("place")
        .annotate(pieces=Sum("on_hand") - Sum("reserved"))
    )
    drafted = [
        supplier_returns.draft(
            supplier_id=offers[0].supplier_id,
            place_id=place_id,
            lines=[GoingBack(remedy.sku_id, pieces, pool=Pool.SPOT)],
            reason=ReturnReason.SLOW,
            actor=actor,
            reference=f"slow_mover:{remedy.pk}",
        )
        for place_id, pieces in free
        if pieces > 0
    ]
    if not drafted:
        raise NothingLeft()
    remedy.reference = f"return:{drafted[0].pk}"
    remedy.save(update_fields=["reference"])
