"""The link to an order as a text message on the supplier's phone."""

import structlog
from django.conf import settings
from django.utils import timezone

from catalog.models import PurchaseOrder
from catalog.services import supplier_links
from catalog.states.purchasing import OPEN
from members.channels.base import Rejected, Unknown
from members.services import phone_codes
from shop.core import refs, targets
from shop.core.errors import Refusal
from shop.core.transactions import forbid_transaction

log = structlog.get_logger(__name__)
DIGITS = 11


class NotTexted(Refusal):
    """The text message didn't go out; it is tried again."""

    code = "not_texted"


def can_text(order: PurchaseOrder) -> bool:
    """Whether there is a mobile number and a template for it."""
    phone = order.supplier.contact_phone
    return bool(settings.SMS_PURCHASE_TEMPLATE) and len(phone) == DIGITS and phone.isdigit()


def send_link(*, order_id: int) -> bool:
    """Make a new link and text it; False when there is nobody to text or nothing to see any more.

    Again: the link before dies, the new one arrives. Raises NotTexted while the vendor's answer is open.
    """
    forbid_transaction()
    order = PurchaseOrder.objects.select_related("supplier").get(pk=order_id)
    if order.status not in OPEN or not can_text(order):
        return False
    token = supplier_links.issue(order_id=order.pk, actor=refs.SYSTEM)
    outcome = phone_codes.channel().send(
        phone=order.supplier.contact_phone,
        template=settings.SMS_PURCHASE_TEMPLATE,
        parameters={"number": order.number, "link": targets.address(f"supplier_order:{token}")},
        out_id=f"purchase:{order.pk}:{timezone.now():%H%M%S}",
    )
    if isinstance(outcome, Unknown):
        raise NotTexted(reason=outcome.reason)
    if isinstance(outcome, Rejected):
        log.error("supplier_text_rejected", vendor_code=outcome.code, order=order.number)
        return False
    return True
