"""Which payment a prepay means, and whether the page that shows it holds the merchant's signature."""

from urllib.parse import parse_qs, urlsplit

from local.sandbox import clock, payments, signing
from local.sandbox.box import Box
from local.sandbox.errors import CannotPay


def resolve(box: Box, query: dict[str, str]) -> str:
    """The payment meant by the address: of an H5 or JSAPI prepay, of a QR code, or named by the home page."""
    if query.get("out_trade_no"):
        return query["out_trade_no"]
    code = query.get("code_url", "")
    token = query.get("prepay_id") or query.get("pr") or (parse_qs(urlsplit(code).query).get("pr") or [""])[0]
    found = box.ledger.row("SELECT * FROM prepay WHERE token = ?", token)
    payment = payments.find(box, found["out_trade_no"]) if found else None
    if not found or not payment:
        raise CannotPay("支付链接无效")
    if clock.now() > found["valid_until"]:
        raise CannotPay("支付链接已过期，请在商家页面重新发起")
    if payment["trade_type"] == "JSAPI" and not _is_signed(box, query):
        raise CannotPay("支付验证签名失败")
    return str(payment["out_trade_no"])


def of_page(box: Box, given: dict[str, str], *, openid: str) -> str:
    """The payment a page inside WeChat asks the phone's person for. Raises CannotPay."""
    package = given.get("package", "")
    number = resolve(box, given | {"prepay_id": package.removeprefix("prepay_id="), "out_trade_no": ""})
    payment = payments.check_payable(box, number)
    if payment["trade_type"] != "JSAPI":
        raise CannotPay("商户订单不支持在微信内支付")
    if payment["openid"] != openid:
        raise CannotPay("支付账号与下单账号不一致")
    return number


def _is_signed(box: Box, query: dict[str, str]) -> bool:
    """Whether the page that opened the cashier inside WeChat held the merchant's signature."""
    names = ("appId", "timeStamp", "nonceStr", "package")
    appid, timestamp, nonce, package = (query.get(name, "") for name in names)
    if appid != box.credentials.identity.appid or package != f"prepay_id={query.get('prepay_id')}":
        return False
    message = signing.pay_sign_message(appid, timestamp, nonce, package)
    return query.get("signType") == "RSA" and signing.verify(
        box.credentials.merchant_public_key, message, query.get("paySign", "")
    )
