"""Who somebody is for WeChat: by web OAuth inside its browser, or by a mini-program's code."""

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from django.conf import settings

from shop.core.wechat import apps, web
from shop.core.wechat.errors import WechatSilent

Scope = Literal["snsapi_base", "snsapi_userinfo"]


@dataclass(frozen=True, slots=True)
class WebPerson:
    """`openid` in the official account. A snapshot user is a preview: never a member, never an order."""

    openid: str
    unionid: str = ""
    nickname: str = ""
    picture: str = ""
    is_snapshotuser: bool = False


@dataclass(frozen=True, slots=True)
class AppPerson:
    """`openid` in the mini-program. The session key is WeChat's and stays where it was."""

    openid: str
    unionid: str = ""


def authorize_url(redirect_uri: str, state: str, scope: Scope = "snsapi_base") -> str:
    """Where WeChat's browser goes for a code; parameters in the order WeChat wants."""
    query = urlencode(
        {
            "appid": apps.app_id("oa"),
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": scope,
            "state": state,
        }
    )
    return f"{settings.WECHAT_OPEN_BASE_URL.rstrip('/')}/connect/oauth2/authorize?{query}#wechat_redirect"


def exchange(code: str) -> WebPerson:
    """The person behind a web code; it works once, for five minutes. Raises WechatRefused (40029, 40163) and
    WechatSilent."""
    keys = apps.keys("oa")
    answer = web.exchange(
        "GET",
        "/sns/oauth2/access_token",
        params={
            "appid": keys.app_id,
            "secret": keys.secret,
            "code": code,
            "grant_type": "authorization_code",
        },
    )
    openid = _openid(answer)
    is_snapshot = str(answer.get("is_snapshotuser") or "0") == "1"
    person = WebPerson(openid, _text(answer, "unionid"), is_snapshotuser=is_snapshot)
    if is_snapshot or "snsapi_userinfo" not in str(answer.get("scope", "")):
        return person
    token = str(answer.get("access_token", ""))
    told = web.exchange(
        "GET", "/sns/userinfo", params={"access_token": token, "openid": openid, "lang": "zh_CN"}
    )
    return WebPerson(
        openid,
        person.unionid or _text(told, "unionid"),
        nickname=_text(told, "nickname"),
        picture=_text(told, "headimgurl"),
    )


def code_to_session(code: str) -> AppPerson:
    """The person behind a mini-program's code; it works once, for five minutes. Raises WechatRefused (40029,
    40163, 40226) and WechatSilent."""
    keys = apps.keys("mp")
    if not keys.app_id:
        raise WechatSilent("switched off")
    answer = web.exchange(
        "GET",
        "/sns/jscode2session",
        params={
            "appid": keys.app_id,
            "secret": keys.secret,
            "js_code": code,
            "grant_type": "authorization_code",
        },
    )
    return AppPerson(_openid(answer), _text(answer, "unionid"))


def _openid(answer: dict[str, Any]) -> str:
    openid = _text(answer, "openid")
    if not openid:
        raise WechatSilent("no openid in the answer")
    return openid


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    return value[:200] if isinstance(value, str) else ""
