"""Refusals of the trade, named for the fact. Words are for shoppers and staff; `extra` is for programs."""

from django.utils.translation import gettext_lazy as _

from marketing.pricing.quote import Quote
from shop.core.errors import Forbidden, Invalid, NotFound, Refusal

# Baskets and placing


class BadQuantity(Invalid):
    code = "bad_quantity"
    message = _("A quantity is a whole number from 1 to 999.")


class QuantityNotOffered(Refusal):
    code = "quantity_not_offered"
    message = _("“{title}” is sold from {minimum} pieces, in steps of {multiple}.")


class BasketFull(Refusal):
    code = "basket_full"
    message = _("The basket holds {limit} different goods at most. Buy or remove some first.")


class LineGone(NotFound):
    code = "line_gone"
    message = _("This is no longer in your basket.")


class PhoneNeeded(Refusal):
    """Asked before the first order, never before browsing."""

    code = "phone_needed"
    message = _("Bind your mobile number first, so that we can reach you about the order.")


class NothingToBuy(Invalid):
    code = "nothing_to_buy"
    message = _("Nothing is selected.")


class NotOnSale(Refusal):
    code = "not_on_sale"
    message = _("“{title}” is no longer on sale.")


class NotSoldHere(Refusal):
    """The store that was chosen doesn't sell it. extra: sku_id, title."""

    code = "not_sold_here"
    message = _("“{title}” isn't sold in this store. Choose another store or have it sent.")


class QuoteChanged(Refusal):
    """The price the shopper saw no longer holds; `.quote` is the new one. Nothing was ordered."""

    code = "quote_changed"
    message = _("The price has changed. Have a look and confirm once more.")

    def __init__(self, quote: Quote) -> None:
        super().__init__(digest=quote.digest, due=str(quote.due))
        self.quote = quote


class AddressGone(Refusal):
    code = "address_gone"
    message = _("Choose the address again, it was changed or removed.")


class CannotDeliver(Refusal):
    code = "cannot_deliver"
    message = _("We don't deliver “{title}” to this address.")


class StoreGone(Refusal):
    code = "store_gone"
    message = _("This store doesn't hand out orders at the moment. Choose another one.")


class SlotTaken(Refusal):
    code = "slot_taken"
    message = _("This pickup time is no longer offered. Choose another one.")


class ContactMissing(Invalid):
    code = "contact_missing"
    message = _("Say who collects the goods and a mobile number.")


class ModeNotOffered(Invalid):
    code = "mode_not_offered"
    message = _("This way of delivery isn't offered.")


# Orders


class OrderNotFound(NotFound):
    code = "order_not_found"
    message = _("There is no such order.")


class NotCancellable(Refusal):
    code = "not_cancellable"
    message = _("This order can no longer be cancelled.")


class PaymentOutstanding(Refusal):
    code = "payment_outstanding"
    message = _("We are still asking whether the payment went through. Try again in a minute.")


class JustPaid(Refusal):
    code = "just_paid"
    message = _("The payment has just arrived, so the order wasn't cancelled.")


class RefundUnderWay(Refusal):
    code = "refund_under_way"
    message = _("A refund of this order is under way.")


# Shipping


class NotShippable(Refusal):
    code = "not_shippable"
    message = _("This order can't be shipped in its present state.")


class OrderHeld(Refusal):
    code = "order_held"
    message = _("This order is on hold: {hold}.")


class CollectedInStore(Refusal):
    code = "collected_in_store"
    message = _("This order is collected in a store, it isn't shipped.")


class TooManyPieces(Refusal):
    code = "too_many_pieces"
    message = _("Of “{title}” only {left} are left to ship.")


class NotALine(Invalid):
    code = "not_a_line"
    message = _("The order has no line {line}.")


class UnknownCarrier(Invalid):
    code = "unknown_carrier"
    message = _("Choose a carrier from the list.")


class BadTrackingNumber(Invalid):
    code = "bad_tracking_number"
    message = _("A tracking number has 6 to 40 letters, digits or dashes.")


class ParcelKnown(Refusal):
    code = "parcel_known"
    message = _("A parcel {number} of this order was recorded already.")


class OtherPlace(Forbidden):
    code = "other_place"
    message = _("This order belongs to a place you don't work for.")


# Pickups


class WrongPickupCode(NotFound):
    code = "wrong_pickup_code"
    message = _("This is not a pickup code. Check the twelve digits.")


class CodeOfAnotherStore(Forbidden):
    code = "code_of_another_store"
    message = _("This order waits in another store: {store}.")


class CodeUsed(Refusal):
    code = "code_used"
    message = _("This code was used already; the goods were handed out.")


class PickupCancelled(Refusal):
    code = "pickup_cancelled"
    message = _("This order was cancelled. Don't hand out the goods.")


class NotNudgeable(Refusal):
    code = "not_nudgeable"
    message = _("There is nothing to hurry up yet: the goods have left, or were paid only a moment ago.")


class NudgedAlready(Refusal):
    code = "nudged_already"
    message = _("The shop knows that you are waiting. You can ask again from {time}.")


# Receipts


class NotReceivable(Refusal):
    code = "not_receivable"
    message = _("Only goods that were shipped can be confirmed as received.")


class NotExtendable(Refusal):
    code = "not_extendable"
    message = _("The time to confirm can be extended once, while the goods are on their way.")


# Payments and refunds


class OrderNotPayable(Refusal):
    code = "order_not_payable"
    message = _("This order can't be paid any more.")


class PaymentRefused(Refusal):
    code = "payment_refused"
    message = _("The payment service refused: {reason}. Nothing was charged.")


class GatewaySilent(Refusal):
    """The outcome of the former attempt is unknown, so no new one may be opened yet."""

    code = "gateway_silent"
    status = 503
    message = _("The payment service does not answer. Nothing is lost: try again in a minute.")


class PaymentMismatch(Refusal):
    """The gateway's word does not fit our books; nobody is told "paid" and staff are alarmed."""

    code = "payment_mismatch"
    message = _("The payment service reports something that does not fit: {what}.")


class PaymentNotKnown(NotFound):
    code = "payment_not_known"
    message = _("There is no such payment.")


class NothingToRefund(Refusal):
    code = "nothing_to_refund"
    message = _("There is nothing left to refund.")


class RefundTooMuch(Refusal):
    code = "refund_too_much"
    message = _("At most ¥{left} can be refunded.")


class RefundBeforePayment(Refusal):
    code = "refund_before_payment"
    message = _("Only a paid order can be refunded.")
