"""Invitations: one's own, and those of the people one helps. What they say is in `claims.asked`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from claims.activity_sheets import activity_sheet
from claims.asked import Invitation, ReadOut
from claims.formats.activity_sheet import ActivitySheet
from claims.models import Activity, Answer, Claim, CountsAs, Offer, UsualAnswer
from claims.own_ways import Offered, Paid, Said
from claims.repricing import SENT
from claims.services.offers import usual_at
from common.dates import now
from common.errors import NotVisible
from common.money import money_text
from people.models import Person
from people.permissions import contributors_linked_to


def usual_answer(person: Person) -> Answer:
    """What counts for this person in what starts from now on, unless they say something else."""
    return usual_at(person.usual_answers.all(), now())


def own_invitations(person: Person) -> list[Invitation]:
    """Everything this person was asked to, the latest first."""
    return _invitations(_offers(person).order_by("-activity__starts_at", "-pk"))


def own_invitation(person: Person, pk: int) -> Invitation:
    """One invitation of the person's own. Raises NotVisible."""
    return _invitations([_own_offer(person, pk)])[0]


def own_activity(person: Person, pk: int) -> Activity:
    """What the person was asked to. Raises NotVisible."""
    return _own_offer(person, pk).activity


def usually_paid(person: Person, activity: Activity, kind: CountsAs) -> Paid:
    """How money of this kind comes to them where they say nothing for this activity."""
    payer = activity.project.organisation_id
    return Said([person.pk], [payer]).paid(person.pk, payer, kind, None, activity.starts_at)


def helped_invitations(person: Person) -> list[ReadOut]:
    """What is still to come for the people this person is linked with, the first one on top."""
    offers = _helped(person).filter(activity__starts_at__gt=now(), activity__cancelled_by="")
    return _read_outs(offers.order_by("activity__starts_at", "pk"))


def helped_invitation(person: Person, pk: int) -> ReadOut:
    """One invitation of somebody this person is linked with. Raises NotVisible."""
    return _read_outs([_helped_offer(person, pk)])[0]


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
    people = {offer.contributor_id for offer in rows}
    claims = Claim.objects.filter(
        activity__in=[offer.activity_id for offer in rows], contributor__in=people, status__in=SENT
    )
    claimed = set(claims.values_list("activity_id", "contributor_id"))
    usual: dict[int, list[UsualAnswer]] = defaultdict(list)
    for each in UsualAnswer.objects.filter(person__in=people):
        usual[each.person_id].append(each)
    ways, said = Offered(_organisations(rows)), Said(people, _organisations(rows))
    return [
        _invitation(
            offer,
            (offer.activity_id, offer.contributor_id) in claimed,
            usual[offer.contributor_id],
            _money(offer, ways, said),
        )
        for offer in rows
    ]


def _organisations(offers: Sequence[Offer]) -> set[int]:
    return {offer.activity.project.organisation_id for offer in offers}


def _money(offer: Offer, ways: Offered, said: Said) -> dict[str, Any]:
    """How the money for time and the costs are paid, and in which ways they could be."""
    activity, person = offer.activity, offer.contributor_id
    payer = activity.project.organisation_id
    own = (person, payer)
    return {
        "ways": ways.of(payer, CountsAs.FEE, offer.amount),
        "paid": said.paid(*own, CountsAs.FEE, activity.pk, activity.starts_at),
        "cost_ways": ways.of(payer, CountsAs.EXPENSE),
        "costs": said.paid(*own, CountsAs.EXPENSE, activity.pk, activity.starts_at),
        "says_costs": said.says_for(*own, CountsAs.EXPENSE, activity.pk),
    }


def _invitation(
    offer: Offer, is_claimed: bool, usual: Sequence[UsualAnswer], money: dict[str, Any]
) -> Invitation:
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
        usual=usual_at(usual, activity.starts_at),
        talk_to=organisation.adviser,
        **money,
    )


def _read_outs(offers: Sequence[Offer] | QuerySet[Offer]) -> list[ReadOut]:
    rows = list(offers)
    ways = Offered(_organisations(rows))
    return [_read_out(offer, ways) for offer in rows]


def _read_out(offer: Offer, ways: Offered) -> ReadOut:
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
        ways=ways.of(organisation.pk, CountsAs.FEE, offer.amount),
    )
