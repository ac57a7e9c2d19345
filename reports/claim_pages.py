"""Lists and pages of claims for each reader: the claims app says what they may know, payments how far
the money is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from claims import queries
from claims.models import Claim
from claims.permissions import may_change_claim
from claims.queries import (
    ApproverClaim,
    ApproverClaimRow,
    FinanceClaim,
    FinanceClaimRow,
    OwnClaim,
    OwnClaimRow,
)
from claims.queries.lapsed import died_words
from claims.queries.queue import Place, Queue, queue
from claims.queries.scope import CHECKERS, DECIDERS, checked_claims, claims_to_decide_on
from claims.workflow import OPEN_TO_CHANGE, ClaimStatus
from common.dates import london_day, today
from common.paging import Page, asked_key
from people.models import Organisation, Person, RoleKind
from people.standing import Standing
from reports.claim_state import State, states_of


class Audience(StrEnum):
    """As whom somebody reads a claim. A person with several parts reads it as the first that fits:

    their own before all, and a lead's view before finance's, because whoever decides a claim must not
    see what fee it carries.
    """

    OWN = "own"
    LEAD = "lead"
    FINANCE = "finance"
    HELPER = "helper"


# Whose work comes first when somebody with several parts opens the list.
_FIRST = (Audience.LEAD, Audience.FINANCE, Audience.HELPER, Audience.OWN)


@dataclass(frozen=True)
class OwnRow:
    """One of a contributor's own claims and how it stands."""

    claim: OwnClaimRow
    state: State

    @property
    def amount(self) -> int:
        """What was allowed once all is decided, else what the policy gives. Minor units."""
        return self.claim.estimate if self.claim.waiting else self.claim.allowed


@dataclass(frozen=True)
class WorkRow:
    """A claim that somebody works on, with its age."""

    claim: ApproverClaimRow
    age_days: int | None
    is_late: bool

    @classmethod
    def of(cls, claim: ApproverClaimRow) -> "WorkRow":
        sent = claim.submitted_at
        age = (today() - london_day(sent)).days if sent else None
        return cls(claim, age, _late(claim.status, claim.promised_by))

    @property
    def state(self) -> State:
        if self.is_late:
            return State("Waiting, late", "red")
        colour = {ClaimStatus.SUBMITTED: "blue", ClaimStatus.DECIDED: "green"}
        status = ClaimStatus(self.claim.status)
        return State(str(status.label), colour.get(status, "grey"))


AnyRow = OwnRow | WorkRow | FinanceClaimRow


@dataclass(frozen=True)
class ClaimList:
    """One page of claims in one of the parts somebody holds; what waits for a lead is a queue."""

    audience: Audience
    choices: list[Audience]
    rows: Sequence[AnyRow]
    is_decided: bool
    older: str
    newer: str
    queue: Queue | None = None


@dataclass(frozen=True)
class ClaimPage:
    """One claim for one reader. Exactly one of `own`, `approver` and `finance` is there."""

    audience: Audience
    organisation: Organisation
    own: OwnClaim | None = None
    state: State | None = None
    approver: ApproverClaim | None = None
    row: WorkRow | None = None
    finance: FinanceClaim | None = None
    may_change: bool = False
    died: str = ""


def audiences_of(standing: Standing) -> list[Audience]:
    """As whom this person may read claims, the part whose work comes first on top."""
    parts = {
        Audience.OWN: {RoleKind.CONTRIBUTOR},
        Audience.LEAD: DECIDERS,
        Audience.FINANCE: CHECKERS,
        Audience.HELPER: {RoleKind.LINK},
    }
    return [audience for audience in _FIRST if standing.has(*parts[audience])]


def claim_list(standing: Standing, asked: Mapping[str, str]) -> ClaimList:
    """The page of claims that `?view=`, `?status=decided`, `?before=` and `?after=` ask for."""
    choices = audiences_of(standing) or [Audience.OWN]
    audience = next((choice for choice in choices if choice == asked.get("view")), choices[0])
    decided = asked.get("status") == "decided"
    if audience is Audience.LEAD and not decided:
        return ClaimList(audience, choices, [], False, "", "", queue=_queue(standing, asked))
    page = _page(standing, audience, asked, f"view={audience}&" + ("status=decided&" if decided else ""))
    return ClaimList(audience, choices, page.rows, decided, older=page.older, newer=page.newer)


def _queue(standing: Standing, asked: Mapping[str, str]) -> Queue:
    """The page of what waits that `?project=` and `?after=` ask for."""
    place = Place.read(asked.get("after", ""))
    return queue(standing.person, project_id=asked_key(asked, "project"), after=place)


def _page(standing: Standing, audience: Audience, asked: Mapping[str, str], keep: str) -> Page[AnyRow]:
    person = standing.person
    if audience is Audience.OWN:
        own = queries.own_rows(person, asked, keep=keep)
        states = states_of(own.rows)
        return own.showing([OwnRow(row, states[row.pk]) for row in own.rows])
    if audience is Audience.FINANCE:
        return queries.finance_rows(person, asked, keep=keep)
    if audience is Audience.HELPER:
        work = queries.helper_rows(person, asked, keep=keep)
    else:
        work = queries.approver_rows(person, asked, status=ClaimStatus.DECIDED, keep=keep)
    return work.showing([WorkRow.of(row) for row in work.rows])


def find(standing: Standing, reference: str) -> tuple[Claim, Audience] | None:
    """The claim with this reference and as whom it is read; None when the person may not see it."""
    visible = queries.claims_visible_to(standing.person).select_related("organisation")
    claim = visible.filter(reference=reference).first()
    return None if claim is None else (claim, _audience(standing, claim))


def _audience(standing: Standing, claim: Claim) -> Audience:
    if claim.contributor_id == standing.person.pk:
        return Audience.OWN
    if claims_to_decide_on(standing.person).filter(pk=claim.pk).exists():
        return Audience.LEAD
    if checked_claims(standing.person).filter(pk=claim.pk).exists():
        return Audience.FINANCE
    return Audience.HELPER


def claim_page(standing: Standing, reference: str) -> ClaimPage | None:
    """One claim as this person may see it; None when they may not."""
    found = find(standing, reference)
    if found is None:
        return None
    claim, audience = found
    person, organisation = standing.person, claim.organisation
    if audience is Audience.OWN:
        own = queries.own_claim(person, claim.pk)
        state = states_of([own.claim])[claim.pk]
        return ClaimPage(audience, organisation, own=own, state=state, may_change=_may_change(person, claim))
    if audience is Audience.FINANCE:
        found_claim = queries.finance_claim(person, claim.pk)
        return ClaimPage(audience, organisation, finance=found_claim, died=died_words(claim))
    ask = queries.approver_claim if audience is Audience.LEAD else queries.helper_claim
    approver = ask(person, claim.pk)
    row, may_change = WorkRow.of(approver.claim), audience is Audience.HELPER and _may_change(person, claim)
    died = died_words(claim)
    return ClaimPage(audience, organisation, approver=approver, row=row, may_change=may_change, died=died)


def _may_change(person: Person, claim: Claim) -> bool:
    """Is there something that this person can still do with the claim: carry on, correct, answer?"""
    return claim.status in OPEN_TO_CHANGE and may_change_claim(person, claim) is None


def _late(status: str, promised_by: date | None) -> bool:
    return status == ClaimStatus.SUBMITTED and promised_by is not None and promised_by < today()
