"""Car miles claimed elsewhere: they use up the higher rate of the tax year, whoever pays them."""

from datetime import date
from decimal import Decimal

from audit.actions import Action
from audit.services import record, step
from claims.models import Claim, MileageDeclaration
from claims.permissions import may_declare_miles
from claims.pricing.vocabulary import Kind, Mode
from claims.services.claim_steps import estimate_again
from claims.workflow import ClaimStatus
from common.dates import tax_year, today
from common.errors import DomainError
from people.models import Person, RoleKind
from people.permissions import require, roles_of

MOST_MILES = Decimal(200_000)


def open_tax_years(day: date | None = None) -> list[str]:
    """The tax years that miles can be declared for: this one and the one before."""
    now = day or today()
    return [tax_year(now), tax_year(now.replace(year=now.year - 1, day=min(now.day, 28)))]


@step(returns=MileageDeclaration)
def declare_miles(
    *, actor: Person, contributor: Person, year: str, miles: Decimal, key: str = ""
) -> MileageDeclaration:
    """Write down the miles somebody drove for others in a tax year; saying it again replaces it.

    Drafts are estimated again. Raises DomainError for a year that is over, or miles nobody drives.
    """
    require(may_declare_miles(actor, contributor))
    if year not in open_tax_years():
        raise DomainError("Miles can be declared for this tax year and the one before.")
    if not 0 <= miles <= MOST_MILES or miles != miles.quantize(Decimal("0.1")):
        raise DomainError(f"Enter miles between 0 and {MOST_MILES:,}, like 1200.5.")
    Person.objects.select_for_update(no_key=True).get(pk=contributor.pk)
    declared = MileageDeclaration.objects.filter(contributor=contributor, tax_year=year).first()
    if declared is None:
        declared = MileageDeclaration(contributor=contributor, tax_year=year)
    declared.miles = miles
    declared.save()
    drafts = Claim.objects.select_for_update().filter(contributor=contributor, status=ClaimStatus.DRAFT)
    driven = drafts.filter(pk__in=_with_car_miles(contributor)).order_by("pk")
    for claim in driven:
        estimate_again(claim)
    _record(actor, declared)
    return declared


def _with_car_miles(contributor: Person) -> list[int]:
    claims = Claim.objects.filter(
        contributor=contributor, lines__kind=Kind.MILEAGE, lines__mode=Mode.CAR
    ).distinct()
    return list(claims.values_list("pk", flat=True))


def _record(actor: Person, declared: MileageDeclaration) -> None:
    part = roles_of(declared.contributor).filter(kind=RoleKind.CONTRIBUTOR).order_by("pk").first()
    record(
        actor=actor,
        action=Action.MILES_DECLARED,
        subject=declared,
        organisation_id=part.organisation_id if part else None,
        about=declared.contributor,
        on_behalf_of=declared.contributor if actor != declared.contributor else None,
        tax_year=declared.tax_year,
        miles=str(declared.miles),
    )
