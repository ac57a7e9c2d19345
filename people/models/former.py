"""How somebody could be reached before they changed it, kept locked for two days."""

from typing import ClassVar

from django.db import models

from common.dates import now
from people.models.person import Person


class FormerContact(models.Model):
    """The e-mail address and telephone number somebody had until just now, sealed for this person.

    If it was not they who changed them, this is where they can still be reached. Forgotten after two days.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="former_contacts")
    sealed = models.BinaryField()
    replaced_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        ordering: ClassVar = ["pk"]
