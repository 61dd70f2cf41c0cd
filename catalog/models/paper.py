"""Papers that prove what a listing says."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.listing import PaperKind
from shop.core import clock


class ProductPaper(models.Model):
    """A paper of a product, or of a brand and then of all its goods. `path` is a private file."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, null=True, blank=True, related_name="papers"
    )
    brand = models.ForeignKey("catalog.Brand", models.CASCADE, null=True, blank=True, related_name="papers")
    kind = models.CharField(_("kind"), max_length=10, choices=PaperKind.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    path = models.CharField(max_length=200, editable=False)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("paper of goods")
        verbose_name_plural = _("papers of goods")
        ordering = ["kind", "id"]
        constraints = [
            models.CheckConstraint(
                name="paper_of_one_thing",
                condition=Q(product__isnull=False, brand__isnull=True)
                | Q(product__isnull=True, brand__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()
