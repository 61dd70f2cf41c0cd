"""Whom staff ask when the software itself gives them a riddle."""

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import text

SUPPORT_NAME = text(
    "backoffice.support_name",
    default="",
    label=_("Who helps with the software"),
    help=_("Shown to staff under every guide, for example the company that set up the shop."),
    longest=60,
)
SUPPORT_PHONE = text(
    "backoffice.support_phone", default="", label=_("Phone of the software's support"), longest=40
)
SUPPORT_EMAIL = text(
    "backoffice.support_email", default="", label=_("E-mail of the software's support"), longest=120
)
