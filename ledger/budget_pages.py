"""Budgets as they were proposed and agreed, version by version."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ledger.models import Budget, Category
from people.models import FINANCE, Project, RoleKind
from people.standing import Standing

OF_A_PROJECT = frozenset({RoleKind.LEAD, RoleKind.HOLDER, RoleKind.REVIEWER})
OF_AN_ORGANISATION = FINANCE | {RoleKind.AUDITOR}


@dataclass(frozen=True)
class PlanRow:
    """What one version plans for a category, and the agreed version beside it, in minor units."""

    category: Category
    planned: int
    agreed: int | None

    @property
    def name(self) -> str:
        return str(self.category.label)

    @property
    def difference(self) -> int | None:
        return None if self.agreed is None else self.planned - self.agreed


@dataclass(frozen=True)
class Plan:
    """A version of a budget; `rows` end with nothing hidden: every category stands there."""

    budget: Budget
    rows: Sequence[PlanRow]

    @property
    def total(self) -> int:
        return sum(row.planned for row in self.rows)

    @property
    def agreed_total(self) -> int | None:
        agreed = [row.agreed for row in self.rows if row.agreed is not None]
        return sum(agreed) if agreed else None

    @property
    def difference(self) -> int | None:
        return None if self.agreed_total is None else self.total - self.agreed_total


def projects_budgeted_by(standing: Standing) -> QuerySet[Project]:
    """Projects whose budgets this person may read."""
    own = standing.projects(OF_A_PROJECT)
    organisations = standing.organisations(OF_AN_ORGANISATION)
    readable = Q(pk__in=own) | Q(organisation_id__in=organisations)
    return Project.objects.filter(readable).select_related("organisation", "lead")


def versions_of(project: Project) -> list[Plan]:
    """Every version of a project's budget, newest first."""
    budgets = project.budgets.select_related("proposed_by", "agreed_by").prefetch_related("lines")
    return [_plan(budget, None) for budget in budgets.order_by("-version")]


def plan_of(budget: Budget, agreed: Budget | None) -> Plan:
    """One version, beside the one that is agreed now when that is another."""
    return _plan(budget, agreed if agreed != budget else None)


def planned_now(budget: Budget | None) -> dict[str, int]:
    """The amounts of a version by category, in minor units."""
    return {} if budget is None else {line.category: line.planned for line in budget.lines.all()}


def _plan(budget: Budget, beside: Budget | None) -> Plan:
    planned, agreed = planned_now(budget), planned_now(beside)
    rows = [
        PlanRow(category, planned.get(category, 0), agreed.get(category, 0) if beside else None)
        for category in Category
    ]
    return Plan(budget, rows)
