from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core import targets


class StorefrontConfig(AppConfig):
    name = "shop.storefront"
    label = "storefront"
    verbose_name = _("Storefront")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        targets.register("product", lambda number: reverse("storefront:product", args=[number]))
        targets.register("order", lambda number: reverse("storefront:order", args=[number]))
        targets.register("supplier_order", lambda token: reverse("storefront:supplier_order", args=[token]))
