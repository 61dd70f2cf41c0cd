"""Sales channels beside the own shop, what they are told of the stock, and what they sold."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.sales_channels import ChannelKind, ChannelMode
from shop.core.fields import EncryptedTextField


class SalesChannel(models.Model):
    """A till or another platform that sells from our stock."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=ChannelKind.choices)
    mode = models.CharField(
        _("is told"), max_length=10, choices=ChannelMode.choices, default=ChannelMode.SHARED
    )
    share_percent = models.PositiveSmallIntegerField(
        _("share of free stock (%)"),
        default=100,
        help_text=_("Of what is free to sell, rounded down. Not used when goods are set aside."),
    )
    buffer = models.PositiveIntegerField(
        _("pieces kept back"), default=1, help_text=_("Never told, so that two last buyers don't meet.")
    )
    place = models.ForeignKey(
        "catalog.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sales_channels",
        verbose_name=_("place"),
        help_text=_("Where it takes goods from; a till needs one."),
    )
    endpoint = models.URLField(
        _("address"), max_length=300, blank=True, help_text=_("Stock is sent here. Empty: it asks us.")
    )
    secret = EncryptedTextField(_("secret"), editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.BigIntegerField(_("version"), default=0, editable=False)
    retry_at = models.DateTimeField(_("tried again at"), null=True, editable=False)
    failed_count = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    error = models.CharField(_("last error"), max_length=200, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("sales channel")
        verbose_name_plural = _("sales channels")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="channel_share", condition=Q(share_percent__lte=100)),
            models.CheckConstraint(
                name="channel_till_has_place", condition=~Q(kind=ChannelKind.POS) | Q(place__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """Under which its goods are set aside."""
        return f"channel:{self.code}"


class ChannelStock(models.Model):
    """A SKU a channel offers, and what the channel believes there is of it.

    `changed_at` is set while it believes something old; those rows are the queue of the pushes. While a
    message is on its way that moment stands in `sending_since`, and `version` says which message.
    """

    channel = models.ForeignKey(
        SalesChannel, models.CASCADE, related_name="stock", verbose_name=_("sales channel")
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="channel_stock", verbose_name=_("SKU")
    )
    version = models.BigIntegerField(_("version"), default=0, editable=False)
    sent_count = models.PositiveIntegerField(_("sent"), null=True, editable=False)
    sending_since = models.DateTimeField(_("on its way since"), null=True, editable=False)
    told_count = models.PositiveIntegerField(_("told"), null=True, editable=False)
    told_at = models.DateTimeField(_("told at"), null=True, editable=False)
    changed_at = models.DateTimeField(_("waits since"), null=True, editable=False)

    class Meta:
        verbose_name = _("stock of a channel")
        verbose_name_plural = _("stock of channels")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["channel", "sku"], name="channel_sku_once")]
        indexes = [
            models.Index(
                fields=["channel", "changed_at"], name="channel_stock_waits", condition=~Q(changed_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.sku_id}"


class ChannelPush(models.Model):
    """One message to a channel: how many SKUs, how old the oldest change was, how it went."""

    channel = models.ForeignKey(
        SalesChannel, models.CASCADE, related_name="pushes", verbose_name=_("sales channel")
    )
    sku_count = models.PositiveIntegerField(_("SKUs"))
    lag_ms = models.PositiveIntegerField(_("lag (ms)"))
    is_done = models.BooleanField(_("accepted"))
    error = models.CharField(_("error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("push to a channel")
        verbose_name_plural = _("pushes to channels")
        ordering = ["-id"]
        indexes = [models.Index(fields=["channel", "-created_at"], name="channel_push_by_age")]

    def __str__(self) -> str:
        return f"{self.channel_id} ×{self.sku_count}"


class ChannelSale(models.Model):
    """What a channel says it sold, once by its own number."""

    channel = models.ForeignKey(
        SalesChannel, models.PROTECT, related_name="sales", verbose_name=_("sales channel")
    )
    number = models.CharField(_("number"), max_length=64)
    lines = models.JSONField(_("lines"))
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("sale of a channel")
        verbose_name_plural = _("sales of channels")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["channel", "number"], name="channel_sale_once")]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.number}"
