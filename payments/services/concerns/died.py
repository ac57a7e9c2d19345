"""Somebody has died. At once nothing is sent to them any more; what is owed goes to their estate.

Recording it takes one person, because it protects. Taking it back takes two.
"""

from datetime import date

from django.db.models import QuerySet

from audit.actions import Action
from audit.services import record, step
from claims.services.lapsing import lapse_offers, revive_offers
from common.dates import now
from common.errors import DomainError, IllegalMove
from common.text import tidy
from payments import concern_permissions as permissions
from payments.models import (
    BankDetails,
    Concern,
    ConcernKind,
    ConcernOutcome,
    EstateDetails,
    Payment,
    Proposal,
    ProposalKind,
)
from payments.queries.due import due
from payments.services import details
from payments.services.concerns import telling
from payments.services.concerns.arriving import propose
from payments.services.concerns.closing import close, keep, locked, words_of
from payments.workflow import ConcernStatus, PaymentStatus
from people.deaths import death_of, standing_deaths
from people.models import Death, Person
from people.permissions import require
from people.services.deaths import mark_died, take_back

ON_THE_WAY = frozenset({PaymentStatus.PREPARED, PaymentStatus.SENT})


@step(returns=Concern)
def record_death(
    *, actor: Person, person: Person, died_on: date | None, told_by: str, key: str = ""
) -> Concern:
    """Record that somebody has died, for every organisation they work with.

    Messages stop, logins close, invitations to what has not begun lapse, and their bank details are
    retired, so that no run pays the old account. Raises IllegalMove when it is recorded already.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    require(permissions.may_record_death(actor, person))
    death = mark_died(actor=actor, person=person, died_on=died_on, told_by=told_by)
    _retire_details(person)
    lapse_offers(person)
    mine = {each.pk for each in permissions.concerned_organisations(person, actor)}
    record(actor=actor, action=Action.DEATH_RECORDED, subject=death, about=person)
    made = [
        Concern.objects.create(
            organisation=organisation, kind=ConcernKind.DECEASED, person=person, opened_by=actor
        )
        for organisation in permissions.concerned_organisations(person)
    ]
    for concern in made:
        keep(actor, Action.CONCERN_OPENED, concern)
    return next(concern for concern in made if concern.organisation_id in mine)


def _retire_details(person: Person) -> None:
    for row in BankDetails.objects.select_for_update().filter(person=person, retired_at__isnull=True):
        row.retired_at = now()
        row.save(update_fields=["retired_at"])


@step(returns=EstateDetails)
def enter_estate(
    *,
    actor: Person,
    concern_id: int,
    care_of: str,
    address: str,
    seen: str,
    account_name: str,
    sort_code: str,
    account_number: str,
    roll_number: str = "",
    key: str = "",
) -> EstateDetails:
    """Enter the account of an estate, and which papers were seen. Another person verifies it before use."""
    concern = locked(concern_id)
    require(permissions.may_enter_estate(actor, concern))
    death = _standing(concern)
    who = tidy(care_of)
    if not who or len(who) > 200:
        raise DomainError("Say who looks after the estate.")
    entered = details.enter(
        actor=actor,
        person=concern.person,
        account_name=account_name,
        sort_code=sort_code,
        account_number=account_number,
        roll_number=roll_number,
    )
    estate = EstateDetails.objects.create(
        details=entered,
        death=death,
        care_of=who,
        address=tidy(address, line=False),
        seen=words_of(seen, "Say which papers you saw"),
    )
    keep(actor, Action.ESTATE_ENTERED, concern, last_digits=entered.last_digits)
    return estate


@step(returns=Concern)
def settle(*, actor: Person, concern_id: int, key: str = "") -> Concern:
    """Close it once nothing is owed and nothing is on its way."""
    concern = locked(concern_id)
    require(permissions.may_work_on(actor, concern))
    _standing(concern)
    if still_owed(concern) or _payments(concern).filter(status__in=ON_THE_WAY).exists():
        raise DomainError("Money is still owed to the estate or on its way. Close this when it is paid.")
    if concern.proposals.filter(agreed__isnull=True).exists():
        raise IllegalMove("A second person was asked about this. Wait for their answer.")
    close(actor, concern, ConcernOutcome.SETTLED)
    return concern


def still_owed(concern: Concern) -> int:
    """What is decided for the person and in no payment, in minor units."""
    return sum(row.amount for row in due(concern.organisation) if row.person_id == concern.person_id)


def _payments(concern: Concern) -> QuerySet[Payment]:
    return Payment.objects.filter(person=concern.person_id, organisation=concern.organisation_id)


@step(returns=Proposal)
def ask_undo(*, actor: Person, concern_id: int, words: str, key: str = "") -> Proposal:
    """Ask a second person to agree that it was a mistake: the person lives."""
    concern = locked(concern_id)
    require(permissions.may_ask(actor, concern, ProposalKind.UNDO_DEATH))
    _standing(concern)
    return propose(actor, concern, ProposalKind.UNDO_DEATH, words_of(words, "Say how you know"))


def undo(actor: Person, proposal: Proposal) -> None:
    """What two persons agreed: logins and invitations are back. The old bank details are not: they ask anew.

    An account of the estate that was entered meanwhile is retired, so that nothing is paid to it.
    """
    proposal.save()
    concern = proposal.concern
    Person.objects.select_for_update(no_key=True).get(pk=concern.person_id)
    death = standing_deaths().select_for_update().get(person=concern.person)
    if _all_payments(concern).filter(status=PaymentStatus.PREPARED).exists():
        raise IllegalMove("A payment to the estate is in a run that was not sent yet. Take it out first.")
    revive_offers(concern.person)
    _retire_details(concern.person)
    take_back(actor=actor, death=death)
    record(actor=actor, action=Action.DEATH_UNDONE, subject=death, about=concern.person)
    for each in Concern.objects.select_for_update().filter(
        person=concern.person, kind=ConcernKind.DECEASED, status=ConcernStatus.OPEN
    ):
        close(actor, each, ConcernOutcome.NOT_SO)
    telling.wrongly_closed(concern)


def _all_payments(concern: Concern) -> QuerySet[Payment]:
    return Payment.objects.filter(person=concern.person_id)


def _standing(concern: Concern) -> Death:
    """The death that an open concern is about. Raises IllegalMove when there is none."""
    death = death_of(concern.person) if concern.kind == ConcernKind.DECEASED else None
    if death is None or concern.status == ConcernStatus.CLOSED:
        raise IllegalMove("This is already closed.")
    return death
