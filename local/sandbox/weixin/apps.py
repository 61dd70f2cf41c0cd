"""The merchant's two apps and their secrets."""

from local.sandbox.box import Box
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
