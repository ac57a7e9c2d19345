"""Uploads are held in memory, and a huge one costs no more than the largest that is allowed."""

from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from claims.formats.receipts import LARGEST_FILE


def uploaded(size: int) -> InMemoryUploadedFile:
    """What a view finds after a file of this size was sent."""
    sent = SimpleUploadedFile("photo.jpg", b"x" * size, content_type="image/jpeg")
    file = RequestFactory().post("/", {"receipt": sent}).FILES["receipt"]
    assert isinstance(file, InMemoryUploadedFile)
    return file


def test_a_photo_never_lies_in_a_temporary_folder() -> None:
    file = uploaded(4_000_000)  # above the size at which Django would write it down
    assert file.size == 4_000_000
    assert len(file.read()) == 4_000_000


def test_a_huge_file_is_cut_and_still_seen_to_be_too_large() -> None:
    file = uploaded(LARGEST_FILE + 5_000_000)
    assert file.size == LARGEST_FILE + 1
    assert len(file.read()) == LARGEST_FILE + 1
