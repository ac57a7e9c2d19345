"""Where receipts lie: the private storage, sealed, under names that nobody chose.

A sealed file opens only for the row that it was made for: copied to another row or name it is worth nothing.
"""

import secrets

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from claims.models import Receipt
from common.encryption import KeyRing
from people.models import Person

FOLDER = "receipts"  # under MEDIA_ROOT, or a private bucket; no address leads there


def save_file(content: bytes, *, contributor: Person, sha256: str) -> str:
    """Seal and store a file. Returns its random name, which belongs in the row."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    name = f"{FOLDER}/{secrets.token_hex(20)}"
    default_storage.save(name, ContentFile(ring.seal(content, _context(name, contributor.pk, sha256))))
    return name


def open_file(receipt: Receipt) -> bytes:
    """The file of a receipt in the clear. Raises CannotOpen, or FileNotFoundError."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    with default_storage.open(receipt.file) as stored:
        sealed = stored.read()
    return ring.open(sealed, _context(receipt.file, receipt.contributor_id, receipt.sha256))


def remove_file(name: str) -> None:
    """Take away a file that no row names."""
    default_storage.delete(name)


def _context(name: str, contributor: int, sha256: str) -> str:
    return f"receipt:{name}:{contributor}:{sha256}"
