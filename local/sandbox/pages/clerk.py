"""The clerk's phone: a small mini-program that speaks only the shop's staff REST API."""

from local.sandbox import forward, people
from local.sandbox.box import Box
from local.sandbox.http import Request, Response, json_response, redirect
from local.sandbox.pages.markup import Safe, fill, join, page
from local.sandbox.weixin import codes

API = "/clerk/api/"
HEAD = Safe(
    '\n<link rel="stylesheet" href="/static/clerk.css">'
    '\n<script type="module" src="/static/clerk.js"></script>'
)
BODY = """<main class="app" data-shop="{shop}">
<header class="topline"><h1 data-title>店员助手</h1>
<button class="bell" data-bell aria-pressed="true">铃声开</button></header>
<div class="view" data-view><p class="quiet">正在打开…</p></div>
<nav class="tabs" data-tabs hidden aria-label="主要"></nav>
<p class="toast" data-toast role="status" hidden></p>
<datalist id="wechats">{people}</datalist>
<noscript><p class="flash">店员助手需要 JavaScript。</p></noscript>
</main>"""


def enter(box: Box, request: Request) -> Response:
    return redirect("/clerk/")


def show(box: Box, request: Request) -> Response:
    """The app; everything in it comes from the shop's staff API."""
    names = join(fill('<option value="{name}">', name=one["name"]) for one in people.everybody(box))
    return page("店员助手", fill(BODY, shop=box.shop, people=names), kind="clerk", head=HEAD)


def code(box: Box, request: Request) -> Response:
    """What `wx.login` gives a mini-program: a code for the person who holds this phone."""
    try:
        return json_response({"code": codes.issue(box, person=str(request.json().get("person")), app="mp")})
    except (ValueError, AttributeError) as error:
        return json_response({"code": "unknown_person", "message": str(error), "extra": {}}, 400)


def api(box: Box, request: Request) -> Response:
    """/clerk/api/… is the shop's /api/v1/…, as a mini-program would reach it."""
    target = request.target.removeprefix(API.rstrip("/"))
    if not box.shop:
        return _silent("沙箱还不知道商城在哪里")
    kept = dict.fromkeys(("cookie", "origin", "referer"), "")
    try:
        answered = forward.send(request, f"{box.shop}/api/v1{target}", headers=kept)
    except forward.Unreachable:
        return _silent("商城没有应答，请稍后再试")
    headers = {name: answered.header(name) for name in ("Content-Type", "Retry-After")}
    return Response(answered.status, answered.body, {name: value for name, value in headers.items() if value})


def _silent(words: str) -> Response:
    return json_response({"code": "shop_silent", "message": words, "extra": {}}, 502)
