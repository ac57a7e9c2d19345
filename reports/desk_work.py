"""One kind of work on the finance desk: what it is, how much of it waits, and where it is done."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from django.urls import reverse

from common.dates import today


class Work(IntEnum):
    """The kinds of work, in the order in which they are shown."""

    VERIFY = 1
    DUE = 2
    SIGN = 3
    SEND = 4
    PAYROLL = 5
    HAND_OVER = 6
    LINES = 7
    RETURNED = 8
    LEARNING = 9
    ANSWER = 10
    CONCERNS = 11
    PROMISES = 12
    CLOSE = 13
    REOPEN = 14


# The page where each kind of work is done.
PLACES = {
    Work.VERIFY: "payees:list",
    Work.DUE: "runs:due",
    Work.SIGN: "payments:run",
    Work.SEND: "payments:run",
    Work.PAYROLL: "payroll:confirm",
    Work.HAND_OVER: "payments:run",
    Work.LINES: "bank:lines",
    Work.RETURNED: "payments:list",
    Work.LEARNING: "learning:asked",
    Work.ANSWER: "concerns:list",
    Work.CONCERNS: "concerns:list",
    Work.PROMISES: "runs:due",
    Work.CLOSE: "months:list",
    Work.REOPEN: "months:list",
}
OF_ONE_RECORD = frozenset({Work.SIGN, Work.SEND, Work.PAYROLL, Work.HAND_OVER})


@dataclass(frozen=True)
class Task:
    """One kind of work that waits. `note` says what else there is to know, `since` how long it has waited."""

    work: Work
    title: str
    count: int
    since: date | None
    is_mine: bool
    amount: int | None = None
    note: str = ""
    is_late: bool = False
    key: int = 0  # of the one record that it is about

    @property
    def url(self) -> str:
        """The page where it is done."""
        return reverse(PLACES[self.work], args=[self.key] if self.work in OF_ONE_RECORD else [])

    @property
    def age_days(self) -> int | None:
        """Whole days on the calendar in London, so that a night in which clocks change is one night."""
        return (today() - self.since).days if self.since else None
