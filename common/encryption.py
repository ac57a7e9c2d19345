"""Secrets at rest: AES-256-GCM, bound to where they belong, under keys that can be rotated.

A sealed value is `key id (1 byte) | nonce (12) | ciphertext and tag`. The context (for example
`bank_details:17:account_number`) is authenticated with it, so a value copied to another row or
field does not open.
"""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """The value was altered, moved to another place, or sealed under a key we do not hold."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by id; the last one seals, every one opens."""

    keys: dict[int, bytes]

    @classmethod
    def read(cls, entries: Sequence[str]) -> "KeyRing":
        """Read `id:base64` entries, oldest first. Raises ValueError for a bad id, key or repeat."""
        keys: dict[int, bytes] = {}
        for entry in entries:
            number, _, text = entry.strip().partition(":")
            try:
                key_id, key = int(number), urlsafe_b64decode(text)
            except (ValueError, Base64Error) as error:
                raise ValueError("A key is written as id:base64.") from error
            if not 0 < key_id < 256 or len(key) != KEY_BYTES or key_id in keys:
                raise ValueError("Each key needs its own id from 1 to 255 and 32 bytes.")
            keys[key_id] = key
        if not keys:
            raise ValueError("At least one key is needed.")
        return cls(keys)

    @property
    def newest(self) -> int:
        return list(self.keys)[-1]

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt under the newest key, bound to `context`."""
        nonce = os.urandom(NONCE_BYTES)
        head = bytes([self.newest])
        return head + nonce + AESGCM(self.keys[self.newest]).encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what `seal` made for the same context. Raises CannotOpen."""
        key = self.keys.get(sealed[0]) if sealed else None
        if key is None:
            raise CannotOpen("sealed under a key that is not on the ring")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("altered, or moved from another place") from error

    def fingerprint(self, text: str, purpose: str) -> str:
        """A keyed digest to find equal values without opening them. Stable under rotation: it uses
        the oldest key."""
        oldest = self.keys[next(iter(self.keys))]
        return hmac.new(oldest, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()
