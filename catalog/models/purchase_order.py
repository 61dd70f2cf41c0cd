"""Orders to suppliers, what arrived of them, and the link by which a supplier answers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.states.purchasing import PURCHASE
from catalog.terms.purchasing import PurchaseOrigin, PurchaseStatus
from shop.core import clock
from shop.core.fields import MoneyField
from shop.core.states import TransitionRow


class PurchaseOrder(models.Model):
    """One order to one supplier for one place. Amounts are yuan without freight."""

    number = models.CharField(_("number"), max_length=18, unique=True, editable=False)
    supplier = models.ForeignKey(
        "catalog.Supplier", models.PROTECT, related_name="orders", verbose_name=_("supplier")
    )
    place = models.ForeignKey("catalog.Place", models.PROTECT, related_name="+", verbose_name=_("place"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=PurchaseStatus.choices,
        default=PurchaseStatus.DRAFT,
        editable=False,
    )
    origin = models.CharField(
        _("origin"), max_length=10, choices=PurchaseOrigin.choices, default=PurchaseOrigin.HAND
    )
    reference = models.CharField(_("belongs to"), max_length=80, blank=True)
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("in place of"),
    )
    amount = MoneyField(_("amount"), default=0)
    freight_amount = MoneyField(_("freight"), default=0)
    wanted_on = models.DateField(_("wanted by"), null=True, blank=True)
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    note = models.TextField(_("note for the supplier"), max_length=500, blank=True)
    supplier_note = models.TextField(_("supplier's note"), max_length=500, blank=True)
    created_by = models.CharField(_("written by"), max_length=64)
    approved_by = models.CharField(_("approved by"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.page_now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    received_at = models.DateTimeField(_("received"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-id"]
        permissions = [
            ("approve_purchase", "Can approve purchase orders"),
            ("send_purchase", "Can send purchase orders to suppliers"),
            ("receive_purchase", "Can receive purchase orders"),
        ]
        constraints = [
            PURCHASE.constraint("catalog.PurchaseOrder"),
            models.CheckConstraint(
                name="purchase_amounts", condition=Q(amount__gte=0, freight_amount__gte=0)
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="purchase_by_status"),
            models.Index(fields=["supplier", "-id"], name="purchase_by_supplier"),
            models.Index(fields=["reference"], name="purchase_by_reference", condition=~Q(reference="")),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseTransition(TransitionRow):
    purchase_order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="transitions")


class PurchaseLine(models.Model):
    """Packs of one SKU. Money is exact by the pack; `quantity` counts the pieces we sell."""

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name=_("SKU"))
    article = models.CharField(_("supplier's article no."), max_length=40, blank=True)
    unit = models.CharField(_("purchase unit"), max_length=6, default="件")
    pack_size = models.PositiveIntegerField(_("pieces in a unit"), default=1)
    pack_count = models.PositiveIntegerField(_("units"))
    price = MoneyField(_("price of a unit"))
    quantity = models.GeneratedField(
        expression=F("pack_count") * F("pack_size"),
        output_field=models.PositiveIntegerField(_("pieces")),
        db_persist=True,
    )
    amount = models.GeneratedField(
        expression=F("price") * F("pack_count"),
        output_field=MoneyField(_("amount")),
        db_persist=True,
    )
    needs_expiry = models.BooleanField(_("spoils"), default=False, db_default=False)
    confirmed_quantity = models.PositiveIntegerField(_("pieces confirmed"), null=True, blank=True)
    supplier_note = models.CharField(_("supplier's note"), max_length=200, blank=True)
    received_good = models.PositiveIntegerField(_("good pieces"), default=0)
    received_defect = models.PositiveIntegerField(_("defective pieces"), default=0)

    class Meta:
        verbose_name = _("line of a purchase order")
        verbose_name_plural = _("lines of purchase orders")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "sku"], name="purchase_line_once"),
            models.CheckConstraint(
                name="purchase_line_sizes", condition=Q(pack_size__gte=1, pack_count__gte=1, price__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} × {self.quantity}"

    @property
    def received(self) -> int:
        """Pieces that arrived, good or not."""
        return self.received_good + self.received_defect

    @property
    def expected(self) -> int:
        """Pieces the supplier will deliver, as far as known."""
        return self.quantity if self.confirmed_quantity is None else self.confirmed_quantity

    @property
    def open_quantity(self) -> int:
        """Pieces still to come."""
        return max(self.expected - self.received, 0)


class GoodsReceipt(models.Model):
    """One delivery as it was counted; append-only. `amount` is what is owed for it, in yuan."""

    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="receipts")
    key = models.CharField(max_length=80, unique=True, editable=False)
    amount = MoneyField(_("amount"))
    freight_amount = MoneyField(_("freight"), default=0)
    due_on = models.DateField(_("to be paid by"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"), editable=False)

    class Meta:
        verbose_name = _("goods receipt")
        verbose_name_plural = _("goods receipts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.order} {self.created_at:%Y-%m-%d}"


class GoodsReceiptLine(models.Model):
    """What arrived of one line, after looking at it."""

    receipt = models.ForeignKey(GoodsReceipt, models.CASCADE, related_name="lines")
    line = models.ForeignKey(PurchaseLine, models.PROTECT, related_name="receipt_lines")
    good = models.PositiveIntegerField(_("good pieces"))
    defect = models.PositiveIntegerField(_("defective pieces"), default=0)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    expires_on = models.DateField(_("good until"), null=True, blank=True)
    amount = MoneyField(_("amount"))
    landed_cost = models.DecimalField(_("cost of a piece"), max_digits=14, decimal_places=4)

    class Meta:
        verbose_name = _("line of a goods receipt")
        verbose_name_plural = _("lines of goods receipts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="receipt_line_counts", condition=Q(good__gte=1) | Q(defect__gte=1))
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.good} + {self.defect}"


class SupplierLink(models.Model):
    """A door to one order for somebody without an account. Only the hash of its token is known."""

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("good until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)
    opened_at = models.DateTimeField(_("first opened"), null=True)
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("supplier's link")
        verbose_name_plural = _("suppliers' links")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], name="supplier_link_one_alive", condition=Q(revoked_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}"
