"""What cannot be a receipt is refused in words, in seconds, and without harm to the server."""

import resource
import time
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from claims.formats.receipts import LARGEST_FILE, ReceiptError, read_receipt, reading, sandbox
from claims.formats.receipts.limits import WALL_SECONDS
from tests.claims.receipts.samples import (
    encoded,
    endless_pdf,
    greedy_pdf,
    jpeg,
    paper_pdf,
    picture,
    pixel_bomb,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def archive() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("receipt.jpg", jpeg())
    return file.getvalue()


def cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def unlike(content: bytes, head: bytes) -> bytes:
    """The first bytes of one kind before the rest of another."""
    return head + content[len(head) :]


WRONG_KINDS: dict[str, Callable[[], bytes]] = {
    "an HTML page": lambda: b"<!DOCTYPE html><script>alert(1)</script>",
    "an SVG drawing": lambda: SVG,
    "an archive": archive,
    "a program": lambda: b"MZ\x90\x00" + bytes(500),
    "a GIF that is also a script": lambda: b"GIF89a/*" + bytes(8) + b"*/=1;alert(1)",
    "a TIFF": lambda: encoded(picture(), "TIFF"),
    "a BMP": lambda: encoded(picture(), "BMP"),
    "a PDF behind an HTML page": lambda: b"<html></html>\n" + paper_pdf(),
    "text": lambda: b"Bus fare, 4.20",
}
BROKEN: dict[str, Callable[[], bytes]] = {
    "half a JPEG": lambda: cut(jpeg()),
    "half a PNG": lambda: cut(encoded(picture(), "PNG")),
    "half a WebP": lambda: cut(encoded(picture(), "WEBP")),
    "half a HEIC": lambda: cut(encoded(picture(), "HEIF")),
    "the head of a PDF": lambda: b"%PDF-1.7\n" + bytes(100),
    "the head of a JPEG": lambda: b"\xff\xd8\xff\xe0" + bytes(100),
    "a JPEG that is an SVG": lambda: unlike(SVG, b"\xff\xd8\xff"),
    "a PNG that is a JPEG": lambda: b"\x89PNG\r\n\x1a\n" + jpeg(),
}


@pytest.mark.parametrize("made", WRONG_KINDS.values(), ids=WRONG_KINDS)
def test_other_kinds_of_file_are_refused_whatever_they_are_called(made: Callable[[], bytes]) -> None:
    with pytest.raises(ReceiptError, match="must be a JPG, PNG, HEIC, WebP or PDF"):
        read_receipt(made())


@pytest.mark.parametrize("made", BROKEN.values(), ids=BROKEN)
def test_broken_files_are_refused_with_what_to_do(made: Callable[[], bytes]) -> None:
    with pytest.raises(ReceiptError, match="could not be opened. Try taking the photo again"):
        read_receipt(made())


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ReceiptError, match="is empty"):
        read_receipt(b"")


def test_a_file_of_ten_megabytes_is_the_largest(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = jpeg()
    assert read_receipt(whole + bytes(LARGEST_FILE - len(whole))).width == 300
    monkeypatch.setattr(sandbox, "decode", pytest.fail)
    with pytest.raises(ReceiptError, match="smaller than 10MB"):
        read_receipt(whole + bytes(LARGEST_FILE - len(whole) + 1))


@pytest.mark.parametrize("size", [(50_000, 50_000), (8_000, 6_500), (2**31 - 1, 1)])
def test_a_pixel_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ReceiptError, match="too detailed"):
        read_receipt(pixel_bomb(*size))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_picture_within_the_pixels_is_not_a_bomb() -> None:
    assert read_receipt(encoded(picture((8_000, 6_200)).convert("L"), "JPEG")).width == 2000


@pytest.mark.parametrize("made", [endless_pdf, greedy_pdf])
def test_a_file_that_wants_all_the_time_or_memory_is_stopped(made: Callable[[], bytes]) -> None:
    sent = made()
    assert len(sent) < 3_000
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(ReceiptError, match="could not be opened"):
        read_receipt(sent)
    assert 1 < time.monotonic() - started < WALL_SECONDS + 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_short_sum_for_every_dot_is_drawn() -> None:
    assert read_receipt(endless_pdf(sums=1)).width == 1754


HEADER = b'{"kind": "jpeg", "width": 300, "height": 200, "pages": 1, "look": 7}\n'


def test_an_honest_answer_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "decode", lambda kind, content: HEADER + jpeg())
    assert read_receipt(jpeg()).look == 7


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]\n",
        b"7\n",
        b"[" * 100_000,
        b'{"refused": "everything"}\n',
        HEADER,
        HEADER + b"<script>alert(1)</script>",
        HEADER + encoded(picture(), "PNG"),
        HEADER.replace(b"jpeg", b"webp") + encoded(picture(), "WEBP"),
        HEADER.replace(b"300", b"-1") + jpeg(),
        HEADER.replace(b"300", b"2001") + jpeg(),
        HEADER.replace(b"300", b"Infinity") + jpeg(),
        HEADER.replace(b"300", b'"300"') + jpeg(),
        HEADER.replace(b"7", b"18446744073709551616") + jpeg(),
    ],
    ids=lambda answer: str(answer[:30]),
)
def test_a_decoder_that_was_taken_over_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(sandbox, "decode", lambda kind, content: answer)
    with pytest.raises(ReceiptError, match=reading.UNREADABLE):
        read_receipt(jpeg())
