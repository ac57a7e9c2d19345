"""Receipts as people send them, made into pictures that are safe to keep and to show.

What was sent is opened in a child process with hard limits (`sandbox`, `child`) and drawn again from
its pixels, so nothing of the first file but what can be seen on it is kept.
"""

from claims.formats.receipts.reading import CONTENT_TYPES, LARGEST_FILE, ReceiptError, Rendition, read_receipt
from claims.formats.receipts.words import Kind

__all__ = ["CONTENT_TYPES", "LARGEST_FILE", "Kind", "ReceiptError", "Rendition", "read_receipt"]
