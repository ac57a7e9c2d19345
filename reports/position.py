"""Budget against spend: plan, committed, claimed, owed, in transit, paid, left, per category.

Two audiences. Finance sees the books as they are. A lead sees costs as they are, but money for time
behind the wall: at what the policy gives, until a month is over and enough people are in it that no
single answer shows (see docs/architecture.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import F, Sum

from claims.queries.wall import fees_as_leads_see_them
from ledger.models import AccountKind, AccountMonth, BudgetLine, BudgetStatus, Category, Commitment, Stage
from people.models import Project

COLUMNS = {AccountKind.COST: "cost", AccountKind.OWED: "owed", AccountKind.IN_TRANSIT: "in_transit"}


@dataclass(frozen=True)
class CategoryPosition:
    """One category of one project, in minor units."""

    category: Category
    planned: int = 0
    committed: int = 0
    claimed: int = 0
    owed: int = 0
    in_transit: int = 0
    cost: int = 0

    @property
    def paid(self) -> int:
        """Cost that is no longer owed and no longer on its way."""
        return self.cost - self.owed - self.in_transit

    @property
    def left(self) -> int:
        """Plan less everything spent, claimed or promised; below zero when over the plan."""
        return self.planned - self.cost - self.claimed - self.committed


def for_finance(project: Project) -> list[CategoryPosition]:
    """The position as the books have it. Three queries, whatever the size of the ledger."""
    found = {str(category): CategoryPosition(category=category) for category in Category}
    for category, column, amount in _figures(project):
        found[category] = replace(found[category], **{column: amount})  # type: ignore[arg-type]
    return [position for position in found.values() if position != CategoryPosition(position.category)]


def for_lead(project: Project) -> list[CategoryPosition]:
    """The position as a lead may see it: money for time stands as spent, at the wall's figure."""
    spent = fees_as_leads_see_them(project)
    return [
        replace(position, cost=spent, owed=0, in_transit=0)
        if position.category == Category.FEES
        else position
        for position in for_finance(project)
    ]


def _figures(project: Project) -> Iterator[tuple[str, str, int]]:
    agreed = BudgetLine.objects.filter(budget__project=project, budget__status=BudgetStatus.AGREED)
    for category, planned in agreed.values_list("category", "planned"):
        yield category, "planned", planned
    promised = Commitment.objects.filter(project=project, closed_at__isnull=True)
    for row in promised.values("category", "stage").annotate(total=Sum("amount")):
        yield row["category"], "claimed" if row["stage"] == Stage.CLAIMED else "committed", row["total"]
    months = AccountMonth.objects.filter(account__project=project, account__kind__in=COLUMNS)
    grain = (F("account__category"), F("account__kind"))
    for category, kind, debits, credits_ in months.values_list(*grain).annotate(
        debits_sum=Sum("debits"), credits_sum=Sum("credits")
    ):
        debit_normal = kind == AccountKind.COST
        yield category, COLUMNS[kind], debits - credits_ if debit_normal else credits_ - debits


def disagreements_with_books(project: Project) -> Iterator[str]:
    """Where a project's position contradicts itself, in words."""
    for position in for_finance(project):
        parts = (position.owed, position.in_transit, position.paid, position.committed, position.claimed)
        if min(parts) < 0:
            yield f"The position of {project.code} is below zero in {position.category.label.lower()}."
