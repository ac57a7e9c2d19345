"""Decide claim lines: agree, agree a part, refuse or ask. Agreed money is owed at once."""

from collections.abc import Sequence
from decimal import Decimal

from audit.services import step
from claims.models import Claim, ClaimLine, Decision, Outcome
from claims.services.claim_steps import refuse_stale
from claims.services.settling import Choice, conclude, lock_budgets, locked_lines, settle
from common.errors import DomainError, NotVisible
from people.models import Person


@step(returns=Decision)
def decide(
    *,
    actor: Person,
    line_id: int,
    outcome: Outcome,
    allowed: int | None = None,
    hours: Decimal | None = None,
    reason: str = "",
    over_budget_reason: str = "",
    expected_version: int | None = None,
    key: str = "",
) -> Decision:
    """Decide one line, and owe the contributor what is allowed.

    `approve` allows what the policy gives now, with all that was decided before. `reduce` needs a
    reason, and `allowed` (minor units) for a cost or `hours` for time. `refuse` and `ask about` need a
    reason. Over the budget only a named budget holder may decide, with `over_budget_reason`. Raises
    NotVisible, NotPermitted, Stale, IllegalMove, DecisionError, PricingError, OverBudget.
    """
    [line] = locked_lines(actor, [line_id])
    refuse_stale(line.claim, expected_version)
    lock_budgets([line])
    choice = Choice(line_id, outcome, allowed, hours, reason, over_budget_reason)
    settled = settle(actor, line, choice)
    conclude(actor, line.claim, [settled])
    return settled.decision


@step(returns=Claim)
def decide_claim(
    *,
    actor: Person,
    claim_id: int,
    decisions: Sequence[Choice],
    expected_version: int | None = None,
    key: str = "",
) -> Claim:
    """Decide several lines of one claim, all or none of them, in the order of their places.

    Lines that are not named stay undecided. However many are, the claim goes one version up. Raises as
    `decide`.
    """
    lines = lines_of(actor, claim_id, decisions)
    refuse_stale(lines[0].claim, expected_version)
    lock_budgets(lines)
    chosen = {choice.line_id: choice for choice in decisions}
    settled = [settle(actor, line, chosen[line.pk]) for line in lines]
    conclude(actor, lines[0].claim, settled)
    return lines[0].claim


def lines_of(actor: Person, claim_id: int, decisions: Sequence[Choice]) -> list[ClaimLine]:
    """The lines that are to be decided, under lock and in the order of their places."""
    if not decisions:
        raise DomainError("Decide at least one line.")
    lines = locked_lines(actor, [choice.line_id for choice in decisions])
    if lines[0].claim_id != claim_id:
        raise NotVisible("There is no such claim line.")
    return sorted(lines, key=lambda line: line.position)
