"""What a listing is judged by: findings, words, papers, slots."""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NEVER_SHOWN = ("draft", "submitted", "checked", "approved", "rejected")
BEST_SCORE = 100


class Severity(TextChoices):
    """What a finding does to a listing."""

    BLOCKS = "blocks", pgettext_lazy("listing", "blocks")
    WARNS = "warns", pgettext_lazy("listing", "warns")
    OFF = "off", pgettext_lazy("listing", "isn't looked for")


class WordKind(TextChoices):
    """Why a word should not stand in a listing."""

    ABSOLUTE = "absolute", _("Absolute (Advertising Law, article 9)")
    BANNED = "banned", _("Banned goods")
    CLAIM = "claim", _("Cures or works like medicine")
    COMPARISON = "comparison", _("Compares with others")
    VAGUE = "vague", _("Says nothing, or misleads")


class PaperKind(TextChoices):
    """What a paper proves."""

    QC_REPORT = "qc_report", _("Inspection report")
    BRAND = "brand", _("Brand authorisation")
    LICENCE = "licence", _("Licence of the goods")
    IMPORT = "import", _("Import papers")
    OTHER = "other", pgettext_lazy("paper", "Other")


class Slot(TextChoices):
    """Where pictures and videos of a listing go."""

    MAIN = "main", _("First picture")
    SCENE = "scene", _("Further pictures")
    DETAIL = "detail", _("Pictures in the description")
    VIDEO = "video", _("Videos")


class ParameterKind(TextChoices):
    """How a parameter is written down."""

    TEXT = "text", _("Words")
    NUMBER = "number", _("A number")
    CHOICE = "choice", _("One of a list")
    DATE = "date", _("A day")


class ReviewOutcome(TextChoices):
    """How a review ended."""

    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", pgettext_lazy("listing", "Sent back")
    WITHDRAWN = "withdrawn", pgettext_lazy("listing", "Withdrawn")


@dataclass(frozen=True)
class Code:
    """A kind of finding: what it does unless a category says otherwise, what it costs (of 100 points) and the
    field it speaks of."""

    severity: Severity
    points: int
    field: str
    label: Any


_B, _W = Severity.BLOCKS, Severity.WARNS
CODES: dict[str, Code] = {
    "title_long": Code(_B, 10, "title", _("Title too long")),
    "title_short": Code(_W, 6, "title", _("Title too short")),
    "title_no_spec": Code(_W, 3, "title", _("Title without a size or quantity")),
    "title_noise": Code(_W, 3, "title", _("Title repeats itself or shouts")),
    "subtitle_missing": Code(_W, 2, "subtitle", _("No subtitle")),
    "description_short": Code(_W, 5, "description", _("Description too short")),
    "banned_word": Code(_B, 30, "title", _("Words of banned goods")),
    "absolute_word": Code(_B, 20, "title", _("Absolute words")),
    "claim_word": Code(_B, 20, "title", _("Promises of a cure")),
    "comparison_word": Code(_W, 8, "title", _("Comparison with others")),
    "vague_word": Code(_W, 3, "title", _("Words that say nothing")),
    "category_prohibited": Code(_B, 40, "category", _("Prohibited category")),
    "category_not_last": Code(_W, 3, "category", _("Category could be closer")),
    "category_mismatch": Code(_W, 6, "category", _("Perhaps another category")),
    "price_missing": Code(_B, 20, "specs", _("No price")),
    "picture_missing": Code(_B, 30, "pictures", _("No picture")),
    "pictures_few": Code(_W, 6, "pictures", _("Too few pictures")),
    "picture_small": Code(_W, 4, "pictures", _("Picture too small")),
    "picture_ratio": Code(_W, 3, "pictures", _("Picture in the wrong shape")),
    "picture_twin": Code(_W, 3, "pictures", _("Picture like that of other goods")),
    "details_few": Code(_W, 3, "description", _("Too few pictures in the description")),
    "videos_few": Code(_W, 2, "videos", _("Too few videos")),
    "video_length": Code(_W, 3, "videos", _("Video too short or too long")),
    "parameter_missing": Code(_W, 3, "parameters", _("Parameter missing")),
    "parameter_wrong": Code(_W, 3, "parameters", _("Parameter doesn't fit")),
    "paper_missing": Code(_W, 6, "papers", _("Paper missing")),
    "paper_expired": Code(_B, 15, "papers", _("Paper expired")),
    "paper_expiring": Code(_W, 2, "papers", _("Paper expires soon")),
}
WORD_CODES = {
    WordKind.BANNED: "banned_word",
    WordKind.ABSOLUTE: "absolute_word",
    WordKind.CLAIM: "claim_word",
    WordKind.COMPARISON: "comparison_word",
    WordKind.VAGUE: "vague_word",
}
