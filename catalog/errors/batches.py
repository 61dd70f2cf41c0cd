"""Refusals about batches."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class BatchTooLow(Refusal):
    """Less of this batch lies there. extra: batch, available."""

    code = "batch_too_low"
    message = _("Only {available} of batch {batch} lie there.")


class NothingFreshLeft(Refusal):
    """What lies there beyond `available` has expired or is recalled. extra: level_id, available."""

    code = "nothing_fresh_left"
    message = _("Only {available} may be handed out: the rest has expired or is recalled.")


class BatchNotSellable(Refusal):
    """Expired or recalled goods don't go where orders draw on. extra: batch."""

    code = "batch_not_sellable"
    message = _("Batch {batch} has expired or is recalled; it can only be kept frozen.")


class BatchDiffers(Refusal):
    """The batch is known with another date. extra: batch."""

    code = "batch_differs"
    message = _("Batch {batch} is known with other dates. Look at the label again.")


class AlreadyRecalled(Refusal):
    """Every one of these batches is recalled already."""

    code = "already_recalled"
    message = _("These batches are recalled already.")


class NothingToMarkDown(Refusal):
    """The batch is gone, or its price is lowered already, or the new price isn't lower. extra: batch."""

    code = "nothing_to_mark_down"
    message = _("Batch {batch} can't be marked down: it is gone, lowered already, or this isn't lower.")
