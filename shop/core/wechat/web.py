"""One HTTP exchange with WeChat. Keys and tokens travel in the address, so no address is ever logged."""

import json as text
from collections.abc import Mapping
from typing import Any, Literal

import requests
from django.conf import settings

from shop.core.transactions import forbid_transaction
from shop.core.wechat.errors import WechatRefused, WechatSilent

TIMEOUT = (3, 10)
BUSY = -1

Method = Literal["GET", "POST"]


def exchange(
    method: Method,
    path: str,
    *,
    params: Mapping[str, str] | None = None,
    json: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """WeChat's answer, its errcode 0 or absent. Raises WechatRefused for any other number, WechatSilent for
    time-outs, 5xx, "busy" and garbage. Forbidden inside a transaction."""
    forbid_transaction()
    body = None if json is None else text.dumps(json, ensure_ascii=False).encode()
    try:
        answer = requests.request(
            method,
            settings.WECHAT_API_BASE_URL.rstrip("/") + path,
            params=params,
            data=body,
            headers={"Content-Type": "application/json"} if body is not None else None,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as problem:
        raise WechatSilent(type(problem).__name__) from None  # its text holds the address
    return _read(answer)


def _read(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code != 200:
        raise WechatSilent(f"status {answer.status_code}")
    try:
        found = text.loads(answer.content)
        errcode = int(found.get("errcode") or 0)
    except (ValueError, TypeError, AttributeError):
        raise WechatSilent("unreadable answer") from None
    if errcode == BUSY:
        raise WechatSilent("busy")
    if errcode:
        raise WechatRefused(errcode, str(found.get("errmsg", ""))[:200])
    return dict(found)
