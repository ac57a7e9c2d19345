"""Prove that claims, commitments and books say the same, with questions over whole tables."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from claims.models import Claim, ClaimLine, Decision, LineShare, Offer, Outcome, Undoing, UndoneShare
from claims.queries.lapsed import lapsed
from claims.queries.wall import given_time
from claims.workflow import UNDECIDED, ClaimStatus, LineStatus
from ledger.models import AccountKind, Commitment, Period, Transfer
from people.models import Organisation


def problems(organisation: Organisation) -> Iterator[str]:
    """One sentence for everything that does not agree; nothing when all is well."""
    yield from _amounts(organisation)
    yield from _decisions(organisation)
    yield from _undoings(organisation)
    yield from _statuses(organisation)
    yield from _commitments(organisation)
    yield from _given_time(organisation)


def _amounts(organisation: Organisation) -> Iterator[str]:
    """What is allowed is what its shares sum to, and what was posted, project by project."""
    lines = _lines(organisation).filter(allowed__isnull=False)
    shares = LineShare.objects.filter(line=OuterRef("pk")).order_by().values("line")
    shared = lines.annotate(shared=_sum(shares, "amount"))
    for line in shared.exclude(shared=F("allowed")).iterator():
        yield f"{line}: {line.allowed} is allowed, and its shares sum to {line.shared}."
    entries = _standing().filter(entry__decision__line=OuterRef("pk"))
    for booked in lines.annotate(posted=_sum(entries, "amount")).exclude(posted=F("allowed")).iterator():
        yield f"{booked}: {booked.allowed} is allowed, and {booked.posted} was posted."
    parts = LineShare.objects.filter(line__claim__organisation=organisation, line__allowed__isnull=False)
    right = _standing().filter(
        entry__decision__line=OuterRef("line_id"),
        credit__project=OuterRef("project_id"),
        credit__category=OuterRef("line__category"),
        party=OuterRef("line__claim__contributor_id"),
    )
    owed = parts.annotate(posted=_sum(right, "amount"), reference=F("line__claim__reference"))
    for part in owed.exclude(posted=F("amount")).iterator():
        yield (
            f"{part.reference}: {part.amount} is for project {part.project_id}, and {part.posted} was "
            "posted there to its contributor."
        )


def _decisions(organisation: Organisation) -> Iterator[str]:
    """Whoever decided had no part in the claim, and every decided line has its decision."""
    decisions = Decision.objects.filter(line__claim__organisation=organisation).select_related("line__claim")
    theirs = Q(decided_by=F("line__claim__contributor")) | Q(decided_by=F("line__claim__entered_by"))
    for decision in decisions.filter(theirs).iterator():
        yield f"{decision.line}: was decided by whoever claimed it or typed it in."
    copied = Q(contributor=F("line__claim__contributor"), entered_by=F("line__claim__entered_by"))
    for decision in decisions.exclude(copied).iterator():
        yield f"{decision.line}: its decision names other people than the claim."
    made = Decision.objects.filter(
        line=OuterRef("pk"), decided_by=OuterRef("decided_by"), undoing__isnull=True
    )
    decided = _lines(organisation).exclude(status__in=UNDECIDED | {LineStatus.WITHDRAWN})
    for line in decided.exclude(Exists(made.exclude(outcome=Outcome.ASK))).iterator():
        yield f"{line}: is {line.status} without a decision."


def _undoings(organisation: Organisation) -> Iterator[str]:
    """What was undone is reversed in the books, was undone by somebody else, and left its line empty."""
    undone = Undoing.objects.filter(decision__line__claim__organisation=organisation)
    theirs = Q(undone_by=F("decision__line__claim__contributor")) | Q(
        undone_by=F("decision__line__claim__entered_by")
    )
    for undoing in undone.filter(theirs).select_related("decision__line__claim").iterator():
        yield f"{undoing.decision.line}: its decision was undone by whoever claimed it or typed it in."
    posted = _owed().filter(entry__decision=OuterRef("decision"))
    kept = UndoneShare.objects.filter(undoing=OuterRef("pk")).order_by().values("undoing")
    sums = undone.annotate(
        posted=_total(posted.values("entry__decision")), kept=_total(kept), back=F("entry__reverses")
    ).select_related("decision__line__claim")
    for each in sums.iterator():
        if each.back != each.decision.entry_id or each.posted != each.kept:
            yield f"{each.decision.line}: its decision was undone, and the books do not say so."
    waiting = LineShare.objects.filter(
        line__claim__organisation=organisation, line__status__in=UNDECIDED
    ).select_related("line__claim")
    for share in waiting.exclude(amount=0, policy_amount=0).iterator():
        yield f"{share.line}: waits for a decision, and a project still carries part of it."


def _statuses(organisation: Organisation) -> Iterator[str]:
    """A claim is decided when no line of it waits, and not before."""
    waiting = ClaimLine.objects.filter(claim=OuterRef("pk"), status__in=UNDECIDED)
    claims = Claim.objects.filter(organisation=organisation)
    for claim in claims.filter(Exists(waiting), status=ClaimStatus.DECIDED).iterator():
        yield f"{claim}: is decided, and a line of it waits."
    for claim in claims.exclude(Exists(waiting)).filter(status=ClaimStatus.SUBMITTED).iterator():
        yield f"{claim}: waits for a decision, and no line of it does."


def _commitments(organisation: Organisation) -> Iterator[str]:
    """Money is reserved for lines that wait and offers not yet claimed, and for nothing else."""
    waiting = _lines(organisation).filter(claim__status=ClaimStatus.SUBMITTED, status__in=UNDECIDED)
    lines = {f"line:{pk}" for pk in waiting.values_list("pk", flat=True).iterator()}
    claimed = Claim.objects.filter(activity=OuterRef("activity"), contributor=OuterRef("contributor"))
    offers = Offer.objects.filter(activity__project__organisation=organisation, amount__gt=0)
    standing = (
        offers.filter(activity__cancelled_by="")
        .exclude(Exists(claimed.filter(status__in=[ClaimStatus.SUBMITTED, ClaimStatus.DECIDED])))
        .exclude(lapsed())
    )
    due = {f"offer:{pk}" for pk in standing.values_list("pk", flat=True).iterator()}
    found = Commitment.objects.filter(organisation=organisation, closed_at__isnull=True)
    reserved = set(found.values_list("source", flat=True).iterator())
    for source in sorted(reserved - lines - due):
        yield f"{source}: money is still reserved for it."
    for source in sorted(due - reserved):
        yield f"{source}: stands, and no money is reserved for it."
    priced = {f"line:{pk}" for pk in waiting.filter(estimate__gt=0).values_list("pk", flat=True).iterator()}
    for source in sorted(priced - reserved):
        yield f"{source}: waits, and no money is reserved for it."


def _lines(organisation: Organisation) -> QuerySet[ClaimLine]:
    return ClaimLine.objects.filter(claim__organisation=organisation).select_related("claim")


def _owed() -> QuerySet[Transfer]:
    return Transfer.objects.filter(debit__kind=AccountKind.COST, credit__kind=AccountKind.OWED).order_by()


def _standing() -> QuerySet[Transfer]:
    """What decisions posted that nobody has undone."""
    return _owed().filter(entry__decision__undoing__isnull=True)


def _total(rows: QuerySet[Any, Any]) -> Coalesce:
    """The sum of amounts over the rows of a correlated question that is grouped already."""
    return Coalesce(Subquery(rows.annotate(total=Sum("amount")).values("total")), 0)


def _sum(rows: QuerySet[Any, Any], field: str) -> Coalesce:
    """The sum over the rows of a correlated question, 0 without any."""
    key = "line" if rows.model is LineShare else "entry__decision__line"
    return Coalesce(Subquery(rows.values(key).annotate(total=Sum(field)).values("total")), 0)


def _given_time(organisation: Organisation) -> Iterator[str]:
    """What was counted as given is what people did not take, month by month and project by project."""
    rows = Transfer.objects.filter(debit__kind=AccountKind.GIVEN_TIME, entry__organisation=organisation)
    posted = dict(rows.values_list("entry__source", "amount"))
    periods = Period.objects.filter(organisation=organisation, closed=True)
    closed = set(periods.values_list("month", flat=True))
    given = {
        f"given:{project.pk}:{month}": (amount, month in closed)
        for project in organisation.projects.order_by("pk")
        for month, amount in given_time(project).items()
    }
    for source in sorted(posted.keys() | {source for source, (_, is_due) in given.items() if is_due}):
        amount, counted = given.get(source, (0, False))[0], posted.get(source, 0)
        if amount != counted:
            yield f"{source}: {amount} was given, and {counted} is counted."
