"""Which projects' budgets somebody may see, and whether as finance or as a lead does."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from claims.queries.scope import CHECKERS, DECIDERS
from common.dates import today
from people.models import Project
from people.standing import Standing
from people.templatetags.ledger_text import day
from reports import position
from reports.formats.budget_picture import BudgetPosition, CategoryPosition


@dataclass(frozen=True)
class ProjectPosition:
    """A project and its budget, as one reader may see it."""

    project: Project
    budget: BudgetPosition
    as_lead: bool


def projects_read(standing: Standing) -> QuerySet[Project]:
    """Projects whose budget this person may see."""
    own, organisations = standing.projects(DECIDERS), standing.organisations(CHECKERS)
    readable = Q(pk__in=own) | Q(organisation_id__in=organisations)
    return Project.objects.filter(readable).select_related("organisation", "lead")


def position_of(standing: Standing, project_id: int) -> ProjectPosition | None:
    """The position of one project, or None. Whoever decides its claims has a lead's view of it."""
    project = projects_read(standing).filter(pk=project_id).first()
    if project is None:
        return None
    as_lead = project.pk in standing.projects(DECIDERS)
    found = position.for_lead(project) if as_lead else position.for_finance(project)
    return ProjectPosition(project=project, budget=_budget(project, found, as_lead=as_lead), as_lead=as_lead)


def finance_position(project: Project) -> BudgetPosition:
    """A project's budget as the books have it, ready to be drawn."""
    return _budget(project, position.for_finance(project), as_lead=False)


def _budget(project: Project, found: list[position.CategoryPosition], *, as_lead: bool) -> BudgetPosition:
    title = f"Budget of {project.name} as at {day(today())}"
    drawn = tuple(_agreed_as_one(each) if as_lead else _drawn(each) for each in found)
    return BudgetPosition(title, drawn, project.organisation.currency, agreed_as_one=as_lead)


def _agreed_as_one(category: position.CategoryPosition) -> CategoryPosition:
    """As a lead sees it: owed, on its way and paid are one figure."""
    return CategoryPosition(
        name=str(category.category.label),
        plan_minor=category.planned,
        paid_minor=category.cost,
        claimed_minor=category.claimed,
        committed_minor=category.committed,
    )


def _drawn(category: position.CategoryPosition) -> CategoryPosition:
    return CategoryPosition(
        name=str(category.category.label),
        plan_minor=category.planned,
        paid_minor=category.paid,
        in_transit_minor=category.in_transit,
        owed_minor=category.owed,
        claimed_minor=category.claimed,
        committed_minor=category.committed,
    )
