"""The long work of goods: what a worker does when somebody asks for it."""

from django.utils.translation import gettext_lazy as _

from catalog.services import exports
from catalog.services.imports import running
from shop.core import long_work

long_work.declare(
    running.CHECK,
    label=_("Check of an import of products"),
    permission="catalog.import_products",
    run=running.check,
    template="admin/catalog/import_report.html",
)
long_work.declare(
    running.LOAD,
    label=_("Import of products"),
    permission="catalog.import_products",
    run=running.load,
    template="admin/catalog/import_report.html",
)
long_work.declare(
    exports.EXPORT, label=_("Export of products"), permission="catalog.export_products", run=exports.run
)
