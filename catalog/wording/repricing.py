"""Why the repricer proposes a price, leaves it, or could not set it: a sentence for every code."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

WORDS = {
    "below_market": gettext_noop(
        "{count} competitors ask ¥{market} on average; {below}% below is ¥{target}, ended as the shop "
        "likes it."
    ),
    "at_lowest": gettext_noop(
        "{below}% below the market (¥{market}) would be ¥{target}; cost with {margin}% margin and the floor "
        "allow no less than ¥{lowest}."
    ),
    "at_ceiling": gettext_noop(
        "{below}% below the market (¥{market}) would be ¥{target}; it never goes above the list price of "
        "¥{ceiling}."
    ),
    "locked": gettext_noop("This price is protected; the software never touches it."),
    "no_market": gettext_noop("Nobody saw a competitor's price lately."),
    "no_cost": gettext_noop("Its cost isn't known, so nobody can say how low it may go."),
    "no_room": gettext_noop("Cost with {margin}% margin and the floor (¥{lowest}) lie above ¥{ceiling}."),
    "no_tail": gettext_noop("No price between ¥{lowest} and ¥{ceiling} ends as it should."),
    "right_already": gettext_noop("It is right already beside the market's ¥{market}."),
    "set_today": gettext_noop("A person set this price today; that stays until tomorrow."),
}
ASKS = {
    "protected": gettext_noop("It is a protected price, so a person decides."),
    "large": gettext_noop("It is a large move, so a person decides."),
}
REFUSED = {
    "price_moved_on": gettext_noop("The price changed since it was calculated."),
    "set_today": gettext_noop("A person set this price today; that stays until tomorrow."),
    "out_of_bounds": gettext_noop("Cost, floor or ceiling changed; the price no longer fits."),
    "locked": gettext_noop("The price was protected meanwhile."),
    "not_repriced": gettext_noop("It is no traffic driver any more."),
}


def explain(code: str, parameters: Mapping[str, str]) -> str:
    """Why, with the figures."""
    said = _(WORDS[code]).format(**parameters) if code in WORDS else code
    asks = ASKS.get(parameters.get("why_ask", ""))
    return f"{said} {_(asks)}" if asks else said


def explain_refusal(code: str) -> str:
    """Why a line was not applied; empty for nothing."""
    return _(REFUSED[code]) if code in REFUSED else code
