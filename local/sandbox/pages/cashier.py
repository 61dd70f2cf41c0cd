"""The cashier: what the payer's phone would show."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from local.sandbox import clock, payments, prepay
from local.sandbox.box import MERCHANT_NAME, Box
from local.sandbox.errors import CannotPay
from local.sandbox.http import Request, Response, redirect
from local.sandbox.ledger import Row
from local.sandbox.pages.markup import EMPTY, Safe, fill, page, yuan

DELAY = 10
SHEET = """<main class="sheet">
<header class="bar">
<form method="post" action="/cashier">{hidden}
<button class="close" name="action" value="cancel" aria-label="取消支付">×</button></form>
<h1>微信支付</h1>
</header>
<section class="amount">
<p class="merchant">{merchant}</p><p class="sum"><span>¥</span>{sum}</p>
</section>
<dl class="facts">
<div><dt>商品</dt><dd>{description}</dd></div>
<div><dt>商户单号</dt><dd class="figures">{number}</dd></div>
<div><dt>支付方式</dt><dd>零钱</dd></div>
</dl>
<form method="post" action="/cashier" class="actions">{hidden}
<button class="pay" name="action" value="pay">立即支付</button>
<button class="plain" name="action" value="later">{delay} 秒后支付</button>
<button class="link" name="action" value="cancel">取消</button></form>
<p class="note">沙箱收银台，不会扣款</p>
</main>"""
RESULT = """<main class="sheet result">
<section class="amount"><div class="mark {mark}" aria-hidden="true">{sign}</div>
<h1>{headline}</h1>{sum}<p class="merchant">{words}</p></section>
<div class="actions">{button}</div>
<p class="note">沙箱收银台，不会扣款</p>
</main>"""


def show(box: Box, request: Request) -> Response:
    """The payment sheet, or why it can't be shown."""
    query = request.query
    back = _back(query.get("redirect_url", ""))
    try:
        number = prepay.resolve(box, query)
        payment = payments.check_payable(box, number)
    except CannotPay as refusal:
        return _result("warn", "!", str(refusal), "请返回商家页面", back=back, status=409)
    hidden = _hidden(out_trade_no=number, redirect_url=back)
    body = fill(
        SHEET,
        hidden=hidden,
        merchant=MERCHANT_NAME,
        sum=yuan(payment["total"]),
        description=payment["description"],
        number=number,
        delay=DELAY,
    )
    return page("微信支付", body, kind="cashier")


def act(box: Box, request: Request) -> Response:
    """The payer pressed a button."""
    form = request.form
    number, back = form.get("out_trade_no", ""), _back(form.get("redirect_url", ""))
    try:
        match form.get("action"):
            case "pay":
                payments.pay(box, number)
            case "later":
                payments.pay_later(box, number, delay=DELAY)
            case _:
                return redirect(back) if back else _result("warn", "×", "支付已取消", "没有付款", back="")
    except CannotPay as refusal:
        return _result("warn", "!", str(refusal), "请返回商家页面", back=back, status=409)
    return redirect("/cashier/result?" + urlencode({"out_trade_no": number, "redirect_url": back}))


def result(box: Box, request: Request) -> Response:
    """Paid, or on the way to it; this page asks again by itself until it knows."""
    back = _back(request.query.get("redirect_url", ""))
    payment = payments.find(box, request.query.get("out_trade_no", ""))
    if not payment:
        return _result("warn", "!", "订单不存在", "请返回商家页面", back=back, status=404)
    if payment["state"] == "SUCCESS":
        return _result(
            "done", "✓", "支付成功", MERCHANT_NAME, back=back, total=payment["total"], button="完成"
        )
    if payment["due_at"] or payment["is_in_flight"]:
        return _result("wait", "…", "支付处理中", _wait_words(payment), back=back, is_waiting=True)
    return _result("warn", "!", "没有付款", payments.STATE_WORDS[payment["state"]], back=back)


def _wait_words(payment: Row) -> str:
    if payment["is_in_flight"]:
        return "钱已付出，商家还不知道"
    return f"约 {max(round(payment['due_at'] - clock.now()), 1)} 秒后完成"


def _result(
    mark: str,
    sign: str,
    headline: str,
    words: str,
    *,
    back: str,
    total: int | None = None,
    button: str = "返回商家",
    is_waiting: bool = False,
    status: int = 200,
) -> Response:
    amount = fill('<p class="sum"><span>¥</span>{sum}</p>', sum=yuan(total)) if total else EMPTY
    link = fill(
        '<a class="plain" href="{back}">{button}</a>',
        back=back or "/",
        button=button if back else "回到沙箱首页",
    )
    body = fill(RESULT, mark=mark, sign=sign, headline=headline, sum=amount, words=words, button=link)
    head = Safe('\n<meta http-equiv="refresh" content="2">') if is_waiting else EMPTY
    return page(headline, body, kind="cashier", head=head, status=status)


def _back(address: str) -> str:
    """The shop's address to return to, or "" when it isn't one a browser should be sent to."""
    parts = urlsplit(address)
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def _hidden(**values: Any) -> Safe:
    return Safe(
        "".join(fill('<input type="hidden" name="{n}" value="{v}">', n=n, v=v) for n, v in values.items())
    )
