"""What somebody who was asked may read of it, and what their helper may read out.

The answer is behind both walls: `Invitation` is for the contributor alone, `ReadOut` has no place for one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from claims.activity_sheets import activity_sheet
from claims.formats.activity_sheet import ActivitySheet
from claims.models import OPEN_ANSWERS, Answer, Claim, Offer, UsualAnswer
from claims.repricing import SENT
from claims.services.offers import usual_at
from common.dates import now
from common.errors import NotVisible
from common.money import money_text
from people.models import Person
from people.permissions import contributors_linked_to

ALL, LESS, NONE, TALK = "All of it", "Less", "None of it", "I want to talk to somebody first"
CHOICES = ((Answer.ACCEPTED, ALL), (Answer.LESS, LESS), (Answer.DECLINED, NONE))
USUAL = {Answer.ACCEPTED: "all of it", Answer.DECLINED: "none of it"}


@dataclass(frozen=True)
class Invitation:
    """One invitation as the person who was asked reads it. Amounts are minor units of `currency`."""

    pk: int
    title: str
    starts_at: datetime
    currency: str
    amount: int
    answer: str
    less_amount: int | None
    answered_at: datetime | None
    written_by: str
    help_contact: str
    is_cancelled: bool
    has_started: bool
    is_claimed: bool
    adviser: str
    usual: Answer

    @property
    def is_answered(self) -> bool:
        return self.answer not in OPEN_ANSWERS

    @property
    def wants_to_talk(self) -> bool:
        return self.answer == Answer.TALK

    @property
    def usual_words(self) -> str:
        """What counts if nothing else is said before the start."""
        return USUAL[self.usual]

    @property
    def can_answer(self) -> bool:
        """Until the activity starts, where money is offered at all."""
        closed = self.is_cancelled or self.has_started or self.is_claimed
        return self.amount > 0 and not closed

    @property
    def answer_words(self) -> str:
        """“All of it: £82.50”. While nothing is said, the usual answer."""
        answer = Answer(self.answer) if self.is_answered else self.usual
        if answer == Answer.DECLINED:
            return NONE
        if answer == Answer.LESS and self.less_amount is not None:
            return f"{LESS}: {money_text(self.less_amount, self.currency)}"
        return f"{ALL}: {money_text(self.amount, self.currency)}"

    @property
    def offered(self) -> str:
        return money_text(self.amount, self.currency)


@dataclass(frozen=True)
class ReadOut:
    """An invitation of somebody the reader helps: what to read out, and whether an answer can be taken."""

    pk: int
    name: str
    title: str
    starts_at: datetime
    offered: str
    currency: str
    can_answer: bool
    adviser: str


def choices(asked: Invitation | ReadOut) -> list[tuple[str, str]]:
    """The answers, in the same order for everybody; to talk first, where there is somebody to talk to."""
    found = [(str(answer), words) for answer, words in CHOICES]
    found[0] = (found[0][0], f"{ALL}: {asked.offered}")
    return [*found, (str(Answer.TALK), TALK)] if asked.adviser else found


def usual_answer(person: Person) -> Answer:
    """What counts for this person in what starts from now on, unless they say something else."""
    return usual_at(person.usual_answers.all(), now())


def own_invitations(person: Person) -> list[Invitation]:
    """Everything this person was asked to, the latest first."""
    return _invitations(_offers(person).order_by("-activity__starts_at", "-pk"))


def own_invitation(person: Person, pk: int) -> Invitation:
    """One invitation of the person's own. Raises NotVisible."""
    return _invitations([_own_offer(person, pk)])[0]


def helped_invitations(person: Person) -> list[ReadOut]:
    """What is still to come for the people this person is linked with, the first one on top."""
    offers = _helped(person).filter(activity__starts_at__gt=now(), activity__cancelled_by="")
    return [_read_out(offer) for offer in offers.order_by("activity__starts_at", "pk")]


def helped_invitation(person: Person, pk: int) -> ReadOut:
    """One invitation of somebody this person is linked with. Raises NotVisible."""
    return _read_out(_helped_offer(person, pk))


def own_sheet(person: Person, pk: int) -> ActivitySheet:
    """The activity sheet of the person's own invitation. Raises NotVisible."""
    return activity_sheet(_own_offer(person, pk))


def helped_sheet(person: Person, pk: int) -> ActivitySheet:
    """The activity sheet of an invitation that this person may read out. Raises NotVisible."""
    return activity_sheet(_helped_offer(person, pk))


def sheet_to_keep(person: Person, pk: int) -> tuple[ActivitySheet, Person]:
    """A sheet that is their own or that they may read out, and whose it is. Raises NotVisible."""
    offer = offer_shown_to(person, pk)
    return activity_sheet(offer), offer.contributor


def offer_shown_to(person: Person, pk: int) -> Offer:
    """The offer of an invitation that is their own or that they may read out. Raises NotVisible."""
    return _offers(person).filter(pk=pk).first() or _helped_offer(person, pk)


def _offers(person: Person) -> QuerySet[Offer]:
    return _with_people(Offer.objects.filter(contributor=person))


def _helped(person: Person) -> QuerySet[Offer]:
    linked = contributors_linked_to(person)
    return _with_people(Offer.objects.filter(contributor__in=linked).exclude(contributor=person))


def _with_people(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    return offers.select_related(
        "activity__project__organisation",
        "activity__project__lead",
        "activity__link_person",
        "contributor",
        "answered_for",
    )


def _own_offer(person: Person, pk: int) -> Offer:
    return _found(_offers(person).filter(pk=pk).first())


def _helped_offer(person: Person, pk: int) -> Offer:
    return _found(_helped(person).filter(pk=pk).first())


def _found(offer: Offer | None) -> Offer:
    if offer is None:
        raise NotVisible("There is no such invitation.")
    return offer


def _invitations(offers: Sequence[Offer] | QuerySet[Offer]) -> list[Invitation]:
    rows = list(offers)
    claims = Claim.objects.filter(
        activity__in=[offer.activity_id for offer in rows],
        contributor__in={offer.contributor_id for offer in rows},
        status__in=SENT,
    )
    claimed = set(claims.values_list("activity_id", "contributor_id"))
    said: dict[int, list[UsualAnswer]] = defaultdict(list)
    for each in UsualAnswer.objects.filter(person__in={offer.contributor_id for offer in rows}):
        said[each.person_id].append(each)
    return [
        _invitation(offer, (offer.activity_id, offer.contributor_id) in claimed, said[offer.contributor_id])
        for offer in rows
    ]


def _invitation(offer: Offer, is_claimed: bool, said: Sequence[UsualAnswer]) -> Invitation:
    activity, writer = offer.activity, offer.answered_for
    organisation = activity.project.organisation
    return Invitation(
        pk=offer.pk,
        title=activity.title,
        starts_at=activity.starts_at,
        currency=organisation.currency,
        amount=offer.amount,
        answer=offer.answer,
        less_amount=offer.less_amount,
        answered_at=offer.answered_at,
        written_by=writer.name if writer else "",
        help_contact=organisation.help_contact,
        is_cancelled=bool(activity.cancelled_by),
        has_started=now() >= activity.starts_at,
        is_claimed=is_claimed,
        adviser=organisation.adviser_name,
        usual=usual_at(said, activity.starts_at),
    )


def _read_out(offer: Offer) -> ReadOut:
    activity = offer.activity
    organisation = activity.project.organisation
    currency = organisation.currency
    return ReadOut(
        pk=offer.pk,
        name=offer.contributor.name,
        title=activity.title,
        starts_at=activity.starts_at,
        offered=money_text(offer.amount, currency),
        currency=currency,
        can_answer=offer.amount > 0 and not activity.cancelled_by and now() < activity.starts_at,
        adviser=organisation.adviser_name,
    )
