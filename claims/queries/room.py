"""What a budget still has room for, as whoever decides claims may know it."""

from dataclasses import dataclass

from django.db.models import Sum

from claims.queries.wall import fees_as_leads_see_them
from ledger.models import AccountKind, Category, Commitment
from ledger.queries import balances, planned
from people.models import Project


@dataclass(frozen=True)
class Room:
    """One category of a project's agreed budget, in minor units; no plan counts as a plan of nothing."""

    planned: int
    spent: int
    promised: int

    @property
    def left(self) -> int:
        """Below zero when over the plan."""
        return self.planned - self.spent - self.promised


def room_of(project: Project, category: Category) -> Room:
    """The room left in one category. Money for time stands at the figure that leads see of it."""
    return Room(
        planned=planned(project).get(category, 0),
        spent=_spent(project, category),
        promised=_promised(project, category),
    )


def _spent(project: Project, category: Category) -> int:
    if category == Category.FEES:
        return fees_as_leads_see_them(project)
    books = balances(project.organisation, project=project)
    return sum(row.balance for row in books if (row.kind, row.category) == (AccountKind.COST, category))


def _promised(project: Project, category: Category) -> int:
    open_rows = Commitment.objects.filter(project=project, category=category, closed_at__isnull=True)
    return open_rows.aggregate(total=Sum("amount"))["total"] or 0
