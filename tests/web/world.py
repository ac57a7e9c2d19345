"""Something to see on every page: claims, a sent run, and a stranger's records to be kept apart from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from claims.models import Claim
from claims.services import claiming
from common.money import from_minor
from payments.models import BankAccount, Payment, PaymentRun, Remittance
from people.models import Person, Project, RoleKind
from people.services import grant_role
from tests.cast import Cast, put_in_force
from tests.payments.office import POLICY, account_of, fare, hours, open_office, sent


@dataclass(frozen=True)
class World:
    """Records by whose they are. `paid` is Cora's claim that the run pays; `waiting` waits for Anil."""

    cast: Cast
    account: BankAccount
    paid: Claim
    waiting: Claim
    draft: Claim
    devs: Claim
    strange: Claim
    run: PaymentRun
    payment: Payment
    devs_payment: Payment
    remittance: Remittance
    devs_remittance: Remittance


def make_world(cast: Cast) -> World:
    """Cora is paid £12.50 for a bus and £40 for time; Dev £7.30. Cora has a claim waiting, and a draft."""
    account = open_office(cast)
    account_of(cast, cast.cora)
    account_of(cast, cast.dev)
    paid = fare(cast, cast.cora, 1250).claim
    hours(cast, cast.cora, 2)
    devs = fare(cast, cast.dev, 730).claim
    run = sent(cast, account)
    return World(
        cast=cast,
        account=account,
        paid=paid,
        waiting=waiting_claim(cast.cora, cast.project),
        draft=waiting_claim(cast.cora, cast.project, send=False),
        devs=devs,
        strange=_strange(cast),
        run=run,
        payment=run.payments.filter(person=cast.cora).earliest("pk"),
        devs_payment=run.payments.get(person=cast.dev),
        remittance=run.remittances.get(person=cast.cora),
        devs_remittance=run.remittances.get(person=cast.dev),
    )


def waiting_claim(
    contributor: Person, project: Project, *, pence: int = 450, send: bool = True, fee_hours: int = 3
) -> Claim:
    """A claim for a bus fare and some time, sent or still a draft."""
    claim = claiming.start_claim(actor=contributor, project=project, contributor=contributor)
    day = date(2026, 11, 20)
    _line(contributor, claim, day, kind="fare", mode="bus", spent=from_minor(pence, "GBP"))
    _line(contributor, claim, day, kind="time", mode="session", quantity=Decimal(fee_hours))
    return claiming.submit(actor=contributor, claim_id=claim.pk) if send else claim


def _line(
    contributor: Person,
    claim: Claim,
    on: date,
    *,
    kind: str,
    mode: str,
    spent: Money | None = None,
    quantity: Decimal | None = None,
) -> None:
    claiming.add_line(
        actor=contributor,
        claim_id=claim.pk,
        on=on,
        kind=kind,
        mode=mode,
        spent=spent,
        quantity=quantity,
        unit="hour" if quantity else "",
        receipt="R1" if spent else "",
    )


def _strange(cast: Cast) -> Claim:
    """A claim in Hillside, where Otto administers: nobody of Riverside may know of it."""
    put_in_force(cast, POLICY, cast.hillside)
    grant_role(
        actor=cast.otto,
        person=cast.bea,
        kind=RoleKind.CONTRIBUTOR,
        organisation=cast.hillside,
        project=cast.strange_project,
    )
    return waiting_claim(cast.bea, cast.strange_project)
