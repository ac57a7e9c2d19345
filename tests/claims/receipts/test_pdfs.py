"""PDFs are kept as pictures of their pages: nothing in them can act, and nothing is hidden."""

from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest

from claims.formats.receipts import Kind, ReceiptError, read_receipt
from tests.claims.receipts.samples import SECRET, active_pdf, locked_pdf, paper_pdf, saved


def everything_in(content: bytes) -> bytes:
    """Every object of a PDF with its streams unpacked."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return saved(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)


def shades(content: bytes) -> Any:
    return pypdfium2.PdfDocument(content)[0].render(scale=0.2).to_pil().convert("L")


def test_a_pdf_keeps_its_look_and_its_pages() -> None:
    rendition = read_receipt(paper_pdf(10))
    assert (rendition.kind, rendition.pages) == (Kind.PDF, 10)
    before, after = shades(paper_pdf()), shades(rendition.content)
    for across, down in ((0.2, 0.9), (0.8, 0.9), (0.2, 0.1), (0.8, 0.1)):
        spots = [
            image.getpixel((int(image.width * across), int(image.height * down))) for image in (before, after)
        ]
        assert abs(spots[0] - spots[1]) < 10
    assert len(pypdfium2.PdfDocument(rendition.content)) == 10


def test_nothing_that_acts_or_tells_is_kept() -> None:
    sent = active_pdf()
    traces = [
        b"/JavaScript",
        b"/JS",
        b"/AA",
        b"/EmbeddedFile",
        b"/AcroForm",
        b"/Annot",
        b"/URI",
        b"/Metadata",
    ]
    traces += [SECRET.encode(), b"Exif"]
    assert [trace for trace in traces if trace not in everything_in(sent)] == []
    kept = read_receipt(sent).content
    assert [trace for trace in traces if trace in everything_in(kept) or trace in kept] == []
    with pikepdf.open(BytesIO(kept)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}


def test_eleven_pages_are_too_many() -> None:
    with pytest.raises(ReceiptError, match="10 pages or fewer"):
        read_receipt(paper_pdf(11))


def test_a_locked_pdf_is_refused_and_says_so() -> None:
    with pytest.raises(ReceiptError, match="password protected"):
        read_receipt(locked_pdf())


def test_a_pdf_that_only_forbids_copying_is_drawn() -> None:
    with pikepdf.open(BytesIO(paper_pdf())) as pdf:
        sent = saved(pdf, encryption=pikepdf.Encryption(user="", owner="sesame"))
    assert read_receipt(sent).pages == 1


def test_pages_without_a_size_or_of_any_size_do_no_harm() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14_400, 3))
        rendition = read_receipt(saved(pdf))
    assert (rendition.width, rendition.height) == (1754, 1)
    with pikepdf.new() as pdf, pytest.raises(ReceiptError, match="could not be opened"):
        read_receipt(saved(pdf))
