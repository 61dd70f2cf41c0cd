"""Calls that need the app's own token. The token is shared by all processes; asking for it twice is
harmless."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.core.cache import cache

from shop.core import crypto
from shop.core.wechat import apps, web
from shop.core.wechat.apps import App
from shop.core.wechat.errors import WechatRefused, WechatSilent
from shop.core.wechat.web import Method

STALE_TOKEN = {40001, 40014, 42001}
EARLIER = 300
FORCED_EVERY = 60


def ask(
    app: App,
    method: Method,
    path: str,
    params: Mapping[str, str] | None = None,
    json: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """WeChat's answer to a call of this app. A token it no longer takes is renewed and the call made once
    more. Raises WechatRefused(errcode, errmsg) and WechatSilent; forbidden inside a transaction."""
    if not apps.is_on(app):
        raise WechatSilent("switched off")
    token = _token(app)
    try:
        return web.exchange(method, path, params={**(params or {}), "access_token": token}, json=json)
    except WechatRefused as refusal:
        if refusal.errcode not in STALE_TOKEN:
            raise
    token = _renewed(app, token)
    return web.exchange(method, path, params={**(params or {}), "access_token": token}, json=json)


def _token(app: App) -> str:
    sealed = cache.get(_name(app))
    if sealed:
        with suppress(ValueError):  # sealed with a key that is gone
            return crypto.decrypt(sealed)
    return _fetch(app)


def _renewed(app: App, stale: str) -> str:
    """What WeChat gives now; when that is still the stale one, a new one by force, at most once a minute."""
    token = _fetch(app)
    if token == stale and cache.add(f"{_name(app)}:forced", 1, FORCED_EVERY):
        token = _fetch(app, is_forced=True)
    return token


def _fetch(app: App, *, is_forced: bool = False) -> str:
    keys = apps.keys(app)
    wanted = {"grant_type": "client_credential", "appid": keys.app_id, "secret": keys.secret}
    answer = web.exchange("POST", "/cgi-bin/stable_token", json={**wanted, "force_refresh": is_forced})
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token:
        raise WechatSilent("no token in the answer")
    lives = int(seconds) if isinstance(seconds, int) else 0
    if lives > EARLIER:
        cache.set(_name(app), crypto.encrypt(token), lives - EARLIER)
    return token


def _name(app: App) -> str:
    return f"wechat:token:{apps.app_id(app)}"
