"""Numbers without gaps: drawn under a lock, kept only when the transaction is."""

from ledger.models import Counter
from people.models import Organisation


def locked(organisation: Organisation, name: str) -> Counter:
    """The counter row, locked until the transaction ends; made at first use."""
    Counter.objects.get_or_create(organisation=organisation, name=name)
    return Counter.objects.select_for_update().get(organisation=organisation, name=name)


def next_number(organisation: Organisation, name: str) -> int:
    """The next number of this name, from 1. A rolled-back transaction gives its number back."""
    counter = locked(organisation, name)
    counter.value += 1
    counter.save(update_fields=["value"])
    return counter.value
