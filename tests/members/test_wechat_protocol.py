"""The client against the known answers of the protocol, and against the sandbox over HTTP."""

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from members.channels.wechat import fit
from shop.core.wechat import apps, callbacks, client, jssdk, sign_in
from shop.core.wechat.callbacks import Untrusted
from shop.core.wechat.errors import WechatRefused, WechatSilent
from tests.sandboxes import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

AT = 1414587457
ENCRYPTED = (
    "Q3stYC6hdFzMh9T8HCvyDDdUEH92xEHnYeSn0hV64nOMy/NVQ4UBKvhKAKNYrl6i9/btE5ucz5tNmIk1ecRbiSxmQQSNZw6WxgA96"
    "4cxX5yqTLxmMk5dEJG0l5Zc1Tni"
)


@pytest.fixture
def vectors(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WECHAT_OA_APPID, settings.WECHAT_OA_TOKEN = "wx1234567890abcdef", "shoptoken"
    settings.WECHAT_OA_AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    monkeypatch.setattr(time, "time", lambda: AT + 10)


def _push(**changes: Any) -> dict[str, str]:
    given = {
        "body": f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{ENCRYPTED}</Encrypt></xml>".encode(),
        "signature": "3a36811911879de8c34ae26f1ee05f00e87b026b",
        "timestamp": str(AT),
        "nonce": "abc123",
    }
    return callbacks.decrypt(**{**given, **changes})


def test_signatures_and_encryption_are_the_official_ones(vectors: None) -> None:
    callbacks.verify(signature="b86e42fe992d753246096851ea585d3b96ab398a", timestamp=str(AT), nonce="abc123")
    assert _push() == {"ToUserName": "gh_1"}
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    signed = jssdk.sign(
        ticket=ticket, nonce="Wm3WZYTPz0wzccnW", timestamp=AT, url="http://mp.weixin.qq.com?params=value#x"
    )
    assert signed == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "3a36811911879de8c34ae26f1ee05f00e87b026c"},
        {"signature": "ü"},
        {"signature": ""},
        {"timestamp": str(AT - 301)},
        {"timestamp": str(AT + 400)},
        {"timestamp": "²"},
        {"nonce": "abc124"},
        {"body": b"<xml><Encrypt></Encrypt></xml>"},
        {"body": b"<xml><ToUserName>plain</ToUserName></xml>"},
        {"body": b"no xml"},
        {"body": b"<xml>" + b"a" * 70_000 + b"</xml>"},
        {"body": b'<!DOCTYPE x [<!ENTITY e "boo">]><xml><Encrypt>&e;</Encrypt></xml>'},
    ],
)
def test_a_push_that_does_not_fit_is_refused(vectors: None, changes: dict[str, Any]) -> None:
    with pytest.raises(Untrusted):
        _push(**changes)


def test_a_push_to_another_app_or_a_switched_off_one_is_refused(vectors: None, settings: Any) -> None:
    settings.WECHAT_OA_APPID = "wxanother"
    with pytest.raises(Untrusted):
        _push()
    settings.WECHAT_OA_APPID = ""
    with pytest.raises(Untrusted):
        _push()


def test_the_token_is_shared_and_renewed_once_when_wechat_no_longer_takes_it(sandbox: Sandbox) -> None:
    assert client.ask("oa", "GET", "/cgi-bin/ticket/getticket", params={"type": "jsapi"})["ticket"]
    name = f"wechat:token:{apps.app_id('oa')}"
    assert "access" not in cache.get(name)
    sandbox.call("POST", "/wechat/age", seconds=9000)
    assert client.ask("oa", "GET", "/cgi-bin/ticket/getticket", params={"type": "jsapi"})["ticket"]
    sandbox.fault("errcode", value=40001, operation="ticket")
    with pytest.raises(WechatRefused) as refused:
        client.ask("oa", "GET", "/cgi-bin/ticket/getticket", params={"type": "jsapi"})
    assert refused.value.errcode == 40001


def test_silence_is_not_a_refusal_and_names_no_secret(sandbox: Sandbox, settings: Any) -> None:
    sandbox.fault("errcode", value=-1, operation="ticket")
    with pytest.raises(WechatSilent):
        jssdk.configuration("http://shop.example/")
    settings.WECHAT_API_BASE_URL = "http://127.0.0.1:9"
    with pytest.raises(WechatSilent) as silent:
        sign_in.exchange("code")
    told = f"{silent.value!r} {silent.value.reason} {silent.value.__cause__}"
    assert settings.WECHAT_OA_SECRET not in told
    with pytest.raises(RuntimeError, match="inside a transaction"), transaction.atomic():
        sign_in.exchange("code")


def test_codes_work_once_and_say_who_it_is(sandbox: Sandbox) -> None:
    person = sandbox.call("GET", "/wechat/people")[0]
    code = sandbox.call("POST", "/wechat/codes", person=person["name"], app="oa", scope="snsapi_base")["code"]
    found = sign_in.exchange(code)
    assert (found.openid, found.is_snapshotuser) == (person["openid"]["oa"], False)
    with pytest.raises(WechatRefused) as used:
        sign_in.exchange(code)
    assert used.value.errcode == 40163
    code = sandbox.call("POST", "/wechat/codes", person=person["name"], app="oa", scope="snsapi_userinfo")[
        "code"
    ]
    told = sign_in.exchange(code)
    assert (told.nickname, told.unionid) == (person["nickname"], person["unionid"])
    code = sandbox.call("POST", "/wechat/codes", person=person["name"], app="oa", is_snapshotuser=True)[
        "code"
    ]
    assert sign_in.exchange(code).is_snapshotuser
    code = sandbox.call("POST", "/wechat/codes", person=person["name"], app="mp")["code"]
    assert sign_in.code_to_session(code).openid == person["openid"]["mp"]
    with pytest.raises(WechatRefused):
        sign_in.code_to_session("nonsense")


def test_a_page_is_signed_with_the_ticket_of_the_account(sandbox: Sandbox, settings: Any) -> None:
    signed = jssdk.configuration("http://shop.example/products/1/?a=b#part")
    assert signed["appId"] == settings.WECHAT_OA_APPID
    again = jssdk.configuration("http://shop.example/products/1/?a=b")
    assert {len(str(one["signature"])) for one in (signed, again)} == {40}


def test_values_fit_their_keywords() -> None:
    assert fit("thing2", "丹东草莓 " * 9) == ("丹东草莓 " * 9)[:19] + "…"
    assert fit("character_string1", "单号 2611") == " 2611".strip() or "2611"
    assert fit("thing1", "  ") == "-"
    assert fit("phrase1", "一二三四五六") == "一二三四五"


def test_wechat_switched_off_asks_nobody(settings: Any) -> None:
    settings.WECHAT_OA_APPID = settings.WECHAT_MP_APPID = ""
    settings.WECHAT_API_BASE_URL = "http://127.0.0.1:9"
    assert not apps.is_on("oa")
    for act in (lambda: client.ask("oa", "GET", "/x"), lambda: sign_in.code_to_session("code")):
        with pytest.raises(WechatSilent):
            act()
