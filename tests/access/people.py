"""Who knocks: strangers, shoppers, clerks of two stores, every role; and what is theirs."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client
from knox.models import AuthToken

from catalog.models import (
    Batch,
    Category,
    ListingReview,
    Markdown,
    Place,
    ProductImage,
    ProductVideo,
    PurchaseOrder,
    Recall,
    RepriceRun,
    StaffPlace,
    Stocktake,
    Supplier,
    Transfer,
)
from marketing.models import Coupon
from members.models import Member, User
from members.terms import Role
from orders.models import BasketLine, Order
from orders.services import baskets
from shop.backoffice import guides
from shop.core.models import Job
from tests.backoffice.lived_in import live
from tests.factories import members, orders
from tests.factories.catalog import a_sku, stock_up

HERE = "store_clerk"
ELSEWHERE = "clerk elsewhere"
STAFF = [*(role.value for role in Role), ELSEWHERE, "no role"]
SHOPPERS = ["anonymous", "owner", "stranger"]


@dataclass
class Person:
    """`asks` speaks as a browser with a session, at the API with a token."""

    user: User | None
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.user is None:
            return
        self.browser.force_login(self.user)
        if self.user.is_staff:
            self.headers = {"Authorization": f"Bearer {AuthToken.objects.create(self.user)[1]}"}

    def asks(self, method: str, address: str) -> HttpResponse:
        if not address.startswith("/api/"):
            return getattr(self.browser, method)(address)
        key = {"Idempotency-Key": f"{method} {address}"}
        return getattr(Client(raise_request_exception=False), method)(
            address, headers=self.headers | key, content_type="application/json"
        )


@dataclass
class World:
    people: dict[str, Person]
    values: dict[str, Any]
    here: Place
    owner: Member


def settle() -> World:
    """Two stores that were lived in; the samples in `values` belong to the owner and to the first store."""
    here, there = live(), live()
    owner, stranger = members.member(), members.member()
    sku = a_sku(price="20.00")
    stock_up(sku, 20, here)
    order: Order = orders.paid({sku: 1}, member=owner, delivery=orders.to_store(here))
    members.address(owner)
    basket = baskets.of(member=owner, guest_key=None)
    baskets.add(basket=basket, sku_id=sku.pk, quantity=1)
    people = {"anonymous": Person(None), "owner": Person(owner.user), "stranger": Person(stranger.user)}
    for role in Role:
        people[role.value] = _staff(role.value, here)
    people[ELSEWHERE] = _staff(HERE, there)
    people["no role"] = _staff("", here)
    coupon = Coupon.objects.order_by("pk").first()
    values = {
        "order_id": PurchaseOrder.objects.order_by("pk").values_list("pk", flat=True)[0],
        "supplier_id": Supplier.objects.order_by("pk").values_list("pk", flat=True)[0],
        "paper_id": 0,
        "token": "made-up-token",
        "number": order.number,
        "product_id": sku.product_id,
        "sku_id": sku.pk,
        "level_id": here.levels.first().pk,
        "line_id": BasketLine.objects.get(basket=basket).pk,
        "pk": owner.addresses.get().pk,
        "coupon_id": coupon.pk if coupon else 0,
        "slug": Category.objects.order_by("pk").first().slug,
        "code": here.code,
        "job_id": Job.objects.order_by("pk").first().pk,
        "kind": "csv",
        "gateway": "wechat",
        "path": "products/nothing.jpg",
        "version": "0",
        "app_label": "orders",
        "place_id": here.pk,
        "sheet_id": _first(Stocktake, place=here),
        "stocktake_id": _first(Stocktake, place=here),
        "transfer_id": _first(Transfer, source=here),
        "batch_id": _first(Batch),
        "markdown_id": _first(Markdown),
        "recall_id": _first(Recall),
        "review_id": _first(ListingReview),
        "run_id": _first(RepriceRun),
        "image_id": _first(ProductImage),
        "video_id": _first(ProductVideo),
        "guide": next(iter(guides.all_of("en"))),
    }
    return World(people, values, here, owner)


def _first(model: Any, **where: Any) -> int:
    """The oldest row of that kind, 0 where there is none."""
    return model.objects.filter(**where).order_by("pk").values_list("pk", flat=True).first() or 0


def _staff(role: str, place: Place) -> Person:
    user = members.staff(role) if role else members.staff()
    StaffPlace.objects.create(user=user, place=place)
    return Person(user)
