"""Cards of goods with their offers; the home page's show window, kept for seconds and the same for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.selectors import categories, places, products
from catalog.selectors.cards import ProductCard
from catalog.terms import ProductStatus
from marketing.selectors import offers
from marketing.selectors.limited import LimitedOffer
from members.selectors import merchant
from shop.core import clock
from shop.storefront import store_words

WINDOW_SECONDS = 30
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
class LimitedGood:
    card: ProductCard
    offer: LimitedOffer


@dataclass(frozen=True, slots=True)
class LimitedBlock:
    """The limited-time discount that ends next, with the goods that are left."""

    name: str
    ends_at: datetime
    goods: tuple[LimitedGood, ...]


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
    limited: LimitedBlock | None = None


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
    running, on_now = offers.front(OFFERS_SHOWN, GOODS_PER_OFFER)
    featured = next((one for one in running if one.scope_kind in ("products", "categories")), None)
    best, of_offer = _ids(featured)
    wanted = dict.fromkeys([*best, *of_offer, *(one.product_id for one in on_now)])
    cards = {card.id: card for card in products.cards(list(wanted))}
    shown = [cards[pk] for pk in best[:FIRST_PAGE] if pk in cards]
    block = _block(featured, [cards[pk] for pk in of_offer if pk in cards]) if featured else None
    return Window(
        banner=_banner(running, shown),
        offers=(block,) if block else (),
        goods=with_offers(shown),
        next_page=2 if len(best) > FIRST_PAGE else None,
        promise=_promise(),
        limited=_limited(on_now, cards),
    )


def _limited(found: Sequence[LimitedOffer], cards: Mapping[int, ProductCard]) -> LimitedBlock | None:
    """Each product once, at its lowest price; None when nothing of it can be bought."""
    shown: dict[int, LimitedGood] = {}
    for offer in found:
        card = cards.get(offer.product_id)
        if card and card.status == ProductStatus.ON_SHELF and not card.is_sold_out:
            shown.setdefault(card.id, LimitedGood(card, offer))
    return LimitedBlock(found[0].name, found[0].ends_at, tuple(shown.values())) if shown else None


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


def _promise() -> str:
    """When goods can be collected at the earliest; empty without a store that is open."""
    return next((words for store in places.stores() if (words := store_words.collect_words(store))), "")
