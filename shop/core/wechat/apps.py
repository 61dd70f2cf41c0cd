"""Which WeChat apps this shop has."""

from dataclasses import dataclass, field
from typing import Literal

from django.conf import settings

App = Literal["oa", "mp"]


@dataclass(frozen=True, slots=True)
class Keys:
    app_id: str
    secret: str = field(repr=False)


def keys(app: App) -> Keys:
    if app == "oa":
        return Keys(settings.WECHAT_OA_APPID, settings.WECHAT_OA_SECRET)
    return Keys(settings.WECHAT_MP_APPID, settings.WECHAT_MP_SECRET)


def app_id(app: App) -> str:
    """The app's id, empty when it is off."""
    return keys(app).app_id


def is_on(app: App) -> bool:
    """Whether this app is set up."""
    return bool(app_id(app))
