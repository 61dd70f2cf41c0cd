from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class MemberMerge(models.Model):
    """Two accounts of one person became one. `moved` names everything that went over, so that it can go
    back."""

    kept = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="merges", verbose_name=_("account kept")
    )
    gone = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="merged_away", verbose_name=_("account given up")
    )
    proofs = models.JSONField(_("proofs"), default=list)
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField(_("joined"), default=clock.page_now, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("joined account")
        verbose_name_plural = _("joined accounts")
        permissions = [("undo_membermerge", _("Can separate joined accounts"))]
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("gone"))),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="merged_away_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"

    @property
    def source(self) -> str:
        return f"merge:{self.pk}"
