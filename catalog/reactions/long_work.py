"""The long work of goods: what a worker does when somebody asks for it."""

from django.utils.translation import gettext_lazy as _

from catalog.services import exports
from catalog.services.imports import running
from catalog.services.stock_files import running as stock_files
from catalog.services.supplier_files import running as supplier_files
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
long_work.declare(
    supplier_files.CHECK,
    label=_("Check of an import of price lists"),
    permission="catalog.exchange_suppliers",
    run=supplier_files.check,
    template="admin/catalog/supplier_report.html",
)
long_work.declare(
    supplier_files.LOAD,
    label=_("Import of price lists"),
    permission="catalog.exchange_suppliers",
    run=supplier_files.load,
    template="admin/catalog/supplier_report.html",
)
long_work.declare(
    supplier_files.EXPORT,
    label=_("Export of price lists"),
    permission="catalog.exchange_suppliers",
    run=supplier_files.export,
)
long_work.declare(
    stock_files.CHECK,
    label=_("Check of an import of stock"),
    permission="catalog.adjust_stock",
    run=stock_files.check,
    template="admin/catalog/stock_report.html",
)
long_work.declare(
    stock_files.LOAD,
    label=_("Import of stock"),
    permission="catalog.adjust_stock",
    run=stock_files.load,
    template="admin/catalog/stock_report.html",
)
long_work.declare(
    stock_files.EXPORT,
    label=_("Export of stock"),
    permission="catalog.view_stocklevel",
    run=stock_files.export,
)
