"""The port to Aliyun's SendSms: signature, and three kinds of answers."""

import json
from dataclasses import replace

import pytest

from members.channels.base import Ok, Rejected, Unknown
from members.channels.sms import AliyunSms, canonical_query, read_answer, sign
from tests.sandboxes import Sandbox

PHONE = "13800138000"


def channel(sandbox: Sandbox) -> AliyunSms:
    given = sandbox.settings
    return AliyunSms(
        given["SMS_BASE_URL"],
        given["SMS_ACCESS_KEY_ID"],
        given["SMS_ACCESS_KEY_SECRET"],
        given["SMS_SIGN_NAME"],
    )


def send(port: AliyunSms, template: str = "SMS_100000001", phone: str = PHONE) -> object:
    return port.send(phone=phone, template=template, parameters={"code": "012345"}, out_id="code:1")


def test_the_signature_is_that_of_the_vendors_example() -> None:
    headers = sign(
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query={
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        },
        key_id="YourAccessKeyId",
        key_secret="YourAccessKeySecret",
        nonce="3156853299f313e23d1673dc12e1703d",
        date="2023-10-26T10:22:32Z",
    )
    assert headers["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
        "x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_the_query_is_sorted_and_escaped() -> None:
    assert canonical_query({"b": "a b*~", "A": "签名/+"}) == "A=%E7%AD%BE%E5%90%8D%2F%2B&b=a%20b%2A~"


def test_a_message_arrives_in_the_sandbox(sandbox: Sandbox) -> None:
    outcome = send(channel(sandbox))
    assert isinstance(outcome, Ok)
    assert outcome.vendor_id
    message = sandbox.messages(PHONE)[0]
    assert message["code"] == "012345"
    assert message["out_id"] == "code:1"


def test_what_the_vendor_refuses_is_rejected(sandbox: Sandbox) -> None:
    port = channel(sandbox)
    assert isinstance(send(port, phone="123"), Rejected)
    assert isinstance(send(port, template="nonsense"), Rejected)
    assert isinstance(send(replace(port, key_secret="another")), Rejected)
    assert isinstance(send(replace(port, sign_name="another")), Rejected)
    sandbox.fault("sms_error", value="isv.BUSINESS_LIMIT_CONTROL")
    assert send(port) == Rejected("isv.BUSINESS_LIMIT_CONTROL", "触发沙箱的故障开关")


def test_silence_breakdown_and_garbage_leave_the_outcome_open(sandbox: Sandbox) -> None:
    sandbox.fault("500_before", operation="sms")
    assert isinstance(send(channel(sandbox)), Unknown)
    assert isinstance(send(replace(channel(sandbox), base_url="http://127.0.0.1:9")), Unknown)
    for status, body in (
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"{}"),
        (200, json.dumps({"Code": "OK"}).encode()),
        (503, json.dumps({"Code": "ServiceUnavailable"}).encode()),
        (200, json.dumps({"Code": "isp.SYSTEM_ERROR", "Message": "busy"}).encode()),
        (500, json.dumps({"Code": "isv.AMOUNT_NOT_ENOUGH"}).encode()),
    ):
        assert isinstance(read_answer(status, body), Unknown), (status, body)


@pytest.mark.parametrize("code", ["isv.AMOUNT_NOT_ENOUGH", "isv.MOBILE_NUMBER_ILLEGAL"])
def test_a_code_of_refusal_is_final(code: str) -> None:
    body = json.dumps({"Code": code, "Message": "no"}).encode()
    assert read_answer(200, body) == Rejected(code, "no")
