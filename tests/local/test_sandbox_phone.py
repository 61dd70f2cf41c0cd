"""The WeChat phone: what its browser passes on and turns, and what its person can do."""

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from wechatpy.crypto import WeChatCrypto

from tests.local.phone_shop import Shop, town
from tests.local.sandbox_kit import Merchant, until

pytestmark = pytest.mark.xdist_group("phone")
Town = tuple[Merchant, Shop]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("sandbox")) as place:
        yield place


@pytest.fixture(autouse=True)
def _clean(place: Town) -> None:
    merchant, shop = place
    merchant.control("POST", "/reset")
    merchant.session.cookies.clear()
    shop.pages.clear()
    shop.asked.clear()


def phone(merchant: Merchant, path: str, **more: Any) -> Any:
    url = merchant.env["SANDBOX_PHONE_URL"] + path
    return merchant.session.request(more.pop("method", "GET"), url, allow_redirects=False, timeout=20, **more)


def api(merchant: Merchant, path: str, body: Any = None, *, expect: int = 200) -> Any:
    method = "GET" if body is None else "POST"
    answer = merchant.session.request(method, f"{merchant.url}/phone/api/{path}", json=body, timeout=20)
    assert answer.status_code == expect, answer.text
    return answer.json()


def authorize(merchant: Merchant, base: str, **change: str) -> str:
    query = {
        "appid": merchant.env["WECHAT_OA_APPID"],
        "redirect_uri": change.pop("redirect_uri", ""),
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc123",
    } | change
    return f"{base}/connect/oauth2/authorize?{urlencode(query)}"


def test_the_browser_is_wechats_and_its_cookies_are_its_persons(place: Town) -> None:
    merchant, shop = place
    cookies = (
        ("Set-Cookie", "session=s1; Path=/; HttpOnly; Secure; SameSite=None; Domain=shop.example"),
        ("Set-Cookie", "csrf=c1; Path=/"),
    )
    shop.page("/", "<html><head><title>x</title></head></html>", *cookies)
    merchant.session.cookies.set("session", "of-the-ordinary-browser", domain="127.0.0.1")
    answer = phone(merchant, "/?a=1")
    asked = shop.last("/")
    assert "MicroMessenger/8" in asked.headers["user-agent"]
    assert "cookie" not in asked.headers
    assert asked.headers["host"] == shop.url.removeprefix("http://")
    told = answer.raw.headers.getlist("Set-Cookie")
    assert all(one.startswith("wx_") and "Secure" not in one and "Domain" not in one for one in told)
    assert "HttpOnly" in told[0] and "SameSite=Lax" in told[0]
    merchant.session.cookies.clear()
    jar = {one.partition("=")[0]: one.partition("=")[2].partition(";")[0] for one in told}
    header = "; ".join(f"{name}={value}" for name, value in jar.items())
    phone(merchant, "/", headers={"Cookie": f"{header}; session=ordinary"})
    assert shop.last("/").headers["cookie"] == "session=s1; csrf=c1"
    phone(merchant, "/", headers={"Cookie": f"{header}; wx_person={quote('阿树')}"})
    assert "cookie" not in shop.last("/").headers  # another person, another web view


def test_addresses_are_turned_both_ways_and_frames_allowed(place: Town) -> None:
    merchant, shop = place
    open_url, own = merchant.env["WECHAT_OPEN_BASE_URL"], merchant.env["SANDBOX_PHONE_URL"]
    wish = authorize(merchant, open_url, redirect_uri=f"{shop.url}/back")
    page = (
        f'<html><head><link rel="canonical" href="{shop.url}/p"><meta content="{shop.url}/p"></head>'
        f'<body><a href="{shop.url}/p?x=1">p</a><a href="https://elsewhere.example/">e</a>'
        f'<a href="{wish.replace("&", "&amp;")}">in</a></body></html>'
    )
    shop.page("/", page)
    answer = phone(merchant, "/")
    assert answer.headers["Content-Security-Policy"] == "default-src 'self'; form-action 'self'"
    assert "X-Frame-Options" not in answer.headers
    assert answer.text.startswith('<html><head><script src="/__wx/static/bridge.js"></script>')
    assert '<a href="/p?x=1">' in answer.text
    assert '<a href="https://elsewhere.example/">' in answer.text
    assert '<a href="/__wx/connect/oauth2/authorize?' in answer.text
    assert f'rel="canonical" href="{shop.url}/p"' in answer.text
    assert f'content="{shop.url}/p"' in answer.text

    for there, here in (
        (f"{shop.url}/orders/1/", "/orders/1/"),
        ("/basket/", "/basket/"),
        (wish, "/__wx" + wish.removeprefix(open_url)),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
    ):
        shop.page("/go", "", ("Location", there), ("HX-Redirect", there), status=302)
        answer = phone(merchant, "/go")
        assert (answer.status_code, answer.headers["Location"], answer.headers["HX-Redirect"]) == (
            302,
            here,
            here,
        )
    form = {"next": f"{own}/me/", "text": "苹果"}
    headers = {"Origin": own, "Referer": f"{own}/x"}
    phone(merchant, f"/go?url={quote(own + '/a?b=1', safe='')}", method="POST", data=form, headers=headers)
    asked = shop.last("/go")
    assert asked.query["url"] == f"{shop.url}/a?b=1"
    assert asked.body.decode() == urlencode(form | {"next": f"{shop.url}/me/"})
    assert (asked.headers["origin"], asked.headers["referer"]) == (shop.url, f"{shop.url}/x")


def test_inside_the_phone_base_scope_is_silent_and_userinfo_asks(place: Town) -> None:
    merchant, shop = place
    back = f"{shop.url}/back?x=1"
    silent = phone(merchant, authorize(merchant, "/__wx", redirect_uri=back))
    assert silent.status_code == 303
    assert silent.headers["Location"].startswith("/back?x=1&code=")
    assert silent.headers["Location"].endswith("&state=abc123")
    asked = phone(merchant, authorize(merchant, "/__wx", redirect_uri=back, scope="snsapi_userinfo"))
    assert "申请获取你的昵称" in asked.text and "小满" in asked.text and "阿树" not in asked.text
    form = {
        "appid": merchant.env["WECHAT_OA_APPID"],
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_userinfo",
        "state": "abc123",
    }
    own = "/__wx/connect/oauth2/authorize"
    refused = phone(merchant, own, method="POST", data=form | {"answer": "no"})
    assert refused.headers["Location"] == "/back?x=1&state=abc123"
    given = phone(merchant, own, method="POST", data=form | {"answer": "yes", "person": "阿树"})
    code = given.headers["Location"].partition("code=")[2].partition("&")[0]
    query = {
        "appid": merchant.env["WECHAT_OA_APPID"],
        "secret": merchant.env["WECHAT_OA_SECRET"],
        "code": code,
        "grant_type": "authorization_code",
    }
    found = merchant.session.get(f"{merchant.url}/sns/oauth2/access_token", params=query).json()
    assert found["openid"] == merchant.openid("小满")  # whoever holds the phone, whatever the form says


def test_outside_the_phone_the_page_asks_who_it_is(place: Town) -> None:
    merchant, shop = place
    asked = merchant.session.get(authorize(merchant, merchant.url, redirect_uri=f"{shop.url}/back"))
    assert "阿树" in asked.text
    wrong = {
        10013: {"appid": "wx0"},
        10003: {"redirect_uri": "https://evil.example/back"},
        10005: {"scope": "everything"},
        10006: {"state": "<script>"},
    }
    for number, change in wrong.items():
        answer = merchant.session.get(
            authorize(merchant, merchant.url, **({"redirect_uri": shop.url} | change))
        )
        assert answer.status_code == 400
        assert str(number) in answer.text


def prepare(merchant: Merchant, name: str = "小满") -> tuple[str, dict[str, str]]:
    """A JSAPI payment of this person: its number and what a page hands to the bridge."""
    number, answer = merchant.create("jsapi", payer={"openid": merchant.openid(name)})
    appid, stamp, nonce = merchant.env["WECHAT_OA_APPID"], str(int(time.time())), "nonce"
    package = f"prepay_id={answer['prepay_id']}"
    given = {"appId": appid, "timeStamp": stamp, "nonceStr": nonce, "package": package, "signType": "RSA"}
    return number, given | {"paySign": merchant.sign(appid, stamp, nonce, package)}


def test_only_the_person_the_payment_is_for_can_pay_it(place: Town) -> None:
    merchant, _ = place
    number, given = prepare(merchant)
    assert api(merchant, "sheet", given)["sum"] == "12.90"
    assert "签名" in api(merchant, "pay", given | {"paySign": "x"}, expect=409)["words"]
    api(merchant, "person", {"name": "阿树"})
    assert "不一致" in api(merchant, "pay", given, expect=409)["words"]
    assert merchant.state(number) == "NOTPAY"
    api(merchant, "person", {"name": "小满"})
    assert api(merchant, "pay", given) == {"number": number}
    assert merchant.query(number).json()["payer"] == {"openid": merchant.openid()}
    assert "已支付" in api(merchant, "pay", given, expect=409)["words"]
    h5, answer = merchant.create(
        "h5", scene_info={"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}
    )
    package = {"package": "prepay_id=" + answer["h5_url"].partition("prepay_id=")[2].partition("&")[0]}
    assert "不支持" in api(merchant, "pay", given | package, expect=409)["words"]
    assert merchant.state(h5) == "NOTPAY"


def token(merchant: Merchant) -> str:
    body = {
        "grant_type": "client_credential",
        "appid": merchant.env["WECHAT_OA_APPID"],
        "secret": merchant.env["WECHAT_OA_SECRET"],
    }
    return str(
        merchant.session.post(f"{merchant.url}/cgi-bin/stable_token", json=body).json()["access_token"]
    )


def ticket(merchant: Merchant) -> str:
    path = f"{merchant.url}/cgi-bin/ticket/getticket?type=jsapi&access_token={token(merchant)}"
    return str(merchant.session.get(path).json()["ticket"])


def send_message(merchant: Merchant, name: str, url: str) -> None:
    """Tell this person that an order was paid; a tap opens `url`."""
    known = merchant.control("GET", "/wechat/templates")
    body = {
        "touser": merchant.openid(name),
        "template_id": next(one["template_id"] for one in known if one["kind"] == "order_paid"),
        "url": url,
        "data": {
            "character_string1": {"value": "261101"},
            "thing2": {"value": "梨"},
            "amount3": {"value": "¥12.90"},
            "time4": {"value": "2026-11-01 10:00"},
        },
    }
    path = f"{merchant.url}/cgi-bin/message/template/send?access_token={token(merchant)}"
    assert merchant.session.post(path, json=body).json()["errcode"] == 0


def configuration(merchant: Merchant, url: str) -> dict[str, str]:
    stamp, nonce = str(int(time.time())), "abc"
    text = f"jsapi_ticket={ticket(merchant)}&noncestr={nonce}&timestamp={stamp}&url={url}"
    signature = hashlib.sha1(text.encode()).hexdigest()
    appid = merchant.env["WECHAT_OA_APPID"]
    return {"appId": appid, "timestamp": stamp, "nonceStr": nonce, "signature": signature}


def test_a_wrong_jssdk_signature_is_explained(place: Town) -> None:
    merchant, shop = place
    path = "/products/5/?from=x"
    good = configuration(merchant, shop.url + path)
    assert api(merchant, "judge", good | {"path": path})["wrong"] == ""
    assert api(merchant, "judge", good | {"path": f"{path}#top"})["wrong"] == ""
    for url, words in (
        (f"{shop.url}/products/5/", "少了 ? 之后的参数"),
        (merchant.env["SANDBOX_PHONE_URL"] + path, "是手机里的地址"),
        (f"{shop.url}/other/", "签名不对"),
    ):
        assert words in api(merchant, "judge", configuration(merchant, url) | {"path": path})["wrong"]
    assert "appId" in api(merchant, "judge", good | {"path": path, "appId": "wx0"})["wrong"]
    merchant.control("POST", "/wechat/age", {"seconds": 7300})
    assert "还没有取过" in api(merchant, "judge", good | {"path": path})["wrong"]
    ticket(merchant)
    assert "已经过期" in api(merchant, "judge", good | {"path": path})["wrong"]


def test_pushes_are_sealed_as_wechat_seals_them_and_tried_three_times(place: Town) -> None:
    merchant, shop = place
    path = "/notify/wechat/messages/"
    shop.pages[path] = (200, [], "success")
    env = merchant.env
    told = merchant.control("POST", "/wechat/push", {"person": "小满", "event": "subscribe"})
    assert told["accepted"] is True
    asked = shop.last(path)
    crypto = WeChatCrypto(env["WECHAT_OA_TOKEN"], env["WECHAT_OA_AES_KEY"], env["WECHAT_OA_APPID"])
    query = asked.query
    opened = crypto.decrypt_message(asked.body, query["msg_signature"], query["timestamp"], query["nonce"])
    assert "<Event>subscribe</Event>" in opened
    assert merchant.openid() == query["openid"]
    text = {"person": "小满", "text": "在吗", "age": 600, "copies": 2}
    assert len(merchant.control("POST", "/wechat/push", text)["answers"]) == 2
    assert time.time() - int(shop.last(path).query["timestamp"]) > 590
    shop.pages[path] = (403, [], "no")
    for spoil in ("signature", "msg_signature", "appid", "key"):
        wish = {"person": "小满", "event": "CLICK", "spoil": spoil}
        assert merchant.control("POST", "/wechat/push", wish)["accepted"] is False
    assert merchant.control("POST", "/wechat/push", {"verify": True}) == {"verified": False}
    shop.asked.clear()
    api(merchant, "follow", {"follows": False})
    until(lambda: merchant.control("GET", "/wechat/push")[0]["state"] == "given_up")
    assert merchant.control("GET", "/wechat/push")[0]["event"] == "unsubscribe"
    assert len([one for one in shop.asked if one.target.startswith(path)]) == 3


def test_a_silent_or_unknown_shop_is_said_in_words(place: Town, tmp_path: Any) -> None:
    merchant, shop = place
    shop.page("/", "")
    assert phone(merchant, "/nothing").status_code == 404
    frame = merchant.session.get(f"{merchant.url}/phone/")
    assert f'data-shop="{shop.url}"' in frame.text
    elsewhere = {"Host": merchant.url.removeprefix("http://").replace("127.0.0.1", "localhost")}
    led = merchant.session.get(f"{merchant.url}/phone/?to=/a", headers=elsewhere, allow_redirects=False)
    assert led.headers["Location"] == f"{merchant.url}/phone/?to=/a"
    assert f"frame-src 'self' {merchant.env['SANDBOX_PHONE_URL']}" in frame.headers["Content-Security-Policy"]
    with town(tmp_path) as (other, gone):
        port_of = other.env["SANDBOX_PHONE_URL"]
        assert other.session.get(f"{port_of}/").status_code == 404
    assert gone.asked
    assert phone(merchant, "/__wx/static/../server.py").status_code == 404
    assert "words" in api(merchant, "person", {"name": "谁"}, expect=400)
    assert merchant.session.post(f"{merchant.url}/phone/api/follow", data={"follows": 1}).status_code == 415


PAGE = """<html><head><title>小店</title></head><body><h1>小店</h1><p id="agent"></p><p id="said"></p>
<button id="pay">付钱</button><a href="/two/">下一页</a><script src="/page.js"></script></body></html>"""
SCRIPT = """
const said = document.getElementById("said");
document.getElementById("agent").textContent = navigator.userAgent;
const card = { title: "好吃的梨", desc: "脆", link: SHARED, imgUrl: "" };
const begin = () => {
  const wish = { verifyJsApiList: ["updateAppMessageShareData"], ...CONFIG };
  WeixinJSBridge.invoke("preVerifyJSAPI", wish, (answer) => {
    said.textContent = answer.err_msg;
    WeixinJSBridge.invoke("updateAppMessageShareData", card, (told) => {
      said.textContent += " " + told.err_msg;
    });
  });
};
if (window.WeixinJSBridge) begin(); else document.addEventListener("WeixinJSBridgeReady", begin);
document.getElementById("pay").addEventListener("click", () => {
  WeixinJSBridge.invoke("getBrandWCPayRequest", PAY, (answer) => { said.textContent = answer.err_msg; });
});
"""


@pytest.fixture(scope="module")
def tab(chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(15_000)
        yield page
        browser.close()


@pytest.mark.browser
def test_a_person_pays_shares_and_reads_a_message_on_the_phone(place: Town, tab: Page) -> None:
    merchant, shop = place
    number, pay = prepare(merchant)
    good = configuration(merchant, f"{shop.url}/")
    config = {f"verify{name[0].upper()}{name[1:]}": value for name, value in good.items()}
    constants = {"CONFIG": config, "PAY": pay, "SHARED": f"{shop.url}/products/5/"}
    words = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in constants.items())
    shop.page("/", PAGE)
    for path, title in (("/two/", "第二页"), ("/products/5/", "梨")):
        shop.page(path, f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>")
    shop.script("/page.js", words + SCRIPT)

    tab.goto(f"{merchant.url}/phone/?to=/")
    inside = tab.frame_locator("iframe")
    expect(inside.locator("#agent")).to_contain_text("MicroMessenger")
    expect(inside.locator("#said")).to_have_text("config:ok updateAppMessageShareData:ok")
    inside.get_by_role("link", name="下一页").click()
    expect(tab.get_by_role("heading", name="第二页", exact=True)).to_be_visible()
    tab.get_by_role("button", name="返回").click()
    expect(inside.get_by_role("heading", name="小店")).to_be_visible()

    inside.locator("#pay").click()
    sheet = tab.get_by_role("dialog", name="微信支付")
    expect(sheet).to_contain_text("12.90")
    tab.keyboard.press("Escape")
    expect(inside.locator("#said")).to_have_text("get_brand_wcpay_request:cancel")
    inside.locator("#pay").click()
    expect(sheet.get_by_role("button", name="确认支付")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.get_by_role("dialog", name="支付成功").get_by_role("button", name="完成").click()
    expect(inside.locator("#said")).to_have_text("get_brand_wcpay_request:ok")
    assert merchant.state(number) == "SUCCESS"

    tab.get_by_role("button", name="更多").click()
    share = tab.get_by_role("dialog", name="分享")
    expect(share).to_contain_text("好吃的梨")
    expect(share).to_contain_text("JSSDK 签名有效")
    share.get_by_role("button", name="发送给朋友").click()
    tab.get_by_role("dialog").get_by_role("button", name="阿树").click()
    expect(tab.get_by_text("已发送给阿树")).to_be_visible()
    tab.goto(f"{merchant.url}/phone/?as={quote('阿树')}")
    tab.get_by_role("button", name="小满").first.click()
    tab.get_by_role("button", name="好吃的梨").click()
    expect(inside.get_by_role("heading", name="梨", exact=True)).to_be_visible()

    merchant.send_sms(PhoneNumbers="17000000002", TemplateParam='{"code":"246810"}')
    banner = tab.locator("[data-banner]")
    expect(banner).to_contain_text("246810")
    send_message(merchant, "阿树", f"{shop.url}/two/")
    expect(banner).to_contain_text("订单支付成功通知")
    banner.get_by_role("button").click()
    tab.get_by_role("button", name="查看详情").click()
    expect(inside.get_by_role("heading", name="第二页")).to_be_visible()
    tab.get_by_role("button", name="返回").click()
    expect(tab.locator("iframe")).to_have_count(0)
