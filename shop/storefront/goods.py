"""Cards of goods with their offers; the home page's show window, kept for seconds and the same for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.selectors import places, products
from catalog.selectors.cards import ProductCard
from catalog.selectors.products import Listing
from marketing.selectors import offers
from members.models import Member
from members.selectors import merchant
from shop.core import clock

WINDOW_SECONDS = 30
OFFERS_SHOWN = 3
GOODS_PER_OFFER = 8
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
    goods: tuple[ProductCard, ...]
    href: str


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


def with_offers(cards: Sequence[ProductCard], member: Member | None = None) -> tuple[Good, ...]:
    """The cards, each with its offers; a fixed number of queries."""
    badges = offers.for_products([card.id for card in cards], member=member) if cards else {}
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
    listing = products.listing(size=FIRST_PAGE)
    running = offers.running(limit=OFFERS_SHOWN)
    blocks = tuple(block for one in running if (block := _block(one, listing)))
    return Window(
        banner=_banner(running, listing),
        offers=blocks,
        goods=with_offers(listing.cards),
        next_page=2 if listing.has_next else None,
        promise=_promise(),
    )


def _block(offer: offers.RunningOffer, listing: Listing) -> OfferBlock | None:
    """An offer on everything has no goods of its own: the banner and the badges tell it."""
    if offer.scope_kind == "products":
        cards = products.cards(offer.scope_ids[:GOODS_PER_OFFER])
        href = reverse("storefront:product", args=[cards[0].id]) if cards else ""
    elif offer.scope_kind == "categories":
        found = [
            card
            for pk in offer.scope_ids[:2]
            for card in products.listing(category=pk, size=GOODS_PER_OFFER).cards
        ]
        cards, href = found[:GOODS_PER_OFFER], reverse("storefront:categories")
    else:
        return None
    shown = tuple(card for card in cards if card.status == "on_shelf" and not card.is_sold_out)
    return OfferBlock(offer.name, offer.texts, offer.ends_at, shown, href) if shown else None


def _banner(running: Sequence[offers.RunningOffer], listing: Listing) -> Banner:
    shop = merchant.current()
    general = next((offer for offer in running if offer.scope_kind == "all"), running[0] if running else None)
    pictures = tuple(card.image_path for card in listing.cards if card.image_path)[:3]
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
    for store in places.pickup_stores():
        for day, slots in places.days(store):
            if not slots:
                continue
            start = max(slots[0][0], clock.page_now()).astimezone(clock.SHANGHAI)
            when = _("today") if day == clock.business_day(clock.page_now()) else f"{day:%m-%d}"
            return _("Collect {day} from {time}").format(day=when, time=f"{start:%H:%M}")
    return ""
