"""Files as people and attackers send them, made here: nothing binary lies in the repository."""

import struct
import zlib
from io import BytesIO
from typing import Any, Final

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

SECRET: Final = "Prescription for Cora"  # stands in everything that a file can hide
PLACE: Final = (52.0, 28.0, 48.0)

pillow_heif.register_heif_opener()


def picture(size: tuple[int, int] = (300, 200), shade: int = 255) -> Image.Image:
    """A paper on a table: the left third is dark, the rest is as light as `shade`."""
    paper = Image.new("RGB", size, (shade, shade, shade))
    ImageDraw.Draw(paper).rectangle((0, 0, size[0] // 3, size[1]), fill=(20, 20, 20))
    return paper


def receipt(*prices: str) -> Image.Image:
    """A till receipt with text in rows, to look like no other."""
    paper = Image.new("RGB", (400, 600), "white")
    draw = ImageDraw.Draw(paper)
    for row, price in enumerate(prices):
        draw.text((20 + 30 * (len(price) % 5), 20 + 70 * row), price * (row + 1), fill="black", font_size=40)
    return paper


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def jpeg(**options: Any) -> bytes:
    return encoded(picture(), "JPEG", **options)


def shade(image: Image.Image, at: tuple[int, int]) -> int:
    """How light a picture is at a point: 0 is black, 255 is white."""
    return image.convert("L").tobytes()[at[1] * image.width + at[0]]


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes into a photo: where it was taken, and by what."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = SECRET
    data.get_ifd(0x8825).update({1: "N", 2: PLACE, 3: "W", 4: PLACE})
    return data


def paper_pdf(pages: int = 1) -> bytes:
    """A PDF with a black square in the lower left of each page."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(400, 600))
    for _ in range(pages):
        canvas.rect(0, 0, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    file = BytesIO()
    pdf.save(file, **options)
    return file.getvalue()


def locked_pdf() -> bytes:
    """A PDF that needs a password."""
    with pikepdf.open(BytesIO(paper_pdf())) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(user="open", owner="sesame"))


def active_pdf() -> bytes:
    """A PDF with everything that can act or tell: scripts, actions, a file, a form, metadata, EXIF."""
    with pikepdf.open(BytesIO(paper_pdf())) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")
        pdf.Root.OpenAction = pdf.make_indirect(script)
        pdf.Root.AA = pikepdf.Dictionary(WC=script)
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=pdf.make_stream(SECRET.encode()))
        pdf.attachments["list.html"] = f"<script>{SECRET}</script>".encode()
        pdf.docinfo["/Author"] = SECRET
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = SECRET
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://169.254.169.254/")
        note: dict[str, Any] = {
            "Type": pikepdf.Name.Annot,
            "Subtype": pikepdf.Name.Link,
            "Rect": [0, 0, 9, 9],
            "A": link,
        }
        photo = pdf.make_stream(jpeg(exif=exif()), **_photo())
        page = pdf.pages[0]
        page.Annots = pdf.make_indirect(pikepdf.Array([pikepdf.Dictionary(**note, Contents=SECRET)]))
        page.Resources.XObject = pikepdf.Dictionary(Photo=photo)
        page.contents_add(b"q 100 0 0 100 250 450 cm /Photo Do Q")
        return saved(pdf)


def _photo() -> dict[str, Any]:
    name = pikepdf.Name
    space = {"Width": 300, "Height": 200, "ColorSpace": name.DeviceRGB, "BitsPerComponent": 8}
    return {"Type": name.XObject, "Subtype": name.Image, "Filter": name.DCTDecode, **space}


def greedy_pdf() -> bytes:
    """A small PDF that draws a form that draws a form ...: ten to the ninth squares to keep in memory."""
    with pikepdf.new() as pdf:
        box = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Form, "BBox": [0, 0, 100, 100]}
        inner = pdf.make_stream(b"0 0 90 90 re f " * 10, **box)
        for _ in range(8):
            resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
            inner = pdf.make_stream(b"/F Do " * 10, **box, Resources=resources)
        page = pdf.add_blank_page(page_size=(100, 100))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        page.Contents = pdf.make_stream(b"/F Do")
        return saved(pdf)


def endless_pdf(sums: int = 20_000) -> bytes:
    """A small PDF whose every dot is coloured by a long sum: hours for the processor, no memory."""
    with pikepdf.new() as pdf:
        program = b"{ pop " + b"sin cos " * sums + b"}"
        colour = pdf.make_stream(program, FunctionType=4, Domain=[0, 1, 0, 1], Range=[0, 1])
        shading = pikepdf.Dictionary(
            ShadingType=1,
            ColorSpace=pikepdf.Name.DeviceGray,
            Domain=[0, 1, 0, 1],
            Matrix=[100, 0, 0, 100, 0, 0],
            Function=colour,
        )
        page = pdf.add_blank_page(page_size=(100, 100))
        page.Resources = pikepdf.Dictionary(Shading=pikepdf.Dictionary(S=shading))
        page.Contents = pdf.make_stream(b"/S sh")
        return saved(pdf)


def pixel_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few bytes that says it is a picture of 2.5 billion pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(10_000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
