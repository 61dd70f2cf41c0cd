"""Other shops, the goods of theirs that compare with ours, and what they were seen to cost."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.prices import ObservationSource
from shop.core.fields import MoneyField


class Competitor(models.Model):
    """Another shop. Its pages are read by JSON-LD, or by the selectors when there are some."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    is_fetched = models.BooleanField(
        _("pages are fetched"),
        default=False,
        help_text=_("Only hosts the operator of this server allows, and only what their robots.txt allows."),
    )
    price_selector = models.CharField(
        _("where the price stands"),
        max_length=120,
        blank=True,
        help_text=_("A tag, .class, #id or tag.class, such as span.price. Empty: JSON-LD of the page."),
    )
    promotion_selector = models.CharField(_("where the promotion stands"), max_length=120, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("competitor")
        verbose_name_plural = _("competitors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CompetitorGoods(models.Model):
    """Goods of a competitor beside one of our SKUs. `fetch_at` is when its page is read next."""

    competitor = models.ForeignKey(
        Competitor, models.CASCADE, related_name="goods", verbose_name=_("competitor")
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.CASCADE, related_name="competitor_goods", verbose_name=_("our SKU")
    )
    name = models.CharField(_("their name"), max_length=80, blank=True)
    url = models.URLField(_("their page"), max_length=300, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    fetch_at = models.DateTimeField(_("read next"), null=True, editable=False)
    fetched_at = models.DateTimeField(_("read"), null=True, editable=False)
    failed_count = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    error = models.CharField(_("last error"), max_length=200, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("competitor's goods")
        verbose_name_plural = _("competitors' goods")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["competitor", "sku"], name="competitor_sku_once")]
        indexes = [
            models.Index(
                fields=["fetch_at"], name="competitor_goods_due", condition=Q(fetch_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.competitor}: {self.name or self.sku}"


class PriceObservation(models.Model):
    """What it cost there at that moment; append-only."""

    goods = models.ForeignKey(
        CompetitorGoods, models.CASCADE, related_name="observations", verbose_name=_("goods")
    )
    price = MoneyField(_("price"))
    promotion_text = models.CharField(_("promotion"), max_length=120, blank=True)
    rating = models.DecimalField(
        _("rating"),
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(5)],
    )
    review_count = models.PositiveIntegerField(_("reviews"), null=True, blank=True)
    source = models.CharField(_("seen by"), max_length=8, choices=ObservationSource.choices)
    actor = models.CharField(_("by"), max_length=64)
    observed_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("competitor's price")
        verbose_name_plural = _("competitors' prices")
        ordering = ["-observed_at", "-id"]
        constraints = [
            models.CheckConstraint(name="observation_price", condition=Q(price__gt=0)),
            models.CheckConstraint(
                name="observation_rating", condition=Q(rating=None) | Q(rating__gte=0, rating__lte=5)
            ),
            models.UniqueConstraint(fields=["goods", "observed_at"], name="observation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.goods_id}: {self.price}"
