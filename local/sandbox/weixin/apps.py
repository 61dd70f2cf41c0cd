"""The merchant's two apps, their secrets, and whom they may write to."""

from typing import Any

from local.sandbox import people
from local.sandbox.box import Box
from local.sandbox.ledger import Row
from local.sandbox.weixin.errors import WeixinError


def appid(box: Box, app: str) -> str:
    identity = box.credentials.identity
    return {"oa": identity.appid, "mp": identity.mp_appid}[app]


def of_appid(box: Box, given: str) -> str | None:
    """ "oa", "mp", or None for an appid of nobody."""
    return next((app for app in ("oa", "mp") if appid(box, app) == given), None)


def authenticate(box: Box, given: dict[str, str]) -> str:
    """The app whose appid and secret these are; 41002, 40013, 41004 or 40125 otherwise."""
    if not given.get("appid"):
        raise WeixinError(41002)
    app = of_appid(box, given["appid"])
    if not app:
        raise WeixinError(40013)
    if not given.get("secret"):
        raise WeixinError(41004)
    identity = box.credentials.identity
    if given["secret"] != {"oa": identity.oa_secret, "mp": identity.mp_secret}[app]:
        raise WeixinError(40125)
    return app


def touser(box: Box, app: str, openid: Any) -> Row:
    """The person a message is for; 40003 when the openid isn't one of this app."""
    found = people.by_openid(box, app, str(openid or ""))
    if not found:
        raise WeixinError(40003)
    return found
