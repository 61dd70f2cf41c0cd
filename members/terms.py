"""The plain words of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    OPERATOR = "operator", _("Operator")
    CUSTOMER_SERVICE = "customer_service", _("Customer service")
    FINANCE = "finance", _("Finance")
    WAREHOUSE = "warehouse", _("Warehouse")
    STORE_CLERK = "store_clerk", _("Store clerk")


class CodePurpose(models.TextChoices):
    LOGIN = "login", _("Sign in")
    NEW_PASSWORD = "new_password", _("Set a password")
    BIND = "bind", _("Bind a number")


class CodeDelivery(models.TextChoices):
    PENDING = "pending", _("Being sent")
    OK = "ok", pgettext_lazy("text message", "Sent")
    REJECTED = "rejected", pgettext_lazy("text message", "Rejected")
    UNKNOWN = "unknown", pgettext_lazy("text message", "Unknown")


class AddressTag(models.TextChoices):
    HOME = "home", pgettext_lazy("address", "Home")
    COMPANY = "company", pgettext_lazy("address", "Company")
    SCHOOL = "school", pgettext_lazy("address", "School")
    OTHER = "other", pgettext_lazy("address", "Other")


class PointsKind(models.TextChoices):
    EARN = "earn", pgettext_lazy("points", "Earned")
    SPEND = "spend", pgettext_lazy("points", "Spent")
    GIVE_BACK = "give_back", pgettext_lazy("points", "Given back")
    EXPIRE = "expire", pgettext_lazy("points", "Expired")
    TAKE_BACK = "take_back", pgettext_lazy("points", "Taken back")
    ADJUST = "adjust", pgettext_lazy("points", "Adjusted")


class ConsentKind(models.TextChoices):
    TERMS = "terms", _("Terms of service")
    PRIVACY = "privacy", _("Privacy policy")
    MARKETING = "marketing", _("Advertising messages")


class MessageKind(models.TextChoices):
    ORDER_PAID = "order_paid", pgettext_lazy("message", "Order paid")
    ORDER_SHIPPED = "order_shipped", pgettext_lazy("message", "Order shipped")
    PICKUP_READY = "pickup_ready", pgettext_lazy("message", "Ready to be collected")
    REFUND_DONE = "refund_done", pgettext_lazy("message", "Refund done")
    GOODS_BACK = "goods_back", pgettext_lazy("message", "Back in stock")
    PRICE_DROP = "price_drop", pgettext_lazy("message", "Cheaper")
    GOODS_RECALLED = "goods_recalled", pgettext_lazy("message", "Goods recalled")


class MessageChannel(models.TextChoices):
    OFFICIAL = "official", _("WeChat official account")
    MINI_PROGRAM = "mini", _("WeChat mini-program")


class MessageDelivery(models.TextChoices):
    """Skipped: there is no way to this member. Unwanted: they don't follow or have not said yes; normal."""

    WAITING = "waiting", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    DELIVERED = "delivered", pgettext_lazy("message", "Delivered")
    UNWANTED = "unwanted", pgettext_lazy("message", "Not wanted")
    SKIPPED = "skipped", pgettext_lazy("message", "No way to send")
    FAILED = "failed", pgettext_lazy("message", "Failed")
