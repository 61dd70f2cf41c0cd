"""Pictures of a product."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductImage(models.Model):
    """A re-encoded picture; `path` leads to it and, by width, to its derivatives."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="images")
    value = models.ForeignKey(
        "catalog.SpecValue",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="images",
        verbose_name=_("shows"),
    )
    path = models.CharField(_("file"), max_length=200)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    alt = models.CharField(_("says"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    looks = models.BigIntegerField(null=True, editable=False, help_text="64 bits that say how it looks")

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["product", "position", "id"], name="image_in_order")]

    def __str__(self) -> str:
        return self.alt or self.path
