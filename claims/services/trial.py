"""Try decisions out: what they would do to the budget, and what would refuse them. Nothing of it stays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from audit.history import acting_person
from claims import permissions
from claims.models import ClaimLine, CountsAs
from claims.queries.room import Room, room_of
from claims.services.claim_steps import refuse_stale
from claims.services.deciding import lines_of
from claims.services.settling import Choice, lock_budgets, settle
from common.errors import DomainError, IllegalMove, NotPermitted, NotVisible, Stale
from ledger.models import Category
from ledger.services.budgets import OverBudget
from people.models import Person, Project

ANY_REASON = "Not said yet."
MORE_THAN_LEFT = "This is more than what is left in the budget."


@dataclass(frozen=True)
class Tried:
    """What one choice would come to.

    `allowed` (minor units) and `reason` are for costs: the money for a piece of time is nobody's business
    here. `problem` is why it would be refused. `over` explains a budget that it exceeds; `is_holders`
    when only somebody else, a budget holder, may go on.
    """

    line_id: int
    allowed: int | None = None
    reason: str = ""
    problem: str = ""
    over: str = ""
    is_holders: bool = False

    @property
    def would_stand(self) -> bool:
        return not self.problem and not self.is_holders


@dataclass(frozen=True)
class Effect:
    """One category of one project's budget before and after the decisions that would stand."""

    project: Project
    category: Category
    before: Room
    after: Room


@dataclass(frozen=True)
class Trial:
    lines: tuple[Tried, ...]
    effects: tuple[Effect, ...]

    @property
    def goes_over(self) -> bool:
        """Somebody has to say why it is right to go over a budget."""
        return any(line.over and line.would_stand for line in self.lines)


def try_out(
    *, actor: Person, claim_id: int, decisions: Sequence[Choice], expected_version: int | None = None
) -> Trial:
    """Decide as `decide_claim` would, look at the result, and roll it back: so the check is never wrong.

    Raises NotVisible, Stale, IllegalMove; what else would refuse a line stands with the line.
    """
    token = acting_person.set(actor.pk)
    try:
        with transaction.atomic():
            lines = lines_of(actor, claim_id, decisions)
            refuse_stale(lines[0].claim, expected_version)
            lock_budgets(lines)
            before = _rooms(lines)
            chosen = {choice.line_id: choice for choice in decisions}
            tried = tuple(_try(actor, line, chosen[line.pk]) for line in lines)
            effects = _effects(before, _rooms(lines))
            transaction.set_rollback(True)
    finally:
        acting_person.reset(token)
    return Trial(tried, effects)


_Places = dict[tuple[Project, Category], Room]


def _rooms(lines: Sequence[ClaimLine]) -> _Places:
    places = {
        (share.project, Category(line.category))
        for line in lines
        for share in line.shares.select_related("project__organisation")
    }
    ordered = sorted(places, key=lambda place: (place[0].pk, list(Category).index(place[1])))
    return {(project, category): room_of(project, category) for project, category in ordered}


def _effects(before: _Places, after: _Places) -> tuple[Effect, ...]:
    return tuple(Effect(*place, room, after[place]) for place, room in before.items())


def _try(actor: Person, line: ClaimLine, choice: Choice) -> Tried:
    """As the actor asked for it; and where that exceeds a budget, as a holder would with some reason."""
    over = ""
    with_reason = replace(choice, over_budget_reason=choice.over_budget_reason or ANY_REASON)
    for asked in (replace(choice, over_budget_reason=""), with_reason):
        try:
            with transaction.atomic():
                settled = settle(actor, line, asked)
        except (IllegalMove, NotVisible, Stale):
            raise
        except OverBudget as error:
            over = str(error)
        except NotPermitted as error:
            if asked is with_reason or not _may_go_over(actor, line):
                return Tried(line.pk, problem=str(error))
        except DomainError as error:
            return Tried(line.pk, problem=str(error))
        else:
            is_cost = line.counts_as == CountsAs.EXPENSE
            return Tried(
                line.pk,
                allowed=settled.verdict.allowed if is_cost else None,
                reason=settled.verdict.reason,
                over=over or (MORE_THAN_LEFT if settled.exceeds else ""),
            )
    return Tried(line.pk, over=over, is_holders=True)


def _may_go_over(actor: Person, line: ClaimLine) -> bool:
    """A budget holder who leads nothing may decide only what exceeds the budget: that is still to be seen."""
    return all(permissions.is_holder(actor, share.project) for share in line.shares.select_related("project"))
