"""What the phone's in-app browser loads: the shop, passed through, with WeChat's user agent and bridge."""

from local.sandbox import files, forward
from local.sandbox.box import Box
from local.sandbox.http import Request, Response, json_response
from local.sandbox.pages import consent
from local.sandbox.pages.markup import Safe, fill, page
from local.sandbox.phone import holder, rewriting

USER_AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Mobile/15E148 MicroMessenger/8.0.50(0x1800323c) NetType/WIFI Language/zh_CN wxdebugger"
)
TEXTS = ("application/x-www-form-urlencoded", "application/json")
BRIDGE = Safe(f'\n<script src="{rewriting.OWN}/static/bridge.js"></script>')
SILENT = """<main class="consent"><div class="ask wrong"><p class="mark warn" aria-hidden="true">!</p>
<h1>{headline}</h1><p class="merchant">{words}</p></div></main>"""


def answer(box: Box, request: Request) -> Response:
    """The phone's listener: our own pages below /__wx, the shop everywhere else."""
    if request.path.startswith(rewriting.OWN + "/"):
        return _own(box, request)
    if not box.shop:
        return _silent("还不知道商城在哪里", "启动沙箱时用 --shop 或 SHOP_URL 告诉它")
    return _shop(box, request)


def _own(box: Box, request: Request) -> Response:
    path = request.path.removeprefix(rewriting.OWN)
    if path == "/static/bridge.js":
        return _bridge(box)
    if path == consent.PATH:
        person = holder.of(box, request)
        if request.method == "POST":
            found = consent.act(box, request, person=person)
        else:
            found = consent.show(box, request, base=rewriting.OWN, head=BRIDGE, person=person)
        found.headers = rewriting.headers(box, found.headers)
        return found
    return files.serve(path) or json_response({"error": "not_found", "message": path}, 404)


def _bridge(box: Box) -> Response:
    found = files.serve("/static/bridge.js")
    assert found  # noqa: S101 - the file is ours
    words = {"__FRAME__": f"{box.url}/phone/", "__AGENT__": USER_AGENT}
    text = found.body.decode()
    for mark, word in words.items():
        text = text.replace(mark, word)
    return Response(200, text.encode(), found.headers | {"Cache-Control": "no-cache"})


def _shop(box: Box, request: Request) -> Response:
    person = holder.of(box, request)
    target = rewriting.to_shop(box, request.target)
    body = request.body
    if request.headers.get("content-type", "").startswith(TEXTS):
        body = rewriting.to_shop(box, body.decode(errors="surrogateescape")).encode(errors="surrogateescape")
    given = {
        "User-Agent": USER_AGENT,
        "Cookie": holder.to_shop(request, person),
        "Origin": rewriting.to_shop(box, request.headers.get("origin", "")),
        "Referer": rewriting.to_shop(box, request.headers.get("referer", "")),
        "HX-Current-URL": rewriting.to_shop(box, request.headers.get("hx-current-url", "")),
        "Sec-Fetch-Dest": "",
        "Sec-Fetch-Site": "",
    }
    try:
        answered = forward.send(request, box.shop + target, headers=given, body=body)
    except forward.Unreachable:
        return _silent("商城没有应答", f"{box.shop} 没有开着，或者正在重启")
    text = answered.body
    if answered.header("content-type").startswith("text/html"):
        text = rewriting.page(box, text)
    return Response(
        answered.status,
        text,
        rewriting.headers(box, answered.headers),
        cookies=tuple(holder.from_shop(cookie, person) for cookie in answered.cookies),
    )


def _silent(headline: str, words: str) -> Response:
    body = fill(SILENT, headline=headline, words=words)
    return page(headline, body, kind="cashier", base=rewriting.OWN, head=BRIDGE, status=502)
