"""What the merchant may set about members."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.terms import MessageKind
from shop.core.settings_store import Policy, text, whole

POINTS_DAYS = whole(
    "members.points_days",
    default=365,
    low=1,
    high=3650,
    label=_("Points are good for (days)"),
    help=_("Counted from the day they are earned. Points already earned keep their date."),
)
RETURNED_POINTS_DAYS = whole(
    "members.returned_points_days",
    default=30,
    low=1,
    high=365,
    label=_("Returned points that had expired are good for (days)"),
    help=_("When an order is refunded after the points paid with have expired, they come back for so long."),
)
ADDRESS_LIMIT = whole(
    "members.address_limit",
    default=20,
    low=1,
    high=100,
    label=_("Addresses a member can keep"),
    help=_("More must replace an older one."),
)
CODES_A_DAY = whole(
    "members.codes_a_day",
    default=2000,
    low=1,
    high=1000000,
    label=_("Login codes a day, all phones together"),
    help=_(
        "A ceiling against text message abuse. When it is reached nobody can sign in by code until tomorrow."
    ),
)
CODES_AN_HOUR_PER_ADDRESS = whole(
    "members.codes_an_hour_per_address",
    default=20,
    low=1,
    high=1000,
    label=_("Login codes an hour per network address"),
    help=_("Offices and dormitories share one address, so don't set this too low."),
)
PHONES_SHOWN_A_DAY = whole(
    "members.phones_shown_a_day",
    default=50,
    low=1,
    high=1000,
    label=_("Whole phone numbers one person of the staff may look at a day"),
    help=_("Numbers are masked otherwise, and every look is recorded."),
)
SERVICE_HOURS = text(
    "members.service_hours",
    default="",
    longest=60,
    label=_("Hours of customer service"),
    help=_("Shown on the contact page, such as 每天 9:00–21:00."),
)
SERVICE_WECHAT = text(
    "members.service_wechat",
    default="",
    longest=60,
    label=_("WeChat of customer service"),
    help=_("A WeChat number shoppers can copy from the contact page; empty: none is shown."),
)

TEMPLATE_HELP = _(
    "The template's number as WeChat shows it; empty sends nothing. If your template has other keywords, "
    "write them behind it, like thing1=what amount2=amount. Facts: number, what, amount, when, carrier, "
    "tracking, place, code, hint, why."
)


def _template(app: str, kind: MessageKind, where: Promise) -> Policy[str]:
    return text(
        f"members.{app}_template_{kind.value}",
        default="",
        label=format_lazy("{}: {}", where, kind.label),
        help=TEMPLATE_HELP,
        longest=300,
    )


TEMPLATES: dict[tuple[str, str], Policy[str]] = {
    (app, kind.value): _template(app, kind, where)
    for app, where in (("oa", _("WeChat template")), ("mp", _("Mini-program template")))
    for kind in MessageKind
}
