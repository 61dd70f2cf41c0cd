"""What every journey does somewhere: sign in, submit, pay."""

from orders.models import Order, Payment
from tests.journeys.visitor import Visitor, zh
from tests.sandboxes import Sandbox


def sign_in(visitor: Visitor, sandbox: Sandbox, phone: str) -> None:
    """On the sign-in page: asks for a code, reads it on the phone, types it."""
    visitor.fill(phone=phone)
    visitor.tick("agree")
    visitor.press(zh("Send the code"))
    visitor.sees(zh("Send again"))
    visitor.fill(code=sandbox.messages(phone)[0]["code"])
    visitor.press(zh("Sign in"), within="main form")


def submit(visitor: Visitor) -> Order:
    """Places the order the checkout page shows, up to the cashier or the code to scan; the order."""
    visitor.page.locator(".actionbar button[form=checkout]").click()
    visitor.arrives(r"/orders/\d+/pay/" if visitor.is_desktop else "/cashier")
    return Order.objects.latest("pk")


def pay_at_the_cashier(visitor: Visitor) -> None:
    """On the sandbox's cashier, which sends the shopper back."""
    visitor.sees("立即支付")
    visitor.press("立即支付")
    visitor.sees("支付成功")
    visitor.press("完成")


def payment_of(order: Order) -> Payment:
    return Payment.objects.filter(shares__order=order).latest("pk")
