"""What a page shows of a claim or a line, one type per audience. A type does not hold what is behind
its wall: an approver's has no amount and no answer for time, finance's has nothing but what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class OwnClaimRow:
    """A claim in its contributor's list. Amounts are minor units."""

    pk: int
    reference: str
    project: str
    status: str
    currency: str
    estimate: int
    allowed: int
    submitted_at: datetime | None
    promised_by: date | None
    waiting: int


@dataclass(frozen=True)
class OwnLine:
    """A line as its contributor sees it: everything, with their own answer."""

    pk: int
    position: int
    on: date
    kind: str
    mode: str
    quantity: Decimal | None
    unit: str
    spent: str
    receipt: str
    note: str
    counts_as: str
    status: str
    estimate: int
    allowed: int | None
    reason: str
    answer: str
    less_amount: int | None


@dataclass(frozen=True)
class OwnClaim:
    """A claim's page for its contributor."""

    claim: OwnClaimRow
    version: int
    entered_by: str
    lines: Sequence[OwnLine]


@dataclass(frozen=True)
class ApproverClaimRow:
    """A claim in the list of what waits for a decision. Totals would tell what time was paid: none here."""

    pk: int
    reference: str
    contributor: str
    project: str
    status: str
    submitted_at: datetime | None
    promised_by: date | None
    waiting: int


@dataclass(frozen=True)
class ApproverCost:
    """A cost as the person deciding sees it. Amounts are minor units of the claim's currency."""

    pk: int
    position: int
    on: date
    kind: str
    mode: str
    quantity: Decimal | None
    unit: str
    spent: str
    receipt: str
    note: str
    estimate: int
    estimate_reason: str
    status: str
    allowed: int | None
    reason: str
    shares: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class ApproverTime:
    """Time as the person deciding sees it: that it was given, and how long. No money, no answer."""

    pk: int
    position: int
    on: date
    mode: str
    hours: Decimal | None
    note: str
    status: str
    confirmed_hours: Decimal | None
    reason: str
    shares: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class ApproverClaim:
    """A claim's page for those who decide it, and for those who typed it or help with it.

    `barred` says why the person looking has a part in the claim and may not decide it.
    """

    claim: ApproverClaimRow
    version: int
    currency: str
    entered_by: str
    barred: str | None
    costs: Sequence[ApproverCost]
    time: Sequence[ApproverTime]


@dataclass(frozen=True)
class FinanceClaimRow:
    """A claim with money due on it. Minor units; the two never mix in one payment."""

    pk: int
    reference: str
    contributor: str
    number: str
    project: str
    currency: str
    fee: int
    costs: int
    promised_by: date | None


@dataclass(frozen=True)
class FinanceCost:
    """A cost on which money is due. No line number: a missing one would tell of a fee of nothing."""

    on: date
    kind: str
    mode: str
    spent: str
    allowed: int
    reason: str


@dataclass(frozen=True)
class FinanceClaim:
    """A claim's page for finance and auditors: money for time is one amount, without hours."""

    claim: FinanceClaimRow
    costs: Sequence[FinanceCost]
