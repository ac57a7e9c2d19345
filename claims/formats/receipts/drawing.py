"""Draw a file again from its pixels. Runs in the child process only."""

import warnings
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from claims.formats.receipts.limits import (
    LONGEST_PAGE_SIDE,
    LONGEST_SIDE,
    MOST_PAGES,
    MOST_PIXELS,
    close_the_doors,
)
from claims.formats.receipts.words import Kind, Refusal, Refused

SMALL_GRAPHIC = 1_000_000  # pixels up to which a PNG stays one, so that its text stays sharp
QUALITY = 80
CODECS = ("JpegImagePlugin", "MpoImagePlugin", "PngImagePlugin", "WebPImagePlugin", "PdfImagePlugin")
SAFE_LIBHEIF = (1, 22)  # before it, 800 bytes keep a processor busy for ever (CVE-2026-32739)

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Drawing:
    """What can be seen of a file, and nothing else of it."""

    kind: Kind
    width: int
    height: int
    pages: int
    look: int
    content: bytes


def draw(kind: Kind, content: bytes) -> Drawing:
    """Draw a file of this kind, and no other. Raises Refused, or whatever the decoder raises."""
    return draw_pdf(content) if kind == Kind.PDF else draw_picture(kind, content)


def draw_picture(kind: Kind, content: bytes) -> Drawing:
    """One picture, upright, on white, no longer than 2,000 pixels, without metadata."""
    if kind == Kind.HEIC:
        _allow_heic()
    _close_up()
    try:
        picture = Image.open(BytesIO(content), formats=["HEIF" if kind == Kind.HEIC else kind.upper()])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Refusal.PIXELS) from error
    is_small = kind == Kind.PNG and picture.width * picture.height <= SMALL_GRAPHIC
    plain = _plain(picture)
    kept = Kind.PNG if is_small else Kind.JPEG
    return Drawing(kept, plain.width, plain.height, 1, look(plain), _encoded(plain, kept))


def draw_pdf(content: bytes) -> Drawing:
    """The pages as pictures in a new PDF: scripts, forms, files and hidden text stay behind."""
    import pypdfium2  # here, because the other kinds do without it

    _close_up()
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Refused(Refusal.PASSWORD if locked else Refusal.UNREADABLE) from error
    if len(document) > MOST_PAGES:
        raise Refused(Refusal.PAGES)
    pages = [_page(document[number]) for number in range(len(document))]
    file = BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], quality=QUALITY)
    return Drawing(Kind.PDF, pages[0].width, pages[0].height, len(pages), look(pages[0]), file.getvalue())


def look(picture: Image.Image) -> int:
    """A difference hash: 64 bits, each whether a field of an 8 by 8 grid is darker than the next.

    Copies of one picture differ in few bits, whatever their size and compression.
    """
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    fields = grey.tobytes()
    bits = [fields[9 * row + at] < fields[9 * row + at + 1] for row in range(8) for at in range(8)]
    return sum(bit << place for place, bit in enumerate(bits))


def _close_up() -> None:
    """Import what Pillow would import as it goes, while files can still be opened, then open nothing more."""
    Image.preinit()
    for codec in CODECS:
        import_module(f"PIL.{codec}")
    close_the_doors()


def _allow_heic() -> None:
    import pillow_heif  # here, because the other kinds do without it

    version = tuple(int(part) for part in pillow_heif.libheif_version().split("."))
    if version < SAFE_LIBHEIF:
        raise Refused(Refusal.UNREADABLE)
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels alone, upright, small enough, and on white: also what transparency would hide."""
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded at a fraction of its size
    if picture.mode.startswith("I;16"):  # else everything but black would turn white
        picture = picture.point(lambda level: level / 256).convert("L")
    if picture.mode in ("P", "PA", "1"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    white = Image.new("RGB", upright.size, "white")
    white.paste(upright, mask=upright.getchannel("A"))
    return white


def _page(page: Any) -> Image.Image:
    """A page of a PDF as a picture. What a form would fill in is not drawn: a form can run scripts."""
    scale = LONGEST_PAGE_SIDE / max(page.get_size())
    return page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")  # type: ignore[no-any-return]


def _encoded(picture: Image.Image, kind: Kind) -> bytes:
    file = BytesIO()
    picture.save(file, kind.upper(), quality=QUALITY, optimize=True)
    return file.getvalue()
