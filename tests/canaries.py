"""Looking for tokens in all that is kept, sent or shown, without finding one where chance wrote it."""

import base64
import io
import re
import subprocess
import zipfile
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.http import HttpResponseBase

_CHANCE = re.compile(r"\b[0-9a-f]{16,}\b|:\d\d\.\d{6}\b")
_MADE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")  # in the properties of a workbook


def readable(text: str) -> str:
    """The text without keys, hashes and the parts of a second: these hold any six figures now and then."""
    return _CHANCE.sub("", text)


def shapes(token: str) -> set[str]:
    """A token as it may stand somewhere, in lower case: in clear, as figures, and in each turn of base64."""
    content = token.encode()
    turned = [
        base64.b64encode(b"x" * turn + content)[(0, 2, 3)[turn] :].rstrip(b"=")[:-1] for turn in range(3)
    ]
    return {token.lower(), content.hex(), *(each.decode().lower() for each in turned)}


def found_in(text: str, tokens: Iterable[str]) -> set[str]:
    """The tokens that a text holds, in any of their shapes."""
    low = text.lower()
    return {token for token in tokens if any(shape in low for shape in shapes(token))}


def dump() -> dict[str, list[str]]:
    """Every row of every table as text; bytes by their figures and as letters."""
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(" ".join(map(_text, row)) for row in cursor.fetchall())
    return rows


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return f"{bytes(value).hex()} {bytes(value).decode('latin-1')}"
    return str(value)


def unpacked(content: bytes) -> str:
    """What a file says: the text of a PDF, every part of a workbook without its hour, else its letters."""
    if content.startswith(b"%PDF"):
        told = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
        )
        return told.stdout.decode()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sheets = (parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
            return _MADE.sub("", "\n".join(sheets))
    return content.decode("utf-8", "replace")


def content_of(answer: HttpResponseBase) -> bytes:
    """The bytes of an answer, streamed or not."""
    return answer.getvalue()
