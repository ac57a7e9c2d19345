"""A claim as whoever decides it sees it: each line with its paper, what happened to it, and who may not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from claims import permissions
from claims.models import Activity, Claim, ClaimLine, CountsAs, Decision, Outcome, Receipt, Undoing
from claims.pricing_rows import LOST
from claims.queries import pages, scope
from claims.queries.lapsed import died_words
from claims.queries.receipts import Lookalike, possible_duplicates, receipts_of
from claims.queries.rows import ApproverClaim, ApproverCost, ApproverTime
from claims.workflow import UNDECIDED, LineStatus
from common.dates import today
from people.models import Person, Project, Role, RoleKind
from people.permissions import COUNTING, in_force

MOST_NAMED = 5


@dataclass(frozen=True)
class Paper:
    """The receipt of a cost. `handle` is empty where there is nothing to open; `named` says what there is.

    `elsewhere` are lines that name the same receipt, `lookalikes` receipts that may show the same paper:
    something to ask about kindly, never a proof.
    """

    handle: str = ""
    is_picture: bool = False
    pages: int = 1
    named: str = ""
    elsewhere: Sequence[str] = ()
    lookalikes: Sequence[Lookalike] = ()


@dataclass(frozen=True)
class Told:
    """One thing that happened to a line: a question, an answer, a decision, or that it was undone."""

    at: datetime
    who: str
    what: str
    words: str = ""
    hours: Decimal | None = None


@dataclass(frozen=True)
class LineToDecide:
    """One line; `line` has no amounts where it is time. `decision` is the key of the one that stands."""

    line: ApproverCost | ApproverTime
    counts_as: CountsAs
    is_waiting: bool
    is_asked: bool
    barred: str | None
    paper: Paper | None
    story: Sequence[Told]
    decision: int | None

    @property
    def may_be_decided(self) -> bool:
        return self.is_waiting and self.barred is None


@dataclass(frozen=True)
class ClaimToDecide:
    """A claim's page for whoever decides it."""

    pk: int
    page: ApproverClaim
    activity: Activity | None
    lines: Sequence[LineToDecide]
    died: str = ""

    @property
    def is_late(self) -> bool:
        promised = self.page.claim.promised_by
        return bool(self.open_lines) and promised is not None and promised < today()

    @property
    def open_lines(self) -> list[LineToDecide]:
        """The lines this person may decide now."""
        return [] if self.page.barred else [line for line in self.lines if line.may_be_decided]


def claim_to_decide(person: Person, reference: str) -> ClaimToDecide:
    """A claim that a project of this lead or budget holder carries. Raises NotVisible."""
    key = scope.claims_to_decide_on(person).filter(reference=reference).values_list("pk", flat=True).first()
    claim = scope.one_of(scope.claims_to_decide_on(person), key or 0)
    page = pages.approver_claim(person, claim.pk)
    asked_for = claim.lines.exclude(status=LineStatus.WITHDRAWN).select_related("claim")
    rows = {line.pk: line for line in asked_for}
    shown: list[ApproverCost | ApproverTime] = [*page.costs, *page.time]
    shown.sort(key=lambda line: line.position)
    papers = _papers(person, claim, rows.values())
    stories, standing = _stories(claim)
    return ClaimToDecide(
        pk=claim.pk,
        page=page,
        activity=claim.activity,
        died=died_words(claim),
        lines=[
            LineToDecide(
                line=line,
                counts_as=CountsAs(rows[line.pk].counts_as),
                is_waiting=line.status in UNDECIDED,
                is_asked=line.status == LineStatus.QUERIED,
                barred=permissions.separation(person, rows[line.pk]),
                paper=papers.get(line.pk),
                story=stories.get(line.pk, ()),
                decision=standing.get(line.pk),
            )
            for line in shown
            if line.pk in rows
        ],
    )


def _papers(person: Person, claim: Claim, lines: Iterable[ClaimLine]) -> Mapping[int, Paper]:
    receipts = {receipt.handle: receipt for receipt in receipts_of(person, claim)}
    costs = [line for line in lines if line.counts_as == CountsAs.EXPENSE]
    return {line.pk: _paper(person, line, receipts.get(line.receipt)) for line in costs}


def _paper(person: Person, line: ClaimLine, receipt: Receipt | None) -> Paper:
    if line.receipt in ("", LOST):
        return Paper(named="The receipt is lost." if line.receipt else "There is no receipt.")
    elsewhere = _elsewhere(person, line)
    if receipt is None:
        return Paper(named=f"On paper, marked {line.receipt}.", elsewhere=elsewhere)
    return Paper(
        handle=receipt.handle,
        is_picture=receipt.kind != "pdf",
        pages=receipt.pages,
        elsewhere=elsewhere,
        lookalikes=possible_duplicates(person, receipt),
    )


def _elsewhere(person: Person, line: ClaimLine) -> list[str]:
    """Where else the same receipt is named: by reference where this person may know of the claim."""
    others = ClaimLine.objects.filter(
        claim__organisation_id=line.claim.organisation_id, kind=line.kind, receipt=line.receipt
    ).exclude(pk=line.pk)
    sent = others.exclude(status=LineStatus.WITHDRAWN).exclude(claim__status__in=["draft", "withdrawn"])
    found = list(sent.select_related("claim").order_by("-pk")[:MOST_NAMED])
    known = set(
        scope.claims_visible_to(person)
        .filter(pk__in=[other.claim_id for other in found])
        .values_list("pk", flat=True)
    )
    return [
        f"claim {other.claim}, line {other.position}" if other.claim_id in known else "another claim"
        for other in found
    ]


def _stories(claim: Claim) -> tuple[Mapping[int, list[Told]], Mapping[int, int]]:
    """What happened to each line, oldest first; and the decision on it that stands."""
    stories: dict[int, list[Told]] = defaultdict(list)
    standing: dict[int, int] = {}
    for line_id, told in _answers(claim):
        stories[line_id].append(told)
    decisions = Decision.objects.filter(line__claim=claim).select_related("decided_by", "undoing__undone_by")
    for decision in decisions.order_by("pk"):
        stories[decision.line_id].append(_decided(decision))
        undoing: Undoing | None = getattr(decision, "undoing", None)
        if undoing is not None:
            who = undoing.undone_by.name
            stories[decision.line_id].append(
                Told(undoing.undone_at, who, "undid this decision", undoing.reason)
            )
        elif decision.outcome != Outcome.ASK:
            standing[decision.line_id] = decision.pk
    return {line_id: sorted(story, key=lambda told: told.at) for line_id, story in stories.items()}, standing


_DID = {
    Outcome.APPROVE: "agreed this",
    Outcome.REDUCE: "agreed part of this",
    Outcome.REFUSE: "did not agree to this",
    Outcome.ASK: "asked",
}


def _decided(decision: Decision) -> Told:
    words = decision.reason
    if decision.over_budget_reason:
        words = f"{words} Over the budget: {decision.over_budget_reason}".strip()
    return Told(
        decision.decided_at, decision.decided_by.name, _DID[Outcome(decision.outcome)], words, decision.hours
    )


def _answers(claim: Claim) -> Iterable[tuple[int, Told]]:
    """From the history of the lines: each time a question was answered, with the words of that time."""
    rows = list(
        ClaimLine.history.model.objects.filter(claim_id=claim.pk)
        .order_by("id", "history_id")
        .values_list("id", "status", "note", "receipt", "history_date", "history_user_id")
    )
    names = dict(Person.objects.filter(pk__in={row[5] for row in rows if row[5]}).values_list("pk", "name"))
    for before, after in zip(rows, rows[1:], strict=False):
        if before[0] != after[0] or (before[1], after[1]) != (LineStatus.QUERIED, LineStatus.OPEN):
            continue
        words = f"“{after[2]}”" if after[2] and after[2] != before[2] else ""
        if after[3] != before[3]:
            words = f"{words} Sent another receipt.".strip()
        yield after[0], Told(after[4], names.get(after[5], "Somebody"), "answered", words)


def holders_of(project: Project) -> list[str]:
    """Who may go over this project's budget with a reason."""
    held = Role.objects.filter(in_force(today()), COUNTING, kind=RoleKind.HOLDER, project=project)
    return sorted(held.values_list("person__name", flat=True))
