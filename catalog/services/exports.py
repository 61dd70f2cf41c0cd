"""Products as a file that can be changed and imported again."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.models import Sku, StockLevel
from catalog.services.imports.columns import AXES, COLUMNS, Column
from catalog.terms import ProductStatus
from shop.core import audit, clock, long_work, tables
from shop.core.errors import Invalid
from shop.core.long_work import Outcome, Progress
from shop.core.models import Job
from shop.core.tables import XlsxSink

EXPORT = "catalog.export_products"
FORMATS = ("xlsx", "csv")
BATCH = 500


def ask(*, file_format: str, status: str, actor: str) -> Job:
    """Asks for a file of all products, or of those with a status. Raises Invalid."""
    if file_format not in FORMATS or (status and status not in ProductStatus.values):
        raise Invalid(field="format")
    return long_work.ask(kind=EXPORT, actor=actor, arguments={"format": file_format, "status": status})


def run(job: Job, progress: Progress) -> Outcome:
    """Writes the file; a row is a SKU that is sold."""
    file_format, status = str(job.arguments["format"]), str(job.arguments.get("status", ""))
    skus = Sku.objects.filter(is_active=True)
    if status:
        skus = skus.filter(product__status=status)
    count = skus.count()
    progress.starts(count, _("Writing …"))
    language = translation.get_language() or ""
    extra = ("Status", "Stock now") if language.startswith("en") else ("状态", "现有库存")
    headings = [*(column.heading(language) for column in COLUMNS), *extra]
    sink = tables.sink(file_format, headings, _("products"))
    for batch in _batches(skus):
        stock = _stock(batch)
        for sku in batch:
            row = _row(sku)
            sink.write(
                [
                    *(row.get(column.name, "") for column in COLUMNS),
                    sku.product.get_status_display(),
                    stock.get(sku.pk, 0),
                ]
            )
        progress.step(len(batch))
    day = f"{clock.business_day(clock.now()):%Y%m%d}"
    path = long_work.store_file(sink.content(), f"products-{day}.{file_format}")
    audit.record(actor=job.actor, verb="export_products", target=f"core.job:{job.pk}", after={"skus": count})
    return Outcome(_("{count} SKUs are in the file.").format(count=count), {"rows": count}, file=path)


def template(*, file_format: str, language: str) -> bytes:
    """An empty file with the right headings; a spreadsheet explains them on a second sheet."""
    headings = [column.heading(language) for column in COLUMNS]
    sink = tables.sink(file_format, headings, _("products"))
    if isinstance(sink, XlsxSink):
        guide = [(_("column"), _("needed"), _("what to write")), *(_guide(one, language) for one in COLUMNS)]
        sink.add_sheet(_("guide"), guide)
    return sink.content()


def _guide(column: Column, language: str) -> tuple[str, str, str]:
    return (column.heading(language), _("yes") if column.is_needed else "", str(column.guide))


def _batches(skus: QuerySet[Sku]) -> Iterator[list[Sku]]:
    last = (0, 0)
    found = skus.select_related("product__category__parent__parent", "product__brand")
    ordered = found.prefetch_related("values__axis").order_by("product_id", "id")
    while True:
        later = ordered.filter(product_id=last[0], id__gt=last[1]) | ordered.filter(product_id__gt=last[0])
        batch = list(later[:BATCH])
        if not batch:
            return
        yield batch
        last = (batch[-1].product_id, batch[-1].pk)


def _row(sku: Sku) -> dict[str, Any]:
    product = sku.product
    chosen = sorted(sku.values.all(), key=lambda value: value.axis.position)
    row: dict[str, Any] = {
        "code": sku.code,
        "title": product.title,
        "subtitle": product.subtitle,
        "category": _way(product.category),
        "brand": product.brand.name if product.brand else "",
        "list_price": sku.list_price,
        "cost_price": sku.cost_price,
        "floor_price": sku.floor_price,
        "barcode": sku.barcode or "",
        "weight_grams": sku.weight_grams or "",
        "description": product.description,
        "sale_unit": product.sale_unit,
    }
    for (axis, value), one in zip(AXES, chosen, strict=False):
        row |= {axis: one.axis.name, value: one.name}
    return row


def _way(category: Any) -> str:
    names: list[str] = []
    while category:
        names.insert(0, category.name)
        category = category.parent
    return "/".join(names)


def _stock(batch: list[Sku]) -> dict[int, int]:
    levels = StockLevel.objects.filter(sku__in=[sku.pk for sku in batch]).order_by()
    return dict(levels.values_list("sku").annotate(pieces=Sum("on_hand")))
