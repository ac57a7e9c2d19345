"""Small policies and claim lines for the tests of pricing, written as the files write them."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from claims.pricing.lines import ClaimLine, Decided, PricedLine
from claims.pricing.policy import Policy
from claims.pricing.policy_file import read_policy
from claims.pricing.pricing import price
from claims.pricing.vocabulary import Kind, Mode, Unit

DEMO = Path(__file__).resolve().parents[3] / "fixtures" / "demo"
DAY = date(2026, 11, 10)
COLUMNS = (
    "claim,line,contributor,date,kind,mode,quantity,unit,amount,funded_elsewhere,hours_away,"
    "receipt,answer,cancelled_notice,shares"
)


def policy_text(*rows: str, hours: str = "24", share: str = '"1.00"') -> str:
    """A policy file with these rows; a row that gives no day is in force from 2020."""
    top = 'name = "Test"\ncurrency = "GBP"\n'
    top += f"late_cancellation_hours = {hours}\nlate_cancellation_share = {share}\n"
    return top + "".join(f"[[rate]]\n{_with_defaults(row)}\n" for row in rows)


def _with_defaults(row: str) -> str:
    given = tomllib.loads(row)
    if "from" not in given:
        row += "\nfrom = 2020-01-01"
    if "counts_as" not in given:
        row += '\ncounts_as = "expense"'
    return row


def policy_of(*rows: str, hours: str = "24", share: str = '"1.00"') -> Policy:
    return read_policy(policy_text(*rows, hours=hours, share=share))


def claim_line(kind: str, mode: str = "", **values: Any) -> ClaimLine:
    """A line of claim C1 by amira on `DAY`; quantities may be text, and a notice (hours, minutes)."""
    if "quantity" in values:
        values["quantity"] = Decimal(values["quantity"])
        values.setdefault(
            "unit", {"time": Unit.HOUR, "care": Unit.HOUR, "online": Unit.MEETING}.get(kind, Unit.MILE)
        )
    if "hours_away" in values:
        values["hours_away"] = Decimal(values["hours_away"])
    if "notice" in values:
        hours, minutes = values["notice"]
        values["notice"] = timedelta(hours=hours, minutes=minutes)
    defaults: dict[str, Any] = {"claim": "C1", "line": "1", "contributor": "amira", "on": DAY}
    return ClaimLine(**(defaults | values), kind=Kind(kind), mode=Mode(mode) if mode else None)


def priced(
    policy: Policy,
    *lines: ClaimLine,
    miles: dict[tuple[str, str], str] | None = None,
    already: tuple[Decided, ...] = (),
) -> list[PricedLine]:
    before = {key: Decimal(number) for key, number in (miles or {}).items()}
    return price(policy, lines, before, already)


def allowed(policy: Policy, *lines: ClaimLine, **context: Any) -> list[int]:
    """Pence allowed, line by line."""
    return [line.allowed for line in priced(policy, *lines, **context)]
