"""What happens to goods that are on the shelf, or are to be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TagChoice(TextChoices):
    """What a person wants of a tag that hangs itself."""

    ALWAYS = "always", _("Always")
    NEVER = "never", _("Never")


class TwinAnswer(TextChoices):
    """What a person said of two pictures that look alike; blank means nobody did."""

    FINE = "fine", _("May stay")
    REPLACED = "replaced", _("Replaced")


class CheckOutcome(TextChoices):
    """How a spot check ended; blank means it is still to do."""

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("Not needed any more")


class CheckItem(TextChoices):
    """What is looked at in a spot check."""

    PICTURES = "pictures", _("The pictures show what is in the box")
    WORDS = "words", _("Title, parameters and description are true")
    PRICE = "price", _("Price tag and shop say the same")
    STOCK = "stock", _("It lies where the shop says, in good condition")
    DATES = "dates", _("Dates and documents are valid")


class TakeDownCause(TextChoices):
    """Why goods are taken down at once."""

    INFRINGEMENT = "infringement", _("Somebody's rights are hurt")
    SAFETY = "safety", _("Not safe or recalled")
    BAD_REVIEWS = "bad_reviews", _("Too many bad reviews")
    WRONG = "wrong", _("Wrong price or wrong words")
    SPOT_CHECK = "spot_check", _("Failed a spot check")
    OTHER = "other", _("Another reason")


class IdleCause(TextChoices):
    """The likeliest reason why goods don't sell, read from facts."""

    OUT_OF_STOCK = "out_of_stock", _("There was nothing to buy")
    HIDDEN = "hidden", _("Shoppers can't come across it")
    POOR_PICTURES = "poor_pictures", _("Pictures are few or small")
    UNSEEN = "unseen", _("Hardly anybody looked at it")
    TOO_DEAR = "too_dear", _("Looked at, not bought: dearer than its neighbours")
    NOT_WANTED = "not_wanted", _("Looked at, not bought")
    UNKNOWN = "unknown", _("No clear cause")


class IdleAnswer(TextChoices):
    """What was done about goods that don't sell; blank means nothing yet."""

    CLEAR = "clear", _("Sell off")
    RETIRE = "retire", _("Taken off the shelf")
    IGNORE = "ignore", _("Leave it for now")
    OVER = "over", _("It sells again")


class Milestone(TextChoices):
    """Dates of a seasonal plan in their order."""

    STOCK = "stock", _("Stock is in")
    VISUALS = "visuals", _("Pictures are ready")
    ON = "on", _("On the shelf")
    OFF = "off", _("Off the shelf")


class Improvement(TextChoices):
    """What can be done to a picture."""

    CROP = "crop", _("Crop")
    EXPOSURE = "exposure", _("Light")
    WHITE = "white", _("White background")
    SHARPEN = "sharpen", _("Sharpness")
    WATERMARK = "watermark", _("Watermark")
