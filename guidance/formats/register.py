"""The register as a TOML file: every key and type is known, or the file is refused by row and key.

currency = "GBP"
[[text]]     topic, title, body, review_on, sources = [{ name, url, read_on }]
[[figure]]   name, starts_on, ends_on, amount, unit, source, url, read_on; doubtful (true or left out)
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.errors import DomainError
from common.text import tidy

_TEXT: Mapping[str, type] = {"topic": str, "title": str, "body": str, "review_on": date, "sources": list}
_SOURCE: Mapping[str, type] = {"name": str, "url": str, "read_on": date}
_FIGURE: Mapping[str, type] = {
    "name": str,
    "starts_on": date,
    "ends_on": date,
    "amount": str,
    "unit": str,
    "source": str,
    "url": str,
    "read_on": date,
    "doubtful": bool,
}
_OPTIONAL = frozenset({"doubtful"})


class RegisterError(DomainError):
    """Everything that is wrong with a file, a line for each."""


@dataclass(frozen=True)
class Source:
    """Where a text has what it says from."""

    name: str
    url: str
    read_on: date


@dataclass(frozen=True)
class TextRow:
    """One text of the file."""

    topic: str
    title: str
    body: str
    review_on: date
    sources: tuple[Source, ...]

    def sources_as_kept(self) -> list[dict[str, str]]:
        """The sources as the register keeps them, days in ISO 8601."""
        return [{"name": s.name, "url": s.url, "read_on": s.read_on.isoformat()} for s in self.sources]


@dataclass(frozen=True)
class FigureRow:
    """One figure of the file; `amount` as typed, in the currency of the file."""

    name: str
    starts_on: date
    ends_on: date
    amount: str
    unit: str
    source: str
    url: str
    read_on: date
    is_doubtful: bool


@dataclass(frozen=True)
class Register:
    """A whole file."""

    currency: str
    texts: tuple[TextRow, ...]
    figures: tuple[FigureRow, ...]


def read_register(content: str) -> Register:
    """Read a file. Raises RegisterError."""
    try:
        raw = tomllib.loads(content.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RegisterError(f"This is not a TOML file that can be read: {error}.") from error
    problems: list[str] = []
    _check(raw, {"currency": str, "text": list, "figure": list}, frozenset({"text", "figure"}), "", problems)
    texts, figures = raw.get("text", []), raw.get("figure", [])
    for number, row in enumerate(texts, start=1):
        where = f"Text {number}: "
        if _check(row, _TEXT, frozenset(), where, problems):
            for source in row["sources"]:
                _check(source, _SOURCE, frozenset(), f"{where}source: ", problems)
    for number, row in enumerate(figures, start=1):
        _check(row, _FIGURE, _OPTIONAL, f"Figure {number}: ", problems)
    if problems:
        raise RegisterError("\n".join(problems))
    return Register(raw["currency"], tuple(map(_text, texts)), tuple(map(_figure, figures)))


def _check(
    row: Any, known: Mapping[str, type], optional: frozenset[str], where: str, problems: list[str]
) -> bool:
    """Note what is missing, unknown or of the wrong type in one row; True when nothing is."""
    if not isinstance(row, dict):
        problems.append(f"{where}is not a table.")
        return False
    before = len(problems)
    problems += [f"{where}{key} is missing." for key in known if key not in row and key not in optional]
    problems += [f"{where}{key} is not known." for key in row if key not in known]
    problems += [
        f"{where}{key} is not a {known[key].__name__}."
        for key, value in row.items()
        if key in known and type(value) is not known[key]
    ]
    return len(problems) == before


def _text(row: dict[str, Any]) -> TextRow:
    return TextRow(
        topic=row["topic"],
        title=tidy(row["title"]),
        body=tidy(row["body"], line=False),
        review_on=row["review_on"],
        sources=tuple(Source(**each) for each in row["sources"]),
    )


def _figure(row: dict[str, Any]) -> FigureRow:
    return FigureRow(
        **{k: v for k, v in row.items() if k != "doubtful"}, is_doubtful=row.get("doubtful", False)
    )
