"""The journal: entries made of transfers. Append-only; the database refuses anything else.

A transfer moves one amount from its credit account to its debit account, so an entry cannot be out
of balance. Keys are computed, not drawn: `entry.id = organisation * 10^8 + number` and
`transfer.id = entry.id * 10^5 + position`, so a number cannot be missing or stand twice.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ledger.models.accounts import Account
from people.models import Organisation

NUMBERS = 10**8  # entries an organisation can ever have
POSITIONS = 10**5  # transfers an entry can have


class JournalEntry(models.Model):
    """One thing that happened to the money, whole or not at all."""

    id = models.BigIntegerField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="entries")
    number = models.BigIntegerField()
    date = models.DateField()
    month = models.PositiveIntegerField(help_text="As in 202611.")
    narrative = models.CharField(max_length=200)
    source = models.CharField(max_length=80, help_text="What caused it, as in claim:41:decision:2.")
    size = models.PositiveIntegerField(help_text="How many transfers.")
    last_transfer = models.OneToOneField("ledger.Transfer", models.PROTECT, related_name="closes")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    actor_id = models.BigIntegerField(help_text="Person.")
    posted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="one_entry_per_number"),
            models.UniqueConstraint(fields=["organisation", "source"], name="one_entry_per_source"),
            models.CheckConstraint(
                condition=Q(id=F("organisation_id") * NUMBERS + F("number")), name="entry_id_is_its_number"
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0, number__lt=NUMBERS), name="entry_number_in_range"
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0, size__lt=POSITIONS), name="an_entry_has_a_transfer"
            ),
            models.CheckConstraint(
                condition=Q(last_transfer_id=F("id") * POSITIONS + F("size")),
                name="an_entry_ends_with_its_last_transfer",
            ),
        ]

    def __str__(self) -> str:
        return f"Entry {self.number}: {self.narrative}"


class Transfer(models.Model):
    """An amount that left one account for another."""

    id = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="transfers")
    position = models.PositiveIntegerField()
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits", db_index=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits", db_index=False)
    party = models.BigIntegerField(null=True, help_text="Person or supplier, as a key.")
    amount = models.BigIntegerField(help_text="Minor units.")
    month = models.PositiveIntegerField(help_text="As in 202611.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["debit", "month"], include=["amount"], name="transfer_by_debit"),
            models.Index(fields=["credit", "month"], include=["amount"], name="transfer_by_credit"),
            models.Index(fields=["party"], name="transfer_by_party", condition=Q(party__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(id=F("entry_id") * POSITIONS + F("position")), name="transfer_id_is_its_place"
            ),
            models.CheckConstraint(
                condition=Q(position__gt=0, position__lt=POSITIONS), name="transfer_position_in_range"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_transfer_moves_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="a_transfer_goes_somewhere_else"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} from {self.credit} to {self.debit}"
