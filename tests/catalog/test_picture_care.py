"""Pictures that look alike, pictures made better, short videos."""

import io
import struct

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageStat

from catalog.errors.shelf import (
    AlreadyAnswered,
    NotAVideo,
    NothingToUndo,
    TooManyVideos,
    VideoLength,
    VideoTooLarge,
)
from catalog.models import PictureTwin, ProductImage
from catalog.policies.shelf import VIDEO_MEGABYTES, VIDEOS_AT_MOST
from catalog.services import duplicates, images, looks, mp4, picture_edits, retouching, twins, videos
from catalog.services.retouching import Steps
from catalog.terms.shelf import TwinAnswer
from shop.core.errors import Invalid
from tests.factories.catalog import ProductFactory, a_sku

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def scene(number=1, size=900, ground="#F2E3D0") -> Image.Image:
    """Some shapes; another number, another picture."""
    image = Image.new("RGB", (size, size), ground)
    pen = ImageDraw.Draw(image)
    for step in range(7):
        x = (number * 131 + step * 197) % (size - 260)
        y = (number * 71 + step * step * 89) % (size - 260)
        side = 90 + (number * 37 + step * 53) % 170
        colour = ((number * 90 + step * 40) % 200, (step * 60) % 180, (number * 30) % 160)
        (pen.ellipse if (step + number) % 2 else pen.rectangle)((x, y, x + side, y + side), fill=colour)
    return image


def sent(image: Image.Image, quality=92) -> io.BytesIO:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    buffer.seek(0)
    return buffer


def add(image, product=None):
    return images.add(product=product or ProductFactory(), file=sent(image), actor="user:1")


def test_smaller_brighter_and_recompressed_copies_look_alike_and_others_do_not():
    first = scene(1)
    copies = [
        first.resize((420, 420)),
        ImageEnhance.Brightness(first).enhance(1.15),
        first.crop((8, 8, 892, 892)),
        Image.open(sent(first, quality=35)),
    ]
    assert all(looks.difference(looks.of(first), looks.of(copy)) <= 4 for copy in copies)
    others = [looks.of(scene(number)) for number in range(2, 9)]
    assert all(looks.difference(looks.of(first), other) > 8 for other in others)
    assert looks.of(Image.new("RGB", (300, 300), "#AAAAAA")) == 0
    assert -(2**63) <= looks.of(first) < 2**63


def test_pictures_alike_are_found_when_one_is_sent_and_answered_once():
    old = add(scene(1))
    add(scene(2))
    new = add(scene(1).resize((500, 500)))
    (twin,) = PictureTwin.objects.all()
    assert (twin.image_id, twin.other_id) == (new.pk, old.pk) and twin.distance <= 4
    twins.answer(twin_id=twin.pk, answer=TwinAnswer.FINE, actor="user:1")
    with pytest.raises(AlreadyAnswered):
        twins.answer(twin_id=twin.pk, answer=TwinAnswer.REPLACED, actor="user:1")
    twins.compare([old.pk, new.pk])
    assert PictureTwin.objects.count() == 1


def test_pictures_of_earlier_days_are_looked_at_in_the_background():
    add(scene(1)), add(scene(1).resize((500, 500)))
    ProductImage.objects.update(looks=None)
    PictureTwin.objects.all().delete()
    ProductImage.objects.create(product=ProductFactory(), path="gone_9x9.jpg", width=9, height=9)
    assert twins.scan() == 3
    assert twins.scan() == 0
    assert PictureTwin.objects.count() == 1


def test_a_copied_product_may_show_the_same_file():
    sku = a_sku()
    add(scene(1), sku.product)
    duplicates.duplicate(product=sku.product, actor="user:1")
    assert ProductImage.objects.count() == 2 and not PictureTwin.objects.exists()


def test_a_picture_is_improved_and_comes_back():
    dark = ImageEnhance.Brightness(scene(1)).enhance(0.35)
    image = add(dark)
    before = image.path
    with pytest.raises(NothingToUndo):
        picture_edits.undo(image=image, actor="user:1")
    with pytest.raises(Invalid):
        picture_edits.apply(image=image, steps=Steps(), actor="user:1")
    steps = Steps(ratio="4:5", auto_light=True, sharpen=50, watermark="微商城")
    shown = Image.open(io.BytesIO(picture_edits.preview(image=image, steps=steps)))
    assert shown.size == (576, 720) and image.path == before
    picture_edits.apply(image=image, steps=steps, actor="user:1")
    assert (image.width, image.height) == (720, 900) and image.path != before
    picture_edits.apply(image=image, steps=Steps(exposure=20), actor="user:1")
    picture_edits.undo(image=image, actor="user:1")
    picture_edits.undo(image=image, actor="user:1")
    stored = ProductImage.objects.get(pk=image.pk)
    assert (stored.path, stored.width, stored.height) == (before, 900, 900)
    assert stored.looks == twins.look_at(before)


def test_what_each_improvement_does():
    def middle(image):
        return ImageStat.Stat(image.convert("L")).median[0]

    dark = ImageEnhance.Brightness(scene(1)).enhance(0.4)
    assert middle(retouching.improve(dark, Steps(auto_light=True))) > middle(dark) + 30
    fine = scene(1, ground="#D8D2C8")
    assert abs(middle(retouching.improve(fine, Steps(auto_light=True))) - middle(fine)) < 60
    assert middle(retouching.improve(dark, Steps(exposure=-50))) < middle(dark)

    grey = Image.new("RGB", (600, 600), "#C9CCD0")
    ImageDraw.Draw(grey).ellipse((180, 180, 420, 420), fill="#B03020")
    white = retouching.improve(grey, Steps(white=True))
    assert min(white.getpixel((20, 20))) > 250 and min(white.getpixel((580, 300))) > 250
    assert white.getpixel((300, 300)) == pytest.approx((176, 48, 32), abs=3)

    part = retouching.improve(scene(1), Steps(box=(0.5, 0, 0.5, 1), ratio="1:1"))
    assert part.size == (450, 450)
    soft = scene(1).resize((200, 200)).resize((900, 900))
    edges = [ImageStat.Stat(one.convert("L")).stddev[0] for one in (soft, retouching.sharpen(soft, 100))]
    assert edges[1] > edges[0]
    marked = retouching.improve(scene(1), Steps(watermark="小店"))
    changed = Image.frombytes("RGB", marked.size, marked.tobytes()).crop((700, 800, 900, 900))
    assert changed.tobytes() != scene(1).crop((700, 800, 900, 900)).tobytes()
    for wrong in ({"ratio": "2:7"}, {"exposure": 101}, {"sharpen": -1}, {"box": (0.5, 0, 0.9, 1)}):
        with pytest.raises(Invalid):
            Steps(**wrong)


# ---------------------------------------------------------------- videos


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def film(seconds=20.0, codec=b"avc1", width=640, height=360, *, turned=False, handler=b"vide") -> bytes:
    """The smallest MP4 that says so much of itself, with a camera's note where it was."""
    matrix = (0, 1, 0, -1, 0, 0, 0, 0, 1) if turned else (1, 0, 0, 0, 1, 0, 0, 0, 1)
    turn = struct.pack(">9i", *(value << 16 for value in matrix))
    mvhd = box(b"mvhd", bytes(12), struct.pack(">II", 1000, int(seconds * 1000)), bytes(80))
    tkhd = box(b"tkhd", bytes(40), turn, struct.pack(">II", width << 16, height << 16))
    hdlr = box(b"hdlr", bytes(8), handler, bytes(12))
    stsd = box(b"stsd", struct.pack(">II", 0, 1), box(codec, bytes(8)))
    trak = box(b"trak", tkhd, box(b"mdia", hdlr, box(b"minf", box(b"stbl", stsd))))
    place = box(b"udta", box(b"\xa9xyz", b"+31.2304+121.4737/"))
    return box(b"ftyp", b"isom") + box(b"moov", mvhd, trak, place) + box(b"mdat", b"frames")


def test_a_video_says_its_length_and_how_it_is_shown():
    assert mp4.read(film(16.25)) == mp4.Video(pytest.approx(16.25), 640, 360, False)
    phone = mp4.read(film(turned=True))
    assert (phone.width, phone.height) == (360, 640)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no video at all",
        film(codec=b"hvc1"),
        film(handler=b"soun"),
        film(seconds=0),
        film(width=0),
        film()[:60],
        film().replace(b"moov", b"free"),
        film().replace(b"mdat", b"skip"),
        b"\xff" * 64,
    ],
)
def test_what_browsers_do_not_play_is_refused(content):
    with pytest.raises(NotAVideo):
        mp4.read(content)


def test_videos_are_kept_in_bounds_and_without_the_place_they_were_taken(media):
    product = ProductFactory()

    def send(content):
        return videos.add(product=product, file=io.BytesIO(content), cover=sent(scene(1)), actor="user:1")

    for seconds in (14, 31.2):
        with pytest.raises(VideoLength):
            send(film(seconds))
    VIDEO_MEGABYTES.set(1, actor="system")
    with pytest.raises(VideoTooLarge):
        send(film() + bytes(1024 * 1024))
    assert not list(media.rglob("*.mp4"))
    first = send(film(15))
    stored = (media / first.path).read_bytes()
    assert b"+31.2304" not in stored and len(stored) == len(film(15))
    assert mp4.read(stored) == mp4.read(film(15)) and first.cover
    VIDEOS_AT_MOST.set(1, actor="system")
    with pytest.raises(TooManyVideos):
        send(film(20))
    videos.remove(product=product, video_id=first.pk, actor="user:1")
    assert send(film(20)).position == 0


def test_a_stored_video_is_had_in_parts(client, media):
    product = ProductFactory()
    row = videos.add(product=product, file=io.BytesIO(film()), actor="user:1")
    size = len(film())
    whole = client.get(f"/media/{row.path}")
    assert whole.status_code == 200 and whole["Accept-Ranges"] == "bytes"
    for asked, said in (
        ("bytes=0-1", f"0-1/{size}"),
        ("bytes=10-", f"10-{size - 1}/{size}"),
        ("bytes=-5", f"{size - 5}-{size - 1}/{size}"),
    ):
        part = client.get(f"/media/{row.path}", headers={"range": asked})
        assert part.status_code == 206 and part["Content-Range"] == f"bytes {said}"
    assert client.get(f"/media/{row.path}", headers={"range": "bytes=99999-"}).status_code == 416
    page = client.get(f"/products/{product.pk}/")
    assert f"/media/{row.path}" in page.content.decode() and 'preload="none"' in page.content.decode()
