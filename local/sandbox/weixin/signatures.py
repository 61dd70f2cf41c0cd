"""Judging the signature a page hands to the JSSDK, and saying what is wrong with it."""

from urllib.parse import unquote, urlsplit

from local.sandbox import clock
from local.sandbox.box import Box
from local.sandbox.weixin import apps, crypto, tokens


def judge(box: Box, given: dict[str, str], *, url: str) -> str:
    """ "" when the signature is good for the page at `url` (without #…), else what is wrong, in words."""
    appid, stamp, nonce, signature = (
        given.get(name, "") for name in ("appId", "timestamp", "nonceStr", "signature")
    )
    if appid != apps.appid(box, "oa"):
        return "appId 不是这个公众号的"
    if not stamp.isdecimal() or not nonce or not signature:
        return "缺少 timestamp、nonceStr 或 signature"
    living = tokens.living_tickets(box)
    if not living:
        return "还没有取过 jsapi_ticket，签名不可能对"

    def fits(ticket: str, address: str) -> bool:
        return signature == crypto.jssdk_signature(ticket=ticket, nonce=nonce, timestamp=stamp, url=address)

    page = url.partition("#")[0]
    if any(fits(ticket, page) for ticket in living):
        return ""
    for ticket in living:
        for address, words in _mistakes(box, url):
            if fits(ticket, address):
                return f"签名用的网址是 {address}（{words}），应该是 {page}"
    old = box.ledger.rows(
        "SELECT token FROM weixin_token WHERE kind = 'ticket' AND valid_until <= ?", clock.now()
    )
    if any(fits(row["token"], page) for row in old):
        return "签名用的 jsapi_ticket 已经过期"
    return f"签名不对：ticket、nonceStr、timestamp 和网址 {page} 合起来不是这个签名"


def _mistakes(box: Box, url: str) -> list[tuple[str, str]]:
    page = url.partition("#")[0]
    parts = urlsplit(page)
    return [
        (url, "带了 # 之后的部分"),
        (page.partition("?")[0], "少了 ? 之后的参数"),
        (unquote(page), "已解码"),
        (page.rstrip("/"), "少了末尾的 /"),
        (f"{page}/", "多了末尾的 /"),
        (f"{box.shop}/", "是首页的网址"),
        (box.phone_url + (f"{parts.path}?{parts.query}" if parts.query else parts.path), "是手机里的地址"),
    ]
