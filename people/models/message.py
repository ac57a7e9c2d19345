"""What we tell people, and the packs that letters are printed in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from common.dates import now
from people.models.organisation import Organisation
from people.models.person import Person
from people.workflow import OPEN, MessageStatus


class MessageKind(models.TextChoices):
    """Everything we tell people by ourselves. The words are in `people/message_texts.py`."""

    OFFER_MADE = "offer_made", "An invitation"
    OFFER_REMINDER = "offer_reminder", "An invitation that waits for an answer"
    ANSWER_WRITTEN_DOWN = "answer_written_down", "An answer that somebody wrote down for them"
    ACTIVITY_CANCELLED = "activity_cancelled", "A cancellation"
    CLAIM_RECEIVED = "claim_received", "A claim that arrived"
    CLAIM_TYPED_FOR_YOU = "claim_typed_for_you", "A claim that somebody typed in for them"
    LINE_QUERIED = "line_queried", "A question about a claim"
    CLAIM_DECIDED = "claim_decided", "A claim that is decided"
    PAYMENT_SENT = "payment_sent", "A payment on its way"
    PAYMENT_RETURNED = "payment_returned", "A payment that came back"
    BANK_DETAILS_CHANGED = "bank_details_changed", "New bank details"
    BANK_DETAILS_REFUSED = "bank_details_refused", "Bank details that cannot be used"
    WITH_PAY = "with_pay", "A payment that comes with their pay"
    HANDED_OVER = "handed_over", "News of a payment"
    PAYMENT_BACK = "payment_back", "A payment that did not reach them"
    LEARNING_ANSWERED = "learning_answered", "An answer to what they asked"
    PAYROLL_CHANGED = "payroll_changed", "Another way in which their money comes"
    ROLE_GIVEN = "role_given", "A new part in the work"
    LOGIN_MADE = "login_made", "A way to sign in"
    NOT_ARRIVED = "not_arrived", "A payment that did not arrive"
    PAYMENT_FOUND = "payment_found", "A payment that was found"
    PAYMENT_NOT_TAKEN = "payment_not_taken", "A payment that never left"
    PAYMENT_TALK = "payment_talk", "A payment to talk about"
    PAYMENT_TALK_ENDED = "payment_talk_ended", "A payment that is cleared up"
    WRONGLY_CLOSED = "wrongly_closed", "A record we closed by mistake"


# Who was paid is for finance alone: beside who was asked, it would tell who took no fee.
ABOUT_PAYMENTS = frozenset(
    {
        MessageKind.PAYMENT_SENT,
        MessageKind.PAYMENT_RETURNED,
        MessageKind.BANK_DETAILS_CHANGED,
        MessageKind.BANK_DETAILS_REFUSED,
        MessageKind.WITH_PAY,
        MessageKind.HANDED_OVER,
        MessageKind.PAYMENT_BACK,
        MessageKind.LEARNING_ANSWERED,
        MessageKind.PAYROLL_CHANGED,
        MessageKind.NOT_ARRIVED,
        MessageKind.PAYMENT_FOUND,
        MessageKind.PAYMENT_NOT_TAKEN,
        MessageKind.PAYMENT_TALK,
        MessageKind.PAYMENT_TALK_ENDED,
    }
)


class PrintPack(models.Model):
    """Letters that were printed together. Its pages are made again from its messages when asked for."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="print_packs")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    count = models.PositiveIntegerField(help_text="Letters in the pack.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(count__gt=0), name="a_print_pack_holds_a_letter")
        ]

    def __str__(self) -> str:
        return f"Print pack {self.pk}"


class Message(models.Model):
    """One thing one person is told, once, in whatever way they wish to hear from us.

    It holds no words: they are made from kind, reference and day. Only what became of it changes.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="messages")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=20, choices=MessageKind)
    reference = models.CharField(max_length=12, blank=True, help_text="Neutral handle, as in C000041.")
    day = models.DateField(null=True, help_text="The day that the words name, such as the one promised.")
    source = models.CharField(max_length=60, help_text="The event, as in claim:41:decided.")
    status = models.CharField(max_length=7, choices=MessageStatus, default=MessageStatus.WAITING)
    created_at = models.DateTimeField(default=now)
    taken_at = models.DateTimeField(null=True, help_text="When a worker last began to send it.")
    done_at = models.DateTimeField(null=True)
    pack = models.ForeignKey(PrintPack, models.PROTECT, null=True, related_name="messages")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "id"],
                condition=Q(status__in=sorted(OPEN)),
                name="messages_that_wait",
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "source"], name="nobody_is_told_of_the_same_event_twice"
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN), done_at__isnull=True)
                | (~Q(status__in=sorted(OPEN)) & Q(done_at__isnull=False)),
                name="a_message_that_went_says_when",
            ),
            models.CheckConstraint(
                condition=Q(status=MessageStatus.PRINTED, pack__isnull=False)
                | (~Q(status=MessageStatus.PRINTED) & Q(pack__isnull=True)),
                name="a_printed_message_is_in_a_pack",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Neutral handle, as in M000123."""
        return f"M{self.pk:06d}"
