"""Whose account money goes to. Encrypted, bound to the person, a new row for every change."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from common.dates import now
from people.models import Organisation, Person


class Refusal(models.TextChoices):
    """Why bank details could not be used, in the words the person reads."""

    WRONG = "wrong", "Something in them is not right, so a payment would not arrive."
    UNCHECKED = "unchecked", "We could not check them with you."
    NOT_GIVEN = "not_given", "You told us that you did not give them."


class Acting(models.TextChoices):
    """By what right somebody else takes a person's money for them."""

    APPOINTEE = "appointee", "appointee"
    DEPUTY = "deputy", "deputy or guardian, named by a court"
    ATTORNEY = "attorney", "attorney, under a power of attorney"


class BankDetails(models.Model):
    """One version of somebody's bank details. Only its verification or refusal and retirement are filled in.

    The sealed fields open only for this row and person (see `payments.secrets`). `last_digits` is
    all that screens, logs, history and the trail ever show.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="bank_details")
    account_name = models.BinaryField()
    sort_code = models.BinaryField()
    account_number = models.BinaryField()
    roll_number = models.BinaryField()
    fingerprint = models.CharField(
        max_length=64, db_index=True, help_text="To see that two people share one."
    )
    last_digits = models.CharField(max_length=2)
    acting = models.CharField(
        max_length=9, choices=Acting, blank=True, help_text="Whose account it is, if not the person's own."
    )
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=now)
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    usable_from = models.DateTimeField(null=True, help_text="End of the cooling-off time.")
    retired_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    refusal = models.CharField(max_length=10, choices=Refusal, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                name="bank_details_are_verified_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("person")),
                name="nobody_verifies_their_own_bank_details",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True, verified_at__isnull=True, usable_from__isnull=True)
                | Q(verified_by__isnull=False, verified_at__isnull=False, usable_from__isnull=False),
                name="verified_bank_details_say_when",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True, refusal="")
                | Q(
                    refused_by__isnull=False,
                    refusal__in=sorted(Refusal),
                    retired_at__isnull=False,
                    verified_at__isnull=True,
                ),
                name="refused_bank_details_say_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True)
                | (~Q(refused_by=F("entered_by")) & ~Q(refused_by=F("person"))),
                name="bank_details_are_refused_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(acting="") | (Q(acting__in=sorted(Acting)) & ~Q(entered_by=F("person"))),
                name="the_account_of_another_is_entered_by_finance",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(retired_at__isnull=True, verified_at__isnull=False),
                name="one_verified_account_per_person",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(retired_at__isnull=True, verified_at__isnull=True),
                name="one_account_waiting_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Account ending {self.last_digits}"


class BankAccount(models.Model):
    """An organisation's own account, which runs are paid from and statements come from."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bank_accounts")
    name = models.CharField(max_length=60)
    sort_code = models.CharField(max_length=6)
    account_number = models.CharField(max_length=8)
    columns = models.JSONField(default=dict, help_text="How its statement files are laid out.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_bank_account_per_name")
        ]

    def __str__(self) -> str:
        return self.name
