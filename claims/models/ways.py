"""How people are paid: what an organisation can do, and what somebody said. Never why."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from audit.history import History, Recorded
from claims.models.activities import Activity
from claims.models.claims import CountsAs
from ledger.models import Account
from people.models import Organisation, Person


class Way(models.TextChoices):
    """Ways of paying, in the order in which everybody reads them."""

    BANK = "bank", "Bank transfer"
    VOUCHER = "voucher", "Voucher or gift card"
    CASH = "cash", "Cash"
    CHEQUE = "cheque", "Cheque"
    CODE = "code", "Cash-out code"
    DONATION = "donation", "Donation to a charity"
    LEARNING = "learning", "Learning or training fund"
    GROUP = "group", "Payment to a group or organisation"


# What does not come to the person: said before the activity, and for time only.
GIVEN_AWAY = (Way.DONATION, Way.LEARNING, Way.GROUP)
NAMED = (Way.DONATION, Way.GROUP)


class WayOffered(Recorded):
    """A way of paying that an organisation can do, beside bank transfer, which it always can."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="ways")
    way = models.CharField(max_length=8, choices=Way)
    for_time = models.BooleanField(default=False, help_text="People can choose it for their time.")
    for_costs = models.BooleanField(default=False, help_text="People can choose it for their costs.")
    most = models.BigIntegerField(null=True, help_text="Minor units of one payment; none: no limit.")
    delivery = models.CharField(max_length=300, help_text="How it reaches people, as they read it.")
    control = models.ForeignKey(
        Account, models.PROTECT, related_name="+", help_text="Where the books keep what is paid this way."
    )

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "way"], name="a_way_is_offered_once"),
            models.CheckConstraint(condition=~Q(way="bank"), name="bank_transfer_needs_no_offer"),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gt=0), name="a_limit_of_a_way_allows_something"
            ),
            models.CheckConstraint(
                condition=Q(for_costs=False) | ~Q(way__in=["donation", "learning", "group"]),
                name="costs_come_back_to_who_had_them",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_way_display())


class Instruction(models.Model):
    """How somebody wants their money for time, or for costs: usually, or for one activity.

    Behind both walls, as `Offer` is. The latest counts; earlier rows stay, as proof of what was said when.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="instructions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="instructions")
    counts_as = models.CharField(max_length=7, choices=CountsAs)
    way = models.CharField(max_length=8, choices=Way)
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, related_name="instructions", help_text="None: the usual way."
    )
    named = models.BinaryField(null=True, help_text="Sealed: the charity or group that they named.")
    wants_receipt = models.BooleanField(default=False, help_text="Of the charity that they named.")
    said_at = models.DateTimeField()
    said_for = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", help_text="Who wrote down what was read out."
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "person", "-said_at"], name="instructions_by_person")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organisation", "counts_as", "said_at"], name="one_instruction_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(way__in=["donation", "group"], named__isnull=False)
                | (~Q(way__in=["donation", "group"]) & Q(named__isnull=True)),
                name="who_is_paid_instead_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(counts_as="fee") | ~Q(way__in=["donation", "learning", "group"]),
                name="only_time_is_given_away",
            ),
            models.CheckConstraint(
                condition=Q(wants_receipt=False) | Q(way="donation"), name="a_receipt_is_for_a_donation"
            ),
        ]

    def __str__(self) -> str:
        return f"Instruction {self.pk}"
