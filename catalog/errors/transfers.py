"""Refusals about goods on the way between places."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class TransferEmpty(Refusal):
    """A transfer needs goods."""

    code = "transfer_empty"
    status = 400
    message = _("Put goods on the list first.")


class TransferTooLarge(Refusal):
    """More is to be sent than is free. extra: lines (list of [code, wanted, free]), words."""

    code = "transfer_too_large"
    message = _("Not enough is free to send: {words}.")


class TransferDiffers(Refusal):
    """What arrived doesn't add up, or a difference has no reason. extra: code, sent, told."""

    code = "transfer_differs"
    status = 400
    message = _("{code}: {sent} were sent, {told} are accounted for. Say what became of the rest, and why.")


class TransferOver(Refusal):
    """The transfer is in another state by now. extra: status."""

    code = "transfer_over"
    message = _("This transfer can't do that in its present state.")
