"""Propose and agree budgets, and refuse spending that a budget does not cover."""

from collections.abc import Collection, Mapping

from django.db.models import F, Q, Sum

from audit.actions import Action
from audit.services import record, step
from common.dates import now
from common.errors import DomainError, IllegalMove
from common.money import money_text
from ledger import permissions
from ledger.models import AccountKind, AccountMonth, Budget, BudgetLine, BudgetStatus, Category, Commitment
from people.models import Person, Project
from people.permissions import require


class OverBudget(DomainError):
    """The agreed budget does not cover this spending. The message says what is left."""


@step(returns=Budget)
def propose(*, actor: Person, project: Project, lines: Mapping[str, int], key: str = "") -> Budget:
    """Propose a new version of a project's budget: planned minor units by category."""
    require(permissions.may_propose_budget(actor, project))
    Project.objects.select_for_update().get(pk=project.pk)
    if not lines:
        raise DomainError("A budget needs at least one category.")
    budget = Budget.objects.create(project=project, version=project.budgets.count() + 1, proposed_by=actor)
    for category, planned in lines.items():
        BudgetLine.objects.create(budget=budget, category=Category(category), planned=planned)
    record(
        actor=actor,
        action=Action.BUDGET_PROPOSED,
        subject=budget,
        organisation_id=project.organisation_id,
        project_id=project.pk,
        planned=sum(lines.values()),
    )
    return budget


@step(returns=Budget)
def agree(*, actor: Person, budget_id: int, key: str = "") -> Budget:
    """Agree a proposed budget, which from then on is frozen. The one agreed before is replaced."""
    budget = Budget.objects.select_for_update().get(pk=budget_id)
    project = Project.objects.select_for_update().get(pk=budget.project_id)
    require(permissions.may_agree_budget(actor, project, budget.proposed_by_id))
    if budget.status != BudgetStatus.PROPOSED:
        raise IllegalMove(f"Cannot agree a budget that is {budget.status}.")
    if project.budgets.filter(version__gt=budget.version, status=BudgetStatus.AGREED).exists():
        raise IllegalMove("A later version of this budget is agreed already.")
    _replace_agreed(project)
    budget.status = BudgetStatus.AGREED
    budget.agreed_by = actor
    budget.agreed_at = now()
    budget.save(update_fields=["status", "agreed_by", "agreed_at"])
    record(
        actor=actor,
        action=Action.BUDGET_AGREED,
        subject=budget,
        organisation_id=project.organisation_id,
        project_id=project.pk,
        version_agreed=budget.version,
    )
    return budget


def _replace_agreed(project: Project) -> None:
    """Wait for every check that is under way against the agreed budget, then retire it."""
    agreed = Budget.objects.filter(project=project, status=BudgetStatus.AGREED).first()
    if agreed is None:
        return
    list(BudgetLine.objects.select_for_update().filter(budget=agreed).order_by("pk"))
    agreed.status = BudgetStatus.REPLACED
    agreed.save(update_fields=["status"])


def lock_lines(places: Collection[tuple[Project, str]]) -> None:
    """Lock the agreed budget lines of these projects and categories, in the order of their keys.

    For a step that checks several one after the other and posts in between: two such steps would else wait
    for each other for ever.
    """
    wanted = Q(pk__in=[])
    for project, category in places:
        wanted |= Q(budget__project=project, category=category)
    agreed = BudgetLine.objects.filter(wanted, budget__status=BudgetStatus.AGREED)
    found = list(agreed.values_list("pk", flat=True))
    locked = list(BudgetLine.objects.select_for_update().filter(pk__in=found).order_by("pk"))
    if agreed.count() != len(locked) or agreed.exclude(pk__in=found).exists():
        lock_lines(places)  # another budget was agreed while we waited


def check_spending(
    *, project: Project, category: str, amount: int, own_source: str, spent: int | None = None
) -> None:
    """Lock the budget line and see that `amount` minor units fit. Raises OverBudget.

    What fits is the plan, less what is in the books, less what others were promised or asked for.
    `own_source` is the commitment that this spending is about to replace, so it does not count. `spent`
    stands for what is in the books where that must not show; its caller holds the lock already.
    The lock holds until the transaction ends: whoever checks next sees what this one spent.
    """
    line = _locked_line(project, category)
    if spent is None:
        spent = _spent(project, category)
    left = line.planned - spent - _promised(project, category, own_source)
    if amount > left:
        currency = project.organisation.currency
        raise OverBudget(
            f"{line.get_category_display()} in {project} has {money_text(left, currency)} left; "
            f"{money_text(amount, currency)} was asked for."
        )


def _locked_line(project: Project, category: str) -> BudgetLine:
    agreed = {"budget__project": project, "budget__status": BudgetStatus.AGREED}
    found = BudgetLine.objects.filter(category=category, **agreed).first()
    if found is None:
        raise OverBudget(f"{project} has no agreed budget for {Category(category).label.lower()}.")
    line = BudgetLine.objects.select_for_update().get(pk=found.pk)
    if Budget.objects.filter(pk=line.budget_id, status=BudgetStatus.AGREED).exists():
        return line
    return _locked_line(project, category)  # another budget was agreed while we waited


def _spent(project: Project, category: str) -> int:
    months = AccountMonth.objects.filter(
        account__organisation_id=project.organisation_id,
        account__kind=AccountKind.COST,
        account__project=project,
        account__category=category,
    )
    return months.aggregate(total=Sum(F("debits") - F("credits")))["total"] or 0


def _promised(project: Project, category: str, own_source: str) -> int:
    others = Commitment.objects.filter(project=project, category=category, closed_at__isnull=True).exclude(
        source=own_source
    )
    return others.aggregate(total=Sum("amount"))["total"] or 0
