"""Refusals about counting stock."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class AlreadyOnASheet(Refusal):
    """Goods of this place are being counted on another sheet. extra: title, count."""

    code = "already_on_a_sheet"
    message = _(
        "{count} of these goods are being counted already, on the sheet “{title}”. Finish that first."
    )


class NothingToCount(Refusal):
    """The choice of goods is empty."""

    code = "nothing_to_count"
    status = 400
    message = _("There is nothing to count: no goods of this place match.")


class SheetClosed(Refusal):
    """The sheet doesn't take counts (any more). extra: status."""

    code = "sheet_closed"
    message = _("This sheet takes no counts now.")


class CountedAlready(Refusal):
    """Somebody counted this line meanwhile: say what the new count means.
    extra: line_id, by, is_mine.
    """

    code = "counted_already"
    message = _(
        "This was counted already. Say whether yours are other pieces, the same goods once more, or a "
        "correction of your own count."
    )


class StillToRecount(Refusal):
    """Lines wait to be counted again. extra: count."""

    code = "still_to_recount"
    message = _("{count} lines wait to be counted again.")


class NothingCounted(Refusal):
    """A sheet without any count can't be handed in."""

    code = "nothing_counted"
    message = _("Nothing has been counted yet.")


class NeedsAnotherPerson(Refusal):
    """Who counted may not approve what is different. extra: amount."""

    code = "needs_another_person"
    status = 403
    message = _("You counted here yourself. Differences worth ¥{amount} are approved by somebody else.")


class BeingCounted(Refusal):
    """A freezing stocktake holds these goods. extra: title."""

    code = "being_counted"
    message = _("These goods are being counted (“{title}”); bookings by hand wait until it is over.")
