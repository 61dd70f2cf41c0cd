"""Import and export of stock as long work: first a look that changes nothing, then all of it or nothing."""

from pathlib import PurePath
from typing import IO, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import StockLevel
from catalog.services import shelf_names, stock
from catalog.services.levels import ensure_level
from catalog.services.stock_files import reading
from catalog.services.stock_files.reading import COLUMNS, Plan, Row
from catalog.terms import Pool
from shop.core import audit, clock, long_work, tables
from shop.core.errors import Invalid
from shop.core.long_work import Outcome, Progress
from shop.core.models import Job
from shop.core.tables import MOST_BYTES
from shop.core.terms import JobStatus
from shop.core.transactions import unit

CHECK = "catalog.check_stock"
LOAD = "catalog.load_stock"
EXPORT = "catalog.export_stock"
FORMATS = ("xlsx", "csv")
SHOWN = 100
BATCH = 1000


def ask_check(*, file: IO[bytes], name: str, place_ids: list[int] | None, actor: str) -> Job:
    """Keeps the file and asks for a look at it; `place_ids` are those one may stock, None for all.

    Raises TableRefused for a file that can't be meant.
    """
    content = file.read(MOST_BYTES + 1)
    reading.headed(content, name)
    path = long_work.store_file(content, f"stock{PurePath(name).suffix[:5]}")
    return long_work.ask(
        kind=CHECK, actor=actor, arguments={"file": path, "name": name[:100], "places": place_ids}
    )


def ask_load(*, check: Job, place_ids: list[int] | None, actor: str) -> Job:
    """Asks for what a look found good. Raises Invalid when it found anything bad or isn't done."""
    if check.kind != CHECK or check.status != JobStatus.DONE or check.result.get("is_refused"):
        raise Invalid(field="check")
    if not check.arguments.get("file"):
        raise Invalid(field="file")
    arguments = {name: check.arguments[name] for name in ("file", "name")}
    return long_work.ask(
        kind=LOAD, actor=actor, arguments=arguments | {"check": check.pk, "places": place_ids}
    )


def ask_export(*, file_format: str, place_ids: list[int], actor: str) -> Job:
    """Asks for a file of the stock of these places. Raises Invalid."""
    if file_format not in FORMATS or not place_ids:
        raise Invalid(field="format")
    return long_work.ask(kind=EXPORT, actor=actor, arguments={"format": file_format, "places": place_ids})


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
    """The stock for sale of the places asked for, with an empty column for what is counted."""
    file_format, language = str(job.arguments["format"]), translation.get_language() or ""
    levels = StockLevel.objects.filter(place__in=job.arguments["places"], pool=Pool.SPOT)
    progress.starts(levels.count(), _("Writing …"))
    sink = tables.sink(file_format, [one.heading(language) for one in COLUMNS], _("stock"))
    last = 0
    while True:
        rows = levels.filter(pk__gt=last).select_related("place", "sku__product").order_by("pk")[:BATCH]
        batch = list(rows)
        if not batch:
            break
        for level in batch:
            title = f"{level.sku.product.title} {level.sku.spec_text}".strip()
            sink.write(
                [
                    *(level.place.code, level.sku.code, title, level.sku.barcode or "", level.on_hand),
                    *("", level.shelf, level.alert_at, ""),
                ]
            )
        last = batch[-1].pk
        progress.step(len(batch))
    day = f"{clock.business_day(clock.now()):%Y%m%d}"
    path = long_work.store_file(sink.content(), f"stock-{day}.{file_format}")
    count = progress.done
    audit.record(actor=job.actor, verb="export_stock", target=f"core.job:{job.pk}", after={"rows": count})
    return Outcome(_("{count} rows are in the file.").format(count=count), {"rows": count}, file=path)


@unit
def _write(found: Plan, job: Job, progress: Progress) -> None:
    rows = sorted(found.rows, key=lambda row: (row.level_id is None, row.level_id or 0))
    for row in rows:
        if row.outcome != "same":
            _write_row(row, job)
        progress.step()
    counts = {name: found.count(name) for name in ("new", "changed", "same")}
    audit.record(actor=job.actor, verb="import_stock", target=f"core.job:{job.pk}", after=counts)


def _write_row(row: Row, job: Job) -> None:
    level_id = row.level_id or ensure_level(place_id=row.place_id, sku_id=row.sku_id)
    if row.counted is not None:
        stock.set_level(
            level_id=level_id, expected=row.on_hand, value=row.counted, actor=job.actor, reason=row.note
        )
    if row.alert_at is not None:
        cover_days = StockLevel.objects.values_list("cover_days", flat=True).get(pk=level_id)
        stock.set_alert(level_id=level_id, alert_at=row.alert_at, cover_days=cover_days, actor=job.actor)
    if row.shelf is not None:
        shelf_names.put(level_id=level_id, shelf=row.shelf, actor=job.actor)


def _look(job: Job, progress: Progress) -> Plan:
    progress.starts(0, _("Checking …"))
    content = long_work.read_file(job.arguments["file"])
    found = reading.plan(content, job.arguments["name"], place_ids=job.arguments.get("places"))
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
    headings = (_("row"), _("column"), _("what stands there"), _("what is wrong"), _("what to do"))
    sink = tables.sink("xlsx", headings)
    for one in found.problems:
        sink.write((one.row, one.column, one.value, one.problem, one.remedy))
    return long_work.store_file(sink.content(), "stock-problems.xlsx")
