"""The stock board: SKUs by places, each cell with its band; a fixed number of queries a page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate

from catalog.models import Bundle, Category, Place, Product, ProductImage, Sku, StockLevel, StockMovement
from catalog.selectors import supply, words
from catalog.selectors.stock_bands import with_bands
from catalog.terms import Pool
from catalog.terms.bands import Band
from shop.core import clock

COUNTS_SECONDS = 30
COVER_SHOWN = 999
ASIDE = (Pool.DEFECT, Pool.FROZEN)
APART = (Pool.PRESALE, Pool.ACTIVITY)


@dataclass
class Cell:
    """One SKU in one place. Pieces; `daily` is what is expected to be sold a day, `cover` days it lasts.

    `band` is empty where the SKU was never kept.
    """

    place: Place
    level_id: int = 0
    on_hand: int = 0
    reserved: int = 0
    apart: int = 0
    aside: int = 0
    coming: int = 0
    shelf: str = ""
    alert_at: int = 0
    daily: float = 0.0
    band: str = ""

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved

    @property
    def cover(self) -> str:
        """Days it lasts, in words; empty when nobody knows or nothing is left."""
        if self.daily <= 0 or self.free <= 0:
            return ""
        days = self.free / self.daily
        return "999+" if days > COVER_SHOWN else str(int(days))

    @property
    def label(self) -> str:
        return str(Band(self.band).label) if self.band else ""


@dataclass
class Row:
    """One SKU with its cells in the order of the places."""

    sku: Sku
    picture: str
    cells: list[Cell] = field(default_factory=list)

    @property
    def free(self) -> int:
        return sum(cell.free for cell in self.cells)


def skus(
    *, places: Sequence[Place], query: str = "", band: str = "", category_id: int | None = None
) -> QuerySet[Sku]:
    """SKUs that are sold and lie somewhere themselves (no bundles), best sellers first; to be paged.

    `band` keeps those with such a cell in one of the places.
    """
    found = Sku.objects.filter(is_active=True).exclude(pk__in=Bundle.objects.values("sku"))
    asked = words.query(query)
    if asked:
        codes = Q(code__iexact=query.strip()) | Q(barcode=query.strip()) | Q(packs__barcode=query.strip())
        hit = Sku.objects.filter(codes).values("pk")
        found = found.filter(
            Q(pk__in=hit) | Q(product__in=Product.objects.filter(search_text__contains=asked).values("pk"))
        )
    if category_id is not None:
        below = Category.objects.filter(
            Q(pk=category_id) | Q(parent=category_id) | Q(parent__parent=category_id)
        )
        found = found.filter(product__category__in=below.values("pk"))
    if band in Band.values:
        levels = StockLevel.objects.filter(sku=OuterRef("pk"), place__in=places, pool=Pool.SPOT)
        found = found.filter(Exists(with_bands(levels).filter(band=band)))
    return found.order_by("-product__sold_count", "product_id", "position", "pk").select_related("product")


def rows(page: Sequence[Sku], places: Sequence[Place]) -> list[Row]:
    """The board's rows of one page; four queries."""
    ids = [sku.pk for sku in page]
    levels = with_bands(StockLevel.objects.filter(sku__in=ids, place__in=places)).order_by("pk")
    cells: dict[tuple[int, int], Cell] = {}
    by_place = {place.pk: place for place in places}
    for level in levels:
        key = (level.sku_id, level.place_id)
        _fill(cells.setdefault(key, Cell(by_place[level.place_id])), level)
    for (place_id, sku_id), pieces in supply.incoming(ids).items():
        if place_id in by_place:
            cells.setdefault((sku_id, place_id), Cell(by_place[place_id])).coming += pieces
    pictures = _pictures({sku.product_id for sku in page})
    return [
        Row(
            sku,
            pictures.get(sku.product_id, ""),
            [cells.get((sku.pk, place.pk)) or Cell(place) for place in places],
        )
        for sku in page
    ]


def band_counts(places: Sequence[Place]) -> dict[str, int]:
    """How many cells of these places are in each band; remembered for half a minute."""
    name = "catalog:bands:" + "-".join(str(place.pk) for place in places)
    known: dict[str, int] | None = cache.get(name)
    if known is None:
        levels = StockLevel.objects.filter(place__in=places, pool=Pool.SPOT, sku__is_active=True)
        counted = with_bands(levels).order_by().values_list("band").annotate(count=Count("pk"))
        known = dict.fromkeys(Band.values, 0) | dict(counted)
        cache.set(name, known, COUNTS_SECONDS)
    return known


def history(sku_id: int, places: Sequence[Place], days: int = 30) -> tuple[list[date], dict[int, list[int]]]:
    """Pieces for sale of a SKU at the end of each of the last days (today: now), by place; two queries."""
    today = clock.business_day(clock.page_now())
    dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    levels = StockLevel.objects.filter(sku=sku_id, place__in=places, pool=Pool.SPOT)
    now = dict(levels.values_list("place", "on_hand"))
    moved = (
        StockMovement.objects.filter(level__in=levels, created_at__gte=clock.day_bounds(dates[0])[0])
        .exclude(delta_on_hand=0)
        .order_by()
        .annotate(day=TruncDate("created_at", tzinfo=clock.SHANGHAI))
        .values_list("level__place", "day")
        .annotate(pieces=Sum("delta_on_hand"))
    )
    changes = {(place_id, day): pieces for place_id, day, pieces in moved}
    series: dict[int, list[int]] = {}
    for place_id, on_hand in now.items():
        values = [on_hand]
        for day in reversed(dates[1:]):
            on_hand -= changes.get((place_id, day), 0)
            values.append(on_hand)
        series[place_id] = values[::-1]
    return dates, series


def _fill(cell: Cell, level: Any) -> None:
    if level.pool == Pool.SPOT:
        cell.level_id, cell.on_hand, cell.reserved = level.pk, level.on_hand, level.reserved
        cell.shelf, cell.alert_at = level.shelf, level.alert_at
        cell.daily, cell.band = level.daily, level.band
    elif level.pool == Pool.TRANSIT:
        cell.coming += level.on_hand
    elif level.pool in ASIDE:
        cell.aside += level.on_hand
    elif level.pool in APART:
        cell.apart += level.on_hand


def _pictures(product_ids: Collection[int]) -> dict[int, str]:
    first = ProductImage.objects.filter(product=OuterRef("pk")).order_by("position", "id")
    found = Product.objects.filter(pk__in=product_ids).annotate(path=Subquery(first.values("path")[:1]))
    return {pk: path for pk, path in found.values_list("pk", "path") if path}
