"""Receipts in a folder of the test's own, and short ways to send them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from claims.models import Receipt
from claims.services.receipts import add_receipt
from tests.cast import Cast
from tests.claims.receipts.samples import jpeg

Send = Callable[..., Receipt]


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where receipts lie on disk in this test."""
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": on_disk}
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "receipts"


@pytest.fixture
def send(folder: Path, cast: Cast) -> Send:
    """Cora sends a receipt, unless told otherwise. Another `quality` makes another file."""

    def start(quality: int = 80, **asked: Any) -> Receipt:
        cora = {"actor": cast.cora, "contributor": cast.cora, "organisation": cast.riverside}
        return add_receipt(**cora | {"content": jpeg(quality=quality)} | asked)

    return start
