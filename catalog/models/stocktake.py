"""Counting stock: a sheet of lines, what clerks entered, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog import terms
from catalog.states.stocktake import STOCKTAKE
from catalog.terms.stocktakes import EntryKind, Recount, StocktakeStatus
from shop.core.states import TransitionRow


class Stocktake(models.Model):
    """One count of a place, or of a category or a shelf in it."""

    number = models.CharField(_("number"), max_length=18, unique=True, editable=False)
    place = models.ForeignKey(
        "catalog.Place", models.PROTECT, related_name="stocktakes", verbose_name=_("place")
    )
    title = models.CharField(_("title"), max_length=40)
    category = models.ForeignKey(
        "catalog.Category",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    shelf = models.CharField(_("shelf"), max_length=20, blank=True, default="")
    is_blind = models.BooleanField(
        _("blind count"), default=True, help_text=_("Clerks don't see what the books say.")
    )
    is_freezing = models.BooleanField(
        _("freeze bookings by hand"),
        default=False,
        help_text=_("Corrections, goods receipts and transfers of these goods wait; sales go on."),
    )
    status = models.CharField(
        _("state"),
        max_length=12,
        choices=StocktakeStatus.choices,
        default=StocktakeStatus.COUNTING,
        editable=False,
    )
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    opened_by = models.CharField(_("opened by"), max_length=64, editable=False)
    approved_by = models.CharField(_("approved by"), max_length=64, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("opened"), editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    class Meta:
        verbose_name = _("stocktake")
        verbose_name_plural = _("stocktakes")
        ordering = ["-id"]
        permissions = [
            ("count_stock", "Can count stock"),
            ("approve_stocktake", "Can approve differences of a stocktake"),
        ]
        constraints = [STOCKTAKE.constraint("catalog.stocktake")]
        indexes = [models.Index(fields=["place", "status"], name="stocktake_by_place")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class StocktakeTransition(TransitionRow):
    stocktake = models.ForeignKey(Stocktake, models.CASCADE, related_name="transitions")

    class Meta:
        ordering = ["pk"]


class StocktakeLine(models.Model):
    """One level on a sheet.

    `book` is what was on hand when `counted` was entered, `movement_id` the newest movement of the level by
    then; so the difference stays true while sales go on.
    """

    stocktake = models.ForeignKey(Stocktake, models.CASCADE, related_name="lines")
    level = models.ForeignKey(
        "catalog.StockLevel", models.PROTECT, related_name="counts", verbose_name=_("stock level")
    )
    shelf = models.CharField(_("shelf"), max_length=20, blank=True, default="")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    counted = models.PositiveIntegerField(_("counted"), null=True)
    book = models.IntegerField(_("by the books"), null=True)
    movement_id = models.BigIntegerField(_("newest movement then"), null=True)
    counted_at = models.DateTimeField(_("counted at"), null=True)
    counted_by = models.CharField(_("counted by"), max_length=64, blank=True, default="")
    recount = models.CharField(
        _("count again"), max_length=10, choices=Recount.choices, blank=True, default=""
    )
    reason = models.CharField(
        _("reason"),
        max_length=12,
        choices=terms.MovementReason.choices,
        default=terms.MovementReason.COUNTED,
    )
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    booked_at = models.DateTimeField(_("booked at"), null=True)

    class Meta:
        verbose_name = _("line of a stocktake")
        verbose_name_plural = _("lines of stocktakes")
        ordering = ["shelf", "id"]
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "level"], name="stocktake_level_once"),
            models.CheckConstraint(
                name="stocktake_count_whole",
                condition=Q(counted=None, book=None, counted_at=None)
                | Q(counted__isnull=False, book__isnull=False, counted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stocktake_id}/{self.level_id}"

    @property
    def variance(self) -> int | None:
        """Pieces found too many, or with a minus too few; None before it was counted."""
        return None if self.counted is None or self.book is None else self.counted - self.book


class CountEntry(models.Model):
    """What one clerk said once; append-only, so nothing counted is lost."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    line = models.ForeignKey(StocktakeLine, models.CASCADE, related_name="entries")
    round = models.PositiveSmallIntegerField(_("round"))
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind.choices)
    quantity = models.PositiveIntegerField(_("pieces"))
    book = models.IntegerField(_("by the books"))
    movement_id = models.BigIntegerField(_("newest movement then"))
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="count_round", condition=Q(round__gte=1))]

    def __str__(self) -> str:
        return f"{self.line_id} ×{self.quantity}"
