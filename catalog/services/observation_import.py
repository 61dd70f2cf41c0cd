"""Competitors' prices from a file: every row is right, or nothing is kept."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Competitor, CompetitorGoods, Sku
from catalog.services import cells, competitors
from catalog.services.cells import BadCell
from catalog.terms.prices import ObservationSource
from shop.core import clock, tables
from shop.core.errors import Refusal
from shop.core.transactions import unit

COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("competitor", ("竞品店铺", "店铺", "competitor")),
    ("code", ("商品编码", "编码", "code", "sku")),
    ("price", ("价格", "price")),
    ("promotion", ("促销", "promotion")),
    ("rating", ("评分", "rating")),
    ("reviews", ("评价数", "reviews")),
    ("seen", ("日期", "观察时间", "seen")),
    ("url", ("网址", "链接", "url")),
)
NEEDED = ("competitor", "code", "price")
URL_LENGTH = 300
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row, in words."""

    row: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """With problems nothing was kept."""

    kept_count: int
    problems: tuple[Problem, ...] = ()


class _Bad(Exception):
    """Ends the transaction of a file with problems."""


def load(*, content: bytes, name: str, actor: str) -> Report:
    """Keep the prices of a CSV or XLSX file. Goods that were not paired yet are paired; the competitor must
    be known. Raises TableRefused."""
    table = tables.read(content, name)
    heads = _heads(table.lines[0].cells)
    missing = [one for one in NEEDED if one not in heads]
    if missing:
        words = _("The heading {name} is missing.")
        return Report(0, tuple(Problem(1, one, words.format(name=dict(COLUMNS)[one][0])) for one in missing))
    problems: list[Problem] = []
    try:
        count = _load(table.lines[1:], heads, actor, problems)
    except _Bad:
        return Report(0, tuple(problems))
    return Report(count)


def template() -> bytes:
    """A file with the headings and one example."""
    sink = tables.sink("csv", [words[0] for _name, words in COLUMNS])
    sink.write(["邻家鲜选", "AP-5", "18.80", "第二件半价", "4.8", "320", "2026-11-20", ""])
    return sink.content()


@unit
def _load(lines: list[tables.Line], heads: Mapping[str, int], actor: str, problems: list[Problem]) -> int:
    problems.clear()
    shops = {shop.name: shop.pk for shop in Competitor.objects.all()}
    codes = [_cell(line, heads, "code") for line in lines]
    skus = dict(Sku.objects.filter(code__in=codes).values_list("code", "pk"))
    now = clock.now()
    for line in lines:
        _keep(line, heads, shops, skus, now, actor, problems)
    if problems:
        raise _Bad()
    return len(lines)


def _keep(
    line: tables.Line,
    heads: Mapping[str, int],
    shops: Mapping[str, int],
    skus: Mapping[str, int],
    now: datetime,
    actor: str,
    problems: list[Problem],
) -> None:
    before = len(problems)

    def read(column: str, reader: Callable[[str], Any]) -> Any:
        try:
            return reader(_cell(line, heads, column))
        except BadCell as bad:
            problems.append(Problem(line.number, column, f"{bad.problem}. {bad.remedy}"))
            return None

    shop = read("competitor", lambda text: _known(text, shops, _("is no competitor you keep")))
    sku = read("code", lambda text: _known(text, skus, _("is no code of a SKU")))
    price = read("price", _price)
    rating = read("rating", _rating)
    reviews = read("reviews", cells.whole)
    promotion = read("promotion", lambda text: cells.words(text, 120))
    seen = read("seen", lambda text: _moment(text, now))
    url = read("url", _url)
    if len(problems) > before:
        return
    goods = CompetitorGoods.objects.filter(competitor=shop, sku=sku).first()
    if goods is None or (url and goods.url != url):
        goods = competitors.pair(competitor_id=shop, sku_id=sku, actor=actor, url=url)
    try:
        with transaction.atomic():  # the rows after a refused one are looked at, too
            competitors.observe(
                goods_id=goods.pk,
                price=price,
                promotion_text=promotion,
                rating=rating,
                review_count=reviews,
                observed_at=seen,
                source=ObservationSource.FILE,
                actor=actor,
            )
    except Refusal as refusal:
        problems.append(Problem(line.number, "price", refusal.message_text))


def _heads(cells_of_row: tuple[str, ...]) -> dict[str, int]:
    found = {cells.folded(cell).lower(): number for number, cell in enumerate(cells_of_row)}
    return {name: found[word] for name, words in COLUMNS for word in reversed(words) if word in found}


def _cell(line: tables.Line, heads: Mapping[str, int], name: str) -> str:
    number = heads.get(name)
    return line.cells[number].strip() if number is not None and number < len(line.cells) else ""


def _known(text: str, rows: Mapping[str, int], problem: str) -> int:
    if text not in rows:
        raise BadCell(f"“{text}” {problem}", "")
    return rows[text]


def _price(text: str) -> Decimal:
    price = cells.price(text)
    if not price:
        raise BadCell(_("is not a price"), _("Write a number such as 12.80."))
    return price


def _rating(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        rating = Decimal(cells.folded(text)).quantize(Decimal("0.1"))
    except InvalidOperation as problem:
        raise BadCell(_("is not a rating"), _("Write a number from 0 to 5.")) from problem
    if not rating.is_finite() or not 0 <= rating <= 5:
        raise BadCell(_("is not a rating"), _("Write a number from 0 to 5."))
    return rating


def _url(text: str) -> str:
    if not text:
        return ""
    try:
        URLValidator(schemes=["http", "https"])(text)
        MaxLengthValidator(URL_LENGTH)(text)
    except ValidationError as problem:
        raise BadCell(_("is not a web address"), _("Write it in full, with https://.")) from problem
    return text


def _moment(text: str, now: datetime) -> datetime:
    if not text:
        return now
    for pattern in FORMATS:
        with suppress(ValueError):
            found = datetime.strptime(cells.folded(text), pattern).replace(tzinfo=clock.SHANGHAI)
            return min(found, now) if found.date() == clock.business_day(now) else found
    raise BadCell(_("is not a day"), _("Write it like 2026-11-20 or 2026-11-20 09:30."))
