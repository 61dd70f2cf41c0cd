"""Points: an account, lots that expire, and the entries that explain every change."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.terms import PointsKind
from shop.core import clock


class PointsAccount(models.Model):
    """What a member has; equals the sum of what remains in the lots and the sum of the entries."""

    member = models.OneToOneField("members.Member", on_delete=models.PROTECT, related_name="points_account")
    available = models.IntegerField(_("available"), default=0)

    class Meta:
        verbose_name = _("points account")
        verbose_name_plural = _("points accounts")
        constraints = [models.CheckConstraint(name="points_not_negative", condition=Q(available__gte=0))]

    def __str__(self) -> str:
        return str(self.available)


class PointsLot(models.Model):
    """Points that came together and expire together; the oldest are spent first."""

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="points_lots")
    points = models.PositiveIntegerField(_("points"))
    remaining = models.PositiveIntegerField(_("remaining"))
    expires_at = models.DateTimeField(_("expires"))
    source = models.CharField(_("source"), max_length=100)
    created_at = models.DateTimeField(_("created"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("points lot")
        verbose_name_plural = _("points lots")
        constraints = [
            models.CheckConstraint(
                name="lot_remaining_in_range", condition=Q(remaining__gte=0, remaining__lte=F("points"))
            ),
            models.UniqueConstraint(fields=["member", "source"], name="lot_made_once"),
        ]
        indexes = [
            models.Index(
                fields=["member", "expires_at", "id"], condition=Q(remaining__gt=0), name="lot_live"
            ),
            models.Index(fields=["expires_at"], condition=Q(remaining__gt=0), name="lot_due"),
        ]

    def __str__(self) -> str:
        return f"{self.remaining}/{self.points}"


class PointsEntry(models.Model):
    """Append-only: one signed change of the account."""

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="points_entries")
    amount = models.IntegerField(_("change"))
    kind = models.CharField(_("kind"), max_length=12, choices=PointsKind.choices)
    source = models.CharField(_("source"), max_length=100)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    balance_after = models.IntegerField(_("balance after"))
    created_at = models.DateTimeField(_("created"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("points entry")
        verbose_name_plural = _("points entries")
        constraints = [
            models.UniqueConstraint(fields=["member", "source", "kind"], name="points_posted_once"),
            models.CheckConstraint(name="points_entry_balance", condition=Q(balance_after__gte=0)),
            models.CheckConstraint(name="points_entry_kind", condition=Q(kind__in=PointsKind.values)),
        ]
        indexes = [models.Index(fields=["member", "-id"], name="points_entry_newest")]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.kind}"


class PointsLotUse(models.Model):
    """Which lots a spending took from, so that points given back return to where they came from."""

    entry = models.ForeignKey(PointsEntry, on_delete=models.PROTECT, related_name="lot_uses")
    lot = models.ForeignKey(PointsLot, on_delete=models.PROTECT, related_name="uses")
    points = models.PositiveIntegerField()
    given_back = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("use of a points lot")
        verbose_name_plural = _("uses of points lots")
        constraints = [
            models.UniqueConstraint(fields=["entry", "lot"], name="lot_used_once"),
            models.CheckConstraint(
                name="lot_use_in_range",
                condition=Q(points__gt=0, given_back__gte=0, given_back__lte=F("points")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} of lot {self.lot_id}"


class PointsDebt(models.Model):
    """Points to be taken back that were spent already; the next points earned settle it."""

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="points_debts")
    points = models.PositiveIntegerField(_("points"))
    remaining = models.PositiveIntegerField(_("remaining"))
    source = models.CharField(_("source"), max_length=100)
    created_at = models.DateTimeField(_("created"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("points debt")
        verbose_name_plural = _("points debts")
        constraints = [
            models.UniqueConstraint(fields=["member", "source"], name="debt_made_once"),
            models.CheckConstraint(
                name="debt_remaining_in_range", condition=Q(remaining__gte=0, remaining__lte=F("points"))
            ),
        ]
        indexes = [models.Index(fields=["member", "id"], condition=Q(remaining__gt=0), name="debt_open")]

    def __str__(self) -> str:
        return f"{self.remaining}/{self.points}"
