"""Who has died, as everything asks it that writes to people, lets them in or pays them."""

from django.db.models import QuerySet

from people.models import Death, Person


def standing_deaths() -> QuerySet[Death]:
    """What was recorded and not taken back."""
    return Death.objects.filter(undone_at__isnull=True)


def the_dead() -> QuerySet[Death, int]:
    """The keys of everybody who has died, for a query."""
    return standing_deaths().values_list("person_id", flat=True)


def death_of(person: Person) -> Death | None:
    """What is known of it; None for somebody who lives, as far as we know."""
    return standing_deaths().filter(person=person).first()
