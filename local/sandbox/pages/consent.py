"""open.weixin.qq.com/connect/oauth2/authorize: silent for snsapi_base in the phone, else a page that asks."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from local.sandbox import people
from local.sandbox.box import MERCHANT_NAME, Box
from local.sandbox.http import Request, Response, redirect
from local.sandbox.ledger import Row
from local.sandbox.pages.markup import EMPTY, Safe, fill, join, page
from local.sandbox.weixin import apps, codes

PATH = "/connect/oauth2/authorize"
STATE = re.compile(r"[A-Za-z0-9]{0,128}")
SCOPES = codes.SCOPES["oa"]
SHEET = """<main class="consent">
<div class="ask" role="dialog" aria-modal="true" aria-labelledby="who">
<p class="app"><span class="logo" aria-hidden="true">微</span>{merchant}</p>
<h1 id="who">{question}</h1>
<form method="post" action="{action}">{hidden}
{faces}
<div class="choices">
<button class="plain" name="answer" value="no">{no}</button>
<button class="pay" name="answer" value="yes">允许</button>
</div></form>
</div></main>"""
FACE = """<label class="face"><input type="radio" name="person" value="{name}"{checked}>
<img src="{base}/faces/{unionid}.png" alt="" width="44" height="44"><span>{nickname}</span></label>"""
WRONG = """<main class="consent"><div class="ask wrong"><p class="mark warn" aria-hidden="true">!</p>
<h1>{words}</h1><p class="figures">错误码 {number}</p></div></main>"""


@dataclass(frozen=True)
class Wish:
    """What the shop asks for, judged."""

    redirect_uri: str
    scope: str
    state: str


def show(
    box: Box, request: Request, *, base: str = "", head: Safe = EMPTY, person: Row | None = None
) -> Response:
    """A redirect with a code, or the page that asks. `person` is who holds the phone; else it is chosen."""
    wish = _read(box, request.query)
    if isinstance(wish, Response):
        return wish
    if person and wish.scope == "snsapi_base":
        return grant(box, wish, person["name"])
    asks_name = wish.scope == "snsapi_userinfo"
    faces = [
        fill(
            FACE,
            name=one["name"],
            base=base,
            unionid=one["unionid"],
            nickname=one["nickname"],
            checked=Safe(" checked") if number == 0 else EMPTY,
        )
        for number, one in enumerate([person] if person else people.everybody(box))
    ]
    hidden = {"redirect_uri": wish.redirect_uri, "scope": wish.scope, "state": wish.state}
    hidden |= {"appid": request.query["appid"], "response_type": "code"}
    body = fill(
        SHEET,
        merchant=MERCHANT_NAME,
        question="申请获取你的昵称、头像" if asks_name else "以谁的微信打开商城",
        action=base + PATH,
        hidden=join(
            fill('<input type="hidden" name="{name}" value="{value}">', name=name, value=value)
            for name, value in hidden.items()
        ),
        faces=fill('<div class="faces">{faces}</div>', faces=join(faces)),
        no="拒绝" if asks_name else "取消",
    )
    return page("微信授权", body, kind="cashier", base=base, head=head)


def act(box: Box, request: Request, *, person: Row | None = None) -> Response:
    """The answer to the page: back to the shop with a code, or without one."""
    form = request.form
    wish = _read(box, form)
    if isinstance(wish, Response):
        return wish
    if form.get("answer") != "yes":
        return redirect(_add(wish.redirect_uri, {"state": wish.state}))
    name = person["name"] if person else form.get("person", "")
    if not people.find(box, name):
        return _wrong("没有这个人", 40003)
    return grant(box, wish, name)


def grant(box: Box, wish: Wish, person: str) -> Response:
    code = codes.issue(box, person=person, app="oa", scope=wish.scope)
    return redirect(_add(wish.redirect_uri, {"code": code, "state": wish.state}))


def _read(box: Box, given: dict[str, str]) -> Wish | Response:
    """The wish, or the page that says what is wrong with it, in WeChat's numbers."""
    wanted = urlsplit(given.get("redirect_uri", ""))
    if apps.of_appid(box, given.get("appid", "")) != "oa":
        return _wrong("appid 参数错误", 10013)
    if wanted.scheme not in ("http", "https") or not _is_ours(box, wanted.hostname or ""):
        return _wrong("redirect_uri 域名与后台配置不一致", 10003)
    if given.get("response_type") != "code" or given.get("scope") not in SCOPES:
        return _wrong("scope 参数错误或没有权限", 10005)
    if not STATE.fullmatch(given.get("state", "")):
        return _wrong("state 参数错误", 10006)
    return Wish(given["redirect_uri"], given["scope"], given.get("state", ""))


def _is_ours(box: Box, host: str) -> bool:
    """The domain entered in WeChat's console: the shop's; any of this machine while nobody told it."""
    return host == urlsplit(box.shop).hostname if box.shop else host in ("127.0.0.1", "localhost")


def _add(address: str, values: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *values.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _wrong(words: str, number: int) -> Response:
    return page("无法授权", fill(WRONG, words=words, number=number), kind="cashier", status=400)
