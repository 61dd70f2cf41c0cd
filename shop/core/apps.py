from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

OURS = ("shop.", "members", "catalog", "marketing", "orders", "analytics")


class CoreConfig(AppConfig):
    name = "shop.core"
    label = "core"
    verbose_name = _("System")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for name in ("shop.core.checks", "shop.core.rest.schema"):
            import_module(name)
        for config in apps.get_app_configs():
            if config.name.startswith(OURS):
                for part in ("policies", "reactions"):
                    import_all(f"{config.name}.{part}")


def import_all(name: str) -> None:
    """Imports a module if it exists and, when it is a package, everything in it."""
    if find_spec(name) is None:
        return
    module = import_module(name)
    for found in walk_packages(getattr(module, "__path__", []), f"{name}."):
        import_module(found.name)
