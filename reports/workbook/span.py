"""The days a workbook covers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from common.dates import LONDON
from common.errors import DomainError


@dataclass(frozen=True)
class Span:
    """A first and a last day, both included, in London."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise DomainError("The last day comes before the first.")

    def __str__(self) -> str:
        return f"{self.since.day} {self.since:%B %Y} to {self.until.day} {self.until:%B %Y}"

    @property
    def starts_at(self) -> datetime:
        """The first moment of the first day."""
        return datetime.combine(self.since, time(), LONDON)

    @property
    def ends_before(self) -> datetime:
        """The first moment that is no longer in it."""
        return datetime.combine(self.until + timedelta(days=1), time(), LONDON)
