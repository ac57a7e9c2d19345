"""What people worry about: money that did not arrive, too much of it, or somebody who died.

A concern is opened by one press and closed with an outcome. Whatever moves money on it is asked by one
person and agreed by another: a `Proposal`.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.history import History, Recorded
from common.dates import now
from ledger.models import JournalEntry
from payments.models.details import BankDetails
from payments.models.runs import Payment, PaymentItem
from payments.models.statements import Match
from payments.workflow import ConcernStatus, Method
from people.models import Death, Organisation, Person


class ConcernKind(models.TextChoices):
    NOT_ARRIVED = "not_arrived", "It did not arrive"
    OVERPAID = "overpaid", "Paid too much"
    DECEASED = "deceased", "Somebody died"


class ConcernOutcome(models.TextChoices):
    ARRIVED = "arrived", "It arrived after all"
    CAME_BACK = "came_back", "The bank sent it back"
    NEVER_TAKEN = "never_taken", "The bank never took it"
    REPAID = "repaid", "All of it came back"
    WRITTEN_OFF = "written_off", "Written off"
    NOT_SO = "not_so", "It turned out not to be so"
    SETTLED = "settled", "Nothing is owed to the estate any more"


class Concern(Recorded):
    """Something about somebody's money that is not as it should be, until it is cleared up."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="concerns")
    kind = models.CharField(max_length=12, choices=ConcernKind)
    person = models.ForeignKey(Person, models.PROTECT, related_name="concerns")
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="concerns", help_text="Once it is known which."
    )
    status = models.CharField(max_length=8, choices=ConcernStatus, default=ConcernStatus.OPEN)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=now)
    answer_by = models.DateField(null=True, help_text="The day by which we promised to say what we found.")
    outcome = models.CharField(max_length=12, choices=ConcernOutcome, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    history = History()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "status", "-id"], name="concerns_by_status"),
            models.Index(fields=["person", "-id"], name="concerns_by_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="open", outcome="", closed_by__isnull=True, closed_at__isnull=True)
                | (Q(status="closed", closed_by__isnull=False, closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_concern_says_how_it_ended",
            ),
            models.CheckConstraint(
                condition=~Q(kind="overpaid", payment__isnull=True)
                & ~Q(kind="deceased", payment__isnull=False),
                name="a_concern_names_a_payment_where_there_is_one",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(status="open", kind="not_arrived"),
                name="a_payment_is_missed_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "kind"],
                condition=Q(status="open", payment__isnull=True),
                name="one_open_concern_without_a_payment",
            ),
        ]

    def __str__(self) -> str:
        return f"Concern {self.pk}"

    def get_outcome_display(self) -> str:  # type: ignore[no-redef]  # instead of Django's own
        """How it ended; not every payment goes by bank."""
        if self.outcome == ConcernOutcome.CAME_BACK and self.payment and self.payment.method != Method.BANK:
            return "It came back to us"
        return str(ConcernOutcome(self.outcome).label) if self.outcome else ""


class ConcernNote(models.Model):
    """What was found out, in words: what the bank said, what the person said. Append-only."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="notes")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    words = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"Note {self.pk} of concern {self.concern_id}"


class ProposalKind(models.TextChoices):
    NEVER_TAKEN = "never_taken", "Owe it again, because the bank never took it"
    OVERPAID = "overpaid", "Record that too much was paid"
    WRITE_OFF = "write_off", "Write off what has not come back"
    UNDO_DEATH = "undo_death", "Take back that somebody died"


class Proposal(models.Model):
    """What one person asks and another person agrees to, or does not. Answered once."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=12, choices=ProposalKind)
    words = models.CharField(max_length=300, help_text="Why, for whoever is asked to agree.")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    agreed = models.BooleanField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, related_name="proposal")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
                name="a_second_person_answers_a_proposal",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, answered_by__isnull=True, answered_at__isnull=True)
                | Q(agreed__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="an_answered_proposal_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=True) | Q(agreed=True), name="only_what_was_agreed_is_posted"
            ),
            models.UniqueConstraint(
                fields=["concern"], condition=Q(agreed__isnull=True), name="one_open_proposal_per_concern"
            ),
        ]

    def __str__(self) -> str:
        return f"Proposal {self.pk} about concern {self.concern_id}"


class Overpayment(models.Model):
    """How much too much was paid on one line of a payment, and why, in words the person reads."""

    concern = models.OneToOneField(Concern, models.PROTECT, related_name="overpayment")
    item = models.ForeignKey(PaymentItem, models.PROTECT, related_name="overpayments")
    amount = models.BigIntegerField(help_text="Minor units.")
    reason = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_overpayment_is_of_something")
        ]

    def __str__(self) -> str:
        return f"Overpayment of concern {self.concern_id}"


class Repayment(models.Model):
    """A statement line that brought overpaid money back. Undone with its match."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="repayments")
    match = models.OneToOneField(Match, models.PROTECT, related_name="repayment")

    def __str__(self) -> str:
        return f"Repayment of concern {self.concern_id}"


class EstateDetails(models.Model):
    """That an account belongs to somebody's estate: to whom letters go, and what was seen of the papers."""

    details = models.OneToOneField(BankDetails, models.PROTECT, related_name="estate")
    death = models.ForeignKey(Death, models.PROTECT, related_name="estates")
    care_of = models.CharField(max_length=200, help_text="Who looks after the estate.")
    address = models.TextField(blank=True, help_text="Where letters to the estate go.")
    seen = models.CharField(max_length=300, help_text="Which papers were seen, not copies of them.")

    def __str__(self) -> str:
        return f"Estate of death {self.death_id}"
