"""Refusals about bar codes."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class BarcodeUnknown(Refusal):
    """No SKU, carton or scale item has this code. extra: code_read."""

    code = "barcode_unknown"
    status = 404
    message = _("Nothing here has the code {code_read}.")


class BarcodeMisread(Refusal):
    """The check digit says that it was misread or mistyped. extra: code_read."""

    code = "barcode_misread"
    status = 400
    message = _("The check digit of {code_read} is wrong: scan it once more.")


class BarcodeTaken(Refusal):
    """Something else has this code. extra: value."""

    code = "barcode_taken"
    message = _("{value} already belongs to other goods.")


class NothingChosen(Refusal):
    """Labels of no goods."""

    code = "nothing_chosen"
    status = 400
    message = _("Choose the goods to print labels for.")
