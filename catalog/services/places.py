"""Places as the merchant keeps them: where, when open, who works there."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from catalog.models import Place, StaffPlace
from catalog.selectors import places
from catalog.selectors.hours import WEEKDAYS, parse_time
from catalog.terms import PlaceKind
from members.selectors import divisions
from shop.core import audit
from shop.core.errors import Invalid
from shop.core.transactions import unit

FIELDS = frozenset(
    {
        "kind",
        "name",
        "code",
        "address",
        "latitude",
        "longitude",
        "phone",
        "is_active",
        "offers_pickup",
        "position",
        "parcel_cost",
        "intro",
        "team",
    }
)
Hours = Mapping[str, Sequence[Sequence[str]]]


@unit
def save(
    *, place: Place | None, actor: str, region_code: str = "", hours: Hours | None = None, **fields: Any
) -> Place:
    """Write a place; names of its divisions follow from the code. Raises Invalid, InvalidAddress."""
    if fields.keys() - FIELDS:
        raise Invalid(fields=sorted(fields.keys() - FIELDS))
    if fields.get("kind", PlaceKind.STORE) not in PlaceKind.values:
        raise Invalid(field="kind")
    place = place or Place()
    is_new = place.pk is None
    for name, value in fields.items():
        setattr(place, name, value)
    if region_code:
        region = divisions.of_code(region_code)
        place.region_code = region_code
        place.province, place.city = region.province.name, region.city.name
        place.district = region.district.name if region.district else ""
    if hours is not None:
        place.hours = checked_hours(hours)
    place.save()
    audit.record(
        actor=actor,
        verb="create_place" if is_new else "update_place",
        target=f"place:{place.pk}",
        after={"kind": place.kind, "is_active": place.is_active, "offers_pickup": place.offers_pickup},
    )
    places.forget()
    return place


@unit
def set_staff(*, place: Place, user_ids: Collection[int], actor: str) -> None:
    """Let exactly these people serve the place."""
    before = set(StaffPlace.objects.filter(place=place).values_list("user", flat=True))
    wanted = set(user_ids)
    if before == wanted:
        return
    StaffPlace.objects.filter(place=place, user__in=before - wanted).delete()
    StaffPlace.objects.bulk_create(StaffPlace(place=place, user_id=pk) for pk in sorted(wanted - before))
    audit.record(
        actor=actor,
        verb="set_staff_of_place",
        target=f"place:{place.pk}",
        before={"people": len(before)},
        after={"people": len(wanted)},
        reason=" ".join(
            [*(f"+user:{pk}" for pk in wanted - before), *(f"-user:{pk}" for pk in before - wanted)]
        ),
    )


def checked_hours(hours: Hours) -> dict[str, list[list[str]]]:
    """Hours by weekday, in order and without overlap; closed days left out. Raises Invalid(day)."""
    found: dict[str, list[list[str]]] = {}
    for day, spans in hours.items():
        if day not in WEEKDAYS:
            raise Invalid(field="hours", day=day)
        if checked := checked_spans(spans, day):
            found[day] = checked
    return found


def checked_spans(spans: Sequence[Sequence[str]], day: str = "") -> list[list[str]]:
    """The spans of one day, in order and without overlap. Raises Invalid(day)."""
    found: list[list[str]] = []
    last = None
    for opens, closes in sorted(map(tuple, spans)):
        try:
            start, end = parse_time(opens), parse_time(closes)
        except (TypeError, ValueError) as problem:
            raise Invalid(field="hours", day=day) from problem
        if start >= end or (last is not None and start < last):
            raise Invalid(field="hours", day=day)
        last = end
        found.append([opens, closes])
    return found


def note_load(waiting: Mapping[int, int]) -> int:
    """Writes how many orders wait in each place to be sent, none where it is not named; how many changed."""
    changed = 0
    for place in Place.objects.only("pk", "open_order_count"):
        count = waiting.get(place.pk, 0)
        if place.open_order_count != count:
            changed += Place.objects.filter(pk=place.pk).update(open_order_count=count)
    return changed
