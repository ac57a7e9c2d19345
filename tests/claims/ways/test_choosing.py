"""Saying how one wants to be paid: who may, what is refused, until when, and which of several counts."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from audit.models import Event, RequestKey
from audit.queries import opened
from claims.models import GIVEN_AWAY, Answer, CountsAs, Instruction, Offer, Way
from claims.services.instructing import NAME_LENGTH
from claims.services.offers import answer_offer
from claims.ways import named_by, seal_name, way_at, ways_of
from common.dates import set_now
from common.encryption import CannotOpen
from common.errors import DomainError, IllegalMove, KeyReused, NotPermitted, NotVisible
from people.models import Person
from tests.cast import Cast
from tests.claims.ways.steps import OTHERS, TOKEN, choice, switch_on, takes
from tests.payments.office import MONDAY

REACHING = [way for way in Way if way not in GIVEN_AWAY]


def counts(cast: Cast, offer: Offer, kind: CountsAs = CountsAs.FEE) -> Instruction | None:
    said = Instruction.objects.filter(person=cast.cora, organisation=cast.riverside, counts_as=kind)
    return way_at(said, offer.activity_id, offer.activity.starts_at)


@pytest.mark.parametrize("way", list(Way))
def test_a_usual_way_for_time_is_kept_and_told_as_that_alone(ways: Offer, cast: Cast, way: Way) -> None:
    with set_now(MONDAY):
        made = choice(cast, way, wants_receipt=True)
    assert (made.way, made.activity, made.said_for) == (way, None, None)
    assert made.wants_receipt == (way == Way.DONATION)
    assert named_by(made) == (TOKEN if way in (Way.DONATION, Way.GROUP) else "")
    event = Event.objects.get(action="way:chosen")
    assert (event.actor_id, event.about_id) == (cast.cora.pk, cast.cora.pk)
    assert way.value not in str(opened(Event.objects.filter(pk=event.pk)))


@pytest.mark.parametrize("way", list(Way))
def test_costs_come_back_to_who_had_them(ways: Offer, cast: Cast, way: Way) -> None:
    with set_now(MONDAY):
        if way in GIVEN_AWAY:
            with pytest.raises(DomainError, match="does not offer this way"):
                choice(cast, way, CountsAs.EXPENSE)
        else:
            assert choice(cast, way, CountsAs.EXPENSE).counts_as == CountsAs.EXPENSE


@pytest.mark.parametrize("way", OTHERS)
def test_a_way_that_is_not_offered_is_refused_and_leaves_nothing(offer: Offer, cast: Cast, way: Way) -> None:
    with pytest.raises(DomainError, match="does not offer this way"):
        choice(cast, way)
    assert not Instruction.objects.exists()
    assert not Event.objects.filter(action="way:chosen").exists()


@pytest.mark.parametrize("name", ["dev", "anil", "fern", "farah", "ada", "abel", "otto"])
def test_nobody_else_says_it_for_them(ways: Offer, cast: Cast, name: str) -> None:
    somebody: Person = getattr(cast, name)
    with pytest.raises(NotPermitted):
        choice(cast, Way.CASH, actor=somebody)
    assert not Instruction.objects.exists()


def test_somebody_linked_writes_down_what_they_say(ways: Offer, cast: Cast) -> None:
    made = choice(cast, Way.CASH, actor=cast.lena)
    assert (made.person, made.said_for) == (cast.cora, cast.lena)


def test_only_a_contributor_of_that_organisation_chooses_there(ways: Offer, cast: Cast) -> None:
    with pytest.raises(NotPermitted, match="Only a contributor here"):
        choice(cast, Way.BANK, organisation=cast.hillside)
    with pytest.raises(NotPermitted, match="Only a contributor here"):
        choice(cast, Way.BANK, actor=cast.fern, person=cast.fern)


@pytest.mark.parametrize("named", ["", " ", "\u200b", "x" * (NAME_LENGTH + 1)])
@pytest.mark.parametrize("way", [Way.DONATION, Way.GROUP])
def test_who_is_paid_instead_has_a_name(ways: Offer, cast: Cast, way: Way, named: str) -> None:
    with pytest.raises(DomainError):
        choice(cast, way, named=named)
    assert not Instruction.objects.exists()


def test_a_name_beside_a_way_that_needs_none_is_not_kept(ways: Offer, cast: Cast) -> None:
    assert choice(cast, Way.CASH, named=TOKEN).named is None


def test_the_name_is_sealed_and_bound_to_its_person(ways: Offer, cast: Cast) -> None:
    made = choice(cast, Way.DONATION)
    assert TOKEN.encode() not in bytes(made.named or b"")
    assert named_by(made) == TOKEN
    made.person = cast.dev  # as when the sealed bytes were copied into the row of somebody else
    with pytest.raises(CannotOpen):
        named_by(made)
    assert seal_name(TOKEN, cast.cora.pk) != seal_name(TOKEN, cast.cora.pk)


@pytest.mark.parametrize("way", GIVEN_AWAY)
@pytest.mark.parametrize(("late", "refused"), [(-1, False), (0, True), (1, True)])
def test_money_is_given_away_until_the_start_and_not_from_then(
    ways: Offer, cast: Cast, way: Way, late: int, refused: bool
) -> None:
    with set_now(ways.activity.starts_at + timedelta(seconds=late)):
        if refused:
            with pytest.raises(IllegalMove, match="You can talk about it with"):
                choice(cast, way, activity=ways.activity)
        else:
            choice(cast, way, activity=ways.activity)
    assert Instruction.objects.exists() != refused


@pytest.mark.parametrize("way", REACHING)
def test_what_comes_to_the_person_can_change_after_the_start(ways: Offer, cast: Cast, way: Way) -> None:
    with set_now(ways.activity.starts_at + timedelta(days=1)):
        made = choice(cast, way, activity=ways.activity)
    assert counts(cast, ways) == made


@pytest.mark.parametrize("way", list(Way))
def test_a_usual_way_said_after_the_start_gives_nothing_away(ways: Offer, cast: Cast, way: Way) -> None:
    with set_now(MONDAY):
        before = choice(cast, Way.CHEQUE)
    with set_now(ways.activity.starts_at):
        after = choice(cast, way)
    assert counts(cast, ways) == (before if way in GIVEN_AWAY else after)


def test_what_was_said_for_the_activity_counts_before_what_is_usual(ways: Offer, cast: Cast) -> None:
    with set_now(MONDAY):
        own = choice(cast, Way.CASH, activity=ways.activity)
    with set_now(MONDAY + timedelta(minutes=1)):
        usual = choice(cast, Way.VOUCHER)
    assert counts(cast, ways) == own
    assert way_at([own, usual], None, MONDAY + timedelta(hours=1)) == usual
    assert counts(cast, ways, CountsAs.EXPENSE) is None


def test_an_activity_of_another_organisation_is_refused(ways: Offer, cast: Cast) -> None:
    ways.activity.project = cast.strange_project
    with pytest.raises(DomainError, match="another organisation"):
        choice(cast, Way.CASH, activity=ways.activity)


def test_the_same_form_sent_twice_counts_once_and_its_key_tells_nothing(ways: Offer, cast: Cast) -> None:
    first = choice(cast, Way.DONATION, key="a" * 32)
    assert choice(cast, Way.DONATION, key="a" * 32) == first
    with pytest.raises(KeyReused):
        choice(cast, Way.DONATION, key="a" * 32, named="Another")
    assert TOKEN not in RequestKey.objects.get(key="a" * 32).content


@pytest.mark.parametrize("way", OTHERS)
def test_all_of_it_comes_this_way_and_the_event_does_not_say_so(ways: Offer, cast: Cast, way: Way) -> None:
    named = TOKEN if way in (Way.DONATION, Way.GROUP) else ""
    takes(cast, ways, way=way, named=named)
    made = Instruction.objects.get()
    assert (made.way, made.activity, made.counts_as) == (way, ways.activity, CountsAs.FEE)
    assert not Event.objects.filter(action="way:chosen").exists()


@pytest.mark.parametrize("answer", [Answer.LESS, Answer.DECLINED, Answer.NOTHING, Answer.TALK])
def test_no_way_is_said_with_another_answer(ways: Offer, cast: Cast, answer: Answer) -> None:
    amount = 100 if answer == Answer.LESS else None
    with pytest.raises(DomainError), transaction.atomic():
        takes(cast, ways, answer, less_amount=amount, way=Way.CASH)
    assert not Instruction.objects.exists()


@pytest.mark.parametrize(("most", "found"), [(5499, False), (5500, True), (5501, True), (None, True)])
def test_a_limit_below_what_is_offered_rules_a_way_out(
    offer: Offer, cast: Cast, most: int | None, found: bool
) -> None:
    switch_on(cast, Way.VOUCHER, most=most)
    assert (Way.VOUCHER in ways_of(cast.riverside, CountsAs.FEE, offer.amount)) == found
    assert Way.VOUCHER in ways_of(cast.riverside, CountsAs.FEE)
    if found:
        takes(cast, offer, way=Way.VOUCHER)
    else:
        with pytest.raises(DomainError, match="does not offer this way"):
            takes(cast, offer, way=Way.VOUCHER)


@pytest.mark.parametrize("usual", [None, Way.VOUCHER, Way.GROUP])
@pytest.mark.parametrize("answer", [Answer.LESS, Answer.TALK, Answer.DECLINED, Answer.NOTHING])
def test_another_answer_takes_back_to_whom_it_would_have_gone(
    ways: Offer, cast: Cast, answer: Answer, usual: Way | None
) -> None:
    """Else “less” after “all of it, to a charity” would give the lesser amount away."""
    if usual is not None:
        with set_now(MONDAY):
            choice(cast, usual, named="River Voices")
    takes(cast, ways, way=Way.DONATION, named=TOKEN, minute=1)
    takes(cast, ways, answer, less_amount=100 if answer == Answer.LESS else None, minute=2)
    counting = counts(cast, ways)
    assert counting is not None
    assert counting.way == (usual or Way.BANK)
    assert named_by(counting) == ("River Voices" if usual == Way.GROUP else "")


def test_an_answer_without_a_way_writes_nothing_about_ways(ways: Offer, cast: Cast) -> None:
    takes(cast, ways, Answer.LESS, less_amount=100)
    takes(cast, ways, Answer.ACCEPTED, minute=1)
    assert not Instruction.objects.exists()


def test_from_the_start_on_nobody_gives_away_what_was_offered(ways: Offer, cast: Cast) -> None:
    start: datetime = ways.activity.starts_at
    for way in GIVEN_AWAY:
        with set_now(start), pytest.raises(IllegalMove):
            takes_at(cast, ways, way)
    assert not Instruction.objects.exists()
    with set_now(start):
        takes_at(cast, ways, Way.CASH)
    assert Instruction.objects.get().way == Way.CASH


def takes_at(cast: Cast, offer: Offer, way: Way) -> None:
    named = TOKEN if way in (Way.DONATION, Way.GROUP) else ""
    answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.ACCEPTED, way=way, named=named)


def test_a_stranger_learns_of_no_offer(ways: Offer, cast: Cast) -> None:
    for somebody in (cast.otto, cast.anil, cast.fern):
        with pytest.raises(NotVisible):
            answer_offer(actor=somebody, offer_id=ways.pk, answer=Answer.ACCEPTED, way=Way.CASH)
