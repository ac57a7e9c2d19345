"""Text as people type it: made regular, or refused in words."""

import re
import unicodedata

from common.errors import DomainError

_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BANK = re.compile(r"[^A-Z0-9.&/\- ]")


class TextError(DomainError):
    """The text holds characters that cannot be kept; the message says which."""


def tidy(text: str, *, line: bool = True) -> str:
    """Return text in NFC without edge spaces; `line` folds white space to single spaces.

    Refuses control characters, lone surrogates and marks that turn the direction of text, because
    they hide what was written. Emoji and right-to-left scripts are welcome.
    """
    if any(0xD800 <= ord(mark) <= 0xDFFF for mark in text):
        raise TextError("This text has a broken character in it. Type it again.")
    text = unicodedata.normalize("NFC", text)
    allowed = "" if line else "\n\t\r"
    spaced = re.sub(r"\s+", " ", text) if line else text
    if any(unicodedata.category(mark) == "Cc" and mark not in allowed for mark in spaced):
        raise TextError("This text has a hidden control character in it. Type it again.")
    if _BIDI.search(spaced):
        raise TextError("This text has a hidden mark in it that turns its direction. Type it again.")
    return spaced.strip()


def bank_text(text: str, width: int) -> str:
    """Text as Bacs allows it: A-Z, 0-9, `. & / -` and space; accents dropped, the rest a space.

    The set is that of Bacs Standard 18. May return an empty string; the caller decides whether
    that is an error.
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("Ł", "L").replace("ł", "l"))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).upper()
    return re.sub(r" +", " ", _BANK.sub(" ", plain)).strip()[:width].strip()
