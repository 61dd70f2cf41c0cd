"""The columns of a file of suppliers: a row is one SKU on one price list."""

from django.utils.translation import gettext_lazy as _

from catalog.services.imports.columns import Column

COLUMNS = (
    Column(
        "supplier",
        "供应商编码",
        "Supplier code",
        _("Your own code of the supplier, such as S001; a new code makes a new supplier."),
        ("供应商代码", "供应商编号"),
        is_needed=True,
    ),
    Column("name", "供应商名称", "Supplier", _("Needed for a new supplier."), ("供应商", "供应商名")),
    Column("contact_name", "联系人", "Contact", _("May be empty."), ("联系人姓名",)),
    Column("contact_phone", "电话", "Phone", _("May be empty."), ("联系电话", "手机", "手机号")),
    Column(
        "payment_days", "账期天数", "Payment days", _("A whole number; 0 is cash on delivery."), ("账期",)
    ),
    Column("lead_days", "到货天数", "Lead days", _("From the order to the goods."), ("交期", "交货天数")),
    Column("minimum_amount", "起订金额", "Minimum amount", _("In yuan; 0 for none."), ("最低订货额",)),
    Column(
        "sku",
        "商品编码",
        "SKU code",
        _("A SKU of this shop. Empty: the row speaks of the supplier alone."),
        ("SKU编码", "SKU 编码", "编码", "货号"),
    ),
    Column(
        "article", "供应商货号", "Article no.", _("What the supplier calls it, may be empty."), ("厂家货号",)
    ),
    Column("unit", "采购单位", "Purchase unit", _("For instance 箱; at most six characters."), ("单位",)),
    Column(
        "pack_size",
        "每单位件数",
        "Pieces per unit",
        _("How many pieces we sell are in it."),
        ("装箱数", "箱规"),
    ),
    Column("minimum_packs", "起订量", "Minimum units", _("In purchase units."), ("最小起订量", "MOQ")),
    Column("price", "单价", "Unit price", _("Yuan for one purchase unit."), ("采购价", "进价", "单价(元)")),
    Column("valid_from", "生效日期", "Valid from", _("Such as 2026-12-01; empty: today."), ("价格生效日",)),
    Column("rank", "供应角色", "Role", _("首选, 普通 or 备用; empty: as it is."), ("角色",)),
    Column("needs_expiry", "有保质期", "Spoils", _("是 or 否."), ("保质期", "效期管理")),
)
