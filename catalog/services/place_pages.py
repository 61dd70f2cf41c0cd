"""What a store's page shows: special days and photos."""

from collections.abc import Sequence
from datetime import date
from typing import IO

from catalog.models import Place, PlaceHoliday, PlacePhoto
from catalog.selectors import places
from catalog.services.places import checked_spans
from shop.core import audit, uploads
from shop.core.errors import Invalid
from shop.core.transactions import unit

PHOTOS_AT_MOST = 9


@unit
def set_holiday(
    *,
    place: Place,
    holiday: PlaceHoliday | None,
    first_on: date,
    last_on: date,
    name: str,
    hours: Sequence[Sequence[str]],
    actor: str,
) -> PlaceHoliday:
    """Write days on which other hours hold; no hours: closed. Raises Invalid."""
    if last_on < first_on:
        raise Invalid(field="last_on")
    row = holiday or PlaceHoliday(place=place)
    row.first_on, row.last_on, row.name, row.hours = first_on, last_on, name, checked_spans(hours)
    row.save()
    audit.record(
        actor=actor,
        verb="set_holiday",
        target=f"place:{place.pk}",
        after={"first_on": str(first_on), "last_on": str(last_on), "hours": row.hours},
    )
    places.forget()
    return row


@unit
def remove_holiday(*, holiday: PlaceHoliday, actor: str) -> None:
    """Let the usual hours hold again."""
    audit.record(
        actor=actor,
        verb="remove_holiday",
        target=f"place:{holiday.place_id}",
        before={"first_on": str(holiday.first_on), "last_on": str(holiday.last_on)},
    )
    holiday.delete()
    places.forget()


def add_photo(*, place: Place, file: IO[bytes], actor: str) -> PlacePhoto:
    """Keep a picture of the store. Raises NotAPicture, PictureTooLarge, Invalid when there are nine."""
    if place.photos.count() >= PHOTOS_AT_MOST:
        raise Invalid(field="photos", limit=PHOTOS_AT_MOST)
    stored = uploads.store_image(file, "places")
    return _keep(place=place, stored=stored, actor=actor)


@unit
def describe_photo(*, photo: PlacePhoto, alt: str, position: int) -> None:
    """What it shows, and its place in the row."""
    PlacePhoto.objects.filter(pk=photo.pk).update(alt=alt, position=position)


def remove_photo(*, photo: PlacePhoto, actor: str) -> None:
    """Forget a picture and delete its files."""
    path = photo.path
    _forget(photo=photo, actor=actor)
    uploads.remove_image(path)


@unit
def _keep(*, place: Place, stored: uploads.StoredImage, actor: str) -> PlacePhoto:
    last = place.photos.order_by("-position").values_list("position", flat=True).first()
    audit.record(actor=actor, verb="add_photo", target=f"place:{place.pk}")
    return PlacePhoto.objects.create(
        place=place,
        path=stored.path,
        width=stored.width,
        height=stored.height,
        position=0 if last is None else last + 1,
    )


@unit
def _forget(*, photo: PlacePhoto, actor: str) -> None:
    audit.record(actor=actor, verb="remove_photo", target=f"place:{photo.place_id}")
    photo.delete()
