"""The official account and the mini-program: tokens, codes, messages, shipping, pushes, faults."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from local.sandbox.weixin import crypto
from tests.local.sandbox_kit import Merchant, sandbox

PAID = {
    "character_string1": {"value": "26110112345678"},
    "thing2": {"value": "红富士苹果 2 斤"},
    "amount3": {"value": "¥12.90"},
    "time4": {"value": "2026年11月1日 10:00"},
}


@pytest.fixture(scope="module")
def merchant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as merchant:
        yield merchant


@pytest.fixture(autouse=True)
def _clean(merchant: Merchant) -> None:
    merchant.control("POST", "/reset")


def app(merchant: Merchant, which: str) -> dict[str, str]:
    name = which.upper()
    return {"appid": merchant.env[f"WECHAT_{name}_APPID"], "secret": merchant.env[f"WECHAT_{name}_SECRET"]}


def get(merchant: Merchant, path: str, **query: str) -> Any:
    return merchant.session.get(merchant.url + path, params=query, timeout=20).json()


def stable(merchant: Merchant, which: str, **more: Any) -> Any:
    body = {"grant_type": "client_credential"} | app(merchant, which) | more
    return merchant.session.post(f"{merchant.url}/cgi-bin/stable_token", json=body, timeout=20).json()


def post(merchant: Merchant, which: str, path: str, body: Any, token: str = "") -> Any:
    token = token or stable(merchant, which)["access_token"]
    answer = merchant.session.post(f"{merchant.url}{path}?access_token={token}", json=body, timeout=20)
    if answer.headers["Content-Type"].startswith("image/"):
        return answer.content
    return answer.json()


def person(merchant: Merchant, name: str = "小满") -> Any:
    return next(one for one in merchant.control("GET", "/wechat/people") if one["name"] == name)


def code(merchant: Merchant, which: str, **more: Any) -> str:
    return str(merchant.control("POST", "/wechat/codes", {"person": "小满", "app": which} | more)["code"])


def exchange(merchant: Merchant, given: str) -> Any:
    query = app(merchant, "oa") | {"code": given, "grant_type": "authorization_code"}
    return get(merchant, "/sns/oauth2/access_token", **query)


def template(merchant: Merchant, which: str, kind: str = "order_paid") -> str:
    found = merchant.control("GET", "/wechat/templates")
    return str(next(t["template_id"] for t in found if (t["app"], t["kind"]) == (which, kind)))


def test_the_vendors_vectors_hold() -> None:
    url = crypto.jssdk_signature(
        ticket="sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
        nonce="Wm3WZYTPz0wzccnW",
        timestamp="1414587457",
        url="http://mp.weixin.qq.com?params=value",
    )
    assert url == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    told = crypto.signature("shoptoken", "1414587457", "abc123")
    assert told == "b86e42fe992d753246096851ea585d3b96ab398a"
    key, message = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "<xml><ToUserName>gh_1</ToUserName></xml>"
    sealed = crypto.seal(key, "wx1234567890abcdef", message, noise=b"0123456789abcdef")
    assert sealed.startswith("Q3stYC6hdFzMh9T8HCvyDDdUEH92xEHnYeSn0hV64nOMy/NVQ4UBKvhKAKNYrl6i9")
    assert crypto.signature("shoptoken", "1414587457", "abc123", sealed) == (
        "3a36811911879de8c34ae26f1ee05f00e87b026b"
    )
    assert crypto.open_(key, sealed) == (message, "wx1234567890abcdef")


def test_old_tokens_overlap_five_minutes_and_stable_ones_stay(merchant: Merchant) -> None:
    def old() -> Any:
        return get(merchant, "/cgi-bin/token", grant_type="client_credential", **app(merchant, "oa"))

    def use(token: str) -> int:
        return int(get(merchant, "/cgi-bin/ticket/getticket", access_token=token, type="jsapi")["errcode"])

    first = old()
    assert first["expires_in"] == 7200
    second = old()["access_token"]
    assert [use(first["access_token"]), use(second)] == [0, 0]
    merchant.control("POST", "/wechat/age", {"seconds": 301})
    assert [use(first["access_token"]), use(second)] == [42001, 0]

    one = stable(merchant, "oa")["access_token"]
    assert stable(merchant, "oa")["access_token"] == one
    merchant.control("POST", "/wechat/age", {"seconds": 6000})
    assert stable(merchant, "oa")["access_token"] == one
    merchant.control("POST", "/wechat/age", {"seconds": 1000})
    two = stable(merchant, "oa")["access_token"]
    assert two != one
    assert [use(one), use(two)] == [0, 0]  # the last five minutes belong to both
    merchant.control("POST", "/wechat/age", {"seconds": 300})
    assert [use(one), use(two)] == [42001, 0]
    forced = stable(merchant, "oa", force_refresh=True)["access_token"]
    assert [use(two), use(forced)] == [42001, 0]
    assert stable(merchant, "oa", force_refresh=True)["access_token"] == forced  # within 30 seconds
    assert [use("nonsense"), use("")] == [40001, 41001]
    assert use(stable(merchant, "mp")["access_token"]) == 48001
    for spoil, errcode in (({"appid": "wx0"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": "x"}, 40002)):
        assert stable(merchant, "oa", **spoil)["errcode"] == errcode


def test_forced_refreshes_end_after_twenty_a_day(merchant: Merchant) -> None:
    for _ in range(20):
        assert "access_token" in stable(merchant, "mp", force_refresh=True)
        merchant.control("POST", "/wechat/age", {"seconds": 31})
    assert stable(merchant, "mp", force_refresh=True)["errcode"] == 45009


def test_a_web_code_works_once_for_its_app_for_five_minutes(merchant: Merchant) -> None:
    given = code(merchant, "oa")
    found = exchange(merchant, given)
    assert (found["openid"], found["scope"]) == (person(merchant)["openid"]["oa"], "snsapi_base")
    assert found["unionid"] == person(merchant)["unionid"]
    assert exchange(merchant, given)["errcode"] == 40163
    assert exchange(merchant, "nonsense")["errcode"] == 40029
    assert exchange(merchant, code(merchant, "mp"))["errcode"] == 40029
    old = code(merchant, "oa")
    merchant.control("POST", "/wechat/age", {"seconds": 301})
    assert exchange(merchant, old)["errcode"] == 40029
    assert "unionid" not in exchange(merchant, code(merchant, "oa", person="团团"))  # follows nothing

    silent = get(merchant, "/sns/userinfo", access_token=found["access_token"], openid=found["openid"])
    assert silent["errcode"] in (42001, 48001)
    asked = exchange(merchant, code(merchant, "oa", scope="snsapi_userinfo"))
    told = get(merchant, "/sns/userinfo", access_token=asked["access_token"], openid=asked["openid"])
    assert told["nickname"] == "小满"
    assert Image.open(io.BytesIO(merchant.session.get(told["headimgurl"]).content)).size == (132, 132)
    preview = exchange(merchant, code(merchant, "oa", is_snapshotuser=True))
    assert preview["is_snapshotuser"] == 1
    assert preview["openid"] not in (person(merchant)["openid"]["oa"], "")
    assert "unionid" not in preview


def test_the_mini_program_signs_in_and_tells_the_phone_once(merchant: Merchant) -> None:
    def session(given: str) -> Any:
        query = app(merchant, "mp") | {"js_code": given, "grant_type": "authorization_code"}
        return get(merchant, "/sns/jscode2session", **query)

    given = code(merchant, "mp")
    found = session(given)
    assert (found["openid"], found["unionid"]) == (
        person(merchant)["openid"]["mp"],
        person(merchant)["unionid"],
    )
    assert found["session_key"]
    assert session(given)["errcode"] == 40163
    given = code(merchant, "mp", scope="phone")
    told = post(merchant, "mp", "/wxa/business/getuserphonenumber", {"code": given})
    assert told["phone_info"]["purePhoneNumber"] == "17000000001"
    assert post(merchant, "mp", "/wxa/business/getuserphonenumber", {"code": given})["errcode"] == 40163
    assert session(code(merchant, "mp", scope="phone"))["errcode"] == 40029


def test_template_messages_reach_followers_with_fitting_values(merchant: Merchant) -> None:
    path = "/cgi-bin/message/template/send"
    body = {
        "touser": person(merchant)["openid"]["oa"],
        "template_id": template(merchant, "oa"),
        "url": "http://127.0.0.1:8000/orders/1/",
        "client_msg_id": "order-1-paid",
        "data": PAID,
    }
    first = post(merchant, "oa", path, body)
    assert first["errcode"] == 0
    assert post(merchant, "oa", path, body)["msgid"] == first["msgid"]
    assert len(merchant.control("GET", "/wechat/messages")) == 1
    wrong = {
        40003: {"touser": person(merchant)["openid"]["mp"]},
        40037: {"template_id": "nothing"},
        43004: {"touser": person(merchant, "团团")["openid"]["oa"]},
        47003: {"data": PAID | {"thing2": {"value": "二十一个字的商品名称超过了限制所以会被拒绝啊"}}},
    }
    for errcode, change in wrong.items():
        assert post(merchant, "oa", path, body | {"client_msg_id": ""} | change)["errcode"] == errcode
    for keyword, value in (
        ("amount3", "十二元"),
        ("time4", "昨天"),
        ("character_string1", "订单号"),
        ("thing2", ""),
    ):
        spoiled = body | {"client_msg_id": "", "data": PAID | {keyword: {"value": value}}}
        assert post(merchant, "oa", path, spoiled)["errcode"] == 47003
    assert post(merchant, "oa", path, body | {"client_msg_id": "", "data": {}})["errcode"] == 47003
    kept = merchant.control("GET", "/wechat/messages")
    assert [(row["person"], row["data"]["amount3"], row["target"]) for row in kept] == [
        ("小满", "¥12.90", body["url"])
    ]
    refused = merchant.control("GET", "/wechat/messages?refused=1")
    assert {row["errcode"] for row in refused} == {0, 40037, 43004, 47003}


def test_one_accept_is_one_subscribe_message(merchant: Merchant) -> None:
    for which, path in (
        ("mp", "/cgi-bin/message/subscribe/send"),
        ("oa", "/cgi-bin/message/subscribe/bizsend"),
    ):
        body = {
            "touser": person(merchant)["openid"][which],
            "template_id": template(merchant, which),
            "data": PAID,
        }
        assert post(merchant, which, path, body)["errcode"] == 43101
        merchant.control(
            "POST", "/wechat/accept", {"person": "小满", "app": which, "template_id": body["template_id"]}
        )
        assert post(merchant, which, path, body)["errcode"] == 0
        assert post(merchant, which, path, body)["errcode"] == 43101
        merchant.control("POST", "/wechat/accept", {"person": "小满", "app": which, "count": None})
        assert [post(merchant, which, path, body)["errcode"] for _ in range(2)] == [0, 0]
    assert post(merchant, "mp", path.replace("bizsend", "send"), body)["errcode"] == 40003
    page = {"page": "/pages/order/order", "touser": person(merchant)["openid"]["mp"]}
    wrong = body | page | {"template_id": template(merchant, "mp")}
    assert post(merchant, "mp", "/cgi-bin/message/subscribe/send", wrong)["errcode"] == 41030


def test_any_errcode_and_silence_can_be_switched_on(merchant: Merchant) -> None:
    merchant.fault("errcode", value="45011", operation="template", times=1)
    path = "/cgi-bin/message/template/send"
    body = {"touser": person(merchant)["openid"]["oa"], "template_id": template(merchant, "oa"), "data": PAID}
    assert post(merchant, "oa", path, body)["errcode"] == 45011
    assert post(merchant, "oa", path, body)["errcode"] == 0
    merchant.fault("errcode", value="-1", scope=body["touser"])
    assert post(merchant, "oa", path, body)["errcode"] == -1
    merchant.control("DELETE", "/faults")
    merchant.fault("timeout_after", operation="template", times=1)
    with pytest.raises(Exception, match=r"aborted|reset|Remote"):
        post(merchant, "oa", path, body)
    assert len(merchant.control("GET", "/wechat/messages")) == 2
    merchant.control("POST", "/wechat/quotas", {"call": "template", "daily": 1})
    assert post(merchant, "oa", path, body)["errcode"] == 45009


def test_the_code_of_the_mini_program_is_a_picture(merchant: Merchant) -> None:
    path, body = "/wxa/getwxacodeunlimit", {"scene": "o=1&x", "page": "pages/order/order", "width": 300}
    assert Image.open(io.BytesIO(post(merchant, "mp", path, body))).size == (300, 300)
    wrong = [
        ({"scene": "x" * 33}, 40169),
        ({"scene": "订单"}, 40129),
        ({"page": "/pages/order/order"}, 41030),
        ({"page": "pages/order?id=1"}, 41030),
        ({"page": "orders/order"}, 41030),
        ({"width": 100}, 40097),
    ]
    for change, errcode in wrong:
        assert post(merchant, "mp", path, body | change)["errcode"] == errcode
    assert isinstance(post(merchant, "mp", path, body | {"page": "orders/o", "check_path": False}), bytes)


def test_texts_are_checked_for_recent_visitors(merchant: Merchant) -> None:
    path = "/wxa/msg_sec_check"
    body = {"version": 2, "scene": 2, "openid": person(merchant)["openid"]["mp"], "content": "很甜"}
    assert post(merchant, "mp", path, body)["errcode"] == 61010
    query = app(merchant, "mp") | {"js_code": code(merchant, "mp"), "grant_type": "authorization_code"}
    get(merchant, "/sns/jscode2session", **query)
    assert post(merchant, "mp", path, body)["result"] == {"suggest": "pass", "label": 100}
    risky = post(merchant, "mp", path, body | {"content": "来刷单"})
    assert risky["result"] == {"suggest": "risky", "label": 20008}
    assert post(merchant, "mp", path, body | {"content": "加微信"})["result"]["suggest"] == "review"
    assert post(merchant, "mp", path, body | {"content": "长" * 2501})["errcode"] == 45002
    assert post(merchant, "mp", path, body | {"openid": "o"})["errcode"] == 40003


def test_shipping_follows_the_states_of_the_payment(merchant: Merchant) -> None:
    path, openid = "/wxa/sec/order/upload_shipping_info", person(merchant)["openid"]["oa"]
    number, _ = merchant.create("jsapi", payer={"openid": openid})

    def upload(second: int, **change: Any) -> int:
        body = {
            "order_key": {
                "order_number_type": 1,
                "mchid": merchant.env["WECHAT_PAY_MCHID"],
                "out_trade_no": number,
            },
            "logistics_type": 1,
            "delivery_mode": 1,
            "shipping_list": [{"tracking_no": "YT1", "express_company": "YTO", "item_desc": "苹果"}],
            "upload_time": f"2026-01-01T13:29:{second:02}.120+08:00",
            "payer": {"openid": openid},
        }
        return int(post(merchant, "mp", path, body | change)["errcode"])

    assert upload(1) == 10060004
    merchant.control("POST", f"/payments/{number}/pay")
    parcel = {"tracking_no": "YT1", "express_company": "YTO", "item_desc": "苹果"}
    wrong = [
        {"order_key": {"order_number_type": 2, "transaction_id": "4200"}},
        {"delivery_mode": 1, "shipping_list": [parcel, parcel]},
        {"delivery_mode": 2},
        {"logistics_type": 4, "delivery_mode": 2, "is_all_delivered": True},
        {"shipping_list": [parcel | {"express_company": "SF"}]},
        {"payer": {"openid": "o"}},
        {"upload_time": "today"},
    ]
    assert [upload(1, **change) for change in wrong] == [10060001, *[10060014] * 6]
    assert upload(2, delivery_mode=2, is_all_delivered=False) == 0
    assert upload(2, delivery_mode=2, is_all_delivered=True) == 10060014  # the time must grow
    assert upload(3, delivery_mode=2, is_all_delivered=True) == 0
    assert upload(4) == 0  # shipped again, once
    assert upload(5) == 10060003
    asked = {"merchant_id": merchant.env["WECHAT_PAY_MCHID"], "merchant_trade_no": number}
    order = post(merchant, "mp", "/wxa/sec/order/get_order", asked)["order"]
    assert order["order_state"] == 2
    merchant.control("POST", f"/wechat/shipping/{number}/receive")
    assert upload(6) == 10060002
    assert merchant.control("GET", "/wechat/shipping")[0]["is_received"] == 1


def test_only_the_appids_own_people_can_pay_in_wechat(merchant: Merchant) -> None:
    body = merchant.order(payer={"openid": person(merchant)["openid"]["mp"]})
    assert merchant.call("POST", "/v3/pay/transactions/jsapi", body).json()["code"] == "OPENID_MISMATCH"
    body = merchant.order(payer={"openid": "oNobody"})
    assert merchant.call("POST", "/v3/pay/transactions/jsapi", body).json()["code"] == "PARAM_ERROR"


def test_people_can_be_added_and_keep_their_openids(merchant: Merchant) -> None:
    before = person(merchant)
    one = merchant.control("POST", "/wechat/people", {"nickname": "小满", "phone": "13900000000"})
    assert (one["name"], one["nickname"]) == ("小满2", "小满")
    assert len({one["openid"]["oa"], one["openid"]["mp"], before["openid"]["oa"]}) == 3
    merchant.control("POST", "/reset")
    assert person(merchant) == before
    merchant.control("POST", "/wechat/codes", {"person": "谁", "app": "oa"}, expect=400)
