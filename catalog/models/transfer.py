"""Goods on the way from one place to another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog import terms
from catalog.states.transfer import TRANSFER
from catalog.terms.transfers import TransferStatus
from shop.core.states import TransitionRow


class Transfer(models.Model):
    """A list of goods one place sends to another; while they travel, the target holds them in transit."""

    number = models.CharField(_("number"), max_length=18, unique=True, editable=False)
    source = models.ForeignKey(
        "catalog.Place", models.PROTECT, related_name="transfers_out", verbose_name=_("from")
    )
    target = models.ForeignKey(
        "catalog.Place", models.PROTECT, related_name="transfers_in", verbose_name=_("to")
    )
    status = models.CharField(
        _("state"),
        max_length=12,
        choices=TransferStatus.choices,
        default=TransferStatus.DRAFT,
        editable=False,
    )
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    opened_by = models.CharField(_("opened by"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("opened"), editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    ended_at = models.DateTimeField(_("arrived"), null=True, editable=False)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-id"]
        permissions = [("move_stock", "Can send and receive transfers")]
        constraints = [
            TRANSFER.constraint("catalog.transfer"),
            models.CheckConstraint(name="transfer_moves", condition=~Q(source=F("target"))),
        ]
        indexes = [models.Index(fields=["status"], name="transfer_by_status")]

    def __str__(self) -> str:
        return self.number


class TransferTransition(TransitionRow):
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="transitions")

    class Meta:
        ordering = ["pk"]


class TransferLine(models.Model):
    """One SKU of a transfer. Once it ended: good + damaged + missing = sent + extra."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="lines")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="transfers", verbose_name=_("SKU"))
    quantity = models.PositiveIntegerField(_("pieces"))
    sent_count = models.PositiveIntegerField(_("sent"), default=0)
    good_count = models.PositiveIntegerField(_("arrived well"), default=0)
    damaged_count = models.PositiveIntegerField(_("arrived damaged"), default=0)
    missing_count = models.PositiveIntegerField(_("missing"), default=0)
    extra_count = models.PositiveIntegerField(_("too many"), default=0)
    reason = models.CharField(
        _("reason of the difference"),
        max_length=12,
        choices=terms.MovementReason.choices,
        blank=True,
        default="",
    )
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("line of a transfer")
        verbose_name_plural = _("lines of transfers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "sku"], name="transfer_sku_once"),
            models.CheckConstraint(name="transfer_quantity", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="transfer_adds_up",
                condition=Q(good_count=0, damaged_count=0, missing_count=0, extra_count=0)
                | Q(sent_count=F("good_count") + F("damaged_count") + F("missing_count") - F("extra_count")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}/{self.sku_id} ×{self.quantity}"
