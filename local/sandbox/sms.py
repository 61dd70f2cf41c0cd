"""Aliyun's SendSms: a message isn't sent, it lies in the inbox of the sandbox."""

import json
import re
import secrets
import time
import uuid
from typing import Any

from local.sandbox import acs, clock, faults
from local.sandbox.box import Box
from local.sandbox.http import Request, Response, json_response
from local.sandbox.keys import LOGIN_TEMPLATE, PURCHASE_TEMPLATE, SIGN_NAME
from local.sandbox.ledger import Row

VERSION = "2017-05-25"
MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
TEMPLATE = re.compile(r"SMS_\d{6,12}")
TEXTS = {
    LOGIN_TEMPLATE: "您的验证码为 ${code}，5 分钟内有效，请勿告诉他人。",
    PURCHASE_TEMPLATE: "您有新的采购单 ${number}，请打开 ${link} 确认数量和到货日期。",
}
VARIABLE = re.compile(r"\$\{(\w+)\}")
MOST_PHONES = 1000
NONCE_SECONDS = 900.0


def answer(box: Box, request: Request) -> Response:
    """The answer to one call of the RPC-style API, at the root path."""
    request_id = str(uuid.uuid4()).upper()
    try:
        _authenticate(box, request)
        given = request.query | (request.form if request.method == "POST" else {})
        return _send(box, given, request_id)
    except acs.AcsError as error:
        body = {"Code": error.code, "Message": error.message, "RequestId": request_id, "HostId": "sandbox"}
        return json_response(body, error.status)


def _authenticate(box: Box, request: Request) -> None:
    identity = box.credentials.identity
    nonce = acs.check(request, key_id=identity.sms_key_id, secret=identity.sms_key_secret)
    with box.ledger.transaction():
        box.ledger.write("DELETE FROM nonce WHERE at < ?", clock.now() - NONCE_SECONDS)
        if not box.ledger.write("INSERT OR IGNORE INTO nonce VALUES (?, ?)", f"acs:{nonce}", clock.now()):
            raise acs.AcsError(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
    if request.headers.get("x-acs-action") != "SendSms" or request.headers.get("x-acs-version") != VERSION:
        raise acs.AcsError(
            404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."
        )


def _send(box: Box, given: dict[str, str], request_id: str) -> Response:
    phones = [phone.strip() for phone in given.get("PhoneNumbers", "").split(",")]
    spoiled = _spoil(box, tuple(phones))
    if isinstance(spoiled, Response):
        return spoiled
    code, words = spoiled or _judge(phones, given)
    if code != "OK":
        return json_response({"Code": code, "Message": words, "RequestId": request_id})
    biz_id = f"{secrets.randbelow(10**18):018}^0"
    for phone in phones:
        _keep(box, phone, given, biz_id)
    lost = faults.take(box, "timeout_after", operation="sms", scopes=tuple(phones))
    if lost is not None:
        return Response(hang_up_after=float(lost))
    return json_response({"Code": "OK", "Message": "OK", "RequestId": request_id, "BizId": biz_id})


def _spoil(box: Box, phones: tuple[str, ...]) -> Response | tuple[str, str] | None:
    """Faults of messages name a phone number as their scope; those of calls need `operation: sms`."""

    def take(name: str) -> str | None:
        return faults.take(box, name, operation="sms", scopes=phones)

    hold = take("timeout_before")
    if hold is not None:
        return Response(hang_up_after=float(hold))
    if take("500_before") is not None:
        raise acs.AcsError(
            500, "InternalError", "The request processing has failed due to some unknown error."
        )
    wait = take("slow")
    if wait is not None:
        time.sleep(float(wait))
    refused = take("sms_error")
    return (refused, "触发沙箱的故障开关") if refused is not None else None


def _judge(phones: list[str], given: dict[str, str]) -> tuple[str, str]:
    """Aliyun's code and words for this message."""
    if len(phones) > MOST_PHONES or not all(MOBILE.fullmatch(phone) for phone in phones):
        return "isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误"
    if given.get("SignName") != SIGN_NAME:
        return "isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名"
    if not TEMPLATE.fullmatch(given.get("TemplateCode", "")):
        return "isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板"
    try:
        parameters = json.loads(given.get("TemplateParam") or "{}")
    except ValueError:
        return "isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值"
    if not isinstance(parameters, dict):
        return "isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值"
    missing = set(VARIABLE.findall(TEXTS.get(given["TemplateCode"], ""))) - parameters.keys()
    if missing:
        return "isv.TEMPLATE_MISSING_PARAMETERS", f"模板缺少变量：{'、'.join(sorted(missing))}"
    return "OK", "OK"


def _keep(box: Box, phone: str, given: dict[str, str], biz_id: str) -> None:
    parameters: dict[str, Any] = json.loads(given.get("TemplateParam") or "{}")
    template = given["TemplateCode"]
    pattern = TEXTS.get(template)
    words = (
        VARIABLE.sub(lambda found: str(parameters[found[1]]), pattern)
        if pattern
        else "；".join(f"{name}：{value}" for name, value in parameters.items()) or template
    )
    match = MOBILE.fullmatch(phone)
    box.ledger.insert(
        "message",
        {
            "phone": match[1] if match else phone,
            "sign_name": given["SignName"],
            "template": template,
            "parameters": json.dumps(parameters, ensure_ascii=False),
            "code": str(parameters.get("code", "")),
            "text": f"【{given['SignName']}】{words}",
            "biz_id": biz_id,
            "out_id": given.get("OutId", ""),
            "at": clock.now(),
        },
    )


def inbox(box: Box, *, phone: str = "", limit: int = 50) -> list[Row]:
    """Messages, newest first, to one phone number or to all."""
    return box.ledger.rows(
        "SELECT * FROM message WHERE ? = '' OR phone = ? ORDER BY id DESC LIMIT ?", phone, phone, limit
    )
