"""Reading competitors' pages when they are due: one page of a host in a round, errors wait longer."""

from datetime import timedelta

from django.conf import settings

from catalog.channels import competitor_pages
from catalog.channels.competitor_pages import Reader
from catalog.channels.outside import NotRead
from catalog.channels.page_facts import GoodsFacts
from catalog.errors.prices import PageNotRead
from catalog.models import CompetitorGoods, PriceObservation
from catalog.policies.prices import FETCH_HOURS
from catalog.services import competitors
from catalog.terms.prices import ObservationSource
from shop.core import clock, refs, scans
from shop.core.errors import NotFound, in_words
from shop.core.transactions import forbid_transaction, unit

PAGES_A_ROUND = 20
LONGEST_WAIT = timedelta(days=7)


def fetch_due() -> int:
    """Read what is due, at most one page of a host; how many were read."""
    due = CompetitorGoods.objects.filter(
        fetch_at__lte=clock.page_now(),
        is_active=True,
        competitor__is_active=True,
        competitor__is_fetched=True,
    ).order_by("fetch_at", "pk")
    first: dict[str, int] = {}
    for pk, url in due.values_list("pk", "url")[: PAGES_A_ROUND * 10]:
        first.setdefault(competitor_pages.origin(url), pk)
    return scans.each(
        list(first.values())[:PAGES_A_ROUND],
        lambda pk: fetch(goods_id=pk, actor=refs.SYSTEM),
        put_off=_put_off,
    )


def fetch(*, goods_id: int, actor: str) -> PriceObservation:
    """Read one page now and keep what it says. Outside any transaction. Raises NotFound, PageNotRead; the
    error stays with the goods."""
    forbid_transaction()
    goods = CompetitorGoods.objects.select_related("competitor").filter(pk=goods_id).first()
    if goods is None or not goods.url:
        raise NotFound(goods_id=goods_id)
    try:
        facts = Reader(settings.COMPETITOR_HOSTS).read(
            goods.url,
            price_selector=goods.competitor.price_selector,
            promotion_selector=goods.competitor.promotion_selector,
        )
    except NotRead as problem:
        _note_failure(goods, str(problem))
        raise PageNotRead(detail=str(problem)) from problem
    return _keep(goods, facts, actor)


@unit
def _keep(goods: CompetitorGoods, facts: GoodsFacts, actor: str) -> PriceObservation:
    now = clock.now()
    seen = competitors.observe(
        goods_id=goods.pk,
        price=facts.price,
        promotion_text=facts.promotion_text,
        rating=facts.rating,
        review_count=facts.review_count,
        source=ObservationSource.FETCHER,
        actor=actor,
        observed_at=now,
    )
    CompetitorGoods.objects.filter(pk=goods.pk).update(
        fetched_at=now, fetch_at=now + timedelta(hours=FETCH_HOURS.get()), failed_count=0, error=""
    )
    return seen


def _put_off(pk: int, problem: Exception) -> None:
    """A page that trips the reader itself waits as any other that can't be read."""
    if not isinstance(problem, PageNotRead):
        _note_failure(CompetitorGoods.objects.get(pk=pk), in_words(problem))


def _note_failure(goods: CompetitorGoods, problem: str) -> None:
    count = goods.failed_count + 1
    wait = min(timedelta(hours=FETCH_HOURS.get()) * 2 ** min(count - 1, 6), LONGEST_WAIT)
    CompetitorGoods.objects.filter(pk=goods.pk).update(
        failed_count=count, error=problem[:200], fetch_at=clock.page_now() + wait
    )
