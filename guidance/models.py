"""Texts and yearly figures with their sources, and what was shown to whom."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from common.dates import now, today
from people.models import Organisation, Person

LONGEST_BODY = 6000  # characters


class Topic(models.TextChoices):
    """What the texts are about, in the order in which people read them. One text for each."""

    MONEY = "money", "Money, vouchers and gifts"
    DAY = "day", "The day the money comes"
    COSTS = "costs", "Money back for costs"
    LESS = "less", "Taking less, or nothing"
    WHO = "who", "Whom the rules are for"
    VOUCHERS = "vouchers", "Vouchers and gift cards"
    LOCAL = "local", "Help from a council, and other help"
    TAX = "tax", "Tax"
    WORK = "work", "When paid work is not allowed"
    ADVICE = "advice", "Free advice"
    JOURNAL = "journal", "Words to copy"


TOPICS = tuple(str(topic) for topic in Topic)


class Unit(models.TextChoices):
    """What a figure is for."""

    WEEK = "week", "a week"
    MONTH = "month", "a month"
    YEAR = "year", "a year"
    MILE = "mile", "a mile"
    HOUR = "hour", "an hour"
    TOTAL = "total", "in all"


def _second(writer: str, reader: str, when: str) -> Q:
    """A second person checks: both columns or none, and never whoever wrote it."""
    unchecked = Q(**{f"{reader}__isnull": True, f"{when}__isnull": True})
    checked = Q(**{f"{reader}__isnull": False, f"{when}__isnull": False})
    return unchecked | (checked & (Q(**{f"{writer}__isnull": True}) | ~Q(**{reader: F(writer)})))


class Text(models.Model):
    """One version of a text. It stays as it is; only its check and its day of review are filled in.

    `sources` is a list of {"name", "url", "read_on"}, the day in ISO 8601. `written_by` is empty for what
    came from a file at the command line.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="guidance_texts")
    topic = models.CharField(max_length=10, choices=Topic)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField(max_length=LONGEST_BODY)
    sources = models.JSONField()
    review_on = models.DateField(help_text="When somebody has to read the sources again.")
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(default=now)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "topic", "version"], name="one_text_per_topic_and_version"
            ),
            models.CheckConstraint(condition=Q(version__gt=0), name="versions_of_a_text_count_from_one"),
            models.CheckConstraint(
                condition=_second("written_by", "checked_by", "checked_at"),
                name="a_second_person_checks_a_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def is_overdue(self) -> bool:
        return self.review_on < today()


class Figure(models.Model):
    """A figure of one year, as a source gave it: information, never a sum that somebody gets.

    `amount` is in minor units of the organisation's currency. `is_doubtful`: nobody has seen it at a source
    that can be relied on. It is shown to contributors once a second person has checked it.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="guidance_figures")
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="Last day, included.")
    version = models.PositiveIntegerField()
    amount = models.PositiveBigIntegerField(help_text="Minor units.")
    unit = models.CharField(max_length=5, choices=Unit)
    source = models.CharField(max_length=200)
    url = models.CharField(max_length=500)
    read_on = models.DateField(help_text="When the source was read.")
    is_doubtful = models.BooleanField(default=False)
    entered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=now)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "name", "starts_on", "version"],
                name="one_figure_per_name_year_and_version",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_figure_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(version__gt=0), name="versions_of_a_figure_count_from_one"),
            models.CheckConstraint(
                condition=_second("entered_by", "checked_by", "checked_at"),
                name="a_second_person_checks_a_figure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.starts_on.year}"


class Shown(models.Model):
    """What one person was shown beside something, for themselves alone. Nobody else reads these rows.

    It is written when a page is opened, before anything is answered, so it tells nothing of an answer.
    `subject` is the record it stood beside, as in offer:41; `through` is who read it out, if somebody did.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=40)
    note = models.CharField(max_length=500)
    texts = models.JSONField(help_text="Keys of the versions shown, in order.")
    through = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "subject", "id"], name="what_was_shown_to_whom")]

    def __str__(self) -> str:
        return f"Shown {self.pk}"
