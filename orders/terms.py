"""Plain words of the trade: states, modes, kinds and carriers. No behaviour."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderStatus(models.TextChoices):
    UNPAID = "unpaid", _("Waiting for payment")
    PAID = "paid", _("Paid")
    COMPLETED = "completed", _("Completed")
    CLOSED = "closed", _("Closed")


class ShippingStatus(models.TextChoices):
    NONE = "none", _("Not shipped")
    PARTIAL = "partial", _("Partly shipped")
    SHIPPED = "shipped", _("Shipped")
    RECEIVED = "received", _("Received")


class Hold(models.TextChoices):
    """Why a paid order must not leave the house yet."""

    NOTHING = "", _("No hold")
    GROUP = "group", _("Waiting for the group")
    AUDIT = "audit", _("Waiting for review")


class DeliveryMode(models.TextChoices):
    EXPRESS = "express", _("Express delivery")
    PICKUP = "pickup", _("Store pickup")
    SAME_CITY = "same_city", _("Same-city delivery")
    VIRTUAL = "virtual", _("Nothing to deliver")


class CloseReason(models.TextChoices):
    EXPIRED = "expired", _("Not paid in time")
    CANCELLED_BY_SHOPPER = "cancelled_by_shopper", _("Cancelled by the shopper")
    CANCELLED_BY_STAFF = "cancelled_by_staff", _("Cancelled by the shop")
    REFUNDED = "refunded", _("Refunded before shipment")


class Source(models.TextChoices):
    BASKET = "basket", _("From the basket")
    DIRECT = "direct", _("Bought at once")


class ShipmentStatus(models.TextChoices):
    SHIPPED = "shipped", _("On its way")
    DELIVERED = "delivered", pgettext_lazy("parcel", "Delivered")


class PickupStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting to be collected")
    COLLECTED = "collected", _("Collected")
    CANCELLED = "cancelled", _("Cancelled")


class Flag(models.TextChoices):
    """A coloured mark staff put on an order."""

    NOTHING = "", _("No flag")
    RED = "red", _("Red")
    AMBER = "amber", _("Amber")
    GREEN = "green", _("Green")
    BLUE = "blue", _("Blue")


class Carrier(models.TextChoices):
    """Codes are those of kuaidi100, so that traces can be asked for later."""

    SF = "shunfeng", _("SF Express")
    JD = "jd", _("JD Logistics")
    ZTO = "zhongtong", _("ZTO Express")
    YTO = "yuantong", _("YTO Express")
    STO = "shentong", _("STO Express")
    YUNDA = "yunda", _("Yunda Express")
    JTSD = "jtexpress", _("J&T Express")
    EMS = "ems", _("EMS")
    DEPPON = "debangkuaidi", _("Deppon Express")
    OWN = "own", _("Our own courier")


class ShopperStateCode(models.TextChoices):
    """What a shopper is told; derived from several machines by one selector."""

    TO_PAY = "to_pay", _("To pay")
    IN_REVIEW = "in_review", _("Being confirmed")
    TO_SHIP = "to_ship", _("To ship")
    PART_SHIPPED = "part_shipped", _("Partly shipped")
    TO_RECEIVE = "to_receive", _("To receive")
    TO_PICK_UP = "to_pick_up", _("To pick up")
    REFUNDING = "refunding", _("Refund under way")
    COMPLETED = "completed", _("Completed")
    CLOSED = "closed", _("Closed")


class Tab(models.TextChoices):
    """The tabs of the shopper's order list."""

    ALL = "all", _("All")
    TO_PAY = "to_pay", _("To pay")
    TO_SHIP = "to_ship", _("To ship")
    TO_RECEIVE = "to_receive", _("To receive")
    COMPLETED = "completed", _("Completed")
    REFUNDING = "refunding", _("Refunds")


class PaymentMethod(models.TextChoices):
    NATIVE = "native", _("QR code")
    H5 = "h5", _("Phone browser")
    JSAPI = "jsapi", _("Inside WeChat")
    ZERO = "zero", _("Nothing to pay")


class PaymentStatus(models.TextChoices):
    CREATED = "created", _("Being opened")
    PENDING = "pending", _("Waiting for the shopper")
    PAID = "paid", _("Paid")
    CLOSED = "closed", _("Closed")
    FAILED = "failed", _("Refused by the gateway")


class RefundStatus(models.TextChoices):
    CREATED = "created", _("Requested")
    PROCESSING = "processing", _("At the gateway")
    SUCCEEDED = "succeeded", _("Refunded")
    CLOSED = "closed", _("Failed")
    ABNORMAL = "abnormal", _("Needs attention")


class RefundKind(models.TextChoices):
    BEFORE_SHIPMENT = "before_shipment", _("Before shipment")
    GOODWILL = "goodwill", _("Granted by staff")
    LATE_PAYMENT = "late_payment", _("Payment of a closed order")
    DUPLICATE_PAYMENT = "duplicate_payment", _("Paid twice")
    RECALL = "recall", _("Goods recalled")
