"""Refusals about buying in."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class NotSupplied(Refusal):
    """The supplier has no price for this SKU. extra: sku_id, code."""

    code = "not_supplied"
    message = _("This supplier has no price for {code}.")


class BelowSupplierMinimum(Refusal):
    """Less than the supplier delivers. extra: code, minimum, unit."""

    code = "below_supplier_minimum"
    message = _("{code}: the supplier delivers from {minimum} {unit} on.")


class BelowOrderMinimum(Refusal):
    """The order is worth less than the supplier delivers. extra: minimum, amount."""

    code = "below_order_minimum"
    message = _("The supplier delivers from ¥{minimum} on; this order is worth ¥{amount}.")


class SupplierAsleep(Refusal):
    """Nothing is bought from a supplier that is switched off."""

    code = "supplier_asleep"
    message = _("This supplier is switched off.")


class OwnApproval(Refusal):
    """Who wrote or handed in an order doesn't approve it."""

    code = "own_approval"
    status = 403
    message = _("Somebody else has to approve this order.")


class NotReceivable(Refusal):
    """The order isn't on its way. extra: status."""

    code = "not_receivable"
    message = _("Goods can only be received for an order that was sent and is still open.")


class NotOrdered(Refusal):
    """The goods are not on this order. extra: sku_id."""

    code = "not_ordered"
    message = _("These goods are not on this order.")


class OverDelivered(Refusal):
    """More arrived than may be taken. extra: code, open."""

    code = "over_delivered"
    message = _("{code}: at most {open} more can be taken on this order.")


class ExpiryMissing(Refusal):
    """Goods that spoil come in with the day until which they are good. extra: code."""

    code = "expiry_missing"
    message = _("{code} needs a batch and the day until which it is good.")


class AlreadyExpired(Refusal):
    """What has expired isn't taken in as good. extra: code."""

    code = "already_expired"
    message = _("{code} has expired already; count it as defective.")


class LinkGone(Refusal):
    """The link is unknown, expired or withdrawn; it isn't said which."""

    code = "link_gone"
    status = 404
    message = _("This link no longer works. Please ask the shop for a new one.")


class AnswerUnclear(Refusal):
    """A supplier's answer that can't be. extra: code, most."""

    code = "answer_unclear"
    status = 400
    message = _("{code}: please confirm between 0 and {most}.")


class NothingToSendBack(Refusal):
    """Fewer lie there than are to go back. extra: code, available."""

    code = "nothing_to_send_back"
    message = _("{code}: only {available} lie there.")


class NoOtherSupplier(Refusal):
    """Nobody else delivers all that is still open. extra: codes."""

    code = "no_other_supplier"
    message = _("No other supplier has a price for {codes}.")


class NotADocument(Refusal):
    """The file isn't a paper we keep."""

    code = "not_a_document"
    status = 400
    message = _("Please send a PDF, JPEG or PNG of at most 10 MB.")
