"""SendSms is verified as Aliyun verifies it, and lands in the inbox."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from local.sandbox import acs
from tests.local.sandbox_kit import Merchant, sandbox


@pytest.fixture(scope="module")
def merchant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as merchant:
        yield merchant


def test_known_answer_of_the_vendors_documentation() -> None:
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    target = "/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"
    found = acs.signature("POST", target, headers, list(headers), "YourAccessKeySecret")
    assert found == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_a_message_lands_in_the_inbox_newest_first(merchant: Merchant) -> None:
    for code in ("111111", "222222"):
        answer = merchant.send_sms(PhoneNumbers="13900000001", TemplateParam=f'{{"code":"{code}"}}')
        assert answer.json()["Code"] == "OK"
        assert answer.json()["BizId"]
    merchant.send_sms(PhoneNumbers="13900000002")
    inbox = merchant.control("GET", "/sms?phone=13900000001")
    assert [message["code"] for message in inbox] == ["222222", "111111"]
    assert inbox[0]["text"] == "【微商城】您的验证码为 222222，5 分钟内有效，请勿告诉他人。"
    assert merchant.control("GET", "/sms?limit=1")[0]["phone"] == "13900000002"


def test_the_form_may_also_be_posted(merchant: Merchant) -> None:
    body = b"PhoneNumbers=13900000003&SignName=%E5%BE%AE%E5%95%86%E5%9F%8E&TemplateCode=SMS_100000001"
    body += b"&TemplateParam=%7B%22code%22%3A%22909090%22%7D"
    headers = {
        "host": merchant.url.removeprefix("http://"),
        "content-type": "application/x-www-form-urlencoded",
        "x-acs-action": "SendSms",
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": "posted",
        "x-acs-version": "2017-05-25",
    }
    signature = acs.signature("POST", "/", headers, list(headers), merchant.env["SMS_ACCESS_KEY_SECRET"])
    headers["Authorization"] = (
        f"ACS3-HMAC-SHA256 Credential={merchant.env['SMS_ACCESS_KEY_ID']},"
        f"SignedHeaders={';'.join(sorted(headers))},Signature={signature}"
    )
    answer = merchant.session.post(merchant.url + "/", data=body, headers=headers)
    assert answer.json()["Code"] == "OK", answer.text
    assert merchant.control("GET", "/sms?phone=13900000003")[0]["code"] == "909090"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("PhoneNumbers", "12345", "isv.MOBILE_NUMBER_ILLEGAL"),
        ("SignName", "别人", "isv.SMS_SIGNATURE_ILLEGAL"),
        ("TemplateCode", "login", "isv.SMS_TEMPLATE_ILLEGAL"),
        ("TemplateParam", "{code}", "isv.INVALID_JSON_PARAM"),
        ("TemplateParam", "{}", "isv.TEMPLATE_MISSING_PARAMETERS"),
    ],
)
def test_a_bad_message_is_refused_in_the_vendors_words(
    merchant: Merchant, field: str, value: str, code: str
) -> None:
    given = {"PhoneNumbers": "13900000004"} | {field: value}
    answer = merchant.send_sms(**given)
    assert (answer.status_code, answer.json()["Code"]) == (200, code)
    assert merchant.control("GET", "/sms?phone=13900000004") == []


def test_a_wrong_signature_is_refused(merchant: Merchant) -> None:
    def age(headers: dict[str, str]) -> None:
        headers["x-acs-date"] = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def reuse(headers: dict[str, str]) -> None:
        headers["x-acs-signature-nonce"] = "again"

    def mistake(headers: dict[str, str]) -> None:
        headers["x-acs-content-sha256"] = "0" * 64

    assert merchant.send_sms(age).json()["Code"] == "InvalidTimeStamp.Expired"
    assert merchant.send_sms(mistake).json()["Code"] == "InvalidContentSha256"
    assert merchant.send_sms(reuse).json()["Code"] == "OK"
    assert merchant.send_sms(reuse).json()["Code"] == "SignatureNonceUsed"
    true_secret = merchant.env["SMS_ACCESS_KEY_SECRET"]
    merchant.env["SMS_ACCESS_KEY_SECRET"] = "guess"
    assert merchant.send_sms().json()["Code"] == "SignatureDoesNotMatch"
    merchant.env["SMS_ACCESS_KEY_SECRET"] = true_secret
    answer = merchant.session.post(merchant.url + "/", data=b"PhoneNumbers=13900000004")
    assert answer.json()["Code"] == "MissingAuthorization"


def test_switches_refuse_or_lose_messages(merchant: Merchant) -> None:
    merchant.fault("sms_error", scope="13900000005", times=1)
    assert merchant.send_sms(PhoneNumbers="13900000005").json()["Code"] == "isv.BUSINESS_LIMIT_CONTROL"
    assert merchant.send_sms(PhoneNumbers="13900000005").json()["Code"] == "OK"
    merchant.fault("sms_error", value="isv.AMOUNT_NOT_ENOUGH", times=1)
    assert merchant.send_sms().json()["Code"] == "isv.AMOUNT_NOT_ENOUGH"
    merchant.fault("timeout_after", operation="sms", times=1)
    with pytest.raises(requests.ConnectionError):
        merchant.send_sms(PhoneNumbers="13900000006")
    assert len(merchant.control("GET", "/sms?phone=13900000006")) == 1
    merchant.fault("500_before", operation="sms", times=1)
    assert merchant.send_sms(PhoneNumbers="13900000007").status_code == 500
    assert merchant.control("GET", "/sms?phone=13900000007") == []
