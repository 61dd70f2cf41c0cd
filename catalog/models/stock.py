"""What lies where, every change of it, and what is promised to orders."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from catalog import terms
from shop.core.fields import MoneyField


class StockLevel(models.Model):
    """One SKU in one place and pool. Free to sell: on_hand - reserved."""

    place = models.ForeignKey("catalog.Place", models.PROTECT, related_name="levels", verbose_name=_("place"))
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="levels", verbose_name=_("SKU"))
    pool = models.CharField(_("pool"), max_length=10, choices=terms.Pool.choices, default=terms.Pool.SPOT)
    shelf = models.CharField(_("shelf"), max_length=20, blank=True, default="", db_default="")
    on_hand = models.IntegerField(_("on hand"), default=0, editable=False)
    reserved = models.IntegerField(_("reserved"), default=0, editable=False)
    alert_at = models.PositiveIntegerField(
        _("warn at"), default=0, help_text=_("Warn when this many or fewer are left; 0 never warns.")
    )
    cover_days = models.PositiveSmallIntegerField(
        _("warn below days of cover"),
        null=True,
        blank=True,
        help_text=_("Warn when what is left lasts fewer days; empty takes the rule, 0 counts pieces only."),
    )
    # nobody reads it since StockAlert; it goes with the release after this one
    alerted_at = models.DateTimeField(_("last warned"), null=True, editable=False)

    class Meta:
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        ordering = ["id"]
        permissions = [("adjust_stock", "Can change stock")]
        constraints = [
            models.UniqueConstraint(fields=["place", "sku", "pool"], name="level_once"),
            models.CheckConstraint(name="level_on_hand", condition=Q(on_hand__gte=0)),
            models.CheckConstraint(name="level_reserved", condition=Q(reserved__gte=0)),
            models.CheckConstraint(name="level_not_oversold", condition=Q(reserved__lte=F("on_hand"))),
        ]

    def __str__(self) -> str:
        return f"{self.sku.code} · {self.place.name}"

    @property
    def available(self) -> int:
        """Pieces free to sell."""
        return self.on_hand - self.reserved


class StockMovement(models.Model):
    """One change of a level; append-only, and the sum of them is the level."""

    key = models.CharField(_("key"), max_length=160, unique=True)
    level = models.ForeignKey(
        StockLevel, models.PROTECT, related_name="movements", verbose_name=_("stock level")
    )
    delta_on_hand = models.IntegerField(_("on hand ±"), default=0)
    delta_reserved = models.IntegerField(_("reserved ±"), default=0)
    reason = models.CharField(_("reason"), max_length=12, choices=terms.MovementReason.choices)
    reference = models.CharField(_("belongs to"), max_length=80, blank=True)
    batch = models.CharField(_("batch"), max_length=40, blank=True, default="")
    cost = MoneyField(_("unit cost"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="movement_moves", condition=~Q(delta_on_hand=0, delta_reserved=0))
        ]
        indexes = [
            models.Index(fields=["level", "-id"], name="movement_by_level"),
            models.Index(fields=["reference"], name="movement_by_reference", condition=~Q(reference="")),
            models.Index(fields=["batch"], name="movement_by_batch", condition=~Q(batch="")),
            BrinIndex(fields=["created_at"], name="movement_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.delta_on_hand:+d}/{self.delta_reserved:+d}"


class Reservation(models.Model):
    """Pieces of a level promised to one line of an order.

    `status` is computed by the database from the counts, so a reservation can't end twice.
    """

    reference = models.CharField(_("belongs to"), max_length=80)
    line_key = models.CharField(_("line"), max_length=40)
    level = models.ForeignKey(
        StockLevel, models.PROTECT, related_name="reservations", verbose_name=_("stock level")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    consumed_count = models.PositiveIntegerField(_("goods handed out"), default=0)
    released_count = models.PositiveIntegerField(_("pieces released"), default=0)
    status = models.GeneratedField(
        expression=Case(
            When(quantity__gt=F("consumed_count") + F("released_count"), then=Value("active")),
            When(consumed_count=0, then=Value("released")),
            default=Value("consumed"),
        ),
        output_field=models.CharField(_("status"), max_length=10, choices=terms.ReservationStatus.choices),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "line_key", "level"], name="reservation_once"),
            models.CheckConstraint(
                name="reservation_counts",
                condition=Q(quantity__gte=1) & Q(quantity__gte=F("consumed_count") + F("released_count")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["level"],
                name="reservation_active",
                condition=Q(quantity__gt=F("consumed_count") + F("released_count")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference}/{self.line_key} ×{self.quantity}"

    @property
    def open_count(self) -> int:
        """Pieces still held."""
        return self.quantity - self.consumed_count - self.released_count
