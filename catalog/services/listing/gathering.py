"""The facts of a listing: from the tables, with what stands in a form laid over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q

from catalog.models import (
    Category,
    CategoryRule,
    ListingWord,
    Parameter,
    PictureTwin,
    Product,
    ProductPaper,
)
from catalog.policies import listing as policies
from catalog.policies import shelf
from catalog.selectors import words as wording
from catalog.services.listing.facts import (
    DEFAULT_SLOTS,
    Facts,
    Nearest,
    Paper,
    ParameterFact,
    Picture,
    Rules,
    SlotRule,
    Word,
)
from catalog.terms import TITLE_LENGTH, ProductStatus
from catalog.terms.listing import PaperKind, ParameterKind, Slot, WordKind
from shop.core import clock, text

NEIGHBOURS = 30
NEIGHBOURS_LEAST = 3
NAMED_BONUS = Decimal(2)
WORDS_ASKED = 12


@dataclass(frozen=True)
class Said:
    """What a form says; None leaves what is stored. `description` is HTML, `parameters` are by id."""

    title: str | None = None
    subtitle: str | None = None
    description: str | None = None
    category_id: int | None = None
    brand_id: int | None = None
    parameters: Mapping[int, str] | None = None


def facts(product: Product | None, said: Said = Said()) -> Facts:
    """Of a product that is there (None: of a form alone); about a dozen queries."""
    title = _first(said.title, product and product.title)
    description = _first(said.description, product and product.description)
    category_id = said.category_id or (product.category_id if product else None)
    brand_id = said.brand_id or (product.brand_id if product else None)
    trail = trail_of(category_id)
    parameters = _parameters(product, trail, said.parameters)
    return Facts(
        title=title,
        subtitle=_first(said.subtitle, product and product.subtitle),
        description=text.plain(description),
        detail_pictures=description.count("<img"),
        has_category=bool(trail),
        deeper_categories=tuple(_below(trail)),
        nearest=_nearest(product, title, parameters, trail),
        has_price=bool(product and product.skus.filter(is_active=True, list_price__gt=0).exists()),
        pictures=_pictures(product),
        video_seconds=tuple(product.videos.values_list("seconds", flat=True)) if product else (),
        parameters=parameters,
        papers=_papers(product, brand_id),
        today=clock.business_day(clock.page_now()),
        rules=rules(trail),
    )


def trail_of(category_id: int | None) -> list[Category]:
    """From the root down to it, hidden ones too; one query."""
    if category_id is None:
        return []
    found = Category.objects.select_related("parent__parent").filter(pk=category_id).first()
    trail: list[Category] = []
    while found is not None:
        trail.insert(0, found)
        found = found.parent
    return trail


def rules(trail: Sequence[Category]) -> Rules:
    """What holds at the end of the trail: what is closest wins, papers and prohibitions add up."""
    ids = [one.pk for one in trail]
    rows = CategoryRule.objects.filter(Q(category=None) | Q(category__in=ids)).prefetch_related("slots")
    ordered = sorted(rows, key=lambda row: ids.index(row.category_id) if row.category_id else -1)
    severities: dict[str, str] = {}
    slots = dict(DEFAULT_SLOTS)
    papers: list[str] = []
    for row in ordered:
        severities |= row.severities
        papers += row.papers
        for slot in row.slots.all():
            slots[Slot(slot.slot)] = SlotRule(slot.count, slot.long_side, slot.short_side, slot.ratio)
    return Rules(
        is_prohibited=any(row.is_prohibited for row in ordered),
        severities=severities,
        papers=tuple(kind for kind in PaperKind if kind.value in papers),
        slots=slots,
        words=dictionary(),
        title_shortest=policies.TITLE_SHORTEST.get(),
        title_longest=TITLE_LENGTH,
        description_shortest=policies.DESCRIPTION_SHORTEST.get(),
        video_shortest=shelf.VIDEO_SHORTEST.get(),
        video_longest=shelf.VIDEO_LONGEST.get(),
        expiry_notice_days=policies.PAPER_NOTICE_DAYS.get(),
    )


def dictionary() -> tuple[Word, ...]:
    """The words looked for."""
    rows = ListingWord.objects.filter(is_active=True)
    return tuple(
        Word(row.word, WordKind(row.kind), tuple(row.allowed_in.split()), row.advice) for row in rows
    )


def parameters_of(trail: Sequence[Category]) -> list[Parameter]:
    """What goods at the end of the trail are asked for, general things first."""
    asked = Parameter.objects.filter(Q(category=None) | Q(category__in=[one.pk for one in trail]))
    depths = {one.pk: one.depth for one in trail}
    return sorted(asked, key=lambda one: (depths.get(one.category_id or 0, 0), one.position, one.pk))


def _parameters(
    product: Product | None, trail: Sequence[Category], said: Mapping[int, str] | None
) -> tuple[ParameterFact, ...]:
    values: dict[int, str] = {}
    if product:
        values = dict(product.parameter_values.values_list("parameter_id", "value"))
    values |= said or {}
    return tuple(
        ParameterFact(
            one.pk,
            one.name,
            ParameterKind(one.kind),
            one.is_required,
            tuple(one.choices),
            values.get(one.pk, ""),
        )
        for one in parameters_of(trail)
    )


def _pictures(product: Product | None) -> tuple[Picture, ...]:
    if product is None:
        return ()
    twins = set(
        PictureTwin.objects.filter(image__product=product, answer="")
        .exclude(other__product=product)
        .values_list("image_id", flat=True)
    )
    return tuple(Picture(one.width, one.height, one.pk in twins) for one in product.images.all())


def _papers(product: Product | None, brand_id: int | None) -> tuple[Paper, ...]:
    owners = Q()
    if product:
        owners |= Q(product=product)
    if brand_id:
        owners |= Q(brand=brand_id)
    if not owners:
        return ()
    return tuple(Paper(PaperKind(one.kind), one.expires_on) for one in ProductPaper.objects.filter(owners))


def _below(trail: Sequence[Category]) -> list[str]:
    if not trail:
        return []
    return list(Category.objects.filter(parent=trail[-1], is_visible=True).values_list("name", flat=True))


def _nearest(
    product: Product | None, title: str, parameters: Sequence[ParameterFact], trail: Sequence[Category]
) -> Nearest | None:
    """The category that most goods on the shelf are in whose words are those of title and parameters."""
    asked = " ".join([title, *(one.value for one in parameters if len(one.value) <= 12)])
    tokens = [one for one in dict.fromkeys(wording.cut_fine(wording.fold(asked))) if _tells(one)][
        :WORDS_ASKED
    ]
    if not tokens or not trail:
        return None
    query = SearchQuery(" | ".join(f"'{one}'" for one in tokens), search_type="raw", config="simple")
    alike = Product.objects.filter(status=ProductStatus.ON_SHELF, search_vector=query)
    if product:
        alike = alike.exclude(pk=product.pk)
    rank = SearchRank(F("search_vector"), query)
    rows = (
        alike.annotate(rank=rank)
        .order_by("-rank", "-id")
        .values_list("category", "category__name", "category__parent", "rank")[:NEIGHBOURS]
    )
    votes: dict[int, Decimal] = {}
    names: dict[int, str] = {}
    own, total, count = Decimal(0), Decimal(0), 0
    mine = {trail[-1].pk, trail[-1].parent_id} - {None}
    for category, name, parent, weight in rows:
        vote = Decimal(str(weight))
        vote *= NAMED_BONUS if name in title else 1
        votes[category] = votes.get(category, Decimal(0)) + vote
        names[category] = name
        total += vote
        count += 1
        if category in mine or parent in mine:
            own += vote
    if count < NEIGHBOURS_LEAST or not total:
        return None
    best = max(votes, key=lambda one: votes[one])
    return Nearest(best, names[best], votes[best] / total, own / total)


def _tells(token: str) -> bool:
    return len(token) > 1 and token.isalpha()


def _first(*texts: Any) -> str:
    return next((str(one) for one in texts if one is not None), "")
