"""What was claimed and allowed, and where the budgets stand."""

from collections.abc import Iterator

from django.db.models import OuterRef, QuerySet, Subquery
from moneyed import Money

from claims.models import ClaimLine, CountsAs
from claims.words import line_title
from claims.workflow import PAYABLE
from common.dates import london_day
from common.money import to_minor
from common.workbook import Column, Kind, Sheet
from common.workbook.model import Value
from ledger.models import Category
from payments.models import PaymentItem
from people.models import Organisation, Project
from reports.position import for_finance
from reports.workbook.pages import by_key
from reports.workbook.span import Span

CLAIM_COLUMNS = (
    Column("Claim", width=12),
    Column("Contributor", width=12),
    Column("Name"),
    Column("Project", width=12),
    Column("Day", Kind.DATE),
    Column("For", width=30),
    Column("Counts as", width=24),
    Column("Category", width=24),
    Column("Asked", Kind.MONEY),
    Column("Allowed", Kind.MONEY, total=True),
    Column("Reason", width=50),
    Column("Decided", Kind.DATE),
    Column("Paid with", width=14),
)


CLAIM_FIELDS = (
    "claim__reference",
    "claim__contributor__number",
    "claim__contributor__name",
    "claim__project__code",
    "date",
    "kind",
    "mode",
    "counts_as",
    "category",
    "spent",
    "spent_currency",
    "allowed",
    "reason",
    "decided_at",
    "paid_with",
)


def decided_lines(organisation: Organisation, span: Span) -> QuerySet[ClaimLine]:
    """Lines decided in the span on which something is due."""
    return ClaimLine.objects.filter(
        claim__organisation=organisation,
        status__in=PAYABLE,
        allowed__gt=0,
        decided_at__gte=span.starts_at,
        decided_at__lt=span.ends_before,
    )


def claims_sheet(organisation: Organisation, span: Span) -> Sheet:
    """Decided lines on which something is due. A line that owes nothing has no row, whatever the cause."""
    live = PaymentItem.objects.filter(line=OuterRef("pk"), live=True)
    decided = decided_lines(organisation, span)
    return Sheet(
        "Claims",
        CLAIM_COLUMNS,
        _claim_rows(decided.annotate(paid_with=Subquery(live.values("payment__reference")[:1]))),
        about=f"Everything decided from {span} on which money is due.",
        notes=("Money for time is one amount, without hours. Asked is what a receipt says.",),
    )


def _claim_rows(lines: QuerySet[ClaimLine]) -> Iterator[tuple[Value, ...]]:
    """As values, not as records: those of a line and its payment refer to each other and pile up."""
    kinds, categories = dict(CountsAs.choices), dict(Category.choices)
    for *who, day, kind, mode, counts_as, category, spent, currency, allowed, reason, at, paid_with in by_key(
        lines, *CLAIM_FIELDS
    ):
        is_fee = counts_as == CountsAs.FEE
        yield (
            *who,
            day,
            "Time" if is_fee else line_title(kind, mode),
            str(kinds[counts_as]),
            str(categories[category]),
            None if is_fee or spent is None else to_minor(Money(spent, currency)),
            allowed,
            reason,
            london_day(at) if at else None,
            paid_with or "",
        )


BUDGET_COLUMNS = (
    Column("Project", width=12),
    Column("Category", width=28),
    *(
        Column(heading, Kind.MONEY, total=True)
        for heading in ("Planned", "Committed", "Claimed", "Owed", "In transit", "Paid", "Left")
    ),
)


def budget_sheet(organisation: Organisation) -> Sheet:
    """Plan against spend per project and category, as the books stand now."""
    return Sheet(
        "Budget",
        BUDGET_COLUMNS,
        _budget_rows(organisation),
        about="Plan against spend, as the books stand when this was made.",
        notes=("Left is planned, less committed, claimed, owed, in transit and paid.",),
    )


def _budget_rows(organisation: Organisation) -> Iterator[tuple[Value, ...]]:
    for project in Project.objects.filter(organisation=organisation).order_by("code"):
        for row in for_finance(project):
            yield (
                project.code,
                row.category.label,
                row.planned,
                row.committed,
                row.claimed,
                row.owed,
                row.in_transit,
                row.paid,
                row.left,
            )
