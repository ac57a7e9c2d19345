"""Planned, claimed and owed are three figures, and a fee that was declined leaves the first two unnamed."""

import pytest

from claims.models import Answer, Offer, Outcome
from claims.services.deciding import decide
from claims.services.offers import answer_offer
from common.dates import set_now
from ledger.models import AccountMonth, Commitment, Stage
from tests.cast import Cast
from tests.claims.meetings import claimed, invited
from tests.payments.office import MONDAY

pytestmark = pytest.mark.usefixtures("policy")
FEE = 5500  # what the policy of the tests gives for two hours, in pence


def asked(cast: Cast, answer: Answer) -> Offer:
    with set_now(MONDAY):
        offer, other = invited(cast, starts_at=MONDAY.replace(hour=12))
        for each in (offer, other):
            less = 100 if answer == Answer.LESS else None
            answer_offer(actor=each.contributor, offer_id=each.pk, answer=answer, less_amount=less)
    return offer


def reserved(cast: Cast) -> dict[str, int]:
    """What is promised and what is asked for in the project, in pence."""
    rows = Commitment.objects.filter(project=cast.project, closed_at__isnull=True)
    found = {stage: 0 for stage in (Stage.COMMITTED, Stage.CLAIMED)}
    for row in rows:
        found[Stage(row.stage)] += row.amount
    return {str(stage): amount for stage, amount in found.items()}


def owed(cast: Cast) -> int:
    """What the books hold as owed of the project, in pence."""
    rows = AccountMonth.objects.filter(account__kind="owed", account__project=cast.project)
    return sum(row.credits - row.debits for row in rows)


@pytest.mark.parametrize(("answer", "due"), [("accepted", FEE), ("less", 100), ("declined", 0)])
def test_trap_44_a_declined_fee_releases_what_was_reserved_and_names_nobody(
    cast: Cast, answer: str, due: int
) -> None:
    offer = asked(cast, Answer(answer))
    assert (reserved(cast), owed(cast)) == ({"committed": 2 * FEE, "claimed": 0}, 0)
    with set_now(MONDAY.replace(hour=16)):
        claim = claimed(cast, offer.activity)
    assert (reserved(cast), owed(cast)) == ({"committed": FEE, "claimed": FEE}, 0)
    with set_now(MONDAY.replace(hour=17)):
        decide(actor=cast.anil, line_id=claim.lines.get().pk, outcome=Outcome.APPROVE)
    assert (reserved(cast), owed(cast)) == ({"committed": FEE, "claimed": 0}, due)
    related = {field.related_model for field in Commitment._meta.get_fields() if field.related_model}
    assert {model.__name__ for model in related if not isinstance(model, str)} == {"Organisation", "Project"}
