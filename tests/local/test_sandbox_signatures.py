"""Who may speak to the sandbox, and what its own word is worth."""

import json
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from local.sandbox import keys, signing
from tests.local.sandbox_kit import Merchant, read_env, sandbox


@pytest.fixture(scope="module")
def merchant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as merchant:
        yield merchant


def test_known_answer_of_the_notice_encryption() -> None:
    key, nonce, aad = "0123456789abcdef0123456789abcdef", "fdasfaSDFA12", "transaction"
    plain = b'{"out_trade_no":"T20260101000001","trade_state":"SUCCESS"}'
    sealed = (
        "iOXeloqNEdTaQMJvmOx0rNur4OLGlAxGjybadjQHgQziv0G6HFbFydZsvoyHmoOpCgaMAJlCvyBmr0AEZez9AWgDgL44/ESsxxM="
    )
    assert signing.encrypt(key, plain, nonce=nonce, associated_data=aad) == sealed
    assert AESGCM(key.encode()).decrypt(nonce.encode(), b64decode(sealed), aad.encode()) == plain


def test_every_signed_line_ends_with_a_newline_also_the_last() -> None:
    assert signing.lines("GET", "/v3/x?a=b", "1700000000", "n", b"") == b"GET\n/v3/x?a=b\n1700000000\nn\n\n"


def test_the_order_of_authorization_attributes_is_free() -> None:
    header = (
        'WECHATPAY2-SHA256-RSA2048 serial_no="S",signature="a+b/=",timestamp="1",nonce_str="N",mchid="19"'
    )
    found = signing.read_authorization(header)
    assert found == signing.Authorization(mchid="19", nonce="N", signature="a+b/=", timestamp="1", serial="S")
    assert signing.read_authorization(header.replace("RSA2048", "SM2")) is None
    assert signing.read_authorization(header.replace(',mchid="19"', "")) is None


def test_answers_errors_and_empty_answers_are_signed(merchant: Merchant) -> None:
    number, _ = merchant.create()
    ok, missing, closed = merchant.query(number), merchant.query("T404404404"), merchant.close(number)
    assert (ok.status_code, missing.status_code, closed.status_code) == (200, 404, 204)
    for answer in (ok, missing, closed):
        assert merchant.is_signed(answer.headers, answer.content)
        assert answer.headers["Request-ID"]
        assert abs(int(answer.headers["Wechatpay-Timestamp"]) - time.time()) < 5
    assert closed.content == b""
    assert missing.json()["code"] == "ORDER_NOT_EXIST"


@pytest.mark.parametrize(
    "spoil",
    [
        {"timestamp": int(time.time()) - 400},
        {"timestamp": int(time.time()) + 4000},
        {"timestamp": "soon"},
        {"serial": "00"},
        {"signature": "AAAA"},
        {"signed_path": "/v3/elsewhere"},
        {"sent": '{"mchid":"1"}'},
        {"headers": {"Authorization": "Bearer x"}},
        {"nonce": "n" * 33},
    ],
    ids=["old", "early", "no time", "serial", "signature", "path", "body", "scheme", "nonce"],
)
def test_a_wrongly_signed_request_is_refused_and_changes_nothing(merchant: Merchant, spoil: dict) -> None:
    body = merchant.order()
    answer = merchant.call("POST", "/v3/pay/transactions/native", body, **spoil)
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")
    assert merchant.is_signed(answer.headers, answer.content)
    assert merchant.query(body["out_trade_no"]).status_code == 404


def test_a_nonce_works_once(merchant: Merchant) -> None:
    number, _ = merchant.create()
    path = f"/v3/pay/transactions/out-trade-no/{number}?mchid={merchant.env['WECHAT_PAY_MCHID']}"
    assert merchant.call("GET", path, nonce="once").status_code == 200
    assert merchant.call("GET", path, nonce="once").json()["code"] == "SIGN_ERROR"


def test_required_headers_are_required(merchant: Merchant) -> None:
    for headers in ({"User-Agent": ""}, {"Accept": ""}, {"Content-Type": "text/plain"}):
        answer = merchant.call("POST", "/v3/pay/transactions/native", merchant.order(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "PARAM_ERROR")
    answer = merchant.call("GET", "/v3/certificates", headers={"Wechatpay-Serial": "PUB_KEY_ID_0"})
    assert answer.status_code == 400


def test_there_are_no_platform_certificates(merchant: Merchant) -> None:
    assert merchant.call("GET", "/v3/certificates").json()["code"] == "RESOURCE_NOT_EXISTS"
    assert merchant.call("GET", "/v3/unknown").status_code == 404


def test_an_older_sandbox_gets_the_apps_it_lacks(tmp_path: Path) -> None:
    mchid = keys.load(tmp_path).identity.mchid
    kept = json.loads((tmp_path / "identity.json").read_text())
    old = {name: value for name, value in kept.items() if not name.startswith(("oa_", "mp_"))}
    (tmp_path / "identity.json").write_text(json.dumps(old))
    identity = keys.load(tmp_path).identity
    assert identity.mchid == mchid
    assert len(identity.oa_aes_key) == 43
    assert keys.load(tmp_path).identity == identity


def test_secrets_are_kept_over_a_restart_and_only_the_address_changes(tmp_path: Path) -> None:
    credentials = keys.load(tmp_path)
    first = read_env(keys.write_env(tmp_path, credentials, "http://127.0.0.1:1", "http://127.0.0.1:3"))
    second = read_env(
        keys.write_env(tmp_path, keys.load(tmp_path), "http://127.0.0.1:2", "http://127.0.0.1:4")
    )
    changed = {name for name in first if first[name] != second[name]}
    bases = {"WECHAT_PAY_BASE_URL", "WECHAT_API_BASE_URL", "WECHAT_OPEN_BASE_URL", "SMS_BASE_URL"}
    assert changed == bases | {"SANDBOX_URL", "SANDBOX_PHONE_URL", "CHANNEL_HOSTS", "COMPETITOR_HOSTS"}
    assert first["WECHAT_OA_APPID"] == first["WECHAT_PAY_APPID"] != first["WECHAT_MP_APPID"]
    assert len(first["WECHAT_PAY_APIV3_KEY"]) == 32
    assert first["WECHAT_PAY_PUBLIC_KEY_ID"].startswith("PUB_KEY_ID_")
    for name in ("sandbox.env", "merchant_private_key.pem", "platform_private_key.pem", "identity.json"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, name
    assert json.loads((tmp_path / "identity.json").read_text())["mchid"] == first["WECHAT_PAY_MCHID"]
