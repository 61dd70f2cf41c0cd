"""Reading a competitor's shop over HTTP, by the house rules of both."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.channels import outside, page_facts
from catalog.channels.outside import NotRead
from catalog.errors.prices import ObservationUnclear, PageNotRead
from catalog.models import Competitor, CompetitorGoods, PriceObservation
from catalog.selectors import competitors as market
from catalog.services import competitor_fetching, competitors
from catalog.terms.prices import ObservationSource
from shop.core import clock
from tests.factories.catalog import a_sku
from tests.sandboxes import Sandbox, running

pytestmark = pytest.mark.django_db(transaction=True)
ME = "user:1"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("rival")) as started:
        yield started


@pytest.fixture
def rival(sandbox: Sandbox, settings: Any) -> Sandbox:
    sandbox.reset()
    settings.COMPETITOR_HOSTS = [sandbox.url.removeprefix("http://")]
    return sandbox


def goods_at(rival: Sandbox, code: str = "apple", *, path: str = "", **page: Any) -> CompetitorGoods:
    rival.call("PUT", f"/rival/goods/{code}", **{"price": 1880, "name": "苹果"} | page)
    shop, _new = Competitor.objects.get_or_create(name="邻家鲜选", defaults={"is_fetched": True})
    url = f"{rival.url}{path or f'/rival/goods/{code}'}"
    return competitors.pair(competitor_id=shop.pk, sku_id=a_sku().pk, actor=ME, url=url)


def test_the_price_is_read_from_the_page(rival: Sandbox) -> None:
    goods = goods_at(rival, promotion="第二件半价", rating="4.7", review_count=321)
    Competitor.objects.update(promotion_selector="#promotion")
    seen = competitor_fetching.fetch(goods_id=goods.pk, actor=ME)
    assert (seen.price, seen.promotion_text, seen.rating, seen.review_count, seen.source) == (
        Decimal("18.80"),
        "第二件半价",
        Decimal("4.7"),
        321,
        ObservationSource.FETCHER,
    )
    goods.refresh_from_db()
    assert goods.fetch_at is not None
    assert goods.fetch_at > clock.page_now()


def test_a_selector_reads_pages_without_facts_for_machines(rival: Sandbox) -> None:
    goods = goods_at(rival, layout="plain")
    with pytest.raises(PageNotRead, match="no price"):
        competitor_fetching.fetch(goods_id=goods.pk, actor=ME)
    Competitor.objects.update(price_selector="span.price")
    assert competitor_fetching.fetch(goods_id=goods.pk, actor=ME).price == Decimal("18.80")


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ({"layout": "broken"}, "no price on the page"),
        ({"layout": "moved"}, "HTTP 302"),
        ({"layout": "huge"}, "too large"),
        ({"path": "/rival/private/goods/apple"}, "robots.txt forbids it"),
        ({"path": "/_control/ledger"}, "robots.txt forbids it"),
        ({"path": "/rival/goods/unknown"}, "HTTP 404"),
    ],
)
def test_what_may_not_or_can_not_be_read_is_noted(rival: Sandbox, page: dict[str, str], problem: str) -> None:
    goods = goods_at(rival, **page)
    with pytest.raises(PageNotRead, match=problem):
        competitor_fetching.fetch(goods_id=goods.pk, actor=ME)
    goods.refresh_from_db()
    assert (goods.error, goods.failed_count) == (problem, 1)
    assert not PriceObservation.objects.exists()


def test_a_silent_server_is_given_up_in_seconds(rival: Sandbox) -> None:
    goods = goods_at(rival, layout="slow")
    with pytest.raises(PageNotRead, match="Timeout"):
        competitor_fetching.fetch(goods_id=goods.pk, actor=ME)


def test_one_page_of_a_host_in_a_round(rival: Sandbox) -> None:
    goods_at(rival, "apple")
    goods_at(rival, "pear", price=990)
    assert [competitor_fetching.fetch_due() for _ in range(3)] == [1, 1, 0]
    assert PriceObservation.objects.count() == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://elsewhere.example/",
        "http://user@shop.example/",
        "ftp://shop.example/",
        "http://shop.example:8080/",
        "http://[::1]/",
        "http://shop.example/\r\nHost: x",
        "http://shop.example:99999/",
        "file:///etc/passwd",
    ],
)
def test_addresses_outside_the_list_are_never_asked(url: str) -> None:
    with pytest.raises(NotRead):
        outside.get(url, hosts={"shop.example"}, agent="x")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.8", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "224.0.0.1"),
    ],
)
def test_names_of_inner_addresses_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not outside.is_public(address)
    assert outside.is_public("203.0.114.7")
    found = [(0, 0, 0, "", ("203.0.114.7", 80)), (0, 0, 0, "", (address, 80))]
    monkeypatch.setattr(outside.socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(NotRead, match="public"):
        outside.get("http://shop.example/", hosts={"shop.example"}, agent="x")


@pytest.mark.parametrize(
    ("offers", "price"),
    [
        ('{"price": "1,299.00", "priceCurrency": "CNY"}', "1299.00"),
        ('[{"price": 30}, {"price": 29.5}, {"price": 1, "priceCurrency": "USD"}]', "29.50"),
        ('{"lowPrice": "12.3"}', "12.30"),
        ('{"price": "0"}', None),
        ('{"price": "-3"}', "3.00"),
        ('{"price": "99999999999"}', None),
        ('{"price": null}', None),
        ('{"price": "1", "priceCurrency": "USD"}', None),
        ("[[[]]]", None),
        ('"free"', None),
    ],
)
def test_prices_of_machine_readable_pages(offers: str, price: str | None) -> None:
    graph = f'{{"@graph": [{{"@type": ["Thing", "Product"], "offers": {offers}}}]}}'
    found = page_facts.read(f'<script type="application/ld+json">{graph}</script>')
    assert (found.price if found else None) == (Decimal(price) if price else None)


def test_hostile_pages_are_pages_without_a_price() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    for script in (deep, "{", "", "null", '{"@type": "Product", "aggregateRating": []}'):
        page = f'<script type="application/ld+json">{script}</script><p class="price">kostenlos</p>'
        assert page_facts.read(page, price_selector="p.price") is None


def test_the_newest_price_of_each_competitor_makes_the_market_while_it_is_fresh() -> None:
    sku = a_sku()
    for number, (days, price) in enumerate([(1, "18.00"), (2, "20.00"), (9, "1.00")]):
        shop = Competitor.objects.create(name=f"店{number}")
        goods = competitors.pair(competitor_id=shop.pk, sku_id=sku.pk, actor=ME)
        for age, seen in ((days, price), (days + 3, "99.00")):
            competitors.observe(
                goods_id=goods.pk,
                price=Decimal(seen),
                actor=ME,
                observed_at=clock.page_now() - timedelta(days=age),
            )
    assert market.market([sku.pk]) == {sku.pk: [Decimal("18.00"), Decimal("20.00")]}
    assert market.average(market.market([sku.pk])[sku.pk]) == Decimal("19.00")
    assert [one.is_stale for one in market.newest([sku.pk])[sku.pk]] == [True, False, False]
    for odd in ({"price": Decimal("0.00")}, {"observed_at": clock.page_now() + timedelta(days=1)}):
        with pytest.raises(ObservationUnclear):
            competitors.observe(goods_id=goods.pk, actor=ME, **({"price": Decimal("1.00")} | odd))
