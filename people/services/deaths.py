"""What happens among people when somebody has died: no message, no way in. Taken back, all is as before.

Who may record it, and what becomes of their money, is the business of the apps above.
"""

from datetime import date

from common.dates import now, today
from common.errors import DomainError, IllegalMove
from common.text import tidy
from people.models import Death, Person

TOLD_LENGTH = 200


def mark_died(*, actor: Person, person: Person, died_on: date | None, told_by: str) -> Death:
    """Write it down and close their logins, in the caller's transaction. The person's row is locked.

    Raises IllegalMove when it is known already, DomainError for a day to come or without who told us.
    """
    known = Death.objects.filter(person=person, undone_at__isnull=True).select_related("recorded_by").first()
    if known is not None:
        raise IllegalMove(f"{known.recorded_by} already recorded that {person} has died.")
    if died_on is not None and died_on > today():
        raise DomainError("The day cannot be in the future.")
    words = tidy(told_by)
    if not words or len(words) > TOLD_LENGTH:
        raise DomainError(f"Say who told us, in at most {TOLD_LENGTH} characters.")
    logins = list(person.logins.filter(is_active=True))
    for login in logins:
        login.is_active = False
        login.save(update_fields=["is_active"])
    return Death.objects.create(
        person=person,
        died_on=died_on,
        told_by=words,
        recorded_by=actor,
        closed_logins=[login.pk for login in logins],
    )


def take_back(*, actor: Person, death: Death) -> Death:
    """Take it back, and open the logins again that were closed with it. The death's row is locked."""
    if death.undone_at is not None:
        raise IllegalMove("This was already taken back.")
    for login in death.person.logins.filter(pk__in=death.closed_logins):
        login.is_active = True
        login.save(update_fields=["is_active"])
    death.undone_by = actor
    death.undone_at = now()
    death.save(update_fields=["undone_by", "undone_at"])
    return death
