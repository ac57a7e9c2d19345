"""Accounts that belong to the estates of people who have died."""

from collections.abc import Iterable

from payments.models import EstateDetails


def estates_of(people: Iterable[int]) -> set[int]:
    """Keys of the bank details of these people's estates, as far as their deaths stand."""
    rows = EstateDetails.objects.filter(death__undone_at__isnull=True, death__person__in=list(people))
    return set(rows.values_list("details_id", flat=True))
