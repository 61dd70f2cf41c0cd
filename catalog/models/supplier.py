"""Who the shop buys from: people, papers, prices, rebates and agreements."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.purchasing import RebatePeriod, SourceRank
from shop.core import clock
from shop.core.fields import EncryptedTextField, MoneyField


class Supplier(models.Model):
    """A firm that sells to the shop, with what was agreed for all its goods."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    code = models.CharField(_("code"), max_length=20, unique=True)
    contact_name = models.CharField(_("contact person"), max_length=40, blank=True)
    contact_phone = EncryptedTextField(_("phone"), blank=True, default="")
    wechat = EncryptedTextField(_("WeChat"), blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=8, default="zh-hans", choices=[("zh-hans", "中文"), ("en", "English")]
    )
    payment_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=30, help_text=_("Counted from the day goods arrive; 0 is cash on delivery.")
    )
    lead_days = models.PositiveSmallIntegerField(
        _("days to deliver"), default=3, help_text=_("From the order to the goods, in calendar days.")
    )
    minimum_amount = MoneyField(
        _("smallest order"), default=0, help_text=_("In yuan; 0 means that any amount is delivered.")
    )
    delivery_terms = models.TextField(_("delivery"), max_length=500, blank=True)
    return_terms = models.TextField(_("returns and after-sale"), max_length=500, blank=True)
    rebate_period = models.CharField(
        _("rebate counted by"), max_length=8, choices=RebatePeriod.choices, default=RebatePeriod.QUARTER
    )
    note = models.TextField(_("note"), max_length=1000, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name"]
        permissions = [
            ("see_cost", "Can see purchase prices and costs"),
            ("pay_supplier", "Can book payments to suppliers"),
            ("exchange_suppliers", "Can import and export suppliers and price lists"),
        ]
        constraints = [
            models.CheckConstraint(name="supplier_minimum", condition=Q(minimum_amount__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierDocument(models.Model):
    """A paper of a supplier: licence, permit, contract. `path` is a private file."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="documents")
    name = models.CharField(_("document"), max_length=60)
    path = models.CharField(max_length=200, editable=False)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("document of a supplier")
        verbose_name_plural = _("documents of suppliers")
        ordering = ["expires_on", "id"]

    def __str__(self) -> str:
        return self.name


class SupplierSku(models.Model):
    """A SKU a supplier delivers, in what unit. Prices are rows of their own."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="goods", verbose_name=_("supplier"))
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="sources", verbose_name=_("SKU"))
    article = models.CharField(_("supplier's article no."), max_length=40, blank=True)
    rank = models.CharField(_("role"), max_length=12, choices=SourceRank.choices, default=SourceRank.ORDINARY)
    unit = models.CharField(_("purchase unit"), max_length=6, default="件")
    pack_size = models.PositiveIntegerField(
        _("pieces in a unit"), default=1, help_text=_("How many pieces we sell are in one purchase unit.")
    )
    minimum_packs = models.PositiveIntegerField(_("smallest quantity (units)"), default=1)
    lead_days = models.PositiveSmallIntegerField(
        _("days to deliver"), null=True, blank=True, help_text=_("Empty: as the supplier.")
    )
    needs_expiry = models.BooleanField(
        _("spoils"),
        default=False,
        db_default=False,
        help_text=_("Taken in only with a batch and the day until which it is good."),
    )
    is_active = models.BooleanField(_("delivered"), default=True)

    class Meta:
        verbose_name = _("goods of a supplier")
        verbose_name_plural = _("price lists")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "sku"], name="source_once"),
            models.UniqueConstraint(
                fields=["sku"], name="source_preferred_once", condition=Q(rank=SourceRank.PREFERRED)
            ),
            models.CheckConstraint(name="source_sizes", condition=Q(pack_size__gte=1, minimum_packs__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} · {self.sku}"


class SupplierPrice(models.Model):
    """What a purchase unit costs from a day on, in yuan; append-only."""

    source = models.ForeignKey(SupplierSku, models.CASCADE, related_name="prices")
    price = MoneyField(_("price of a unit"))
    valid_from = models.DateField(_("from"))
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("purchase price")
        verbose_name_plural = _("purchase prices")
        ordering = ["-valid_from", "-id"]
        constraints = [models.CheckConstraint(name="supplier_price", condition=Q(price__gte=0))]
        indexes = [models.Index(fields=["source", "-valid_from", "-id"], name="supplier_price_newest")]

    def __str__(self) -> str:
        return f"{self.price} {self.valid_from}"


class RebateStep(models.Model):
    """From so much bought in a period on, the supplier gives back this share of all of it."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="rebate_steps")
    from_amount = MoneyField(_("from (yuan)"))
    rate = models.DecimalField(_("rebate"), max_digits=5, decimal_places=4)

    class Meta:
        verbose_name = _("rebate step")
        verbose_name_plural = _("rebate steps")
        ordering = ["from_amount"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "from_amount"], name="rebate_step_once"),
            models.CheckConstraint(
                name="rebate_step", condition=Q(from_amount__gte=0, rate__gt=0, rate__lt=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_amount}: {self.rate}"


class SupplyAgreement(models.Model):
    """For this SKU orders to this supplier go out without a person, up to a cap."""

    source = models.OneToOneField(SupplierSku, models.CASCADE, related_name="agreement")
    order_cap = MoneyField(_("cap of an order (yuan)"))
    month_cap = MoneyField(_("cap of a month (yuan)"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("automatic ordering")
        verbose_name_plural = _("automatic ordering")
        constraints = [
            models.CheckConstraint(
                name="agreement_caps", condition=Q(order_cap__gt=0, month_cap__gte=models.F("order_cap"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} ≤ {self.order_cap}"


class KeySku(models.Model):
    """A person's word on whether a SKU must never run out; without one, sales decide."""

    sku = models.OneToOneField("catalog.Sku", models.CASCADE, related_name="key_mark")
    is_key = models.BooleanField(_("key SKU"), default=True)
    actor = models.CharField(_("by"), max_length=64)

    class Meta:
        verbose_name = _("key SKU")
        verbose_name_plural = _("key SKUs")

    def __str__(self) -> str:
        return f"{self.sku}: {self.is_key}"


class SupplierPayment(models.Model):
    """Money paid to a supplier, or (negative) given back; append-only."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="payments")
    key = models.CharField(max_length=80, unique=True, editable=False)
    amount = MoneyField(_("amount"))
    paid_on = models.DateField(_("paid on"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("payment to a supplier")
        verbose_name_plural = _("payments to suppliers")
        ordering = ["-paid_on", "-id"]
        constraints = [models.CheckConstraint(name="supplier_payment_moves", condition=~Q(amount=0))]

    def __str__(self) -> str:
        return f"{self.supplier} {self.amount}"
