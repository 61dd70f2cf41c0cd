"""Import and export of suppliers as long work: first a look that changes nothing, then all or nothing."""

from pathlib import PurePath
from typing import IO, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Supplier, SupplierSku
from catalog.selectors import supply
from catalog.services import suppliers
from catalog.services.supplier_files import reading
from catalog.services.supplier_files.columns import COLUMNS
from catalog.services.supplier_files.reading import Plan, Row
from shop.core import audit, clock, long_work, tables
from shop.core.errors import Invalid
from shop.core.long_work import Outcome, Progress
from shop.core.models import Job
from shop.core.tables import MOST_BYTES, XlsxSink
from shop.core.terms import JobStatus
from shop.core.transactions import unit

CHECK = "catalog.check_suppliers"
LOAD = "catalog.load_suppliers"
EXPORT = "catalog.export_suppliers"
FORMATS = ("xlsx", "csv")
SHOWN = 100
RANK_WORDS = {"preferred": "首选", "ordinary": "普通", "contingency": "备用"}


def ask_check(*, file: IO[bytes], name: str, actor: str) -> Job:
    """Keeps the file and asks for a look at it. Raises TableRefused for one that can't be meant."""
    content = file.read(MOST_BYTES + 1)
    reading.read(content, name)
    path = long_work.store_file(content, f"suppliers{PurePath(name).suffix[:5]}")
    return long_work.ask(kind=CHECK, actor=actor, arguments={"file": path, "name": name[:100]})


def ask_load(*, check: Job, actor: str) -> Job:
    """Asks for what a look found good. Raises Invalid when it found anything bad or isn't done."""
    if check.kind != CHECK or check.status != JobStatus.DONE or check.result.get("is_refused"):
        raise Invalid(field="check")
    if not check.arguments.get("file"):
        raise Invalid(field="file")
    arguments = {name: check.arguments[name] for name in ("file", "name")}
    return long_work.ask(kind=LOAD, actor=actor, arguments=arguments | {"check": check.pk})


def ask_export(*, file_format: str, actor: str) -> Job:
    """Asks for a file of all price lists. Raises Invalid."""
    if file_format not in FORMATS:
        raise Invalid(field="format")
    return long_work.ask(kind=EXPORT, actor=actor, arguments={"format": file_format})


def check(job: Job, progress: Progress) -> Outcome:
    """The dry run: names every bad row, changes nothing."""
    found = _look(job, progress)
    facts = _facts(job, found)
    if found.problems:
        count = len(found.bad_rows())
        said = ngettext(
            "%(count)d row needs mending. Nothing was changed.",
            "%(count)d rows need mending. Nothing was changed.",
            count,
        )
        return Outcome(said % {"count": count}, facts, file=_problems_file(found), is_refused=True)
    said = _("Nothing stands in the way: {new} new, {changed} changed, {same} unchanged.")
    return Outcome(said.format(**facts), facts)


def load(job: Job, progress: Progress) -> Outcome:
    """Looks once more, for the shop may have changed, then writes everything in one transaction."""
    found = _look(job, progress)
    facts = _facts(job, found)
    if found.problems:
        said = _("The shop changed since the check. Nothing was changed by this file.")
        return Outcome(said, facts, file=_problems_file(found), is_refused=True)
    progress.starts(len(found.rows), _("Writing …"))
    _write(found, job, progress)
    said = _("Done: {new} new, {changed} changed, {same} as they were.").format(**facts)
    return Outcome(said, facts)


def export(job: Job, progress: Progress) -> Outcome:
    """Every supplier with its price list, as `check` reads it."""
    file_format = str(job.arguments["format"])
    language = translation.get_language() or ""
    sink = tables.sink(file_format, [one.heading(language) for one in COLUMNS], _("price lists"))
    goods = supply.with_price(SupplierSku.objects.filter(is_active=True)).select_related("supplier", "sku")
    rows = list(goods.order_by("supplier__name", "sku__code"))
    listed = {one.supplier_id for one in rows}
    progress.starts(len(rows), _("Writing …"))
    for source in rows:
        sink.write(_cells(source.supplier, source))
        progress.step()
    for supplier in Supplier.objects.exclude(pk__in=listed):
        sink.write(_cells(supplier, None))
    day = f"{clock.business_day(clock.now()):%Y%m%d}"
    path = long_work.store_file(sink.content(), f"suppliers-{day}.{file_format}")
    audit.record(
        actor=job.actor, verb="export_suppliers", target=f"core.job:{job.pk}", after={"rows": len(rows)}
    )
    return Outcome(_("{count} rows are in the file.").format(count=len(rows)), {"rows": len(rows)}, file=path)


def template(*, file_format: str, language: str) -> bytes:
    """An empty file with the right headings; a spreadsheet explains them on a second sheet."""
    sink = tables.sink(file_format, [one.heading(language) for one in COLUMNS], _("price lists"))
    if isinstance(sink, XlsxSink):
        guide: list[Any] = [(_("column"), _("needed"), _("what to write"))]
        guide += [
            (one.heading(language), _("yes") if one.is_needed else "", str(one.guide)) for one in COLUMNS
        ]
        sink.add_sheet(_("guide"), guide)
    return sink.content()


@unit
def _write(found: Plan, job: Job, progress: Progress) -> None:
    known = {one.code: one for one in Supplier.objects.filter(code__in={row.code for row in found.rows})}
    for row in found.rows:
        if row.outcome != "same":
            known[row.code] = _write_row(row, known.get(row.code), job.actor)
        progress.step()
    counts = {name: found.count(name) for name in ("new", "changed", "same")}
    audit.record(actor=job.actor, verb="import_suppliers", target=f"core.job:{job.pk}", after=counts)


def _write_row(row: Row, supplier: Supplier | None, actor: str) -> Supplier:
    if supplier is None:
        supplier = suppliers.save(supplier=None, actor=actor, code=row.code, **row.supplier)
    elif any(getattr(supplier, name) != value for name, value in row.supplier.items()):
        supplier = suppliers.save(supplier=supplier, actor=actor, **row.supplier)
    if row.sku_id:
        source = suppliers.save_goods(
            supplier_id=supplier.pk, sku_id=row.sku_id, actor=actor, **{"is_active": True, **row.goods}
        )
        if row.price is not None:
            suppliers.set_price(source_id=source.pk, price=row.price, valid_from=row.valid_from, actor=actor)
    return supplier


def _look(job: Job, progress: Progress) -> Plan:
    progress.starts(0, _("Checking …"))
    content = long_work.read_file(job.arguments["file"])
    found = reading.plan(content, job.arguments["name"])
    progress.starts(len(found.rows), _("Checking …"))
    progress.step(len(found.rows), failed=len(found.bad_rows()))
    return found


def _facts(job: Job, found: Plan) -> dict[str, Any]:
    bad = len(found.bad_rows())
    return {
        "name": job.arguments["name"],
        "encoding": found.encoding,
        "rows": len(found.rows),
        "new": found.count("new"),
        "changed": found.count("changed"),
        "same": found.count("same"),
        "bad": bad,
        "good": len(found.rows) - bad,
        "problems": [one.as_dict() for one in found.problems[:SHOWN]],
        "problem_count": len(found.problems),
    }


def _problems_file(found: Plan) -> str:
    sink = tables.sink(
        "xlsx", (_("row"), _("column"), _("what stands there"), _("what is wrong"), _("what to do"))
    )
    for one in found.problems:
        sink.write((one.row, one.column, one.value, one.problem, one.remedy))
    return long_work.store_file(sink.content(), "suppliers-problems.xlsx")


def _cells(supplier: Supplier, source: SupplierSku | None) -> list[Any]:
    values: dict[str, Any] = {
        "supplier": supplier.code,
        **{name: getattr(supplier, name) for name in ("name", "contact_name", "contact_phone")},
        **{name: getattr(supplier, name) for name in ("payment_days", "lead_days", "minimum_amount")},
    }
    if source is not None:
        names = ("article", "unit", "pack_size", "minimum_packs")
        values |= {name: getattr(source, name) for name in names} | {
            "sku": source.sku.code,
            "price": source.price,  # type: ignore[attr-defined]
            "rank": RANK_WORDS[source.rank],
            "needs_expiry": "是" if source.needs_expiry else "否",
        }
    return ["" if values.get(one.name) is None else values[one.name] for one in COLUMNS]
