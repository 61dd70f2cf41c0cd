"""Goods, places, stock and freight."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Registers the app; reactions are discovered by shop.core."""

    name = "catalog"
    verbose_name = _("Goods")
