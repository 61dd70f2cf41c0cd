"""What was found in a listing: a sentence for every code, and what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.terms.listing import PaperKind

WORDS = {
    "title_long": gettext_noop("The title has {length} characters; {longest} are shown."),
    "title_short": gettext_noop(
        "The title has {length} characters. Say what it is, its strong point, its size."
    ),
    "title_no_spec": gettext_noop(
        "The title doesn't say how much: add a size or a quantity, such as 5斤 or 500ml."
    ),
    "title_noise": gettext_noop("“{noise}” in the title repeats itself or shouts. Say it once, calmly."),
    "subtitle_missing": gettext_noop("A subtitle tells in a few words why somebody should want it."),
    "description_short": gettext_noop(
        "The description has {length} characters. From {shortest} on it answers what people ask."
    ),
    "banned_word": gettext_noop("“{words}” stands for goods that may not be sold."),
    "absolute_word": gettext_noop("“{words}” is absolute; the Advertising Law forbids it."),
    "claim_word": gettext_noop("“{words}” promises a cure, which only medicine may."),
    "comparison_word": gettext_noop("“{words}” compares with others. Say what is good about yours."),
    "vague_word": gettext_noop("“{words}” says nothing one could check. Name the fact behind it."),
    "category_prohibited": gettext_noop("Goods of this category may not be sold here."),
    "category_not_last": gettext_noop("There are closer categories below this one: {names}."),
    "category_mismatch": gettext_noop("Similar goods are in “{name}”. Is it the right category?"),
    "price_missing": gettext_noop("It has no specification with a price."),
    "picture_missing": gettext_noop("It has no picture."),
    "pictures_few": gettext_noop("It has {count} pictures; {wanted} show it from all sides."),
    "picture_small": gettext_noop(
        "Picture {numbers} is small ({width} × {height}). Send it with at least {long_side} × {short_side} "
        "pixels."
    ),
    "picture_ratio": gettext_noop("Picture {numbers} isn't {ratio}. Cut it to shape."),
    "picture_twin": gettext_noop("Picture {numbers} looks like that of other goods. Show your own."),
    "details_few": gettext_noop("The description has {count} pictures of {wanted}."),
    "videos_few": gettext_noop("A short video sells: {count} of {wanted} are there."),
    "video_length": gettext_noop("A video lasts {seconds} seconds; {shortest} to {longest} are watched."),
    "parameter_missing": gettext_noop("“{name}” is missing."),
    "parameter_wrong": gettext_noop("“{value}” doesn't fit “{name}”."),
    "paper_missing": gettext_noop("{paper}: it needs one."),
    "paper_expired": gettext_noop("{paper}: it expired on {day}."),
    "paper_expiring": gettext_noop("{paper}: it expires on {day}, in {days} days."),
}


def sentence(code: str, parameters: Mapping[str, Any]) -> str:
    """In the language in force."""
    said = dict(parameters)
    if "paper" in said:
        said["paper"] = str(PaperKind(said["paper"]).label)
    return _(WORDS[code]).format(**said)
