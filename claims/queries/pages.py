"""Lists and pages of claims, for each audience in its own type. `asked` and `keep` are those of `page_of`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Count, Q, QuerySet, Sum

from claims import permissions
from claims.models import Claim, ClaimLine, CountsAs
from claims.queries import lines, scope
from claims.queries.rows import (
    ApproverClaim,
    ApproverClaimRow,
    FinanceClaim,
    FinanceClaimRow,
    OwnClaim,
    OwnClaimRow,
)
from claims.workflow import PAYABLE, UNDECIDED, ClaimStatus, LineStatus
from common.paging import NEWEST, Page, page_of
from people.models import Person

Row = TypeVar("Row")
_DUE = Q(status__in=PAYABLE, allowed__gt=0)
_WAITING = Count("pk", filter=Q(status__in=UNDECIDED))
_ASKED_FOR = ~Q(status=LineStatus.WITHDRAWN)
_OWN_TOTALS = {"estimated": Sum("estimate", filter=_ASKED_FOR), "agreed": Sum("allowed"), "waiting": _WAITING}
_APPROVER_TOTALS = {"waiting": _WAITING}
_FINANCE_TOTALS = {
    "fee": Sum("allowed", filter=_DUE & Q(counts_as=CountsAs.FEE), default=0),
    "costs": Sum("allowed", filter=_DUE & Q(counts_as=CountsAs.EXPENSE), default=0),
}
_Totals = Mapping[str, Any]
_Asked = Mapping[str, str]


def own_rows(person: Person, asked: _Asked = NEWEST, *, keep: str = "") -> Page[OwnClaimRow]:
    """The person's own claims."""
    page = page_of(_listed(scope.own_claims(person)), asked, keep=keep)
    return _shown(page, _OWN_TOTALS, _own_row)


def helper_rows(person: Person, asked: _Asked = NEWEST, *, keep: str = "") -> Page[ApproverClaimRow]:
    """Claims of the contributors this person helps."""
    page = page_of(_listed(scope.helped_claims(person)), asked, keep=keep)
    return _shown(page, _APPROVER_TOTALS, _approver_row)


def approver_rows(
    person: Person,
    asked: _Asked = NEWEST,
    *,
    status: ClaimStatus = ClaimStatus.SUBMITTED,
    keep: str = "",
) -> Page[ApproverClaimRow]:
    """Claims that wait for this person's decision, or were decided; not what is theirs or they typed."""
    claims = scope.claims_to_decide_on(person).filter(status=status)
    others = claims.exclude(contributor=person).exclude(entered_by=person)
    return _shown(page_of(_listed(others), asked, keep=keep), _APPROVER_TOTALS, _approver_row)


def finance_rows(person: Person, asked: _Asked = NEWEST, *, keep: str = "") -> Page[FinanceClaimRow]:
    """Claims with money due on them, in the organisations where this person is finance or auditor."""
    page = page_of(_listed(scope.checked_claims(person)), asked, keep=keep)
    return _shown(page, _FINANCE_TOTALS, _finance_row)


def own_claim(person: Person, pk: int) -> OwnClaim:
    """A claim of the person's own. Raises NotVisible."""
    claim = scope.one_of(scope.own_claims(person), pk)
    return OwnClaim(
        claim=_own_row(claim, _totals([claim], _OWN_TOTALS)[claim.pk]),
        version=claim.version,
        entered_by=claim.entered_by.name,
        lines=lines.own_lines(claim),
    )


def helper_claim(person: Person, pk: int) -> ApproverClaim:
    """A claim of somebody the person helps; a helper knows no more than who decides. Raises NotVisible."""
    return _approver_claim(person, scope.one_of(scope.helped_claims(person), pk))


def approver_claim(person: Person, pk: int) -> ApproverClaim:
    """A claim that a project of this lead or budget holder carries. Raises NotVisible."""
    return _approver_claim(person, scope.one_of(scope.claims_to_decide_on(person), pk))


def finance_claim(person: Person, pk: int) -> FinanceClaim:
    """A claim with money due on it, for finance and auditors. Raises NotVisible."""
    claim = scope.one_of(scope.checked_claims(person), pk)
    row = _finance_row(claim, _totals([claim], _FINANCE_TOTALS)[claim.pk])
    return FinanceClaim(claim=row, costs=lines.finance_costs(claim))


def _approver_claim(person: Person, claim: Claim) -> ApproverClaim:
    costs, time = lines.approver_lines(claim)
    return ApproverClaim(
        claim=_approver_row(claim, _totals([claim], _APPROVER_TOTALS)[claim.pk]),
        version=claim.version,
        currency=claim.currency,
        entered_by=claim.entered_by.name,
        barred=permissions.part_in(person, claim),
        costs=costs,
        time=time,
    )


def _listed(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    return claims.select_related("contributor", "project")


def _shown(page: Page[Claim], totals: _Totals, row: Callable[[Claim, _Totals], Row]) -> Page[Row]:
    sums = _totals(page.rows, totals)
    return page.showing([row(claim, sums[claim.pk]) for claim in page.rows])


def _totals(claims: Iterable[Claim], totals: _Totals) -> dict[int, _Totals]:
    """Sums over the lines of each claim in one question; zero for a claim without lines."""
    pks = [claim.pk for claim in claims]
    sums: dict[int, _Totals] = {pk: dict.fromkeys(totals, 0) for pk in pks}
    found = ClaimLine.objects.filter(claim_id__in=pks).order_by().values("claim_id").annotate(**totals)
    return sums | {row["claim_id"]: row for row in found}


def _own_row(claim: Claim, totals: _Totals) -> OwnClaimRow:
    return OwnClaimRow(
        pk=claim.pk,
        reference=claim.reference,
        project=claim.project.name,
        status=claim.status,
        currency=claim.currency,
        estimate=totals["estimated"] or 0,
        allowed=totals["agreed"] or 0,
        submitted_at=claim.submitted_at,
        promised_by=claim.promised_by,
        waiting=totals["waiting"],
    )


def _approver_row(claim: Claim, totals: _Totals) -> ApproverClaimRow:
    return ApproverClaimRow(
        pk=claim.pk,
        reference=claim.reference,
        contributor=claim.contributor.name,
        project=claim.project.name,
        status=claim.status,
        submitted_at=claim.submitted_at,
        promised_by=claim.promised_by,
        waiting=totals["waiting"],
    )


def _finance_row(claim: Claim, totals: _Totals) -> FinanceClaimRow:
    return FinanceClaimRow(
        pk=claim.pk,
        reference=claim.reference,
        contributor=claim.contributor.name,
        number=claim.contributor.number,
        project=claim.project.name,
        currency=claim.currency,
        fee=totals["fee"],
        costs=totals["costs"],
        promised_by=claim.promised_by,
    )
