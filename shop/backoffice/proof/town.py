"""The smallest shop in which every promise can be tried: one warehouse, a few goods, a hundred people."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from catalog.models import Category, FreightTemplate, Place, Product, Sku
from catalog.services import categories, images, products, spec_matrix, stock
from catalog.services.spec_matrix import SkuRow
from marketing.models import Coupon
from members.models import Member, User
from members.services import addresses, growth, people
from shop.backoffice.demo import basics, pictures
from shop.core import clock, numbers

ACTOR = "system"


class Town:
    """Makes people and goods. Everything is new in every town."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = basics.lay()
        self.category: Category = categories.save(
            category=None, parent=None, actor=ACTOR, name="水果", slug="fruit", position=0, icon="1f34e"
        )
        self._people = 0

    def product(self, title: str, *, price: str, stocked: int, objects: str = "1f34e") -> Sku:
        """A product on the shelf with so many pieces in the warehouse."""
        made = products.create(
            actor=ACTOR,
            title=title,
            category=self.category,
            sale_unit="份",
            freight_template=FreightTemplate.objects.order_by("pk").first(),
        )
        row = SkuRow(values=(), list_price=Decimal(price), weight_grams=500)
        spec_matrix.save_matrix(product=made, axes=[], rows=[row], actor=ACTOR)
        shot = pictures.packshots(title=title, subtitle="", root_category="fruit", name=objects, count=1)[0]
        images.add(product=made, file=BytesIO(shot), actor=ACTOR)
        products.put_on_shelf(product=Product.objects.get(pk=made.pk), actor=ACTOR)
        sku: Sku = made.skus.get()
        stock.receive(
            place_id=self.places["WH1"].pk, sku_id=sku.pk, quantity=stocked, actor=ACTOR, key=numbers.token()
        )
        return sku

    def coupon(self) -> Coupon:
        """¥8 off from ¥49, for everything."""
        now = clock.now()
        return Coupon.objects.create(
            name="八元券",
            kind="fixed",
            scope_kind="all",
            threshold=Decimal("49"),
            off=Decimal("8"),
            total_count=100,
            per_member=1,
            claim_from=now - timedelta(days=1),
            claim_until=now + timedelta(days=30),
            valid_days=30,
        )

    def member(self, *, grown: int = 0) -> Member:
        """Somebody with an address; `grown` is growth, which makes a level."""
        self._people += 1
        phone = f"1700009{self._people:04d}"
        member = people.member_of(User.objects.create_user(phone=phone, display_name=f"邻居{self._people}"))
        addresses.save(
            member=member,
            recipient=f"邻居{self._people}",
            phone=phone,
            province_code="31",
            city_code="31",
            district_code="310104",
            detail=f"永嘉路 {self._people} 号",
            is_default=True,
        )
        if grown:
            growth.add(member_id=member.pk, amount=grown, source=f"proof:{self._people}")
        return Member.objects.get(pk=member.pk)
