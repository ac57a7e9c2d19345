"""What stands on a remittance advice. Amounts are whole minor units; texts are plain, never markup."""

from dataclasses import dataclass
from datetime import date

TIME_HEADING = "Money for your time"
COSTS_HEADING = "Money back for your costs"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to turn to. `note` is a sentence that stands before the name."""

    name: str
    phone: str = ""
    email: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One piece of time: an amount, without hours or rate. `activity` is its neutral description."""

    day: date
    activity: str
    kind: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CostLine:
    """One cost. `reason` says why less (or more) was allowed than claimed; it is required then."""

    day: date
    description: str
    claimed_minor: int
    allowed_minor: int
    claim: str
    reason: str = ""

    def __post_init__(self) -> None:
        if self.claimed_minor != self.allowed_minor and not self.reason.strip():
            raise ValueError(f"A cost of claim {self.claim} was changed without a reason.")


@dataclass(frozen=True, slots=True)
class TimePart:
    """The payment for time. `bank_line` is empty when nothing will show on a bank statement."""

    lines: tuple[TimeLine, ...]
    total_minor: int
    method: str
    bank_line: str = ""

    def __post_init__(self) -> None:
        _check_total(self.total_minor, [line.amount_minor for line in self.lines], TIME_HEADING)


@dataclass(frozen=True, slots=True)
class CostPart:
    """The payment for costs. `bank_line` is empty when nothing will show on a bank statement."""

    lines: tuple[CostLine, ...]
    total_minor: int
    method: str
    bank_line: str = ""

    def __post_init__(self) -> None:
        _check_total(self.total_minor, [line.allowed_minor for line in self.lines], COSTS_HEADING)


@dataclass(frozen=True, slots=True)
class Remittance:
    """Everything on the page. Amounts are whole minor units of `currency`; texts are plain, never markup.

    `promise` says when the money comes, in the words the organisation stands by. `address` is only for
    letters that go by post. `what_changed` is what came of the person's contribution, if there is news.
    """

    payer: str
    payee: str
    reference: str
    payment_date: date
    promise: str
    time: TimePart | None
    costs: CostPart | None
    ask: Contact
    ask_again: Contact
    support: Contact
    currency: str = "GBP"
    address: tuple[str, ...] = ()
    what_changed: str = ""

    @property
    def title(self) -> str:
        """The name of the document: neutral, because titles show in windows, lists and print queues."""
        return f"Remittance advice {self.reference}"


def _check_total(total_minor: int, amounts_minor: list[int], heading: str) -> None:
    if total_minor != sum(amounts_minor):
        raise ValueError(f"{heading}: the lines add up to {sum(amounts_minor)}, not {total_minor}.")
