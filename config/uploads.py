"""What people upload stays in memory: an original photo, with its place in it, never lies in a folder."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler

from claims.formats.receipts import LARGEST_FILE


class HeldInMemory(MemoryFileUploadHandler):
    """Keeps one byte more than a receipt may have, so that the form can say that a file is too large."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data[: max(0, LARGEST_FILE + 1 - self.file.tell())])

    def file_complete(self, file_size: int) -> Any:
        return super().file_complete(self.file.tell())
