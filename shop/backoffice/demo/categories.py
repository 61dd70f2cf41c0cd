# fmt: off
# ruff: noqa: E501 — a table
"""Slug, name, icon object, children."""

TREE: list[tuple[str, str, str, list[tuple[str, str, str]]]] = [
    ("fruit", "水果", "1f34e", [("fruit-season", "时令水果", "1f34a"), ("fruit-import", "进口水果", "1f352")]),
    ("vegetables", "蔬菜", "1f96c", [("leafy", "叶菜茄果", "1f345"), ("roots", "根茎调味菜", "1f955")]),
    ("meat-eggs", "肉禽蛋", "1f969", []),
    ("seafood", "水产海鲜", "1f990", []),
    ("dairy-bakery", "乳品烘焙", "1f95b", []),
    ("snacks-drinks", "零食饮料", "1f36a", [("biscuits", "糕点饼干", "1f36a"), ("nuts", "坚果糖果", "1f36b"), ("drinks", "饮料冲调", "1f9c3")]),
    ("pantry", "粮油调味", "1f35a", []),
    ("household", "家居清洁", "1f9fb", [("paper", "纸品", "1f9fb"), ("cleaning", "清洁用品", "1f9f4"), ("kitchen", "厨房用具", "1f373"), ("care", "个护日用", "1faa5")]),
    ("mother-baby", "母婴", "1f37c", [("feeding", "喂养", "1f37c"), ("nursing", "洗护服饰", "1f9f7"), ("toys", "玩具文教", "1f9f8")]),
    ("lifestyle", "花艺文具", "1f337", [("flowers", "鲜花绿植", "1f337"), ("stationery", "文具礼品", "1f4d4")]),
]
BRANDS = ["果然鲜", "田间家", "山谷农场", "海边来", "晨露牧场", "麦香里", "零嘴铺", "老街坊", "云朵", "净好", "家味", "小团子"]
