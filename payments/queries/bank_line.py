"""One statement line: what it could be, or what it was said to be and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Sum

from common.dates import month_key, today
from common.errors import NotVisible
from ledger.models import AccountKind, AccountMonth, Period
from payments.models import Match, MatchKind, StatementLine
from payments.queries.bank_desk import all_suggestions, search
from payments.queries.reconciling import signed_reconciliation
from payments.queries.taken_in import what_of, why
from payments.suggesting import Suggestion
from payments.when import day_words, month_words
from payments.workflow import PaymentStatus
from people.models import Organisation


@dataclass(frozen=True)
class LineDetail:
    """A line with what it could be, the surest first, or with its match."""

    line: StatementLine
    age_days: int
    match: Match | None
    what: str
    why: str
    undone: Sequence[Match]
    offered: Sequence[Suggestion]
    best: Suggestion | None
    hint: str
    found: int

    @property
    def amount(self) -> int:
        """Without its sign; pages say in or out."""
        return abs(self.line.amount)


def line_detail(line: StatementLine, asked: str = "") -> LineDetail:
    """A line, and what a search for other payments found."""
    rows = line.matches.select_related(
        "run", "payment__person", "payment__run", "matched_by", "undone_by", "entry__reversed_by"
    )
    matches = list(rows.order_by("pk"))
    for each in matches:
        each.line = line
    standing = next((each for each in matches if each.undone_at is None), None)
    offered, hint = ([], "") if standing else all_suggestions(line)
    found = [] if standing else search(line, asked)
    known = {each.choice for each in offered}
    return LineDetail(
        line=line,
        age_days=(today() - line.date).days,
        match=standing,
        what=what_of(standing) if standing else "",
        why=why(standing) if standing else "",
        undone=[each for each in matches if each.undone_at is not None],
        offered=[*offered, *(each for each in found if each.choice not in known)],
        best=_best(offered),
        hint=hint,
        found=len(found),
    )


def payroll_holds(organisation: Organisation) -> int:
    """What payroll has paid and the bank has not shown it take back yet, in minor units."""
    months = AccountMonth.objects.filter(
        account__organisation=organisation, account__kind=AccountKind.PAYROLL
    )
    return months.aggregate(sum=Sum(F("credits") - F("debits")))["sum"] or 0


def _best(offered: Sequence[Suggestion]) -> Suggestion | None:
    """The one suggestion that stands out; explanations need words, so they are never a single click."""
    if not offered or not offered[0].key:
        return None
    if len(offered) > 1 and offered[0].strength == offered[1].strength:
        return None
    return offered[0]


def standing_match(line: StatementLine) -> Match:
    """What a line is matched to now. Raises NotVisible when it waits."""
    rows = line.matches.filter(undone_at__isnull=True).select_related(
        "run", "payment__person", "payment__run", "matched_by", "entry"
    )
    found = rows.first()
    if found is None:
        raise NotVisible("This line is not matched.")
    found.line = line
    return found


def undoing(match: Match) -> list[str]:
    """What undoing a match will do, sentence by sentence."""
    told = [_effect(match)]
    day, month = match.entry.date, month_key(match.entry.date)
    if signed_reconciliation(match.line.account, month) is not None:
        told.append(f"{month_words(month)} is signed and stays as it was signed.")
        day = today()
    elif Period.objects.filter(organisation=match.organisation_id, month=month, closed=True).exists():
        told.append(f"{month_words(month)} is closed and stays as it is.")
        day = today()
    told.append(
        f"Entry {match.entry.number} of the books is reversed with a new entry, dated {day_words(day)}."
    )
    told.append("The line waits again. This match stays on record, with your name and your reason.")
    return told


def _effect(match: Match) -> str:
    if match.run is not None:
        own = Match.objects.filter(
            kind=MatchKind.PAYMENT, undone_at__isnull=True, payment__run=match.run
        ).values("payment_id")
        paid = match.run.payments.exclude(status=PaymentStatus.TAKEN_OUT).exclude(pk__in=own).count()
        many = "1 payment goes" if paid == 1 else f"{paid} payments go"
        return f"{many} back to “sent to the bank”: nobody is told anything, and nothing is paid again."
    if match.payment is not None and match.kind == MatchKind.RETURN:
        return (
            f"{match.payment.reference} to {match.payment.person} counts as paid again, "
            "and is not due any more."
        )
    if match.payment is not None:
        return f"{match.payment.reference} to {match.payment.person} goes back to “sent to the bank”."
    return f"The books no longer hold it as: {match.get_kind_display()}."
