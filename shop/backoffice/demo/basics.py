"""What stands before the first sale: the merchant, levels, texts, places, freight and the staff."""

from decimal import Decimal

from django.contrib.auth.models import Group

from catalog.models import FreightRegion, FreightTemplate, Place, StaffPlace, Synonym
from catalog.services import synonyms
from catalog.terms import FreightBasis, PlaceKind
from members.models import ConsentText, Level, Merchant, User
from members.services import consents

PASSWORD = "weimall-demo-2026"  # noqa: S105 — shown on the first screen of the demo
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STAFF = [
    ("admin", "店长小周", "administrator", ()),
    ("operator", "运营阿宁", "operator", ()),
    ("service", "客服小满", "customer_service", ()),
    ("finance", "财务老陈", "finance", ()),
    ("warehouse", "仓管大刘", "warehouse", ("WH1",)),
    ("clerk", "店员小秦", "store_clerk", ("ST1",)),
    ("clerk2", "店员阿珍", "store_clerk", ("ST2",)),
]
PLACES = [
    ("WH1", PlaceKind.WAREHOUSE, "闵行前置仓", "310112", "闵行区", "莘庄工业区春东路 508 号", "31.1123", "121.4021", False),  # noqa: E501
    ("ST1", PlaceKind.STORE, "梧桐里店", "310104", "徐汇区", "永嘉路 386 号", "31.2108", "121.4536", True),
    ("ST2", PlaceKind.STORE, "滨江店", "310115", "浦东新区", "浦明路 868 弄 12 号", "31.2271", "121.5163", True),  # noqa: E501
]  # fmt: skip
STORE_WORDS = {
    "ST1": (
        "永嘉路梧桐树下的小店，早上七点半上新鲜蔬菜，下午四点有刚出炉的面包。\n门口可临时停车 10 分钟。",
        "小秦 店长，最懂挑西瓜\n阿珍 面包师",
    ),
    "ST2": ("江边步道入口，跑完步来喝一杯鲜奶。地下停车两小时免费。", "大鹏 店长\n小雨 水果顾问"),
}
SYNONYMS = ("西红柿 = 番茄", "土豆 = 马铃薯 = 洋芋", "纸巾 = 抽纸", "奇异果 = 猕猴桃", "凤梨 = 菠萝")
REMOTE = ["54", "65"]
NEAR = ["31", "32", "33", "34"]


def lay() -> dict[str, Place]:
    """Writes them; answers the places by code."""
    Merchant.objects.update_or_create(
        pk=Merchant.ONLY,
        defaults={
            "shop_name": "街角鲜生",
            "slogan": "邻居家的小菜场",
            "company": "街角鲜生（上海）食品有限公司",
            "licence_number": "91310104MA1DEMO00X",
            "scope": "食品销售；日用百货销售；母婴用品销售",
            "icp_number": "沪ICP备2026000001号",
            "police_number": "沪公网安备31010402000001号",
            "phone": "400-820-0000",
            "address": "上海市徐汇区永嘉路 386 号",
        },
    )
    for rank, (name, needed, colour) in enumerate(
        [("普通", 0, "#6B6259"), ("银卡", 300, "#5E6B78"), ("金卡", 1500, "#8A5A00")]
    ):
        Level.objects.update_or_create(
            rank=rank, defaults={"name": name, "growth_needed": needed, "colour": colour}
        )
    for kind, title, body in CONSENTS:
        if not ConsentText.objects.filter(kind=kind).exists():
            paragraphs = "".join(f"<p>{line}</p>" for line in body.splitlines())
            consents.publish(kind=kind, title=title, body=paragraphs, actor="system")
    places = {row[0]: _place(row, position) for position, row in enumerate(PLACES)}
    for line in SYNONYMS:
        if not Synonym.objects.filter(words__overlap=synonyms.read(line)).exists():
            synonyms.save(synonym=None, typed=line, is_active=True, actor="system")
    _freight()
    _staff(places)
    return places


def _place(row: tuple[str, str, str, str, str, str, str, str, bool], position: int) -> Place:
    code, kind, name, region, district, address, latitude, longitude, pickup = row
    hours = [["08:00", "21:30"]] if pickup else [["06:00", "22:00"]]
    return Place.objects.update_or_create(
        code=code,
        defaults={
            "kind": kind,
            "name": name,
            "region_code": region,
            "province": "上海市",
            "city": "上海市",
            "district": district,
            "address": address,
            "latitude": Decimal(latitude),
            "longitude": Decimal(longitude),
            "phone": "021-5400 00" + f"{position + 11}",
            "hours": dict.fromkeys(EVERY_DAY, hours),
            "intro": STORE_WORDS.get(code, ("", ""))[0],
            "team": STORE_WORDS.get(code, ("", ""))[1],
            "offers_pickup": pickup,
            "position": position,
        },
    )[0]


def _freight() -> None:
    standard, is_new = FreightTemplate.objects.get_or_create(
        name="标准配送", defaults={"basis": FreightBasis.WEIGHT, "is_default": True}
    )
    if is_new:
        _regions(standard, [(NEAR, 3000, "6.00", 1000, "1.00", "59.00", True), (REMOTE, 1000, "20.00", 1000, "12.00", None, True), ([], 2000, "10.00", 1000, "2.00", "99.00", True)])  # fmt: skip  # noqa: E501
    cold, is_new = FreightTemplate.objects.get_or_create(
        name="冷链配送", defaults={"basis": FreightBasis.WEIGHT}
    )
    if is_new:
        _regions(cold, [(NEAR, 3000, "8.00", 1000, "1.50", "79.00", True), (REMOTE, 1000, "0.00", 1000, "0.00", None, False), ([], 2000, "18.00", 1000, "4.00", "149.00", True)])  # fmt: skip  # noqa: E501


def _regions(
    template: FreightTemplate,
    rows: list[tuple[list[str], int, str, int, str, str | None, bool]],
) -> None:
    FreightRegion.objects.bulk_create(
        [
            FreightRegion(
                template=template,
                region_codes=codes,
                first_units=first,
                first_fee=Decimal(fee),
                next_units=step,
                next_fee=Decimal(more),
                free_from=Decimal(free) if free else None,
                delivers=delivers,
                position=position,
            )
            for position, (codes, first, fee, step, more, free, delivers) in enumerate(rows)
        ]
    )


def _staff(places: dict[str, Place]) -> None:
    for username, name, role, codes in STAFF:
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User.objects.create_user(
                username=username, password=PASSWORD, display_name=name, is_staff=True
            )
        if role == "administrator":
            User.objects.filter(pk=user.pk).update(is_superuser=True)
        user.groups.set(Group.objects.filter(name=role))
        for code in codes:
            StaffPlace.objects.get_or_create(user=user, place=places[code])


CONSENTS = [
    (
        "terms",
        "用户服务协议",
        """一、你在本店下单并提交成功, 买卖合同即成立, 我们按订单写明的时间发货。
二、价格、优惠与运费在提交前逐项列明, 提交前你可以修改。
三、生鲜、鲜花等不适用七日无理由退货的商品, 会在商品页和结算页标明;
其他商品签收次日起七日内完好可退。
四、未付款的订单到时自动关闭, 关闭后到账的款项原路退回。""",
    ),
    (
        "privacy",
        "隐私政策",
        """一、我们只为下单、配送和售后收集手机号、收货人与地址, 手机号加密保存, 页面默认只显示部分。
二、门店与快递只得到送货所需的信息。
三、你可以随时查看、更正、导出或删除自己的信息, 也可以撤回同意。
四、未经你单独同意, 我们不向你发送营销消息。""",
    ),
    ("marketing", "优惠消息", "同意后, 我们会在上新和有优惠时告诉你; 每条消息都可以退订。"),
]
