import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from orders import gateways
from tests import books
from tests.journeys.town import Town
from tests.journeys.visitor import Visitor
from tests.sandboxes import Sandbox, running

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)
DESKTOP = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
FAILED = pytest.StashKey[bool]()
Meet = Callable[..., Visitor]


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    """One Chromium for a file of tests. While it runs its thread has an event loop; the ORM must allow it."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as tool:
            browser = tool.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            )
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory, live_server: Any) -> Iterator[Sandbox]:
    state = tmp_path_factory.mktemp("sandbox")
    with running(state, time_factor=600, shop=live_server.url) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox, settings: Any, live_server: Any) -> Iterator[Sandbox]:
    """An empty sandbox the running shop is configured for."""
    for name, value in sandbox_process.settings.items():
        setattr(settings, name, value)
    settings.SHOP_URL = live_server.url
    gateways.get.cache_clear()
    sandbox_process.reset()
    yield sandbox_process
    sandbox_process.clear()
    gateways.get.cache_clear()


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Any) -> Town:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return Town()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def meet(
    chrome: Browser, live_server: Any, sandbox: Sandbox, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Meet]:
    """`meet()` is a new visitor with a phone; `meet(desktop=True)`, `meet(java_script_enabled=False)`.

    Afterwards no browser has met an error. When the test failed, what each visitor saw last is kept as a
    picture.
    """
    visitors: list[Visitor] = []

    def new(*, desktop: bool = False, **options: Any) -> Visitor:
        device = (
            {"viewport": {"width": 1280, "height": 900}, "user_agent": DESKTOP}
            if desktop
            else {
                "viewport": {"width": 375, "height": 812},
                "user_agent": PHONE,
                "is_mobile": True,
                "has_touch": True,
                "device_scale_factor": 2,
            }
        )
        # a page that still fades in takes no clicks; people who ask for less motion get none
        calm: Any = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
        context = chrome.new_context(**calm | device | options)
        visitors.append(Visitor(context, live_server.url, friends=(sandbox.url,), is_desktop=desktop))
        return visitors[-1]

    yield new
    has_failed = request.node.stash.get(FAILED, True)
    for number, visitor in enumerate(visitors):
        if has_failed:
            seen = visitor.page.screenshot(path=tmp_path / f"visitor-{number}.png")
            print(f"{visitor.page.url} ({len(seen)} bytes): {tmp_path}/visitor-{number}.png")
        visitor.leaves()
    if not has_failed:
        assert [problem for visitor in visitors for problem in visitor.problems] == []


@pytest.fixture
def balanced(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[None]:
    """After the test no row breaks an invariant and the sandbox's ledger is ours."""
    yield
    if not request.node.stash.get(FAILED, True):
        assert books.broken() == []
        assert books.differ(sandbox) == []
