"""How fast a SKU turns over, and what is done about those that don't."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from analytics.terms import RemedyKind
from shop.core.fields import MoneyField


class SkuHealth(models.Model):
    """One SKU over the last `days` business days, all places together; made anew every night.

    Values are at cost, yuan. `score` is 0 (sells) to 100 (dead stock); the four `…_points` add up to it.
    """

    sku = models.OneToOneField("catalog.Sku", models.CASCADE, related_name="+", verbose_name=_("SKU"))
    computed_on = models.DateField(_("computed on"))
    days = models.PositiveSmallIntegerField(_("days"))
    on_hand = models.IntegerField(_("on hand"))
    stock_value = MoneyField(_("value of the stock"))
    age_days = models.PositiveIntegerField(_("days since the goods came"), null=True)
    idle_days = models.PositiveIntegerField(_("days since the last sale"), null=True)
    sold_count = models.PositiveIntegerField(_("sold"))
    cogs = MoneyField(_("cost of goods sold"))
    average_value = MoneyField(_("average stock"))
    turnover = models.FloatField(_("turns a year"), null=True)
    days_of_stock = models.FloatField(_("days of inventory"), null=True)
    sell_through = models.FloatField(_("sell-through"), null=True)
    margin = models.FloatField(_("margin"), null=True)
    holding_cost = MoneyField(_("holding cost a month"))
    idle_points = models.FloatField(default=0)
    sell_points = models.FloatField(default=0)
    ageing_points = models.FloatField(default=0)
    holding_points = models.FloatField(default=0)
    score = models.FloatField(_("score"))
    suggestion = models.CharField(_("suggestion"), max_length=10, choices=RemedyKind.choices, blank=True)

    class Meta:
        verbose_name = _("turnover of a SKU")
        verbose_name_plural = _("turnover of SKUs")
        indexes = [
            models.Index(fields=["-score", "id"], name="health_by_score"),
            models.Index(fields=["-days_of_stock", "id"], name="health_by_days"),
        ]
        constraints = [
            models.CheckConstraint(name="health_score", condition=Q(score__gte=0) & Q(score__lte=100))
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.score:.0f}"


class Remedy(models.Model):
    """Something done about a slow seller, followed to its result: stock and money then and at the end."""

    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+", verbose_name=_("SKU"))
    kind = models.CharField(_("remedy"), max_length=10, choices=RemedyKind.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    reference = models.CharField(_("belongs to"), max_length=80, blank=True)
    score_then = models.FloatField(_("score then"))
    stock_then = models.IntegerField(_("stock then"))
    value_then = MoneyField(_("value then"))
    price_then = MoneyField(_("price then"))
    stock_end = models.IntegerField(_("stock at the end"), null=True)
    sold_end = models.PositiveIntegerField(_("sold until the end"), null=True)
    recovered = MoneyField(_("money recovered"), null=True)
    actor = models.CharField(_("by"), max_length=64)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("remedy for a slow seller")
        verbose_name_plural = _("remedies for slow sellers")
        ordering = ["-id"]
        permissions = [("treat_slow_seller", "Can act on slow sellers")]
        constraints = [
            models.UniqueConstraint(fields=["sku"], condition=Q(ended_at=None), name="remedy_open_once"),
            models.CheckConstraint(
                name="remedy_ends_later", condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sku_id}"
