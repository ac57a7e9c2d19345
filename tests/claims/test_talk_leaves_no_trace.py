"""That somebody wishes to talk first, or how they want to be paid, makes no page of anybody else differ.

Finance alone sees how to pay what is due, once it is.
"""

from collections.abc import Callable

import pytest
from django.db import transaction

from audit.actions import Action
from claims.models import Answer, CountsAs, Offer, RatePolicy, Way
from claims.services import offers
from claims.services.offers import _record as record_answer
from claims.services.offers import answer_offer, set_usual_answer
from common.dates import set_now
from people.models import Person
from people.services import set_adviser
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.claims.test_answer_nowhere import walk
from tests.claims.ways.steps import OTHERS as ALL_BUT_BANK
from tests.claims.ways.steps import choice, switch_on
from tests.payments.office import MONDAY
from tests.web.test_finance_wall import differences, plain
from tests.worlds import world

pytestmark = pytest.mark.usefixtures("walking")
OTHERS = ("lena", "anil", "fern", "ada")
Pages = dict[str, str]


@world
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

    def say() -> None:
        set_usual_answer(actor=cast.cora, answer=usual)
        answer_offer(actor=cast.cora, offer_id=offer.pk, answer=answer)

    return pages_after(cast, offer, say, others)


def pages_after(cast: Cast, offer: Offer, say: Callable[[], object], others: tuple[str, ...]) -> Pages:
    seen: Pages = {}
    with transaction.atomic():
        with set_now(MONDAY):
            say()
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


LEADS, NO_HAND_ON_MONEY = ("anil", "hana"), ("lena", "anil", "hana", "ada", "abel")


def paid(cast: Cast, offer: Offer, way: Way | None, costs: Way, usual: Way) -> Callable[[], object]:
    """All of it this way, costs back that way, and another one as usual."""

    def say() -> None:
        answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.ACCEPTED, way=way)
        choice(cast, costs, CountsAs.EXPENSE, activity=offer.activity)
        with set_now(MONDAY.replace(minute=1)):
            choice(cast, usual)

    return say


def test_no_page_tells_how_somebody_wants_to_be_paid(cast: Cast, offer: Offer) -> None:
    with set_now(MONDAY):
        switch_on(cast, *ALL_BUT_BANK)
    one, another = (
        pages_after(cast, offer, paid(cast, offer, *ways), NO_HAND_ON_MONEY)
        for ways in ((None, Way.BANK, Way.BANK), (Way.VOUCHER, Way.CASH, Way.LEARNING))
    )
    assert len(one) > 50
    assert differences(one, another) == []


def test_a_lead_reads_the_same_of_who_chose_a_voucher_and_who_said_nothing(cast: Cast, offer: Offer) -> None:
    with set_now(MONDAY):
        switch_on(cast, *ALL_BUT_BANK)
    chose = pages_after(cast, offer, paid(cast, offer, Way.VOUCHER, Way.CASH, Way.CHEQUE), LEADS)
    silent = pages_after(cast, offer, lambda: None, LEADS)
    assert len(chose) > 20
    assert differences(chose, silent) == []
