"""Four suppliers with price lists, and what was bought from them: orders in every state, one return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from catalog.models import Place, PurchaseOrder, Sku, Supplier, SupplierSku
from catalog.services import purchase_orders, supplier_links, supplier_returns, suppliers
from catalog.services.purchase_orders import Received
from catalog.services.supplier_links import Answer
from catalog.services.supplier_returns import GoingBack
from catalog.terms import Pool
from catalog.terms.purchasing import PurchaseStatus, ReturnReason, SourceRank
from members.models import User
from shop.core import clock, money, refs

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PACKS = {"份": ("筐", 20), "盒": ("箱", 12), "瓶": ("箱", 12), "袋": ("箱", 20), "提": ("件", 6)}
GOODS_EACH = 24


@dataclass(frozen=True)
class Firm:
    """A supplier: whose goods by the beginnings of their categories, and how dear it is against cost."""

    code: str
    name: str
    contact: str
    phone: str
    categories: tuple[str, ...]
    factor: Decimal
    payment_days: int
    lead_days: int
    minimum: int = 0
    rank: str = SourceRank.PREFERRED


FIRMS = (
    Firm(
        code="S01",
        name="青禾果蔬合作社",
        contact="周师傅",
        phone="17000009001",
        categories=("fruit", "leafy", "roots"),
        factor=Decimal("0.96"),
        payment_days=7,
        lead_days=1,
    ),
    Firm(
        code="S02",
        name="海达冷链食品",
        contact="陈经理",
        phone="17000009002",
        categories=("meat", "seafood", "dairy"),
        factor=Decimal("0.98"),
        payment_days=15,
        lead_days=2,
    ),
    Firm(
        code="S03",
        name="万家百货批发",
        contact="吴姐",
        phone="17000009003",
        categories=("paper", "cleaning", "biscuits", "nuts", "kitchen", "care", "pantry", "drinks"),
        factor=Decimal("0.95"),
        payment_days=30,
        lead_days=4,
        minimum=300,
    ),
    Firm(
        code="S04",
        name="城郊农产直供",
        contact="老郑",
        phone="17000009004",
        categories=("fruit", "leafy", "roots", "meat", "dairy"),
        factor=Decimal("1.06"),
        payment_days=0,
        lead_days=1,
        rank=SourceRank.CONTINGENCY,
    ),
)


def load(places: Mapping[str, Place]) -> int:
    """Suppliers and their history; how many orders there are. Nothing when there are suppliers already."""
    if Supplier.objects.exists():
        return 0
    with clock.shifted(-timedelta(days=160)):
        firms = {firm.code: _found(firm) for firm in FIRMS}
    goods = {code: list(one.goods.select_related("sku").order_by("pk")) for code, one in firms.items()}
    if any(len(found) < 3 for found in goods.values()):
        return 0
    desk = _Desk(places["WH1"], _person("operator"), _person("finance"), _person("warehouse"))
    _terms(firms, goods, desk)
    _past(goods, desk)
    _today(goods, desk)
    return PurchaseOrder.objects.count()


def _found(firm: Firm) -> Supplier:
    supplier = suppliers.save(
        supplier=None,
        actor=refs.SYSTEM,
        code=firm.code,
        name=firm.name,
        contact_name=firm.contact,
        contact_phone=firm.phone,
        address="上海市闵行区农产品市场 8 号",
        payment_days=firm.payment_days,
        lead_days=firm.lead_days,
        minimum_amount=Decimal(firm.minimum),
        delivery_terms="早上六点到九点送到仓库，周日休息。",
        return_terms="到货 24 小时内报质量问题，退回或补发。",
    )
    skus = Sku.objects.filter(is_active=True, cost_price__gt=0).select_related("product__category")
    mine = [one for one in skus.order_by("-product__sold_count", "pk") if _is_of(one, firm.categories)]
    for sku in mine[:GOODS_EACH]:
        unit, size = PACKS.get(sku.product.sale_unit, ("箱", 10))
        suppliers.write_source(
            supplier_id=supplier.pk,
            sku_id=sku.pk,
            actor=refs.SYSTEM,
            price=money.yuan((sku.cost_price or 0) * size * firm.factor),
            goods={
                "article": f"{firm.code[1:]}-{sku.code[-4:]}",
                "unit": unit,
                "pack_size": size,
                "rank": firm.rank,
                "needs_expiry": _is_of(sku, ("dairy", "meat")),
            },
        )
    return supplier


def _is_of(sku: Sku, beginnings: tuple[str, ...]) -> bool:
    return sku.product.category.slug.startswith(beginnings)


def _person(role: str) -> str:
    """Somebody of the staff with that role; without one the software itself."""
    user = User.objects.filter(is_staff=True, groups__name=role).order_by("pk").first()
    return refs.user(user) if user else refs.SYSTEM


@dataclass(frozen=True)
class _Desk:
    """Who buys, approves and receives, and where."""

    place: Place
    buyer: str
    boss: str
    clerk: str

    def order(
        self, goods: list[SupplierSku], packs: int, *, wanted: int = 2, freight: str = "0", note: str = ""
    ) -> PurchaseOrder:
        """A draft of so many units of each, wanted so many days from now."""
        return purchase_orders.draft(
            supplier_id=goods[0].supplier_id,
            place_id=self.place.pk,
            lines=[(one.sku_id, packs * one.pack_size, None) for one in goods],
            actor=self.buyer,
            wanted_on=clock.today() + timedelta(days=wanted),
            freight_amount=Decimal(freight),
            note=note,
        )

    def sent(self, order: PurchaseOrder) -> PurchaseOrder:
        order = purchase_orders.submit(order_id=order.pk, actor=self.buyer)
        if order.status == PurchaseStatus.WAITING:
            purchase_orders.approve(order_id=order.pk, actor=self.boss)
        return purchase_orders.send(order_id=order.pk, actor=self.buyer)

    def answered(self, order: PurchaseOrder, share: float = 1, note: str = "") -> None:
        """The supplier's word; `share` of the first line, all of the others."""
        token = supplier_links.issue(order_id=order.pk, actor=self.buyer)
        said = {}
        for number, line in enumerate(order.lines.all()):
            packs = int(line.pack_count * share) if number == 0 or not share else line.pack_count
            said[line.pk] = Answer(packs * line.pack_size, "" if packs == line.pack_count else note)
        wanted = order.wanted_on or clock.today()
        day = max(wanted, clock.today() + timedelta(days=1)) if share else None
        supplier_links.answer(token=token, answers=said, promised_on=day, note="" if share else note)

    def received(self, order: PurchaseOrder, *, defect: int = 0, part: bool = False) -> None:
        """Everything, or the first line; so many pieces of it are defective."""
        lines = list(order.lines.all())
        lines = lines[:1] if part else lines
        today = clock.today()
        counted = [
            Received(
                sku_id=line.sku_id,
                good=line.open_quantity - (defect if number == 0 else 0),
                defect=defect if number == 0 else 0,
                batch=f"L{today:%m%d}{number}" if line.needs_expiry else "",
                made_on=today - timedelta(days=1) if line.needs_expiry else None,
                expires_on=today + timedelta(days=240) if line.needs_expiry else None,
            )
            for number, line in enumerate(lines)
            if line.open_quantity
        ]
        purchase_orders.receive(
            order_id=order.pk, lines=counted, actor=self.clerk, key=f"demo:{order.pk}:{today}"
        )


def _terms(firms: Mapping[str, Supplier], goods: Mapping[str, list[SupplierSku]], desk: _Desk) -> None:
    """Rebates, papers, and one agreement."""
    steps = {Decimal(2000): Decimal("0.01"), Decimal(8000): Decimal("0.02"), Decimal(20000): Decimal("0.03")}
    suppliers.set_rebates(supplier=firms["S03"], steps=steps, actor=desk.buyer)
    today = clock.today()
    for code, name, days in (
        ("S01", "营业执照", 400),
        ("S02", "食品经营许可证", 21),
        ("S03", "购销合同", 180),
    ):
        suppliers.add_document(
            supplier=firms[code],
            name=name,
            content=PAPER,
            expires_on=today + timedelta(days=days),
            actor=desk.buyer,
        )
    for source in goods["S02"][:2]:
        suppliers.agree(source_id=source.pk, order_cap=Decimal(800), month_cap=Decimal(3000), actor=desk.boss)


def _past(goods: Mapping[str, list[SupplierSku]], desk: _Desk) -> None:
    """Five months of deliveries: mostly in time, some late, a few bad pieces."""
    plan = (
        ("S01", 120, 0, 0),
        ("S01", 75, 0, 3),
        ("S02", 95, 1, 0),
        ("S02", 40, 0, 6),
        ("S03", 100, 2, 0),
        ("S03", 52, 0, 0),
        ("S04", 33, 0, 1),
    )
    for code, ago, late, defect in plan:
        with clock.shifted(-timedelta(days=ago)):
            order = desk.sent(desk.order(goods[code][:3], 2 if code != "S03" else 3, freight="12.00"))
            desk.answered(order)
        with clock.shifted(-timedelta(days=ago - 2 - late)):
            order.refresh_from_db()
            desk.received(order, defect=defect)
            purchase_orders.close(order_id=order.pk, actor=desk.buyer)
        with clock.shifted(-timedelta(days=max(ago - 32, 1))):
            if ago > 50:
                receipt = order.receipts.get()
                suppliers.pay(
                    supplier_id=order.supplier_id,
                    amount=receipt.amount + receipt.freight_amount,
                    paid_on=clock.today(),
                    actor=desk.boss,
                    key=f"demo:{order.pk}",
                    note=f"采购单 {order.number}",
                )


def _today(goods: Mapping[str, list[SupplierSku]], desk: _Desk) -> None:
    """One order in every state, and defective goods on their way back."""
    with clock.shifted(-timedelta(days=4)):
        late = desk.sent(desk.order(goods["S02"][3:5], 2, wanted=2))
        desk.answered(late)
        declined = desk.sent(desk.order(goods["S01"][3:5], 2, wanted=5))
    with clock.shifted(-timedelta(days=2)):
        desk.answered(declined, share=0, note="连下大雨，这两天没有货。")
        partial = desk.sent(desk.order(goods["S03"][3:6], 4, wanted=3, freight="20.00"))
        desk.answered(partial)
        received = desk.sent(desk.order(goods["S01"][:2], 3, wanted=1))
    with clock.shifted(-timedelta(days=1)):
        desk.received(received, defect=4)
        partial.refresh_from_db()
        desk.received(partial, part=True)
        some = desk.sent(desk.order(goods["S04"][:2], 2))
        desk.answered(some, share=0.5, note="只有一半，周五再送。")
    with clock.shifted(-timedelta(hours=3)):
        desk.sent(desk.order(goods["S02"][:2], 3, note="鲜奶请用冷藏车。"))
        large = desk.order(goods["S03"][:6], 8, wanted=6)
        purchase_orders.submit(order_id=large.pk, actor=desk.buyer)
        dropped = desk.sent(desk.order(goods["S04"][2:3], 1))
        purchase_orders.cancel(order_id=dropped.pk, actor=desk.buyer, reason="改从合作社进货")
        desk.order(goods["S01"][2:5], 2)
        line = received.lines.first()
        if line is not None:
            back = supplier_returns.draft(
                supplier_id=received.supplier_id,
                place_id=desk.place.pk,
                lines=[GoingBack(line.sku_id, 4, Pool.DEFECT)],
                reason=ReturnReason.DEFECT,
                actor=desk.clerk,
                reference=f"purchase:{received.number}",
                note="压坏",
            )
            supplier_returns.send(return_id=back.pk, actor=desk.clerk)
