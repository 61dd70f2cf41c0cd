"""Member price 会员价: what a level pays."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketing import terms
from shop.core.fields import MoneyField


class LevelPrice(models.Model):
    """Every good costs a member of this level `rate` times the list price."""

    level = models.OneToOneField(
        "members.Level", models.CASCADE, related_name="price", verbose_name=_("level")
    )
    rate = models.DecimalField(
        _("price factor"), max_digits=4, decimal_places=3, help_text=_("0.9 means 90% of the price.")
    )
    is_stackable = models.BooleanField(
        _("stacks with tier prices"),
        default=True,
        help_text=_("On: both are multiplied. Off: the shopper gets the lower of the two."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("member price")
        verbose_name_plural = _("member prices")
        ordering = ["level__rank"]
        constraints = [
            models.CheckConstraint(
                name="level_price_rate", condition=models.Q(rate__gte=terms.LOWEST_RATE, rate__lt=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.level} ×{self.rate.normalize():f}"


class SkuLevelPrice(models.Model):
    """A fixed price of one SKU for a level; the lower of this and the level's factor counts."""

    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+", verbose_name=_("SKU"))
    level = models.ForeignKey(
        "members.Level", models.CASCADE, related_name="sku_prices", verbose_name=_("level")
    )
    price = MoneyField(_("price"))

    class Meta:
        verbose_name = _("member price of a SKU")
        verbose_name_plural = _("member prices of SKUs")
        ordering = ["level__rank", "sku_id"]
        constraints = [
            models.UniqueConstraint(fields=["sku", "level"], name="sku_level_price_once"),
            models.CheckConstraint(name="sku_level_price_positive", condition=models.Q(price__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.level}: {self.price}"
