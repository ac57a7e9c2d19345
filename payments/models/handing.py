"""What is paid by hand: vouchers, cash, cheques, codes, and money that goes to somebody whom people named."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from common.dates import now
from ledger.models import JournalEntry
from payments.models.runs import Payment
from payments.models.statements import StatementLine
from people.models import Organisation, Person


class Ended(models.TextChoices):
    """Why something handed over does not count any more."""

    MISTAKE = "mistake", "It was not handed over: this was a mistake"
    NOT_ARRIVED = "not_arrived", "It did not arrive"
    EXPIRED = "expired", "It expired, or was not cashed in time"
    REFUSED = "refused", "It was sent back to us"


class HandOver(models.Model):
    """A payment that somebody of finance handed over or sent, with its posting; ended at most once."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="hand_overs")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="hand_overs")
    day = models.DateField(help_text="The day on which the person had it, or it was sent.")
    serial = models.CharField(max_length=40, blank=True, help_text="Number of a cheque, receipt or transfer.")
    code = models.BinaryField(null=True, help_text="Sealed: a cash-out code.")
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="hand_over")
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=now)
    collected_on = models.DateField(null=True, help_text="Collected, cashed, or a receipt came.")
    cashed_by = models.ForeignKey(
        StatementLine, models.PROTECT, null=True, related_name="+", help_text="Where the bank shows a cheque."
    )
    seen_at = models.DateTimeField(null=True, help_text="When somebody first looked at its codes.")
    ended = models.CharField(max_length=12, choices=Ended, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    is_lost = models.BooleanField(default=False, help_text="What was handed over is gone, and not back.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-id"], name="hand_overs_by_organisation"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment"], condition=Q(ended=""), name="a_payment_is_handed_over_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "serial"],
                condition=~Q(serial="") & ~Q(ended="mistake"),
                name="a_serial_is_used_once",
            ),
            models.CheckConstraint(
                condition=Q(ended="", ended_by__isnull=True, ended_at__isnull=True)
                | (~Q(ended="") & Q(ended_by__isnull=False, ended_at__isnull=False)),
                name="what_ended_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(is_lost=False)
                | (Q(ended__in=["not_arrived", "expired"]) & ~Q(ended_by=F("given_by"))),
                name="a_second_person_says_that_something_is_lost",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True)
                | Q(ended="")
                | (~Q(ended="mistake") & ~Q(ended_by=F("given_by"))),
                name="a_second_person_says_that_a_seen_code_is_of_no_use",
            ),
        ]

    def __str__(self) -> str:
        return f"Hand-over {self.pk} of {self.payment_id}"


class VoucherBatch(models.Model):
    """Vouchers of one value bought together: what they are worth, and what the supplier charged beside it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="voucher_batches")
    supplier = models.CharField(max_length=100)
    face_value = models.BigIntegerField(help_text="Minor units of one voucher.")
    count = models.PositiveIntegerField()
    charge = models.BigIntegerField(default=0, help_text="Minor units for all of them; not people's money.")
    bought_on = models.DateField()
    expires_on = models.DateField(null=True)
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="voucher_batch")
    bought_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    bought_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(face_value__gt=0), name="a_voucher_is_worth_something"),
            models.CheckConstraint(condition=Q(count__gt=0), name="a_batch_has_vouchers"),
            models.CheckConstraint(condition=Q(charge__gte=0), name="a_charge_is_not_negative"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("bought_on")),
                name="a_voucher_expires_after_it_was_bought",
            ),
        ]

    def __str__(self) -> str:
        return f"Vouchers {self.pk}"


class Voucher(models.Model):
    """One voucher: in stock, with the person it was handed to, or written off."""

    batch = models.ForeignKey(VoucherBatch, models.PROTECT, related_name="vouchers")
    position = models.PositiveIntegerField(help_text="In its batch, from 1.")
    code = models.BinaryField(null=True, help_text="Sealed; none for a card that names no code.")
    hand_over = models.ForeignKey(HandOver, models.PROTECT, null=True, related_name="vouchers")
    written_off_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    written_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_voucher_per_position"),
            models.CheckConstraint(
                condition=Q(written_off_by__isnull=True, written_off_at__isnull=True)
                | Q(written_off_by__isnull=False, written_off_at__isnull=False),
                name="a_voucher_written_off_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Voucher {self.position} of batch {self.batch_id}"


class CashCount(models.Model):
    """What was in the cash box when somebody counted it, beside what the books say. Minor units."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cash_counts")
    day = models.DateField()
    counted = models.BigIntegerField()
    expected = models.BigIntegerField(help_text="What the books held at that moment.")
    note = models.CharField(max_length=300, blank=True, help_text="Why they differ, when they do.")
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, related_name="cash_count")
    counted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    witness = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text="Who counted with them.")
    counted_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(counted_by=F("witness")), name="two_persons_count_the_cash"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="a_cash_box_holds_nothing_or_more"),
            models.CheckConstraint(
                condition=Q(counted=F("expected"), entry__isnull=True)
                | (~Q(counted=F("expected")) & Q(entry__isnull=False) & ~Q(note="")),
                name="a_difference_in_cash_is_posted_and_explained",
            ),
        ]

    def __str__(self) -> str:
        return f"Cash count {self.pk}"


class LearningSpend(models.Model):
    """Something that somebody asked to have paid from their learning fund, and what finance said."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="learning_spends")
    person = models.ForeignKey(Person, models.PROTECT, related_name="learning_spends")
    item = models.CharField(max_length=200, help_text="What it is, and where it can be had.")
    amount = models.BigIntegerField(help_text="Minor units.")
    asked_at = models.DateTimeField(default=now)
    agreed = models.BooleanField(null=True)
    words = models.CharField(max_length=300, blank=True, help_text="Why not, as the person reads it.")
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, related_name="learning_spend")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-id"], name="learning_by_person")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="learning_costs_something"),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, answered_by__isnull=True, answered_at__isnull=True)
                | Q(agreed__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="an_answer_about_learning_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(agreed=True, entry__isnull=False)
                | (~Q(agreed=True) & Q(entry__isnull=True))
                | Q(agreed__isnull=True, entry__isnull=True),
                name="only_learning_that_was_agreed_is_posted",
            ),
            models.CheckConstraint(
                condition=~Q(agreed=False) | ~Q(words=""), name="a_refusal_of_learning_has_words"
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("person")),
                name="nobody_agrees_to_their_own_learning",
            ),
        ]

    def __str__(self) -> str:
        return f"Learning {self.pk}"
