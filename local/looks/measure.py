"""`make looks`: Lighthouse, axe-core and a tape measure on the running demo; a table, and failure when below.

Lighthouse is a telephone on a slow network (its own simulation); a busy machine costs points, so a page may
try again. axe looks at every main page by day and at night. The tape measure is the one of the tests: targets
of 44 × 44, nothing sideways, nothing cut off, also at twice the size of text.
"""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from local.looks import pictures
from local.looks.pictures import View
from local.looks.places import Place, Shop, visit
from local.paths import CHECKOUT, VAR, LocalError
from local.screen import say

HERE, TOOLS = Path(__file__).parent, VAR / "looks"
WANTED = {"performance": 90, "accessibility": 100, "best-practices": 100}
RATED = ("home", "category", "product", "basket", "checkout", "me")
TRIES = 3
WIDTHS = (320, 375, 414)
TAPE = CHECKOUT / "tests" / "journeys" / "walk.js"
AXE = """async () => (await axe.run(document, {iframes: false})).violations.map((one) =>
  `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")}`)"""
LARGE = """() => { document.documentElement.style.fontSize = "200%";
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); }"""


@dataclass
class Result:
    """Findings of one page, and its Lighthouse points where it was rated."""

    place: Place
    found: list[str]
    points: dict[str, int]

    @property
    def is_good(self) -> bool:
        return not self.found and all(self.points.get(name, 100) >= least for name, least in WANTED.items())


def run() -> int:
    """ONLY=home,me measures some pages; LIGHTHOUSE=0 leaves the points out. 1 when a page is below."""
    _install()
    only = [name for name in os.environ.get("ONLY", "").split(",") if name]
    with sync_playwright() as tool:
        browser = tool.chromium.launch(**pictures.launching())
        shop = visit(browser)
        places = [one for one in shop.places if not only or one.name in only]
        results = [Result(place, _look(browser, shop, place), {}) for place in places]
        browser.close()
    if os.environ.get("LIGHTHOUSE") != "0":
        for result in results:
            if result.place.name in RATED:
                result.points = _rate(shop, result)
    _show(results)
    return 0 if all(result.is_good for result in results) else 1


def _install() -> None:
    if not shutil.which("npm"):
        raise LocalError("make looks needs node and npm.")
    TOOLS.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package-lock.json").read_text()
    lock = TOOLS / "package-lock.json"
    if (TOOLS / "node_modules" / "lighthouse").exists() and lock.exists() and lock.read_text() == wanted:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, TOOLS / name)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=TOOLS, check=True)  # noqa: S607


def _look(browser: Any, shop: Shop, place: Place) -> list[str]:
    """What axe and the tape measure find at one page, each with where it was seen."""
    axe = (TOOLS / "node_modules" / "axe-core" / "axe.min.js").read_text()
    tape, found = TAPE.read_text(), []
    for theme in pictures.THEMES:
        context = pictures.enter(
            browser, shop, place.who, View(1280 if _is_wide(place) else 375, theme, "zh")
        )
        page = context.new_page()
        answer = page.goto(shop.url + place.path)
        if answer.status >= 400 and place.name != "missing":
            context.close()
            return [f"answered {answer.status}"]
        page.wait_for_timeout(600 if place.who == "staff" else 100)
        page.evaluate(axe)
        found += [f"{theme} axe {one}" for one in page.evaluate(AXE)]
        if theme == "light" and not _is_wide(place):
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 812})
                found += [f"{width} {one}" for one in page.evaluate(tape, {"layout": True, "words": ""})]
            page.set_viewport_size({"width": 375, "height": 812})
            page.evaluate(LARGE)
            found += [f"200 % {one}" for one in page.evaluate(tape, {"layout": True, "words": ""})]
        context.close()
    return list(dict.fromkeys(found))


def _is_wide(place: Place) -> bool:
    return place.who == "staff"


def _rate(shop: Shop, result: Result) -> dict[str, int]:
    """The best of a few tries."""
    best: dict[str, int] = {}
    for _try in range(TRIES):
        points = _lighthouse(shop, result)
        best = {name: max(points.get(name, 0), best.get(name, 0)) for name in WANTED}
        if all(best[name] >= least for name, least in WANTED.items()):
            break
    return best


def _lighthouse(shop: Shop, result: Result) -> dict[str, int]:
    report = TOOLS / f"{result.place.name}.json"
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in shop.cookies[result.place.who])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as headers:
        json.dump({"Cookie": cookies} if cookies else {}, headers)
        headers.flush()
        command = [
            "node", "node_modules/lighthouse/cli/index.js", shop.url + result.place.path, "--quiet",
            "--output=json", f"--output-path={report}", f"--extra-headers={headers.name}",
            f"--only-categories={','.join(WANTED)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
        ]  # fmt: skip
        chrome = pictures.launching().get("executable_path", "")
        environment = {**os.environ, **({"CHROME_PATH": chrome} if chrome else {})}
        done = subprocess.run(command, cwd=TOOLS, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:  # a browser that starves; another try may do
        say(f"{result.place.name}: {done.stderr.strip()[-200:]}")
        return {}
    said = json.loads(report.read_text())
    for audit in _lost(said):
        result.found += [audit] if audit not in result.found else []
    return {name: round(100 * (said["categories"][name]["score"] or 0)) for name in WANTED}


def _lost(said: dict[str, Any]) -> list[str]:
    """The audits of accessibility and good practice that cost points."""
    named = {
        one["id"]
        for name in ("accessibility", "best-practices")
        for one in said["categories"][name]["auditRefs"]
        if one["weight"]
    }
    return [
        f"lighthouse {name}: {audit['title']}"
        for name, audit in said["audits"].items()
        if name in named and audit["score"] is not None and audit["score"] < 1
    ]


def _show(results: list[Result]) -> None:
    say(f"\n{'page':<18}{'perf':>6}{'a11y':>6}{'best':>6}  findings")
    for result in results:
        points = "".join(f"{result.points.get(name, '–'):>6}" for name in WANTED)
        say(f"{result.place.name:<18}{points}  {'ok' if not result.found else len(result.found)}")
    for result in results:
        for one in result.found:
            say(f"  {result.place.name}: {one}")
    good = sum(result.is_good for result in results)
    say(f"\n{good} of {len(results)} pages are as they should be.")
