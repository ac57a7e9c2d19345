"""Photos people send are kept upright, small, and without anything that cannot be seen."""

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image, ImageChops

from claims.formats.receipts import Kind, Rendition, read_receipt
from claims.formats.receipts.drawing import SAFE_LIBHEIF, look
from claims.formats.receipts.limits import LONGEST_SIDE
from tests.claims.receipts.samples import SECRET, encoded, exif, jpeg, picture, receipt, shade

SENT = {"JPEG": Kind.JPEG, "PNG": Kind.PNG, "WEBP": Kind.JPEG, "HEIF": Kind.JPEG}


def seen(rendition: Rendition) -> Image.Image:
    image = Image.open(BytesIO(rendition.content))
    image.load()
    return image


@pytest.mark.parametrize("form", SENT)
def test_a_photo_is_drawn_again_as_it_looked(form: str) -> None:
    rendition = read_receipt(encoded(picture(), form))
    assert (rendition.kind, rendition.pages) == (SENT[form], 1)
    assert (rendition.width, rendition.height) == seen(rendition).size == (300, 200)
    difference = ImageChops.difference(seen(rendition).convert("L"), picture().convert("L"))
    assert sum(difference.tobytes()) / (300 * 200) < 3


@pytest.mark.parametrize("form", SENT)
def test_where_it_was_taken_is_gone(form: str) -> None:
    sent = encoded(picture(), form, exif=exif())
    assert SECRET.encode() in sent
    assert Image.open(BytesIO(sent)).getexif().get_ifd(0x8825)
    rendition = read_receipt(sent)
    for trace in (SECRET.encode(), b"Exif", b"eXIf", b"ICC_PROFILE", b"iCCP", b"<x:xmpmeta", b"tEXt"):
        assert trace not in rendition.content
    assert not seen(rendition).getexif()
    assert set(seen(rendition).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_comments_profiles_and_what_follows_the_picture_are_gone() -> None:
    tail = b"<script>" + SECRET.encode() + b"</script>PK\x03\x04"
    sent = jpeg(comment=SECRET, icc_profile=SECRET.encode(), xmp=SECRET.encode()) + tail
    rendition = read_receipt(sent)
    assert sent.count(SECRET.encode()) == 4
    assert SECRET.encode() not in rendition.content
    assert b"<script>" not in rendition.content


def test_what_transparency_hides_is_gone() -> None:
    hidden = picture().convert("RGBA")
    hidden.putalpha(0)
    assert seen(read_receipt(encoded(hidden, "PNG"))).getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("orientation", "dark_side"), [(1, "left"), (3, "right"), (6, "top"), (8, "bottom")])
def test_it_stands_upright(form: str, orientation: int, dark_side: str) -> None:
    image = seen(read_receipt(encoded(picture(), form, exif=exif(orientation))))
    width, height = image.size
    sides = {
        "left": (5, height // 2),
        "right": (width - 5, height // 2),
        "top": (width // 2, 5),
        "bottom": (width // 2, height - 5),
    }
    assert [side for side, at in sides.items() if shade(image, at) < 100] == [dark_side]


def test_a_large_photo_becomes_smaller() -> None:
    rendition = read_receipt(encoded(picture((4800, 3200)), "JPEG"))
    assert (rendition.width, rendition.height) == (LONGEST_SIDE, 1333)


def test_a_large_png_is_kept_as_a_photo() -> None:
    assert read_receipt(encoded(picture((1001, 1000)), "PNG")).kind == Kind.JPEG
    assert read_receipt(encoded(picture((1000, 1000)), "PNG")).kind == Kind.PNG


def test_sixteen_bits_of_grey_do_not_turn_white() -> None:
    image = seen(read_receipt(encoded(Image.new("I;16", (20, 20), 128 * 256), "PNG")))
    assert image.getpixel((9, 9)) == (128, 128, 128)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK"])
def test_every_colour_model_is_drawn(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = seen(read_receipt(encoded(picture().convert(mode), form)))
    assert shade(image, (20, 100)) < 60
    assert shade(image, (250, 100)) > 240


def test_a_photo_with_a_second_picture_inside_is_a_photo() -> None:
    sent = encoded(picture(), "MPO", save_all=True, append_images=[picture(shade=10)])
    assert shade(seen(read_receipt(sent)), (250, 100)) > 240


def test_only_the_first_picture_of_several_is_kept() -> None:
    sent = encoded(picture(), "WEBP", save_all=True, append_images=[picture(shade=10)])
    assert shade(seen(read_receipt(sent)), (250, 100)) > 240


def test_the_digest_is_of_what_was_sent() -> None:
    assert read_receipt(jpeg()).sha256 == read_receipt(jpeg()).sha256 != read_receipt(jpeg(quality=60)).sha256


def test_copies_look_alike_and_other_receipts_do_not() -> None:
    first = receipt("4.20", "Bus 2.00", "17.99", "Tea")
    copy = Image.open(BytesIO(encoded(first.resize((200, 300)), "JPEG", quality=40)))
    other = receipt("Taxi 26.50", "3.10", "Parking")
    assert (look(first) ^ look(copy)).bit_count() <= 2
    assert (look(first) ^ look(other)).bit_count() > 2


def test_the_content_does_not_show_when_printed() -> None:
    assert "content" not in repr(read_receipt(jpeg()))


def test_the_library_for_heic_is_one_without_the_endless_loop() -> None:
    version = tuple(int(part) for part in pillow_heif.libheif_version().split("."))
    assert version >= SAFE_LIBHEIF
