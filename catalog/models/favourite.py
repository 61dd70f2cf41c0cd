"""What a member has put aside to find again."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Favourite(models.Model):
    """A product a member has marked with a heart."""

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="favourites", verbose_name=_("member")
    )
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="favourites", verbose_name=_("product")
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [models.UniqueConstraint(fields=["member", "product"], name="favourite_once")]
        indexes = [models.Index(fields=["member", "-created_at", "-id"], name="favourite_in_order")]

    def __str__(self) -> str:
        return f"{self.member_id} ♥ {self.product_id}"
