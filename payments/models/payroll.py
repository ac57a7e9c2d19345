"""Whose money for time goes through payroll, and when payroll said that it has paid a run."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.history import History, Recorded
from common.dates import now, today
from ledger.models import JournalEntry
from payments.models.runs import PaymentRun
from people.models import Organisation, Person


class PayrollMark(Recorded):
    """The organisation pays this person's time through payroll, from its making until it is ended.

    It is about a duty of the employer, so it has no place for a reason or for anything about the person.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="payroll_marks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="payroll_marks")
    since = models.DateField(default=today)
    until = models.DateField(null=True, help_text="Day it was ended; none while it stands.")
    marked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(until__isnull=True),
                name="one_payroll_mark_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(marked_by=F("person")), name="nobody_marks_themselves_for_payroll"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended_by__isnull=True)
                | Q(until__gte=F("since"), ended_by__isnull=False),
                name="an_ended_payroll_mark_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | ~Q(ended_by=F("person")),
                name="nobody_ends_their_own_payroll_mark",
            ),
        ]

    def __str__(self) -> str:
        return f"Payroll mark {self.pk}"


class PayrollConfirmation(models.Model):
    """Payroll said that it has paid a run, with its posting; undone by a reversal, never removed."""

    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="confirmations")
    day = models.DateField(help_text="The day on which people had their pay.")
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="payroll_confirmation")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=now)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run"], condition=Q(undone_at__isnull=True), name="a_payroll_run_is_confirmed_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="an_undone_confirmation_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Confirmation of {self.run}"
