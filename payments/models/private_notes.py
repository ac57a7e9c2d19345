"""What people keep here for themselves alone."""

from django.db import models


class PrivateNote(models.Model):
    """Amounts and days that one person keeps for themselves. Why so: docs/decisions/0024.

    `holder` is a keyed digest of the person: without the key ring nobody can tell whose row it is, or whether
    somebody has one. All rows are of one length. There is no time, no history, and no event.
    """

    holder = models.CharField(max_length=64, primary_key=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "A private note"
