"""Enter a figure of a year with its source, and check it as a second person."""

from datetime import date

from audit.actions import Action
from audit.services import record, step
from common.dates import now
from common.errors import DomainError, IllegalMove
from common.text import tidy
from guidance import permissions
from guidance.models import Figure, Unit
from people.models import Organisation, Person
from people.permissions import require


@step(returns=Figure)
def enter_figure(
    *,
    actor: Person | None,
    organisation: Organisation,
    name: str,
    starts_on: date,
    ends_on: date,
    amount: int,
    unit: str,
    source: str,
    url: str,
    read_on: date,
    is_doubtful: bool = False,
    key: str = "",
) -> Figure:
    """Add a figure. `amount` is in minor units. The same name and first day again is a new version."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if actor is not None:
        require(permissions.may_keep(actor, organisation))
    if ends_on < starts_on:
        raise DomainError("The last day must be on or after the first day.")
    if not url.startswith(("https://", "http://")):
        raise DomainError("The address of the source must begin with https://.")
    name = tidy(name)
    versions = organisation.guidance_figures.filter(name=name, starts_on=starts_on).count()
    figure = Figure.objects.create(
        organisation=organisation,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        version=versions + 1,
        amount=amount,
        unit=Unit(unit),
        source=tidy(source),
        url=url,
        read_on=read_on,
        is_doubtful=is_doubtful,
        entered_by=actor,
        entered_at=now(),
    )
    _record(actor, Action.FIGURE_ENTERED, figure)
    return figure


@step(returns=Figure)
def check_figure(*, actor: Person, figure_id: int, key: str = "") -> Figure:
    """Say, as a second person, that the source gives this figure for these days."""
    figure = Figure.objects.select_related("organisation").get(pk=figure_id)
    Organisation.objects.select_for_update(no_key=True).get(pk=figure.organisation_id)
    figure.refresh_from_db(fields=["checked_at", "checked_by"])
    require(permissions.may_check_figure(actor, figure))
    if figure.checked_at is not None:
        raise IllegalMove("This figure is already checked.")
    same = figure.organisation.guidance_figures.filter(name=figure.name, starts_on=figure.starts_on)
    if same.filter(version__gt=figure.version).exists():
        raise IllegalMove("A newer figure for the same days was entered after this one.")
    figure.checked_by = actor
    figure.checked_at = now()
    figure.save(update_fields=["checked_by", "checked_at"])
    _record(actor, Action.FIGURE_CHECKED, figure)
    return figure


def _record(actor: Person | None, action: Action, figure: Figure) -> None:
    record(actor=actor, action=action, subject=figure, organisation_id=figure.organisation_id)
