"""The journal and the trial balance of a span of days."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q, QuerySet, Sum

from common.workbook import Column, Kind, Sheet
from common.workbook.model import Value
from ledger.models import Account, AccountKind, Transfer
from people.models import Organisation
from reports.workbook.pages import by_key
from reports.workbook.span import Span

JOURNAL_COLUMNS = (
    Column("Entry", Kind.NUMBER, width=9),
    Column("Day", Kind.DATE),
    Column("Narrative", width=40),
    Column("Source", width=28),
    Column("Debit", width=34),
    Column("Credit", width=34),
    Column("Amount", Kind.MONEY, total=True),
    Column("Party", Kind.NUMBER, width=9),
)
TRIAL_COLUMNS = (
    Column("Account", width=40),
    Column("Kind", width=26),
    Column("Before", Kind.MONEY, total=True),
    Column("Debits", Kind.MONEY, total=True),
    Column("Credits", Kind.MONEY, total=True),
    Column("After", Kind.MONEY, total=True),
)


def _within(organisation: Organisation, span: Span) -> Q:
    return Q(entry__organisation=organisation, entry__date__gte=span.since, entry__date__lte=span.until)


def moved(organisation: Organisation, span: Span) -> QuerySet[Transfer]:
    """Every transfer of the span."""
    return Transfer.objects.filter(_within(organisation, span))


def journal_sheet(organisation: Organisation, span: Span) -> Sheet:
    """Every transfer, in order. People appear as keys, never by name."""
    rows = by_key(
        moved(organisation, span),
        "entry__number",
        "entry__date",
        "entry__narrative",
        "entry__source",
        "debit__code",
        "credit__code",
        "amount",
        "party",
    )
    return Sheet("Journal", JOURNAL_COLUMNS, rows, about=f"Every movement in the books from {span}.")


def trial_balance_sheet(organisation: Organisation, span: Span) -> Sheet:
    """Every account: balance before, movements, balance after. Debit balances are positive."""
    return Sheet(
        "Trial balance",
        TRIAL_COLUMNS,
        _trial_rows(organisation, span),
        about=f"Every account, with its movements from {span}.",
        notes=("The columns Before and After each sum to 0.00.",),
    )


def _trial_rows(organisation: Organisation, span: Span) -> Iterator[tuple[Value, ...]]:
    before = Q(entry__organisation=organisation, entry__date__lt=span.since)
    opening, within = _sums(before), _sums(_within(organisation, span))
    for account in Account.objects.filter(organisation=organisation).order_by("code"):
        was_in, was_out = opening[account.pk]
        debits, credits_ = within[account.pk]
        was = was_in - was_out
        yield account.code, account.get_kind_display(), was, debits, credits_, was + debits - credits_


def _sums(chosen: Q) -> defaultdict[int, tuple[int, int]]:
    """Debits and credits by account over the chosen transfers: whole numbers, so SQL may add them up."""
    sums: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    transfers = Transfer.objects.filter(chosen)
    for account, total in transfers.values_list("debit").annotate(total=Sum("amount")):
        sums[account] = (total, 0)
    for account, total in transfers.values_list("credit").annotate(total=Sum("amount")):
        sums[account] = (sums[account][0], total)
    return sums


def cost_posted_for_claims(organisation: Organisation, span: Span) -> int:
    """Minor units that decisions posted as cost in the span."""
    return _total(
        _within(organisation, span) & Q(debit__kind=AccountKind.COST, entry__source__startswith="claim:")
    )


def released(organisation: Organisation, span: Span) -> int:
    """Minor units that runs moved from owed to in transit in the span."""
    return _total(
        _within(organisation, span) & Q(credit__kind=AccountKind.IN_TRANSIT, entry__source__startswith="run:")
    )


def _total(chosen: Q) -> int:
    total: int | None = Transfer.objects.filter(chosen).aggregate(total=Sum("amount"))["total"]
    return total or 0
