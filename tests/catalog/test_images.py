"""Pictures are decoded and encoded anew; what is no picture is refused and leaves nothing."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from catalog.errors import TooManyPictures
from catalog.models import ProductImage
from catalog.policies import PICTURES_AT_MOST
from catalog.services import images
from shop.core.errors import Invalid, NotFound
from shop.core.uploads import NotAPicture, PictureTooLarge, PictureTooSmall
from tests.factories.catalog import ImageFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def picture(size=(640, 480), kind="JPEG", **options) -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("RGB", size, "#c8371b").save(buffer, kind, **options)
    buffer.seek(0)
    return buffer


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_picture_is_stored_anew_with_smaller_copies(media):
    exif = Image.Exif()
    exif[0x010E] = "home address"
    product = ProductFactory(title="草莓")
    image = images.add(product=product, file=picture(exif=exif), actor="user:1")
    assert (image.width, image.height, image.alt, image.position) == (640, 480, "草莓", 0)
    assert b"home address" not in (media / image.path).read_bytes()
    assert {name.rsplit("-", 1)[-1] for name in files(media) if name.endswith(".webp")} >= {
        "160.webp",
        "480.webp",
    }
    second = images.add(product=product, file=picture(kind="PNG"), actor="user:1")
    assert second.position == 1


def bomb() -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "PNG")
    return buffer


def zip_file() -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x" * 100)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (lambda: io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"), NotAPicture),
        (zip_file, NotAPicture),
        (lambda: io.BytesIO(b""), NotAPicture),
        (lambda: io.BytesIO(picture().read()[:300]), NotAPicture),
        (lambda: io.BytesIO(b"\xff" * 20_000_000), PictureTooLarge),
        (bomb, PictureTooLarge),
        (lambda: picture((50, 50)), PictureTooSmall),
    ],
    ids=["svg", "zip", "empty", "cut off", "20 MB", "bomb", "tiny"],
)
def test_what_is_no_usable_picture_is_refused_and_changes_nothing(media, file, refusal):
    product = ProductFactory()
    with pytest.raises(refusal):
        images.add(product=product, file=file(), actor="user:1")
    assert not ProductImage.objects.exists()
    assert files(media) == []


def test_a_product_has_room_for_so_many_pictures(media):
    product = ProductFactory()
    for _ in range(PICTURES_AT_MOST.get()):
        ImageFactory(product=product)
    with pytest.raises(TooManyPictures):
        images.add(product=product, file=picture(), actor="user:1")
    assert files(media) == []


def test_pictures_are_put_in_order_and_taken_away():
    product, stranger = ProductFactory(), ImageFactory()
    first, second = ImageFactory(product=product), ImageFactory(product=product)
    images.reorder(product=product, image_ids=[second.pk, first.pk], actor="user:1")
    assert list(product.images.all()) == [second, first]
    for odd in ([first.pk], [first.pk, second.pk, stranger.pk], [first.pk, first.pk]):
        with pytest.raises(Invalid):
            images.reorder(product=product, image_ids=odd, actor="user:1")
    images.remove(product=product, image_id=first.pk, actor="user:1")
    assert list(product.images.all()) == [second]
    with pytest.raises(NotFound):
        images.remove(product=product, image_id=stranger.pk, actor="user:1")
