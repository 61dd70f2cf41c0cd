"""Message templates the merchant has chosen in WeChat's console."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from local.sandbox.box import Box
from local.sandbox.weixin.errors import WeixinError


@dataclass(frozen=True)
class Template:
    """`fields` are keyword → label in the order shown."""

    template_id: str
    app: str
    kind: str
    title: str
    fields: dict[str, str]


def _known(kind: str, title: str, **fields: str) -> tuple[Template, ...]:
    return tuple(Template(template_id(app, kind), app, kind, title, fields) for app in ("oa", "mp"))


def template_id(app: str, kind: str) -> str:
    """43 characters, as WeChat's are; the same on every machine."""
    return urlsafe_b64encode(sha256(f"{app}:{kind}".encode()).digest()).decode().rstrip("=")


FIRST = (
    *_known(
        "order_paid",
        "订单支付成功通知",
        character_string1="订单号",
        thing2="商品",
        amount3="支付金额",
        time4="支付时间",
    ),
    *_known(
        "order_shipped",
        "订单发货通知",
        character_string1="订单号",
        thing2="商品",
        thing3="快递公司",
        character_string4="快递单号",
    ),
    *_known(
        "pickup_ready",
        "提货通知",
        character_string1="订单号",
        thing2="提货门店",
        character_string3="提货码",
        thing4="温馨提示",
    ),
    *_known(
        "refund_done",
        "退款成功通知",
        character_string1="订单号",
        amount2="退款金额",
        thing3="退款说明",
        time4="退款时间",
    ),
    *_known(
        "goods_back",
        "商品到货通知",
        thing1="商品",
        thing2="规格",
        amount3="价格",
        thing4="温馨提示",
    ),
    *_known(
        "price_drop",
        "商品降价通知",
        thing1="商品",
        thing2="规格",
        amount3="现价",
        amount4="订阅时价格",
    ),
)


def everything(box: Box) -> list[Template]:
    rows = box.ledger.rows("SELECT * FROM weixin_template ORDER BY rowid")
    return [*FIRST, *(Template(**row | {"fields": json.loads(row["fields"])}) for row in rows)]


def find(box: Box, app: str, wanted: Any) -> Template:
    """The template of this app; 40037 otherwise."""
    for template in everything(box):
        if (template.app, template.template_id) == (app, wanted):
            return template
    raise WeixinError(40037)


def add(box: Box, *, app: str, kind: str, title: str, fields: dict[str, str], given_id: str = "") -> Template:
    """One more template, or the same again with other fields. Raises ValueError."""
    if app not in ("oa", "mp") or not fields:
        raise ValueError("app must be oa or mp, and fields name at least one keyword")
    template = Template(given_id or template_id(app, kind), app, kind, title, fields)
    box.ledger.write(
        "INSERT OR REPLACE INTO weixin_template VALUES (?, ?, ?, ?, ?)",
        template.template_id,
        app,
        kind,
        title,
        json.dumps(fields, ensure_ascii=False),
    )
    return template
