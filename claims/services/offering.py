"""Say which ways of paying an organisation can do, for what, up to how much, and how they reach people."""

from audit.actions import Action
from audit.services import record, step
from claims import permissions
from claims.models import GIVEN_AWAY, Way, WayOffered
from common.errors import DomainError
from common.text import tidy
from ledger.models import AccountKind
from ledger.services.accounts import account
from ledger.services.counters import locked
from people.models import Organisation, Person
from people.permissions import require

DELIVERY_LENGTH = 300
CONTROLS = {
    Way.VOUCHER: AccountKind.VOUCHERS,
    Way.CASH: AccountKind.CASH,
    Way.CHEQUE: AccountKind.CHEQUES,
    Way.CODE: AccountKind.CODES,
    Way.DONATION: AccountKind.DONATIONS,
    Way.LEARNING: AccountKind.LEARNING,
    Way.GROUP: AccountKind.GROUPS,
}


@step(returns=WayOffered)
def offer_way(
    *,
    actor: Person,
    organisation: Organisation,
    way: Way,
    for_time: bool,
    for_costs: bool,
    delivery: str,
    most: int | None = None,
    key: str = "",
) -> WayOffered:
    """Switch a way of paying on, change it, or switch it off for new choices (neither for time nor costs).

    `most` is minor units of one payment. What people chose before stands until they choose again.
    """
    locked(organisation, "way")
    require(permissions.may_offer_ways(actor, organisation))
    if way not in CONTROLS:
        raise DomainError("Bank transfer is always offered.")
    if for_costs and way in GIVEN_AWAY:
        raise DomainError("Money back for costs goes to the person who had them.")
    if most is not None and most <= 0:
        raise DomainError("Enter a limit above nothing, or none.")
    text = tidy(delivery)
    if not text or len(text) > DELIVERY_LENGTH:
        raise DomainError(f"Say how it reaches people, in at most {DELIVERY_LENGTH} characters.")
    offered = organisation.ways.select_for_update().filter(way=way).first() or WayOffered(
        organisation=organisation, way=way, control=account(organisation, CONTROLS[way])
    )
    offered.for_time, offered.for_costs, offered.most, offered.delivery = for_time, for_costs, most, text
    offered.save()
    record(
        actor=actor,
        action=Action.WAY_OFFERED,
        subject=offered,
        organisation_id=organisation.pk,
        way=str(way),
        for_time=for_time,
        for_costs=for_costs,
        most=most,
    )
    return offered
