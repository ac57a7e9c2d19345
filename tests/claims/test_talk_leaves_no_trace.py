"""That somebody wishes to talk first is on no page of anybody else, nor does a page differ by it."""

import pytest
from django.db import transaction

from audit.actions import Action
from claims.models import Answer, Offer, RatePolicy
from claims.services import offers
from claims.services.offers import _record as record_answer
from claims.services.offers import answer_offer, set_usual_answer
from common.dates import set_now
from people.models import Person
from people.services import set_adviser
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.claims.test_answer_nowhere import walk
from tests.payments.office import MONDAY
from tests.web.test_finance_wall import differences, plain

pytestmark = pytest.mark.usefixtures("unrecorded")
OTHERS = ("lena", "anil", "fern", "ada")
Pages = dict[str, str]


@pytest.fixture
def offer(policy: RatePolicy, cast: Cast) -> Offer:
    with set_now(MONDAY):
        set_adviser(
            actor=cast.abel,
            organisation_id=cast.riverside.pk,
            adviser_name="Ines Independent",
            adviser_email="advice@advice.example",
        )
        return invited(cast)[0]


def pages(cast: Cast, offer: Offer, answer: Answer, usual: Answer, others: tuple[str, ...] = OTHERS) -> Pages:
    """What everybody else sees once Cora has said this; undone at the end."""
    seen: Pages = {}
    with transaction.atomic():
        with set_now(MONDAY):
            set_usual_answer(actor=cast.cora, answer=usual)
            answer_offer(actor=cast.cora, offer_id=offer.pk, answer=answer)
        for name in others:
            more = ("/trail/", f"/invitations/{offer.pk}/read-out/", f"/history/person/{cast.cora.number}/")
            for path, text in walk(getattr(cast, name), *more).items():
                seen[f"{name} {plain(path)}"] = plain(text)
        transaction.set_rollback(True)
    return seen


def test_no_page_of_anybody_else_differs(cast: Cast, offer: Offer) -> None:
    taken = pages(cast, offer, Answer.ACCEPTED, Answer.ACCEPTED)
    talks = pages(cast, offer, Answer.TALK, Answer.DECLINED)
    assert len(taken) > 50
    assert differences(taken, talks) == []


def test_the_comparison_finds_what_would_tell(
    cast: Cast, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a trail that leaves out the wish to talk, because nothing was answered yet."""

    def only_answers(actor: Person, action: Action, offer: Offer) -> None:
        if offer.answer != Answer.TALK:
            record_answer(actor, action, offer)

    monkeypatch.setattr(offers, "_record", only_answers)
    seen = [
        pages(cast, offer, answer, Answer.ACCEPTED, ("ada",)) for answer in (Answer.ACCEPTED, Answer.TALK)
    ]
    assert differences(*seen)
