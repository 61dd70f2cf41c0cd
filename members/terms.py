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
