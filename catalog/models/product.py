"""Product: what a shopper looks at; its SKUs are what is bought."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog import states, terms
from shop.core.fields import MoneyField
from shop.core.states import TransitionRow


class Product(models.Model):
    """One thing for sale in up to 500 variants."""

    title = models.CharField(_("title"), max_length=terms.TITLE_LENGTH)
    subtitle = models.CharField(_("subtitle"), max_length=60, blank=True)
    category = models.ForeignKey(
        "catalog.Category", models.PROTECT, related_name="products", verbose_name=_("category")
    )
    brand = models.ForeignKey(
        "catalog.Brand",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("brand"),
    )
    tags = models.ManyToManyField(
        "catalog.Tag", through="catalog.ProductTag", related_name="products", verbose_name=_("tags")
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=terms.ProductStatus.choices,
        default=terms.ProductStatus.DRAFT,
        editable=False,
    )
    description = models.TextField(_("description"), blank=True)
    sale_unit = models.CharField(_("sale unit"), max_length=6, default="件")
    is_weighed = models.BooleanField(_("sold by weight"), default=False)
    no_reason_return = models.BooleanField(_("seven days to return"), default=True)
    freight_template = models.ForeignKey(
        "catalog.FreightTemplate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("freight template"),
    )
    minimum_quantity = models.PositiveIntegerField(_("smallest quantity"), default=1)
    quantity_multiple = models.PositiveIntegerField(_("sold in multiples of"), default=1)
    promised_ship_hours = models.PositiveIntegerField(_("shipped within hours"), default=48)
    lowest_price = MoneyField(_("lowest price"), null=True, editable=False)
    highest_price = MoneyField(_("highest price"), null=True, editable=False)
    sold_count = models.IntegerField(_("sold"), default=0, editable=False)
    search_text = models.TextField(default="", blank=True, editable=False)
    search_vector = SearchVectorField(null=True, editable=False)
    on_shelf_at = models.DateTimeField(_("on the shelf since"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    position = models.IntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["-id"]
        permissions = [
            ("shelve_product", "Can review listings and put products on and off the shelf"),
            ("submit_product", "Can submit listings for review"),
            ("import_products", "Can import products from a file"),
            ("export_products", "Can export products with their costs"),
        ]
        constraints = [
            states.PRODUCT.constraint("catalog.Product"),
            models.CheckConstraint(
                name="product_quantities",
                condition=models.Q(minimum_quantity__gte=1, quantity_multiple__gte=1),
            ),
            models.CheckConstraint(name="product_sold_count", condition=models.Q(sold_count__gte=0)),
        ]
        indexes = [
            models.Index(fields=["status", "category", "-sold_count"], name="product_by_category"),
            models.Index(fields=["status", "position", "-sold_count", "-id"], name="product_best_first"),
            models.Index(fields=["status", "-sold_count"], name="product_by_sales"),
            models.Index(fields=["status", "lowest_price"], name="product_by_price"),
            models.Index(fields=["status", "-on_shelf_at"], name="product_by_age"),
            GinIndex(fields=["search_vector"], name="product_search_words"),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="product_search_trigrams"),
        ]

    def __str__(self) -> str:
        return self.title


class ProductTag(models.Model):
    """A tag on a product; automatic ones come and go with their rule."""

    product = models.ForeignKey(Product, models.CASCADE)
    tag = models.ForeignKey("catalog.Tag", models.CASCADE)
    is_automatic = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "tag"], name="product_tag_once")]


class ProductTransition(TransitionRow):
    """Every change of a product's status."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="transitions")

    class Meta(TransitionRow.Meta):
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
