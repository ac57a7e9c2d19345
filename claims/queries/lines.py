"""The lines of one claim, for each audience in its own type."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from claims.models import REFUSING, Claim, ClaimLine, CountsAs, Decision, LineShare
from claims.pricing import reasons
from claims.queries.rows import ApproverCost, ApproverTime, FinanceCost, OwnLine
from claims.workflow import PAYABLE
from common.money import money_text, to_minor

_Shares = Mapping[int, Sequence[tuple[str, int]]]


def own_lines(claim: Claim) -> list[OwnLine]:
    """Every line, with the contributor's own answer."""
    lines = ClaimLine.objects.filter(claim=claim).select_related("answer").order_by("position")
    return [_own_line(line) for line in lines]


def approver_lines(claim: Claim) -> tuple[list[ApproverCost], list[ApproverTime]]:
    """Costs with amounts, and time without."""
    lines = list(ClaimLine.objects.filter(claim=claim).order_by("position"))
    shares = _shares(claim)
    hours = dict(
        Decision.objects.filter(line__claim=claim, hours__isnull=False, undoing__isnull=True).values_list(
            "line_id", "hours"
        )
    )
    costs = [_cost(line, shares) for line in lines if line.counts_as == CountsAs.EXPENSE]
    time = [_time(line, shares, hours) for line in lines if line.counts_as == CountsAs.FEE]
    return costs, time


def finance_costs(claim: Claim) -> list[FinanceCost]:
    """Costs on which money is due."""
    due = ClaimLine.objects.filter(claim=claim, counts_as=CountsAs.EXPENSE, status__in=PAYABLE, allowed__gt=0)
    return [
        FinanceCost(
            on=line.date,
            kind=line.kind,
            mode=line.mode,
            spent=_spent(line),
            allowed=line.allowed or 0,
            reason=line.reason,
        )
        for line in due.order_by("position")
    ]


def _own_line(line: ClaimLine) -> OwnLine:
    answer = getattr(line, "answer", None)
    return OwnLine(
        pk=line.pk,
        position=line.position,
        on=line.date,
        kind=line.kind,
        mode=line.mode,
        quantity=line.quantity,
        unit=line.unit,
        spent=_spent(line),
        receipt=line.receipt,
        note=line.note,
        counts_as=line.counts_as,
        status=line.status,
        estimate=line.estimate,
        allowed=line.allowed,
        reason=_own_reason(line, answer.answer if answer else ""),
        answer=answer.answer if answer else "",
        less_amount=answer.less_amount if answer else None,
    )


def _own_reason(line: ClaimLine, answer: str) -> str:
    """The reason on the line; only to the contributor, that the answer was theirs."""
    if line.reason:
        return line.reason
    if line.allowed is None:
        return line.estimate_reason
    return reasons.DECLINED if answer in REFUSING else ""


def _cost(line: ClaimLine, shares: _Shares) -> ApproverCost:
    return ApproverCost(
        pk=line.pk,
        position=line.position,
        on=line.date,
        kind=line.kind,
        mode=line.mode,
        quantity=line.quantity,
        unit=line.unit,
        spent=_spent(line),
        receipt=line.receipt,
        note=line.note,
        estimate=line.estimate,
        estimate_reason=line.estimate_reason,
        status=line.status,
        allowed=line.allowed,
        reason=line.reason,
        shares=shares.get(line.pk, ()),
    )


def _time(line: ClaimLine, shares: _Shares, hours: Mapping[int, Decimal | None]) -> ApproverTime:
    return ApproverTime(
        pk=line.pk,
        position=line.position,
        on=line.date,
        mode=line.mode,
        hours=line.quantity,
        note=line.note,
        status=line.status,
        confirmed_hours=hours.get(line.pk),
        reason=line.reason,
        shares=shares.get(line.pk, ()),
    )


def _shares(claim: Claim) -> _Shares:
    found: dict[int, list[tuple[str, int]]] = {}
    for line_id, code, weight in _share_values(claim):
        found.setdefault(line_id, []).append((code, weight))
    return found


def _share_values(claim: Claim) -> Iterator[tuple[int, str, int]]:
    shares = LineShare.objects.filter(line__claim=claim).order_by("line_id", "position")
    yield from shares.values_list("line_id", "project__code", "weight")


def _spent(line: ClaimLine) -> str:
    """What the receipt says, as people read it; empty for what is priced by quantity."""
    if line.spent is None:
        return ""
    return money_text(to_minor(line.spent), line.spent.currency.code)
