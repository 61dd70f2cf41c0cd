"""Words of prices: where a change came from, how they end, what the repricer says."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PriceSource(TextChoices):
    """Where a price came from. Only HAND counts for the guard of frequent changes."""

    FIRST = "first", _("First price")
    HAND = "hand", _("By hand")
    IMPORT = "import", _("From a file")
    REPRICER = "repricer", _("Repricer")
    UNDO = "undo", _("Taken back")


class Tail(TextChoices):
    """On which figures a price ends."""

    NONE = "none", _("As calculated")
    NINE_TENTHS = "9_tenths", _("… .9 yuan")
    NINETY_NINE = "99_cents", _("… .99 yuan")
    NINE_YUAN = "9_yuan", _("… 9 yuan")
    NINETY_NINE_YUAN = "99_yuan", _("… 99 yuan")


class Protection(TextChoices):
    """What the repricer may do with a SKU whose price is delicate."""

    NONE = "none", _("No protection")
    ASK = "ask", _("Only after approval")
    LOCKED = "locked", _("Never touched by the software")


class ObservationSource(TextChoices):
    """Who saw a competitor's price."""

    HAND = "hand", _("By hand")
    FILE = "file", _("From a file")
    API = "api", _("By REST")
    FETCHER = "fetcher", _("Fetched")


class Verdict(TextChoices):
    """What the repricer thinks of one SKU."""

    CHANGE = "change", _("Change")
    ASK = "ask", _("Ask first")
    KEEP = "keep", _("Leave it")


class NoticeKind(TextChoices):
    """What a shopper wants to be told, once."""

    BACK = "back", _("Back in stock")
    DROP = "drop", _("Cheaper")
