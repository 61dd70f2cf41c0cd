"""What a person wants of a tag that hangs itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.terms.shelf import TagChoice


class TagOverride(models.Model):
    """A product carries an automatic tag always or never, until a day or for good."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="tag_overrides", verbose_name=_("product")
    )
    tag = models.ForeignKey("catalog.Tag", models.CASCADE, related_name="overrides", verbose_name=_("tag"))
    choice = models.CharField(_("choice"), max_length=6, choices=TagChoice.choices)
    until_on = models.DateField(_("up to and including"), null=True, blank=True)
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("tag set by hand")
        verbose_name_plural = _("tags set by hand")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["product", "tag"], name="tag_override_once")]

    def __str__(self) -> str:
        return f"{self.product} · {self.tag}"
