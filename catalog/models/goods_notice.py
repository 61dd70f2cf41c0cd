"""What members want to be told about goods, once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.prices import NoticeKind
from shop.core.fields import MoneyField


class GoodsNotice(models.Model):
    """A wish to hear when a SKU is there again, or costs less than `price`; over once `sent_at` is set."""

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="goods_notices", verbose_name=_("member")
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.CASCADE, related_name="goods_notices", verbose_name=_("SKU")
    )
    kind = models.CharField(_("about"), max_length=6, choices=NoticeKind.choices)
    price = MoneyField(_("price then"))
    created_at = models.DateTimeField(_("asked"))
    sent_at = models.DateTimeField(_("told"), null=True)

    class Meta:
        verbose_name = _("wished notice")
        verbose_name_plural = _("wished notices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "sku", "kind"], name="goods_notice_once", condition=Q(sent_at=None)
            )
        ]
        indexes = [models.Index(fields=["sku", "kind"], name="goods_notice_waits", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.sku_id}"
