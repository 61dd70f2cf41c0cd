"""发货信息管理: the merchant tells WeChat how a paid order was sent; the rules of its states."""

from typing import Any

from local.sandbox import clock, payments
from local.sandbox.box import Box
from local.sandbox.fields import canonical
from local.sandbox.ledger import Row
from local.sandbox.weixin.errors import WeixinError

EXPRESS = 1
UNIFIED, SPLIT = 1, 2
MOST_PARCELS = 15
ORDER_STATES = {"to_ship": 1, "shipped": 2, "received": 3, "refunded": 5}


def upload(box: Box, body: dict[str, Any]) -> dict[str, Any]:
    """Record a shipment. Errors 10060001…14, see errors.WORDS."""
    payment = _payment(box, body.get("order_key"))
    parcels, uploaded_at = _read(body)
    with box.ledger.transaction():
        state = payments.trade_state(box, payment)
        if state == "NOTPAY" or state == "CLOSED" or _is_refunded(box, payment):
            raise WeixinError(10060004)
        if (body.get("payer") or {}).get("openid") != payment["openid"]:
            raise WeixinError(10060014, "payer.openid")
        former = find(box, payment["out_trade_no"])
        is_finished = body["delivery_mode"] == UNIFIED or body["is_all_delivered"]
        is_reshipped = 0
        if former:
            if uploaded_at <= former["upload_time"]:
                raise WeixinError(10060014, "upload_time must grow")
            if former["is_received"]:
                raise WeixinError(10060002)
            if former["is_finished"] and former["is_reshipped"]:
                raise WeixinError(10060003)
            is_reshipped = int(former["is_finished"] or former["is_reshipped"])
        if len(parcels) > MOST_PARCELS:
            raise WeixinError(10060014, "at most 15 parcels")
        box.ledger.write(
            "INSERT OR REPLACE INTO weixin_shipping VALUES (?, ?, ?, ?, 0, ?, ?)",
            payment["out_trade_no"],
            canonical(body),
            int(is_finished),
            is_reshipped,
            uploaded_at,
            clock.now(),
        )
    return {"errcode": 0, "errmsg": "ok"}


def get_order(box: Box, body: dict[str, Any]) -> dict[str, Any]:
    """The shipping state of one payment."""
    key = {"order_number_type": 2 if body.get("transaction_id") else 1, "mchid": body.get("merchant_id")}
    key |= {"transaction_id": body.get("transaction_id"), "out_trade_no": body.get("merchant_trade_no")}
    payment = _payment(box, key)
    shipped = find(box, payment["out_trade_no"])
    state = "to_ship"
    if _is_refunded(box, payment):
        state = "refunded"
    elif shipped:
        state = "received" if shipped["is_received"] else "shipped" if shipped["is_finished"] else "to_ship"
    return {
        "errcode": 0,
        "errmsg": "ok",
        "order": {
            "transaction_id": payment["transaction_id"],
            "merchant_trade_no": payment["out_trade_no"],
            "merchant_id": box.credentials.identity.mchid,
            "openid": payment["openid"],
            "description": payment["description"],
            "paid_amount": payment["total"],
            "order_state": ORDER_STATES[state],
            "in_complaint": False,
        },
    }


def receive(box: Box, out_trade_no: str) -> None:
    """The person confirms that the goods arrived. Raises ValueError when nothing was sent."""
    done = box.ledger.write(
        "UPDATE weixin_shipping SET is_received = 1 WHERE out_trade_no = ? AND is_finished", out_trade_no
    )
    if not done:
        raise ValueError(f"{out_trade_no} was not sent yet")


def find(box: Box, out_trade_no: str) -> Row | None:
    return box.ledger.row("SELECT * FROM weixin_shipping WHERE out_trade_no = ?", out_trade_no)


def listed(box: Box) -> list[Row]:
    return box.ledger.rows("SELECT * FROM weixin_shipping ORDER BY at DESC")


def _payment(box: Box, key: Any) -> Row:
    found = None
    if isinstance(key, dict) and key.get("order_number_type") == 1:
        if key.get("mchid") != box.credentials.identity.mchid:
            raise WeixinError(10060014, "order_key.mchid")
        found = payments.find(box, str(key.get("out_trade_no") or ""))
    elif isinstance(key, dict) and key.get("order_number_type") == 2:
        found = payments.by_transaction(box, str(key.get("transaction_id") or ""))
    else:
        raise WeixinError(10060014, "order_key")
    if not found:
        raise WeixinError(10060001)
    return found


def _is_refunded(box: Box, payment: Row) -> bool:
    back = box.ledger.value(
        "SELECT SUM(amount) FROM refund WHERE out_trade_no = ? AND status <> 'CLOSED'",
        payment["out_trade_no"],
    )
    return bool(back and back >= payment["total"])


def _read(body: dict[str, Any]) -> tuple[list[dict[str, Any]], float]:
    kind, mode = body.get("logistics_type"), body.get("delivery_mode")
    parcels = body.get("shipping_list")
    if kind not in (1, 2, 3, 4) or mode not in (UNIFIED, SPLIT):
        raise WeixinError(10060014, "logistics_type or delivery_mode")
    if mode == SPLIT and (kind != EXPRESS or not isinstance(body.get("is_all_delivered"), bool)):
        raise WeixinError(10060014, "split is for express and needs is_all_delivered")
    if not isinstance(parcels, list) or not parcels or (mode == UNIFIED and len(parcels) != 1):
        raise WeixinError(10060014, "shipping_list")
    for parcel in parcels:
        _check_parcel(parcel if isinstance(parcel, dict) else {}, kind)
    try:
        uploaded_at = clock.parse(str(body.get("upload_time") or ""))
    except ValueError:
        raise WeixinError(10060014, "upload_time") from None
    return parcels, uploaded_at


def _check_parcel(parcel: dict[str, Any], kind: int) -> None:
    item = parcel.get("item_desc")
    if not isinstance(item, str) or not 0 < len(item) <= 120:
        raise WeixinError(10060014, "item_desc")
    if kind != EXPRESS:
        return
    number, company = parcel.get("tracking_no"), parcel.get("express_company")
    if not isinstance(number, str) or not 0 < len(number) <= 128 or not company:
        raise WeixinError(10060014, "tracking_no or express_company")
    contact = parcel.get("contact") or {}
    if company == "SF" and not (contact.get("consignor_contact") or contact.get("receiver_contact")):
        raise WeixinError(10060014, "contact is needed for SF")
