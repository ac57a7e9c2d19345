"""The closed vocabularies that the site and its child process share. Standard library only."""

from enum import StrEnum


class Kind(StrEnum):
    """What a file may be when it is sent. What is kept is a JPEG, a PNG or a PDF."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"


KEPT = frozenset({Kind.JPEG, Kind.PNG, Kind.PDF})


class Refusal(StrEnum):
    """Why the child process could not draw a file."""

    UNREADABLE = "unreadable"
    PASSWORD = "password"  # noqa: S105 - the word for a locked file, not a secret
    PIXELS = "pixels"
    PAGES = "pages"
    MEMORY = "memory"


class Refused(Exception):
    """Raised in the child process, and sent to the parent as one word."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal
