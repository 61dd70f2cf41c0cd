"""Plans for a season: what comes to the shelf when, and what must be ready before."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SeasonPlan(models.Model):
    """Dates in their order; days count in Shanghai. `warned` names the milestones that were reported late."""

    name = models.CharField(_("name"), max_length=30)
    stock_on = models.DateField(_("stock is in by"))
    visuals_on = models.DateField(_("pictures are ready by"))
    on_on = models.DateField(_("on the shelf from"))
    off_on = models.DateField(_("off the shelf from"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    actor = models.CharField(_("planned by"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("planned"), editable=False)
    cancelled_at = models.DateTimeField(_("called off"), null=True, editable=False)
    warned = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("seasonal plan")
        verbose_name_plural = _("seasonal plans")
        ordering = ["on_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="season_in_order",
                condition=Q(stock_on__lte=F("on_on"), visuals_on__lte=F("on_on"))
                & (Q(off_on=None) | Q(off_on__gt=F("on_on"))),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SeasonProduct(models.Model):
    """A product of a plan, what was done with it, and what stood in the way."""

    plan = models.ForeignKey(SeasonPlan, models.CASCADE, related_name="goods")
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="season_plans", verbose_name=_("product")
    )
    put_on_at = models.DateTimeField(_("put on the shelf"), null=True, editable=False)
    taken_off_at = models.DateTimeField(_("taken off the shelf"), null=True, editable=False)
    problem = models.CharField(_("in the way"), max_length=200, blank=True, editable=False)
    tried_at = models.DateTimeField(_("last tried"), null=True, editable=False)

    class Meta:
        verbose_name = _("product of a plan")
        verbose_name_plural = _("products of a plan")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "product"], name="season_product_once")]

    def __str__(self) -> str:
        return str(self.product)
