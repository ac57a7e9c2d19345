"""Activities and the offers made for them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.history import History, Recorded
from people.models import Person, Project


class CancelledBy(models.TextChoices):
    ORGANISATION = "organisation", "The organisation"
    CONTRIBUTOR = "contributor", "The contributor"


class Activity(Recorded):
    """A meeting or other piece of work that contributors are invited to."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="activities")
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    starts_at = models.DateTimeField(help_text="Typed and shown in Europe/London.")
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True, help_text="Empty when online.")
    access = models.TextField(blank=True, help_text="Step-free, loop, parking, quiet room.")
    costs_met = models.TextField(help_text="Which costs are met and how to claim, in plain words.")
    time_kind = models.CharField(max_length=20, blank=True, help_text="Kind of time offered, as in session.")
    time_hours = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    link_person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    cancelled_by = models.CharField(max_length=12, choices=CancelledBy, blank=True)
    told_at = models.DateTimeField(null=True, help_text="When people were told it was cancelled.")

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="an_activity_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by="", told_at__isnull=True)
                | (~Q(cancelled_by="") & Q(told_at__isnull=False)),
                name="a_cancelled_activity_says_when_people_were_told",
            ),
            models.CheckConstraint(
                condition=Q(time_kind="", time_hours__isnull=True) | (~Q(time_kind="") & Q(time_hours__gt=0)),
                name="time_offered_has_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Answer(models.TextChoices):
    """What a contributor says to an offer of a fee. There is no reason, and no place for one."""

    UNANSWERED = "unanswered", "Not answered yet"
    ACCEPTED = "accepted", "All of it"
    LESS = "less", "Less than offered"
    DECLINED = "declined", "None of it: only costs back"
    NOTHING = "nothing", "Nothing"
    TALK = "talk", "Talk to somebody first"


# Without money for the time. Costs are not touched: who said “nothing” can still claim them.
REFUSING = (Answer.DECLINED, Answer.NOTHING)
# Not answered yet: at the start of the activity the usual answer of the person counts.
OPEN_ANSWERS = (Answer.UNANSWERED, Answer.TALK)


USUAL = [(Answer.ACCEPTED, "All of it"), (Answer.DECLINED, "None of it")]


class UsualAnswer(models.Model):
    """What counts for somebody who has not answered an offer when its activity starts. The latest one stands.

    Behind both walls, as `Offer` is. Earlier rows stay: they prove what was said before which activity.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="usual_answers")
    answer = models.CharField(max_length=10, choices=USUAL)
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer__in=["accepted", "declined"]),
                name="a_usual_answer_is_all_or_none",
            ),
            models.UniqueConstraint(fields=["person", "said_at"], name="one_usual_answer_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"Usual answer {self.pk}"


class Offer(models.Model):
    """A fee offered to one contributor for one activity, and their answer.

    Behind both walls: only the contributor's own pages and the pricing of a decision read it.
    """

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="offers")
    contributor = models.ForeignKey(Person, models.PROTECT, related_name="offers")
    amount = models.BigIntegerField(help_text="Minor units under the policy; 0 when no fee is offered.")
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.UNANSWERED)
    less_amount = models.BigIntegerField(null=True, help_text="Minor units; only for `less`.")
    answered_at = models.DateTimeField(null=True)
    answered_under = models.ForeignKey(
        "claims.RatePolicy", models.PROTECT, null=True, related_name="+", help_text="In force at the answer."
    )
    answered_for = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", help_text="Who wrote a read-out answer down."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "contributor"], name="one_offer_per_person"),
            models.CheckConstraint(
                condition=Q(answer="less", less_amount__gte=0)
                | (~Q(answer="less") & Q(less_amount__isnull=True)),
                name="an_amount_belongs_to_an_answer_of_less",
            ),
            models.CheckConstraint(
                condition=Q(answer="unanswered", answered_at__isnull=True)
                | (~Q(answer="unanswered") & Q(answered_at__isnull=False)),
                name="an_answer_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"
