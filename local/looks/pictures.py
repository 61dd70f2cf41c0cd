"""`make pictures`: every main page at every width, in both themes and both languages, into var/pictures/."""

import html
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from local.looks.places import Place, Shop, visit
from local.paths import VAR
from local.screen import say

INTO = VAR / "pictures"
SHOP_WIDTHS = (320, 375, 768)
OFFICE_WIDTHS = (1280, 375)
THEMES = ("light", "dark")
LANGUAGES = {"zh": "zh-hans", "en": "en"}
TALLEST = 6000
SHEET_COLUMNS, SHEET_WIDTH, SHEET_HEIGHT = 6, 300, 640


@dataclass(frozen=True)
class View:
    width: int
    theme: str
    language: str

    @property
    def name(self) -> str:
        return f"{self.width}-{self.theme}-{self.language}"


def take() -> int:
    """Takes them all; ONLY=product,me and VIEWS=375-light-zh,… take some. 1 when a page answered an error."""
    began, failed = time.monotonic(), 0
    only = [name for name in os.environ.get("ONLY", "").split(",") if name]
    if not only and not os.environ.get("VIEWS"):
        shutil.rmtree(INTO, ignore_errors=True)
    INTO.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as tool:
        browser = tool.chromium.launch(**launching())
        shop = visit(browser)
        places = [one for one in shop.places if not only or one.name in only]
        for who in ("guest", "member", "staff"):
            mine = [one for one in places if one.who == who]
            for view in views(OFFICE_WIDTHS if who == "staff" else SHOP_WIDTHS):
                failed += _look(browser, shop, mine, view)
        browser.close()
    _write_index(places)
    for name in {path.stem.partition("@")[2] for path in INTO.glob("*@*.jpg")}:
        _write_sheet(name)
    say(f"{len(list(INTO.glob('*@*.jpg')))} pictures in {time.monotonic() - began:.0f} s: {INTO}/index.html")
    return 1 if failed else 0


def launching() -> dict[str, Any]:
    """How Chromium is started: Debian's when it is there, else Playwright's own."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"]
    return {"args": arguments} | ({"executable_path": found} if found else {})


def views(widths: tuple[int, ...]) -> Iterator[View]:
    wanted = [name for name in os.environ.get("VIEWS", "").split(",") if name]
    for width in widths:
        for theme in THEMES:
            for language in LANGUAGES:
                view = View(width, theme, language)
                if not wanted or view.name in wanted:
                    yield view


def enter(browser: Any, shop: Shop, who: str, view: View) -> Any:
    """A window of that size, theme and language, signed in as `who`."""
    context = browser.new_context(
        viewport={"width": view.width, "height": 900 if view.width > 1000 else 812},
        color_scheme=view.theme,
        reduced_motion="reduce",
        locale="zh-CN",
        service_workers="block",
    )
    context.add_cookies(shop.cookies[who])
    context.add_cookies([{"name": "django_language", "value": LANGUAGES[view.language], "url": shop.url}])
    return context


def _look(browser: Any, shop: Shop, places: list[Place], view: View) -> int:
    if not places:
        return 0
    context, failed = enter(browser, shop, places[0].who, view), 0
    page = context.new_page()
    for place in places:
        answer = page.goto(shop.url + place.path, wait_until="load")
        if answer.status >= 400 and place.name != "missing":
            say(f"{place.name}: {place.path} answered {answer.status}")
            failed += 1
            continue
        page.evaluate(
            "document.querySelectorAll('img[loading=lazy]').forEach((one) => (one.loading = 'eager'))"
        )
        page.wait_for_timeout(700 if place.who == "staff" else 250)
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        page.screenshot(
            path=INTO / f"{place.name}@{view.name}.jpg",
            type="jpeg",
            quality=80,
            full_page=True,
            clip={"x": 0, "y": 0, "width": view.width, "height": max(height, 812)},
        )
    context.close()
    return failed


def _write_index(places: list[Place]) -> None:
    rows = []
    for name in sorted({path.stem.partition("@")[0] for path in INTO.glob("*@*.jpg")}):
        pictures = "".join(
            f'<a href="{path.name}"><img src="{path.name}" loading="lazy" width="200" alt=""><br>'
            f"{html.escape(path.stem.partition('@')[2])}</a>"
            for path in sorted(INTO.glob(f"{name}@*.jpg"))
        )
        rows.append(f"<h2>{html.escape(name)}</h2><div>{pictures}</div>")
    (INTO / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>Pictures</title>"
        "<style>body{font:14px system-ui;margin:24px}"
        "div{display:flex;gap:12px;overflow-x:auto;align-items:flex-start}a{font-size:12px}"
        "img{border:1px solid #ccc}</style><h1>Pictures of every main page</h1>" + "".join(rows),
        encoding="utf-8",
    )


def _write_sheet(view: str) -> None:
    """One picture with the tops of all pages of a view, to look over at once."""
    paths = sorted(INTO.glob(f"*@{view}.jpg"))
    width = SHEET_WIDTH * 2 if int(view.partition("-")[0]) > 1000 else SHEET_WIDTH
    columns = SHEET_COLUMNS // 2 if width > SHEET_WIDTH else SHEET_COLUMNS
    rows = -(-len(paths) // columns)
    sheet = Image.new("RGB", (columns * (width + 10), rows * (SHEET_HEIGHT + 30)), "#999")
    draw = ImageDraw.Draw(sheet)
    for at, path in enumerate(paths):
        left, top = at % columns * (width + 10), at // columns * (SHEET_HEIGHT + 30)
        with Image.open(path) as picture:
            height = round(picture.height * width / picture.width)
            shown = picture.resize((width, height)).crop((0, 0, width, min(height, SHEET_HEIGHT)))
        draw.text((left + 4, top + 4), path.stem.partition("@")[0], fill="black")
        sheet.paste(shown, (left, top + 20))
    folder = Path(INTO) / "sheets"
    folder.mkdir(exist_ok=True)
    sheet.save(folder / f"{view}.jpg", quality=82)
