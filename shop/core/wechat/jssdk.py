"""The signature with which a page may use WeChat's JavaScript."""

import hashlib
import secrets
import time

from django.core.cache import cache

from shop.core.wechat import apps, client
from shop.core.wechat.errors import WechatSilent

EARLIER = 300


def configuration(url: str) -> dict[str, str | int]:
    """appId, timestamp, nonceStr and signature for a page of this shop; what follows # is not signed. The
    caller makes sure the address is ours. Raises WechatRefused and WechatSilent."""
    timestamp, nonce = int(time.time()), secrets.token_hex(8)
    return {
        "appId": apps.app_id("oa"),
        "timestamp": timestamp,
        "nonceStr": nonce,
        "signature": sign(ticket=_ticket(), nonce=nonce, timestamp=timestamp, url=url),
    }


def sign(*, ticket: str, nonce: str, timestamp: int, url: str) -> str:
    page = url.partition("#")[0]
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()  # the protocol's hash


def _ticket() -> str:
    name = f"wechat:ticket:{apps.app_id('oa')}"
    found = cache.get(name)
    if isinstance(found, str) and found:
        return found
    answer = client.ask("oa", "GET", "/cgi-bin/ticket/getticket", params={"type": "jsapi"})
    ticket, seconds = answer.get("ticket"), answer.get("expires_in")
    if not isinstance(ticket, str) or not ticket:
        raise WechatSilent("no ticket in the answer")
    if isinstance(seconds, int) and seconds > EARLIER:
        cache.set(name, ticket, seconds - EARLIER)
    return ticket
