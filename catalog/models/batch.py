"""Batches: goods made and expiring together, what is left of them where, and what became of them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog import terms
from shop.core.fields import MoneyField


class Batch(models.Model):
    """Pieces of one SKU that were made together. A recalled batch is never handed out again."""

    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="batches", verbose_name=_("SKU"))
    code = models.CharField(_("batch"), max_length=40)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    expires_on = models.DateField(
        _("expires on"), null=True, blank=True, help_text=_("The last day on which it may be sold.")
    )
    supplier = models.ForeignKey(
        "catalog.Supplier",
        models.PROTECT,
        related_name="batches",
        null=True,
        blank=True,
        verbose_name=_("supplier"),
    )
    received_at = models.DateTimeField(_("first received"), editable=False)
    recalled_at = models.DateTimeField(_("recalled"), null=True, editable=False)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-id"]
        permissions = [
            ("recall_batch", "Can recall batches"),
            ("mark_down", "Can mark down goods that expire soon"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sku", "code"], name="batch_once"),
            models.CheckConstraint(name="batch_has_code", condition=~Q(code="")),
            models.CheckConstraint(
                name="batch_dates",
                condition=Q(made_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("made_on")),
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], name="batch_by_expiry")]

    def __str__(self) -> str:
        return self.code

    def is_sellable(self, today: date) -> bool:
        """Neither expired on this business day nor recalled."""
        return self.recalled_at is None and (self.expires_on is None or self.expires_on >= today)


class BatchLevel(models.Model):
    """What of a batch lies at a level. What a level has beyond these has no batch."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="levels")
    level = models.ForeignKey("catalog.StockLevel", models.PROTECT, related_name="batches")
    on_hand = models.IntegerField(_("on hand"), default=0, editable=False)

    class Meta:
        verbose_name = _("batch at a place")
        verbose_name_plural = _("batches at places")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["level", "batch"], name="batch_level_once"),
            models.CheckConstraint(name="batch_level_on_hand", condition=Q(on_hand__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.batch} ×{self.on_hand}"


class Loss(models.Model):
    """Pieces written off, with the reason; append-only. `unit_cost` is the SKU's cost at that moment."""

    key = models.CharField(_("key"), max_length=160, unique=True)
    level = models.ForeignKey(
        "catalog.StockLevel", models.PROTECT, related_name="losses", verbose_name=_("stock level")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_cost = MoneyField(_("unit cost"), null=True)
    reason = models.CharField(_("reason"), max_length=12, choices=terms.LossReason.choices)
    batch = models.CharField(_("batch"), max_length=40, blank=True, default="")
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("loss")
        verbose_name_plural = _("losses")
        ordering = ["-id"]
        permissions = [("book_loss", "Can book losses")]
        constraints = [models.CheckConstraint(name="loss_quantity", condition=Q(quantity__gte=1))]
        indexes = [models.Index(fields=["created_at"], name="loss_by_time")]

    def __str__(self) -> str:
        return f"{self.level} −{self.quantity}"


class Markdown(models.Model):
    """A price lowered because a batch expires soon, until the batch is gone or somebody ends it."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="markdowns", verbose_name=_("batch"))
    old_price = MoneyField(_("price before"))
    new_price = MoneyField(_("lowered price"))
    left_count = models.PositiveIntegerField(_("pieces left then"))
    days_left = models.IntegerField(_("days left then"))
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    class Meta:
        verbose_name = _("markdown")
        verbose_name_plural = _("markdowns")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["batch"], condition=Q(ended_at=None), name="markdown_open_once"),
            models.CheckConstraint(
                name="markdown_lowers", condition=Q(new_price__gte=0) & Q(new_price__lt=F("old_price"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.old_price} → {self.new_price}"


class Recall(models.Model):
    """Batches called back: stopped everywhere, and everybody who has some is told."""

    title = models.CharField(_("what is recalled"), max_length=60)
    reason = models.CharField(_("why"), max_length=200)
    advice = models.CharField(_("what buyers should do"), max_length=200)
    batches = models.ManyToManyField(Batch, related_name="recalls", verbose_name=_("batches"))
    frozen_count = models.PositiveIntegerField(_("pieces stopped"), default=0, editable=False)
    handed_out_count = models.PositiveIntegerField(_("pieces handed out"), default=0, editable=False)
    actor = models.CharField(_("by"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("at"), editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
