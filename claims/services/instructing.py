"""Say how one wants to be paid: usually, or for one activity. Nobody is asked why."""

from audit.actions import Action
from audit.services import record, step
from claims import permissions
from claims.models import GIVEN_AWAY, NAMED, Activity, CountsAs, Instruction, Way
from claims.ways import seal_name, way_at, ways_of
from common.dates import now
from common.errors import DomainError, IllegalMove, NotPermitted
from common.text import tidy
from people.models import Organisation, Person, RoleKind
from people.permissions import require

NAME_LENGTH = 100


@step(returns=Instruction)
def choose_way(
    *,
    actor: Person,
    person: Person,
    organisation: Organisation,
    kind: CountsAs,
    way: Way,
    named: str = "",
    wants_receipt: bool = False,
    activity: Activity | None = None,
    key: str = "",
) -> Instruction:
    """Keep how somebody wants their money for time, or for costs, from now on, or for one activity.

    It counts for what is in no payment run yet. Money is given away only before the activity starts; as
    the usual way, it counts for what starts after it was said. `named` is the charity or group.
    """
    require(permissions.may_answer_offer(actor, person))
    if not person.roles.filter(kind=RoleKind.CONTRIBUTOR, organisation=organisation).exists():
        raise NotPermitted("Only a contributor here chooses how to be paid.")
    made = keep_way(actor, person, organisation, kind, way, named, wants_receipt, activity)
    record(
        actor=actor,
        action=Action.WAY_CHOSEN,
        subject=person,  # the number of an instruction would tell, by its gaps, which answers came with a way
        about=person,
        on_behalf_of=person if actor != person else None,
    )
    return made


def keep_way(
    actor: Person,
    person: Person,
    organisation: Organisation,
    kind: CountsAs,
    way: Way,
    named: str = "",
    wants_receipt: bool = False,
    activity: Activity | None = None,
) -> Instruction:
    """The same in the caller's step, which asks whether they may and keeps the event. Raises DomainError."""
    if way not in ways_of(organisation, kind):
        raise DomainError(f"{organisation} does not offer this way of paying. Choose another one.")
    if activity is not None and activity.project.organisation_id != organisation.pk:
        raise DomainError("This activity belongs to another organisation.")
    said_at = now()
    if way in GIVEN_AWAY and activity is not None and said_at >= activity.starts_at:
        raise IllegalMove(
            "This activity has started, so this money can no longer go to somebody else. "
            f"You can talk about it with: {organisation.adviser}"
        )
    name = _name(named) if way in NAMED else None
    return Instruction.objects.create(
        person=person,
        organisation=organisation,
        counts_as=kind,
        way=way,
        activity=activity,
        named=None if name is None else seal_name(name, person.pk),
        wants_receipt=wants_receipt and way == Way.DONATION,
        said_at=said_at,
        said_for=actor if actor != person else None,
    )


def back_to_usual(actor: Person, person: Person, activity: Activity) -> None:
    """What was said about the time of one activity counts no more: it is paid as the rest, as said by now.

    In the caller's step, before the activity starts. Else somebody who said “all of it, to a charity” and
    then “less” would give the lesser amount away.
    """
    organisation = activity.project.organisation
    said = list(person.instructions.filter(organisation=organisation, counts_as=CountsAs.FEE))
    own = [each for each in said if each.activity_id == activity.pk]
    if not own:
        return
    usual = way_at((each for each in said if each.activity_id is None), None, activity.starts_at)
    Instruction.objects.create(
        person=person,
        organisation=organisation,
        counts_as=CountsAs.FEE,
        way=usual.way if usual else Way.BANK,
        activity=activity,
        named=usual.named if usual else None,
        wants_receipt=usual.wants_receipt if usual else False,
        said_at=now(),
        said_for=actor if actor != person else None,
    )


def _name(named: str) -> str:
    name = tidy(named)
    if len(name) > NAME_LENGTH or not any(mark.isalnum() for mark in name):  # marks alone can be unseen
        raise DomainError(f"Enter the name of the charity or group, in at most {NAME_LENGTH} characters.")
    return name
