from django.apps import AppConfig
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    name = "shop.backoffice"
    label = "backoffice"
    verbose_name = _("Back office")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Libraries register pages of their own tables; the shop shows only what it wrote itself."""
        for model in list(admin.site._registry):
            if model._meta.app_label in ("axes", "knox"):
                admin.site.unregister(model)
