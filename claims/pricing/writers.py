"""Priced lines as CSV and JSON text, in the order given; amounts are plain decimals."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from claims.pricing.lines import PricedLine
from claims.pricing.policy import Policy
from common.money import decimal_text


def priced_csv(policy: Policy, priced: Iterable[PricedLine]) -> str:
    """`claim,line,allowed,counts_as,reason`, one row a line."""
    rows = [
        (line.claim, line.line, decimal_text(line.allowed, policy.currency), line.counts_as, line.reason)
        for line in priced
    ]
    return _csv(("claim", "line", "allowed", "counts_as", "reason"), rows)


def shares_csv(policy: Policy, priced: Iterable[PricedLine]) -> str:
    """`claim,line,project,amount`, one row a project that shares a line."""
    rows = [
        (line.claim, line.line, project, decimal_text(minor, policy.currency))
        for line in priced
        for project, minor in line.shares
    ]
    return _csv(("claim", "line", "project", "amount"), rows)


def priced_json(policy: Policy, priced: Iterable[PricedLine]) -> str:
    """The same with the rate row that priced each line and the shares, as one JSON object."""
    lines = [
        {
            "claim": line.claim,
            "line": line.line,
            "allowed": decimal_text(line.allowed, policy.currency),
            "counts_as": line.counts_as,
            "reason": line.reason,
            "rate": _rate(policy, line.rate_position),
            "shares": [
                {"project": project, "amount": decimal_text(minor, policy.currency)}
                for project, minor in line.shares
            ],
        }
        for line in priced
    ]
    return json.dumps({"lines": lines}, ensure_ascii=False, indent=2) + "\n"


def _rate(policy: Policy, position: int) -> dict[str, str | int | None]:
    """Enough of a rate row to find it in the policy; rows count from 1."""
    rate = policy.rates[position]
    return {
        "row": position + 1,
        "kind": rate.kind,
        "mode": rate.mode,
        "from": rate.starts.isoformat(),
        "to": rate.ends.isoformat() if rate.ends else None,
        "method": rate.method,
    }


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return target.getvalue()
