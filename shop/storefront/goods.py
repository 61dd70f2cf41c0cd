"""Cards of goods with their offers; the home page's show window, kept for seconds and the same for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Place, Product
from catalog.selectors import categories, places, products
from catalog.selectors.cards import ProductCard
from catalog.terms import ProductStatus
from marketing.selectors import offers
from members.selectors import merchant
from shop.core import clock

WINDOW_SECONDS = 30
STORES_KEY = "storefront.stores"
STORES_SECONDS = 300
OFFERS_SHOWN = 3
GOODS_PER_OFFER = 8
COUNTED_DOWN = timedelta(days=3)
FIRST_PAGE = 20


@dataclass(frozen=True, slots=True)
class Good:
    """A card and what is offered on it, in words."""

    card: ProductCard
    offers: tuple[offers.OfferBadge, ...]


@dataclass(frozen=True, slots=True)
class OfferBlock:
    name: str
    texts: tuple[str, ...]
    ends_at: datetime | None
    is_ending: bool
    goods: tuple[ProductCard, ...]


@dataclass(frozen=True, slots=True)
class Banner:
    headline: str
    words: str
    action: str
    href: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The home page but for who is looking at it."""

    banner: Banner
    offers: tuple[OfferBlock, ...]
    goods: tuple[Good, ...]
    next_page: int | None
    promise: str


def with_offers(cards: Sequence[ProductCard]) -> tuple[Good, ...]:
    """The cards, each with its offers; a fixed number of queries. What a level pays is told on the page."""
    badges = offers.for_products([card.id for card in cards]) if cards else {}
    return tuple(Good(card, tuple(badges.get(card.id, ()))) for card in cards)


def window() -> Window:
    """Read at most every half minute; prices and stock are checked again in the basket."""
    key = f"storefront.window.{get_language()}"
    found = cache.get(key)
    if not isinstance(found, Window):
        found = _window()
        cache.set(key, found, WINDOW_SECONDS)
    return found


def _window() -> Window:
    """Eight queries whatever is on the shelf: ids first, then all cards together."""
    running = offers.running(limit=OFFERS_SHOWN)
    featured = next((one for one in running if one.scope_kind in ("products", "categories")), None)
    best, of_offer = _ids(featured)
    cards = {card.id: card for card in products.cards([*best, *(pk for pk in of_offer if pk not in best)])}
    shown = [cards[pk] for pk in best[:FIRST_PAGE] if pk in cards]
    block = _block(featured, [cards[pk] for pk in of_offer if pk in cards]) if featured else None
    return Window(
        banner=_banner(running, shown),
        offers=(block,) if block else (),
        goods=with_offers(shown),
        next_page=2 if len(best) > FIRST_PAGE else None,
        promise=_promise(),
    )


def _ids(featured: offers.RunningOffer | None) -> tuple[list[int], list[int]]:
    """The best goods on the shelf, and the best of one offer; one query each."""
    on_shelf = Product.objects.filter(status=ProductStatus.ON_SHELF).order_by(*products.SORTS["best"])
    best = list(on_shelf.values_list("pk", flat=True)[: FIRST_PAGE + 1])
    if featured is None:
        return best, []
    if featured.scope_kind == "products":
        return best, list(featured.scope_ids[:GOODS_PER_OFFER])
    nodes = [node for pk in featured.scope_ids if (node := categories.node(pk))]
    within = [pk for node in nodes for pk in node.all_ids()]
    return best, list(on_shelf.filter(category__in=within).values_list("pk", flat=True)[:GOODS_PER_OFFER])


def _block(offer: offers.RunningOffer, cards: Sequence[ProductCard]) -> OfferBlock | None:
    """The goods of an offer that can be bought now; None when there are none."""
    shown = tuple(card for card in cards if card.status == ProductStatus.ON_SHELF and not card.is_sold_out)
    is_ending = offer.ends_at is not None and offer.ends_at - clock.page_now() < COUNTED_DOWN
    return OfferBlock(offer.name, offer.texts, offer.ends_at, is_ending, shown) if shown else None


def _banner(running: Sequence[offers.RunningOffer], cards: Sequence[ProductCard]) -> Banner:
    shop = merchant.current()
    general = next((offer for offer in running if offer.scope_kind == "all"), running[0] if running else None)
    pictures = tuple(card.image_path for card in cards if card.image_path)[:3]
    if general is None:
        return Banner(
            shop.slogan or shop.shop_name,
            _("Chosen with care, delivered to your door or ready in the store."),
            _("Look around"),
            reverse("storefront:categories"),
            pictures,
        )
    return Banner(
        general.name,
        " · ".join(general.texts[:3]),
        _("Go and see"),
        reverse("storefront:categories"),
        pictures,
    )


def _stores() -> list[Place]:
    """Opening hours change seldom: read every few minutes."""
    found = cache.get(STORES_KEY)
    if not isinstance(found, list):
        found = places.pickup_stores()
        cache.set(STORES_KEY, found, STORES_SECONDS)
    return found


def _promise() -> str:
    """When goods can be collected at the earliest; empty without a store that is open."""
    for store in _stores():
        for day, slots in places.days(store):
            if not slots:
                continue
            start = max(slots[0][0], clock.page_now()).astimezone(clock.SHANGHAI)
            when = _("today") if day == clock.business_day(clock.page_now()) else f"{day:%m-%d}"
            return _("Collect {day} from {time}").format(day=when, time=f"{start:%H:%M}")
    return ""
