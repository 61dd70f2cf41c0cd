"""Files of products for tests of imports."""

import csv
import io
from typing import Any

from openpyxl import Workbook

from catalog.services.imports import running
from shop.core import long_work, outbox
from shop.core.models import Job

HEADING = ["商品编码", "商品名称", "分类", "规格名1", "规格值1", "售价", "重量(克)", "期初库存"]
ACTOR = "user:1"


def lines(count: int, **changes: dict[str, Any]) -> list[list[Any]]:
    """So many SKUs, five to a product; `changes` maps `r<row>` to cells by their position."""
    found = [
        [
            f"A{n:04d}",
            f"测试商品{n // 5:03d}",
            "水果",
            "颜色",
            f"色{n % 5}",
            f"{n % 90 + 1}.50",
            500,
            3 if n % 10 == 0 else "",
        ]
        for n in range(count)
    ]
    for name, cells in changes.items():
        for at, value in cells.items():
            found[int(name[1:]) - 2][int(at)] = value
    return found


def as_csv(rows: list[list[Any]], heading: list[str] = HEADING, encoding: str = "utf-8-sig") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([heading, *rows])
    return buffer.getvalue().encode(encoding)


def as_xlsx(rows: list[list[Any]], heading: list[str] = HEADING) -> bytes:
    book = Workbook()
    for row in [heading, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def check(content: bytes, *, name: str = "goods.csv", **where: int) -> Job:
    """The dry run, done; `where` is place_id and category_id."""
    given = {"place_id": None} | where
    job = running.ask_check(file=io.BytesIO(content), name=name, actor=ACTOR, **given)
    return worked_on(job)


def load(job: Job) -> Job:
    """The import a check allowed, done."""
    return worked_on(running.ask_load(check=job, actor=ACTOR))


def worked_on(job: Job) -> Job:
    outbox.drain_all()
    job.refresh_from_db()
    return job


def told(job: Job) -> dict[tuple[int, str], str]:
    """What the report says, by row and column."""
    return {
        (one["row"], one["column"]): f"{one['problem']} {one['remedy']}" for one in job.result["problems"]
    }


def file_of(job: Job) -> bytes:
    return long_work.read_file(job.result["file"])
