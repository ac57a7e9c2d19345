"""From the bytes somebody sent to a receipt that is safe to keep, or a reason they understand."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import filetype

from claims.formats.receipts import sandbox
from claims.formats.receipts.limits import LONGEST_SIDE, MOST_PAGES
from claims.formats.receipts.words import KEPT, Kind, Refusal
from common.errors import DomainError

LARGEST_FILE = 10_000_000  # bytes: what "10MB" says to people
CONTENT_TYPES = {Kind.JPEG: "image/jpeg", Kind.PNG: "image/png", Kind.PDF: "application/pdf"}
_SNIFFED = {
    "image/jpeg": Kind.JPEG,
    "image/png": Kind.PNG,
    "image/webp": Kind.WEBP,
    "image/heic": Kind.HEIC,
    "application/pdf": Kind.PDF,
}

EMPTY = "The selected file is empty"
TOO_LARGE = "The selected file must be smaller than 10MB"
WRONG_KIND = "The selected file must be a JPG, PNG, HEIC, WebP or PDF"
UNREADABLE = "The selected file could not be opened. Try taking the photo again, or send another file"
TOO_DETAILED = "The selected photo is too detailed to open. Take it again with a smaller picture size"
BUSY = "We are opening many files just now. Wait a minute and send it again"
_MOST = (LONGEST_SIDE, LONGEST_SIDE, MOST_PAGES, 2**64 - 1)
_REFUSALS = {
    Refusal.UNREADABLE: UNREADABLE,
    Refusal.PASSWORD: "The selected file is password protected. Save it without a password, or take a photo",
    Refusal.PIXELS: TOO_DETAILED,
    Refusal.MEMORY: TOO_DETAILED,
    Refusal.PAGES: f"The selected file must have {MOST_PAGES} pages or fewer",
}


class ReceiptError(DomainError):
    """The file cannot be kept as a receipt; the message says what to do."""


@dataclass(frozen=True)
class Rendition:
    """A receipt drawn again. `sha256` is of the file that was sent; `look` is a 64-bit difference hash.

    The content does not show when it is printed or logged.
    """

    kind: Kind
    content: bytes = field(repr=False)
    width: int
    height: int
    pages: int
    sha256: str
    look: int


def sniff(content: bytes) -> Kind:
    """What a file is by its first bytes, whatever it is called. Raises ReceiptError."""
    if not content:
        raise ReceiptError(EMPTY)
    if len(content) > LARGEST_FILE:
        raise ReceiptError(TOO_LARGE)
    kind = _SNIFFED.get(filetype.guess_mime(content) or "")
    if kind is None:
        raise ReceiptError(WRONG_KIND)
    return kind


def read_receipt(content: bytes) -> Rendition:
    """Draw again what was sent. Takes up to 5 seconds; raises ReceiptError."""
    kind = sniff(content)
    try:
        answer = sandbox.decode(kind, content)
    except sandbox.Stopped as error:
        raise ReceiptError(UNREADABLE) from error
    except sandbox.Busy as error:
        raise ReceiptError(BUSY) from error
    return _checked(answer, hashlib.sha256(content).hexdigest())


def _checked(answer: bytes, sha256: str) -> Rendition:
    """The child's answer, believed only where it is what it should be: a file may have taken it over."""
    line, _, drawing = answer.partition(b"\n")
    try:
        header: dict[str, Any] = json.loads(line)
        if "refused" in header:
            raise ReceiptError(_REFUSALS[Refusal(header["refused"])])
        kind = Kind(header["kind"])
        numbers = [header[name] for name in ("width", "height", "pages", "look")]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReceiptError(UNREADABLE) from error
    is_sound = all(
        type(number) is int and 0 <= number <= most for number, most in zip(numbers, _MOST, strict=True)
    )
    if not is_sound or kind not in KEPT or _SNIFFED.get(filetype.guess_mime(drawing) or "") != kind:
        raise ReceiptError(UNREADABLE)
    width, height, pages, look = numbers
    return Rendition(kind, drawing, width, height, pages, sha256, look)
