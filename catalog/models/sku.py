"""Specification axes, SKUs and the history of their prices."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog import terms
from catalog.terms.prices import PriceSource
from shop.core.fields import MoneyField


class SpecAxis(models.Model):
    """One dimension in which the SKUs of a product differ, such as colour."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="axes")
    name = models.CharField(_("name"), max_length=12)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("specification")
        verbose_name_plural = _("specifications")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                name="axis_position", condition=models.Q(position__gte=1, position__lte=terms.AXES_AT_MOST)
            ),
            models.UniqueConstraint(
                fields=["product", "position"],
                name="axis_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["product", "name"], name="axis_name_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SpecValue(models.Model):
    """One choice on an axis, such as red."""

    axis = models.ForeignKey(SpecAxis, models.CASCADE, related_name="values")
    name = models.CharField(_("name"), max_length=20)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("specification value")
        verbose_name_plural = _("specification values")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["axis", "name"], name="value_name_once")]
        indexes = [models.Index(fields=["name"], name="value_by_name")]

    def __str__(self) -> str:
        return self.name


class Sku(models.Model):
    """The thing that is priced, stocked and bought."""

    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="skus")
    code = models.CharField(_("code"), max_length=40, unique=True)
    barcode = models.CharField(_("barcode"), max_length=40, unique=True, null=True, blank=True)
    spec_key = models.CharField(max_length=80, blank=True, default="", editable=False)
    spec_text = models.CharField(_("specification"), max_length=80, blank=True, default="", editable=False)
    values = models.ManyToManyField(SpecValue, related_name="skus", blank=True)
    list_price = MoneyField(_("price"))
    cost_price = MoneyField(_("cost"), null=True, blank=True)
    floor_price = MoneyField(_("floor price"), null=True, blank=True)
    weight_grams = models.PositiveIntegerField(_("weight (g)"), default=0)
    volume_cm3 = models.PositiveIntegerField(_("volume (cm³)"), default=0)
    nominal_grams = models.PositiveIntegerField(_("nominal grams"), null=True, blank=True)
    price_basis_grams = models.PositiveIntegerField(_("price is per grams"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")
        ordering = ["product_id", "position", "id"]
        permissions = [("set_price", "Can change prices")]
        indexes = [models.Index(OpClass(Upper("code"), name="text_pattern_ops"), name="sku_code_start")]
        constraints = [
            models.UniqueConstraint(fields=["product", "spec_key"], name="sku_spec_once"),
            models.CheckConstraint(name="sku_list_price", condition=models.Q(list_price__gte=0)),
            models.CheckConstraint(
                name="sku_other_prices",
                condition=(models.Q(cost_price=None) | models.Q(cost_price__gte=0))
                & (models.Q(floor_price=None) | models.Q(floor_price__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        """Its code, with the product's title where that is at hand without asking the database."""
        product = self._state.fields_cache.get("product")
        return " ".join(filter(None, (self.code, product.title if product else "", self.spec_text)))


class PriceChange(models.Model):
    """One change of a list price; append-only."""

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="price_changes")
    old_price = MoneyField(_("old price"), null=True)
    new_price = MoneyField(_("new price"))
    actor = models.CharField(_("by"), max_length=64)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    source = models.CharField(
        _("source"),
        max_length=8,
        choices=PriceSource.choices,
        default=PriceSource.HAND,
        db_default=PriceSource.HAND,
    )
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["sku", "-created_at"], name="price_change_by_sku")]

    def __str__(self) -> str:
        return f"{self.old_price} → {self.new_price}"
