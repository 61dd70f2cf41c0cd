"""SKUs: their specification table and their prices."""

from catalog.services.prices import set_price
from catalog.services.spec_matrix import AxisRow, SkuRow, ValueRow, save_matrix

__all__ = ["AxisRow", "SkuRow", "ValueRow", "save_matrix", "set_price"]
