"""Pages drawn to bytes: a reportlab canvas writes them, pikepdf adds the structure behind them."""

import io
from itertools import groupby

import pikepdf
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from common.pdf.flow import Box, Page, Words
from common.pdf.fonts import REGULAR
from common.pdf.tags import Tag, spoken, write_structure
from common.pdf.text import drawn

rl_config.useA85 = 0  # streams as bytes: writing them as letters costs a fifth in size and a tenth in time


def paint(pages: list[Page], root: Tag, *, title: str, author: str) -> bytes:
    """The document as bytes: the same pages always give the same bytes. Fonts must be registered."""
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer, pagesize=A4, pageCompression=1, invariant=1, lang="en-GB", initialFontName=REGULAR[0]
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject("")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, page in enumerate(pages):
        _paint_page(canvas, page, number)
        canvas.showPage()
    canvas.save()
    return _with_structure(buffer, root)


def _with_structure(buffer: io.BytesIO, root: Tag) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(buffer) as pdf:
        write_structure(pdf, root)
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _paint_page(canvas: Canvas, page: Page, number: int) -> None:
    """Boxes first, as the ground; then the words, those of one element together under one mark."""
    canvas.addLiteral("/Artifact BMC")
    boxes = (item for item in page if isinstance(item, Box))
    for colour, group in groupby(boxes, key=lambda item: item.colour):
        canvas.setFillColorRGB(*colour)
        for box in group:
            canvas.rect(box.x, box.y, box.width, box.height, stroke=0, fill=1)
    canvas.addLiteral("EMC")
    words = [item for item in page if isinstance(item, Words)]
    mark = 0
    for _, same in groupby(words, key=lambda item: id(item.tag)):
        together = list(same)
        tag = together[0].tag
        if tag is None:
            canvas.addLiteral("/Artifact BMC")
        else:
            canvas.addLiteral(f"/{tag.kind} <</MCID {mark}>> BDC")
            tag.children.append((number, mark))
            mark += 1
        for style, lines in groupby(together, key=lambda item: item.style):
            canvas.setFillColorRGB(*style.colour)
            for item in lines:
                _paint_words(canvas, item)
        canvas.addLiteral("EMC")


def _paint_words(canvas: Canvas, words: Words) -> None:
    line = drawn(words.text, words.style.bold)
    if line.said:
        canvas.addLiteral(f"/Span <</ActualText {spoken(line.said)}>> BDC")
    text = canvas.beginText(words.x, words.y)
    *before, last = line.runs
    for run in before:
        text.setFont(run.font, words.style.size)
        text.textOut(run.text)
    text.setFont(last.font, words.style.size)
    text.textLine(last.text)
    canvas.drawText(text)
    if line.said:
        canvas.addLiteral("EMC")
