"""Reads of the books. Balances come from the monthly totals: their cost does not grow with the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from ledger.models import (
    Account,
    AccountKind,
    AccountMonth,
    BudgetLine,
    BudgetStatus,
    Category,
    Commitment,
    JournalEntry,
    Stage,
    Transfer,
)
from people.models import Organisation, Project


@dataclass(frozen=True)
class AccountBalance:
    """What went through one account, in minor units. A positive balance is a debit."""

    account_id: int
    code: str
    kind: AccountKind
    project_id: int | None
    category: str
    currency: str
    debits: int
    credits: int

    @property
    def balance(self) -> int:
        return self.debits - self.credits


@dataclass(frozen=True)
class TrialBalance:
    """Every account that was used. The two totals are equal, or something is badly wrong."""

    rows: Sequence[AccountBalance]

    @property
    def debits(self) -> int:
        return sum(row.debits for row in self.rows)

    @property
    def credits(self) -> int:
        return sum(row.credits for row in self.rows)


@dataclass(frozen=True)
class Position:
    """One category of a project's budget, in minor units: planned = paid + in transit + owed +
    claimed + committed + left."""

    category: Category
    planned: int
    committed: int
    claimed: int
    owed: int
    in_transit: int
    paid: int

    @property
    def left(self) -> int:
        used = self.committed + self.claimed + self.owed + self.in_transit + self.paid
        return self.planned - used


def balance(account: Account, until: int | None = None) -> int:
    """Debits less credits of one account, up to the end of a month (as in 202611) or altogether."""
    months = AccountMonth.objects.filter(_until(until), account=account)
    return months.aggregate(total=Sum(F("debits") - F("credits")))["total"] or 0


def balances(
    organisation: Organisation, until: int | None = None, project: Project | None = None
) -> list[AccountBalance]:
    """Every account of an organisation or of one of its projects that was used by then, by code."""
    used = AccountMonth.objects.filter(_until(until), account__organisation=organisation)
    if project is not None:
        used = used.filter(account__project=project)
    rows = (
        used.values("account_id", "account__code", "account__kind", "account__project_id")
        .annotate(
            category=F("account__category"),
            currency=F("account__currency"),
            debit_total=Sum("debits"),
            credit_total=Sum("credits"),
        )
        .order_by("account__code")
    )
    return [
        AccountBalance(
            account_id=row["account_id"],
            code=row["account__code"],
            kind=AccountKind(row["account__kind"]),
            project_id=row["account__project_id"],
            category=row["category"],
            currency=row["currency"],
            debits=row["debit_total"],
            credits=row["credit_total"],
        )
        for row in rows
    ]


def trial_balance(organisation: Organisation, until: int | None = None) -> TrialBalance:
    """All accounts of an organisation, with totals that must agree."""
    return TrialBalance(balances(organisation, until))


def _until(month: int | None) -> Q:
    return Q() if month is None else Q(month__lte=month)


def planned(project: Project) -> dict[str, int]:
    """The agreed plan by category, in minor units; empty while no budget is agreed."""
    lines = BudgetLine.objects.filter(budget__project=project, budget__status=BudgetStatus.AGREED)
    return dict(lines.values_list("category", "planned"))


def open_commitments(project: Project) -> dict[tuple[str, str], int]:
    """What is promised or asked for but not in the books, by category and stage."""
    rows = (
        Commitment.objects.filter(project=project, closed_at__isnull=True)
        .values_list("category", "stage")
        .annotate(total=Sum("amount"))
        .order_by("category", "stage")
    )
    return {(category, stage): total for category, stage, total in rows}


def position(project: Project, until: int | None = None) -> list[Position]:
    """A project's budget position by category, in three queries whatever the size of the books.

    `until` limits what the books say to the end of a month; plan and commitments are today's.
    """
    plan, promised = planned(project), open_commitments(project)
    books = {(row.kind, row.category): row.balance for row in balances(project.organisation, until, project)}
    return [_position(category, plan, promised, books) for category in Category]


def _position(
    category: Category,
    plan: dict[str, int],
    promised: dict[tuple[str, str], int],
    books: dict[tuple[AccountKind, str], int],
) -> Position:
    owed = -books.get((AccountKind.OWED, category), 0)
    in_transit = -books.get((AccountKind.IN_TRANSIT, category), 0)
    return Position(
        category=category,
        planned=plan.get(category, 0),
        committed=promised.get((category, Stage.COMMITTED), 0),
        claimed=promised.get((category, Stage.CLAIMED), 0),
        owed=owed,
        in_transit=in_transit,
        paid=books.get((AccountKind.COST, category), 0) - owed - in_transit,
    )


def journal_page(organisation: Organisation, before: int | None = None, size: int = 50) -> list[JournalEntry]:
    """The newest entries numbered below `before`, newest first, with their transfers."""
    entries = JournalEntry.objects.filter(organisation=organisation)
    if before is not None:
        entries = entries.filter(number__lt=before)
    shown = entries.order_by("-number").prefetch_related("transfers__debit", "transfers__credit")
    return list(shown[:size])


def opening_of(account: Account) -> JournalEntry | None:
    """The entry that brought in what was in this account on the first day, if there is one."""
    return JournalEntry.objects.filter(
        organisation=account.organisation_id, source=f"opening:{account.pk}"
    ).first()


def fundings_like(project: Project, account: Account, amount: int, day: date) -> QuerySet[JournalEntry]:
    """What was recorded as received for a project in an account on a day, of this amount (minor units).

    The newest first. What was put right by a reversal does not count.
    """
    alike = Transfer.objects.filter(
        debit=account, credit__project=project, credit__kind=AccountKind.FUNDING, amount=amount
    )
    entries = JournalEntry.objects.filter(
        organisation=project.organisation_id, date=day, source__startswith="funding:"
    )
    return entries.filter(pk__in=alike.values("entry"), reversed_by__isnull=True).order_by("-number")
