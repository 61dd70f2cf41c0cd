"""What a person sees: the home page and the cashier, and the process behind them."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import requests

from tests.local.sandbox_kit import Merchant, read_env, sandbox, until

SCENE = {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}
BACK = "http://127.0.0.1:8000/orders/1/?paid=maybe"


@pytest.fixture(scope="module")
def merchant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as merchant:
        yield merchant


def press(merchant: Merchant, number: str, action: str, back: str = BACK) -> requests.Response:
    form = {"out_trade_no": number, "redirect_url": back, "action": action}
    return merchant.session.post(f"{merchant.url}/cashier", data=form, allow_redirects=False)


def test_the_h5_cashier_pays_and_leads_back(merchant: Merchant) -> None:
    number, answer = merchant.create("h5", scene_info=SCENE, description="<b>梨</b>")
    page = merchant.session.get(f"{answer['h5_url']}&redirect_url={quote(BACK, safe='')}")
    assert page.status_code == 200
    assert "12.90" in page.text
    assert "立即支付" in page.text
    assert "&lt;b&gt;梨" in page.text
    assert escape(BACK) in page.text
    paid = press(merchant, number, "pay")
    result = merchant.session.get(merchant.url + paid.headers["Location"])
    assert "支付成功" in result.text
    assert f'href="{escape(BACK)}"' in result.text
    assert merchant.state(number) == "SUCCESS"
    again = merchant.session.get(answer["h5_url"])
    assert again.status_code == 409
    assert "已支付" in again.text


def test_cancelling_leads_back_without_paying(merchant: Merchant) -> None:
    number, _ = merchant.create("h5", scene_info=SCENE)
    assert press(merchant, number, "cancel").headers["Location"] == BACK
    assert "已取消" in press(merchant, number, "cancel", back="").text
    assert "javascript" not in press(merchant, number, "cancel", back="javascript:alert(1)").text
    assert merchant.state(number) == "NOTPAY"


def test_paying_later_says_so_until_it_is_paid(merchant: Merchant) -> None:
    number, _ = merchant.create("h5", scene_info=SCENE)
    waiting = merchant.session.get(merchant.url + press(merchant, number, "later").headers["Location"])
    assert "支付处理中" in waiting.text
    assert 'http-equiv="refresh"' in waiting.text
    assert merchant.state(number) == "NOTPAY"


def test_a_qr_code_opens_the_cashier(merchant: Merchant) -> None:
    _, answer = merchant.create(description="扫码的苹果")
    page = merchant.session.get(f"{merchant.url}/cashier", params={"code_url": answer["code_url"]})
    assert "扫码的苹果" in page.text
    assert merchant.session.get(f"{merchant.url}/cashier?code_url=weixin://x?pr=none").status_code == 409


def test_jsapi_opens_only_with_the_merchants_signature(merchant: Merchant) -> None:
    number, answer = merchant.create("jsapi", payer={"openid": merchant.openid()}, description="微信里的梨")
    package = f"prepay_id={answer['prepay_id']}"
    appid, stamp, nonce = merchant.env["WECHAT_PAY_APPID"], str(int(time.time())), "nonce"
    query = {
        "prepay_id": answer["prepay_id"],
        "appId": appid,
        "timeStamp": stamp,
        "nonceStr": nonce,
        "package": package,
        "signType": "RSA",
        "paySign": merchant.sign(appid, stamp, nonce, package),
    }
    assert "微信里的梨" in merchant.session.get(f"{merchant.url}/cashier?{urlencode(query)}").text
    forged = merchant.session.get(f"{merchant.url}/cashier?{urlencode(query | {'nonceStr': 'other'})}")
    assert "支付验证签名失败" in forged.text
    assert merchant.state(number) == "NOTPAY"


def test_the_home_page_shows_everything_and_its_buttons_work(merchant: Merchant) -> None:
    merchant.control("POST", "/reset")
    number, _ = merchant.create(description="篮子<i>")
    merchant.send_sms(TemplateParam='{"code":"864209"}')

    def post(action: str, **form: str) -> str:
        return merchant.session.post(f"{merchant.url}/actions/{action}", data=form).text

    home = merchant.session.get(merchant.url + "/").text
    assert "篮子&lt;i&gt;" in home
    assert "864209" in home
    assert "没有打开的开关" in home
    assert "已打开" in post("fault", fault="callback_never", scope=number)
    assert "已付款" in post("pay", out_trade_no=number)
    assert "被开关扣下" in merchant.session.get(merchant.url + "/").text
    assert "没有收下" in post("notify", out_trade_no=number)
    assert "已关闭 1 个开关" in post("clear", fault="callback_never", scope=number)
    assert "unknown fault" in post("fault", fault="gremlins")
    merchant.refund(number, 1290, reason="不想要了")
    closed, _ = merchant.create()
    merchant.close(closed)
    assert "在关单之后到了" in post("late", out_trade_no=closed)
    assert merchant.state(closed) == "SUCCESS"
    assert "不想要了" in merchant.session.get(merchant.url + "/").text
    assert number in merchant.session.get(f"{merchant.url}/?q={number[3:]}").text
    assert "没有这个单号" in merchant.session.get(f"{merchant.url}/?q=nothing").text
    assert "default-src 'none'" in merchant.session.get(merchant.url + "/").headers["Content-Security-Policy"]


def test_unknown_addresses_are_not_found(merchant: Merchant) -> None:
    for path in ("/nothing", "/static/../server.py", "/static/%2e%2e/server.py", "/_control/nothing"):
        assert merchant.session.get(merchant.url + path).status_code == 404
    assert merchant.session.put(f"{merchant.url}/_control/faults").status_code == 405
    assert merchant.session.get(f"{merchant.url}/static/sandbox.css").status_code == 200


def start(state: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "local.sandbox", "--port", str(port), "--state", str(state)]
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_process_starts_ends_and_reports_a_taken_port(tmp_path: Path) -> None:
    process = start(tmp_path, 0)
    assert process.stdout
    assert process.stdout.readline().startswith("sandbox at http://127.0.0.1:")
    env = read_env(tmp_path / "sandbox.env")
    health = until(lambda: requests.get(f"{env['SANDBOX_URL']}/_control/health", timeout=5))
    assert health.json()["status"] == "ok"
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = start(tmp_path, taken.getsockname()[1])
        words = refused.communicate(timeout=20)[1]
    assert refused.returncode == 1
    assert "can't listen on port" in words
    assert "Traceback" not in words
