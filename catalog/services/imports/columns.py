"""The columns of a file of products: their headings in Chinese and English, and what goes into them."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FOLDED_AWAY = re.compile(r"[\s()\[\]*:_\-]+")


@dataclass(frozen=True)
class Column:
    """`is_needed` means that the file is refused without it; `guide` tells people what to write."""

    name: str
    zh: str
    en: str
    guide: str | Promise
    other_names: tuple[str, ...] = ()
    is_needed: bool = False

    def heading(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


COLUMNS = (
    Column(
        "code",
        "商品编码",
        "SKU code",
        _("Your own code of this SKU, such as A001. By it the row is found again the next time."),
        ("编码", "SKU编码", "SKU 编码", "规格编码", "货号", "商家编码", "code", "sku"),
        is_needed=True,
    ),
    Column(
        "title",
        "商品名称",
        "Title",
        _("At most 30 characters. Rows with the same title are one product with several SKUs."),
        ("商品标题", "标题", "名称", "商品", "商品名", "品名", "product", "name"),
        is_needed=True,
    ),
    Column("subtitle", "副标题", "Subtitle", _("One line below the title, may be empty."), ("卖点",)),
    Column(
        "category",
        "分类",
        "Category",
        _("Name of a category that exists, with the way to it where the name occurs twice: 生鲜/水果."),
        ("商品分类", "类目", "商品类目", "商品分组", "所属分类"),
        is_needed=True,
    ),
    Column(
        "description",
        "商品详情",
        "Description",
        _("Words or HTML, once a product; may be empty."),
        ("详情", "商品描述", "商品介绍"),
    ),
    Column("brand", "品牌", "Brand", _("Name of a brand that exists, may be empty."), ("商品品牌",)),
    Column(
        "axis1", "规格名1", "Specification 1", _("What the SKUs differ in, such as 颜色; empty for one SKU.")
    ),
    Column("value1", "规格值1", "Value 1", _("The value of this SKU, such as 红色."), ("规格", "规格值")),
    Column("axis2", "规格名2", "Specification 2", _("A second difference, may be empty.")),
    Column("value2", "规格值2", "Value 2", _("Its value.")),
    Column("axis3", "规格名3", "Specification 3", _("A third difference, may be empty.")),
    Column("value3", "规格值3", "Value 3", _("Its value.")),
    Column(
        "list_price",
        "售价",
        "Price",
        _("In yuan, at most two decimals: 12.80."),
        ("价格", "单价", "零售价", "销售价", "商品价格", "规格价格", "店铺价", "list price"),
        is_needed=True,
    ),
    Column(
        "cost_price",
        "成本价",
        "Cost",
        _("In yuan, may be empty."),
        ("成本", "进价", "进货价", "采购价", "cost price"),
    ),
    Column("floor_price", "最低价", "Floor price", _("No price may go below it, may be empty."), ("底价",)),
    Column(
        "barcode",
        "条形码",
        "Barcode",
        _("As text, so that no digit is lost."),
        ("条码", "商品条码", "商品条形码", "规格条码", "EAN", "69码"),
    ),
    Column("weight_grams", "重量(克)", "Weight (g)", _("In grams, without decimals."), ("重量", "weight")),
    Column(
        "sale_unit",
        "单位",
        "Unit",
        _("What one piece is called: 件, 斤, 盒 …"),
        ("销售单位", "计量单位", "商品单位", "sale unit"),
    ),
    Column(
        "opening",
        "期初库存",
        "Opening stock",
        _("Pieces that lie there now; taken in once, for SKUs that never had stock."),
        ("库存", "初始库存", "商品库存", "库存数量", "可售库存", "stock"),
    ),
)
SAID_ONLY = {"状态", "status", "现有库存", "stock now", "商品id", "product id"}
BY_NAME = {column.name: column for column in COLUMNS}
AXES = (("axis1", "value1"), ("axis2", "value2"), ("axis3", "value3"))


def folded(heading: str) -> str:
    """As headings are compared: without signs, blanks, case and width."""
    return FOLDED_AWAY.sub("", unicodedata.normalize("NFKC", heading)).casefold()


_known = {
    folded(name): column.name
    for column in COLUMNS
    for name in (column.zh, column.en, column.name, *column.other_names)
}
_said_only = {folded(name) for name in SAID_ONLY}


def named(heading: str) -> str:
    """The column a heading means, or an empty string."""
    return _known.get(folded(heading), "")


def is_said_only(heading: str) -> bool:
    """Columns of our exports that are not read back."""
    return folded(heading) in _said_only
