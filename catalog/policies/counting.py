"""What the merchant may set about counting, scales and the stock board."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop.core.settings_store import Policy, money, whole

COUNT_SELF_UP_TO = money(
    "catalog.count_self_up_to",
    default=Decimal("0.00"),
    label=_("Differences one may approve oneself"),
    help=_("Yuan at cost, shortages and surpluses added up; above it another person approves the count."),
)


def _formats(raw: object) -> str:
    """`21IIIIIGGGGGC`: two digits, I item, G grams or P price in fen, C check digit; 13 signs each."""
    text = str(raw).upper().replace("，", ",").replace(" ", "")
    for one in filter(None, text.split(",")):
        body = one[2:12]
        letters = body.lstrip("I")
        item = len(body) - len(letters)
        is_well = (
            len(one) == 13
            and one[:2].isdigit()
            and one[0] == "2"
            and one[12] == "C"
            and 4 <= item <= 6
            and letters
            and set(letters) in ({"G"}, {"P"})
        )
        if not is_well:
            raise ValueError(one)
    return text


SCALE_FORMATS: Policy[str] = Policy(
    "catalog.scale_formats",
    kind="text",
    default="21IIIIIGGGGGC,22IIIIIPPPPPC",
    parse=_formats,
    label=_("Bar codes of the scales"),
    help=_(
        "13 signs each, separated by commas: prefix, I for the item number, G for grams or P for the price "
        "in fen, C for the check digit."
    ),
    high=200,
)

TOO_MUCH_DAYS = whole(
    "catalog.too_much_days",
    default=90,
    low=7,
    high=999,
    label=_("Days of cover that are too much"),
    help=_("The stock board marks what would last longer than this."),
)
