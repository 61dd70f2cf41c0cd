"""Where an order goes: a member's address or a store, a time and a contact, checked and copied."""

from dataclasses import dataclass
from datetime import datetime

from catalog.models import Place
from catalog.selectors import places
from catalog.selectors.distances import Point
from members.errors import InvalidPhone
from members.models import Address, Member
from members.models.user import phone_hash
from members.selectors import addresses, phones
from orders.errors import AddressGone, ContactMissing, ModeNotOffered, SlotTaken, StoreGone
from orders.terms import DeliveryMode
from shop.core.errors import NotFound

LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the shopper chose. Express wants `address_id`; pickup a store, a slot it offers and a contact."""

    mode: str = DeliveryMode.EXPRESS
    address_id: int | None = None
    place_id: int | None = None
    slot_start: datetime | None = None
    slot_end: datetime | None = None
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """A delivery that can be kept, as the order stores it; all but `point`, which only helps to choose a
    place."""

    mode: str
    recipient: str
    phone: str
    region_code: str = ""
    address_text: str = ""
    place_id: int | None = None
    slot_start: datetime | None = None
    slot_end: datetime | None = None
    point: Point | None = None

    @property
    def phone_tail(self) -> str:
        return self.phone[-4:]

    @property
    def phone_hash(self) -> str:
        return phone_hash(self.phone)


def resolve(*, member: Member, delivery: Delivery) -> Destination:
    """Raises AddressGone, StoreGone, SlotTaken, ContactMissing, ModeNotOffered."""
    if delivery.mode == DeliveryMode.EXPRESS:
        return _to_address(member, delivery.address_id)
    if delivery.mode == DeliveryMode.PICKUP:
        return _to_store(delivery)
    raise ModeNotOffered()


def store(place_id: int | None) -> Place:
    """The store, if it hands out orders now. Raises StoreGone."""
    for place in places.pickup_stores():
        if place.pk == place_id:
            return place
    raise StoreGone()


def _to_address(member: Member, address_id: int | None) -> Destination:
    if address_id is None:
        raise AddressGone()
    try:
        address = addresses.get(member, address_id)
    except NotFound as gone:
        raise AddressGone() from gone
    return Destination(
        mode=DeliveryMode.EXPRESS,
        recipient=address.recipient,
        phone=address.phone,
        region_code=address.region_code,
        address_text=address.one_line,
        point=_point(address),
    )


def _point(address: Address) -> Point | None:
    if address.latitude is None or address.longitude is None:
        return None
    return float(address.latitude), float(address.longitude)


def _to_store(delivery: Delivery) -> Destination:
    place = store(delivery.place_id)
    name = " ".join(delivery.contact_name.split())[:LONGEST_NAME]
    try:
        phone = phones.normalise(delivery.contact_phone)
    except InvalidPhone as wrong:
        raise ContactMissing() from wrong
    if not name:
        raise ContactMissing()
    if delivery.slot_start is None or delivery.slot_end is None:
        raise SlotTaken()
    if not places.is_slot(place, delivery.slot_start, delivery.slot_end):
        raise SlotTaken()
    return Destination(
        mode=DeliveryMode.PICKUP,
        recipient=name,
        phone=phone,
        region_code=place.region_code,
        address_text=f"{place.name} {place.address}".strip(),
        place_id=place.pk,
        slot_start=delivery.slot_start,
        slot_end=delivery.slot_end,
    )
