"""An import as long work: first a look that changes nothing, then all of it or nothing."""

from pathlib import PurePath
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.services.imports import checking, loading, sheet, world
from catalog.services.imports.checking import Plan
from catalog.services.imports.sheet import Sheet
from catalog.services.imports.world import World
from shop.core import audit, long_work, tables
from shop.core.errors import Invalid
from shop.core.long_work import Outcome, Progress
from shop.core.models import Job
from shop.core.tables import MOST_BYTES, TableRefused
from shop.core.terms import JobStatus

CHECK = "catalog.check_import"
LOAD = "catalog.load_import"
SHOWN = 100


def ask_check(
    *, file: IO[bytes], name: str, place_id: int | None, actor: str, category_id: int | None = None
) -> Job:
    """Keeps the file and asks for a look at it. Raises TableRefused for one that can't be meant."""
    content = file.read(MOST_BYTES + 1)
    sheet.read(content, name)
    path = long_work.store_file(content, _file_name(name))
    return long_work.ask(
        kind=CHECK,
        actor=actor,
        arguments={"file": path, "name": name[:100], "place": place_id, "category": category_id},
    )


def ask_load(*, check: Job, actor: str) -> Job:
    """Asks for what a look found good. Raises Invalid when it found anything bad or isn't done."""
    if check.kind != CHECK or check.status != JobStatus.DONE or check.result.get("is_refused"):
        raise Invalid(field="check")
    arguments = {name: check.arguments.get(name) for name in ("file", "name", "place", "category")}
    if not arguments["file"]:
        raise Invalid(field="file")
    return long_work.ask(kind=LOAD, actor=actor, arguments=arguments | {"check": check.pk})


def check(job: Job, progress: Progress) -> Outcome:
    """The dry run: names every bad row, changes nothing."""
    read, _known, plan = _look(job, progress)
    facts = _facts(job, read, plan)
    if read.problems:
        count = len(read.bad_rows())
        said = ngettext(
            "%(count)d row needs mending. Nothing was changed.",
            "%(count)d rows need mending. Nothing was changed.",
            count,
        )
        return Outcome(said % {"count": count}, facts, file=_problems_file(job, read), is_refused=True)
    said = _("Nothing stands in the way: {new} new, {changed} changed, {same} unchanged.")
    return Outcome(said.format(**facts), facts)


def load(job: Job, progress: Progress) -> Outcome:
    """Looks once more, for the shop may have changed, then writes everything in one transaction."""
    read, known, plan = _look(job, progress)
    facts = _facts(job, read, plan)
    if read.problems:
        said = _("The shop changed since the check. Nothing was changed by this file.")
        return Outcome(said, facts, file=_problems_file(job, read), is_refused=True)
    progress.starts(len(read.rows), _("Writing …"))
    place_id = job.arguments.get("place")
    made = loading.load(plan, known, place_id=place_id, actor=job.actor, step=progress.step)
    audit.record(
        actor=job.actor,
        verb="import_products",
        target=f"core.job:{job.pk}",
        after={name: facts[name] for name in ("new", "changed", "same")} | made,
    )
    said = _("Done: {new} SKUs new, {changed} changed, {same} as they were.").format(**facts)
    return Outcome(said, facts | made, file=_rows_file(job, read, plan))


def _look(job: Job, progress: Progress) -> tuple[Sheet, World, Plan]:
    progress.starts(0, _("Reading …"))
    content = long_work.read_file(job.arguments["file"])
    read = sheet.read(content, job.arguments["name"])
    progress.starts(len(read.rows), _("Checking …"))
    known = world.look(read.rows, job.arguments.get("category"))
    plan = checking.check(read, known)
    progress.step(len(read.rows))
    progress.failed = len(read.bad_rows())
    return read, known, plan


def _facts(job: Job, read: Sheet, plan: Plan) -> dict[str, Any]:
    return {
        "name": job.arguments["name"],
        "encoding": read.encoding,
        "rows": len(read.rows),
        "new": plan.count("new"),
        "changed": plan.count("changed"),
        "same": plan.count("same"),
        "products_new": sum(group.product is None for group in plan.groups),
        "opening": any(row.opening for row in read.rows),
        "notes": read.notes,
        "bad": len(read.bad_rows()),
        "good": len(read.rows) - len(read.bad_rows()),
        "problems": [problem.as_dict() for problem in read.problems[:SHOWN]],
        "problem_count": len(read.problems),
    }


def _problems_file(job: Job, read: Sheet) -> str:
    headings = (_("row"), _("column"), _("what stands there"), _("what is wrong"), _("what to do"))
    sink = tables.sink("xlsx", headings)
    for one in read.problems:
        sink.write((one.row, one.column, one.value, one.problem, one.remedy))
    return long_work.store_file(sink.content(), f"{_stem(job)}-problems.xlsx")


def _rows_file(job: Job, read: Sheet, plan: Plan) -> str:
    words = {"new": _("new"), "changed": _("changed"), "same": _("as it was")}
    sink = tables.sink("xlsx", (_("row"), _("SKU code"), _("title"), _("result")))
    for row in read.rows:
        sink.write((row.number, row.code, row.title, words[plan.outcome[row.number]]))
    return long_work.store_file(sink.content(), f"{_stem(job)}-result.xlsx")


def _stem(job: Job) -> str:
    return PurePath(_file_name(job.arguments["name"])).stem


def _file_name(name: str) -> str:
    """A name a file system and a header can bear."""
    stem = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in PurePath(name).name)
    if not stem.strip("-."):
        raise TableRefused(why=_("it has no name."))
    return stem[-60:]
