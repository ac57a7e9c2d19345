"""The trail. It knows nobody: people, records and organisations are kept as bare keys."""

from typing import ClassVar

from django.db import models

from audit.actions import Action
from common.dates import now


class Event(models.Model):
    """One thing somebody did. Written by `audit.services.record`, never changed or removed."""

    at = models.DateTimeField(default=now)
    actor_id = models.BigIntegerField(null=True, help_text="Person; empty when the system acted.")
    on_behalf_of_id = models.BigIntegerField(null=True, help_text="Person helped, if any.")
    action = models.CharField(max_length=40)  # an Action; no choices, so a new one needs no migration
    organisation_id = models.BigIntegerField(null=True)
    project_id = models.BigIntegerField(null=True)
    about_id = models.BigIntegerField(null=True, help_text="Person whom the payload is about.")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    version = models.PositiveIntegerField(default=0)
    commitment = models.CharField(max_length=64, help_text="SHA-256 of salt and payload.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of this row's other fields.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id"], name="event_by_subject"),
            models.Index(fields=["actor_id", "id"], name="event_by_actor"),
            models.Index(fields=["project_id", "id"], name="event_by_project"),
            models.Index(fields=["organisation_id", "id"], name="event_by_organisation"),
            models.Index(fields=["organisation_id", "action", "id"], name="event_by_action"),
            models.Index(fields=["organisation_id", "subject_type", "id"], name="event_by_kind"),
            models.Index(fields=["organisation_id", "at"], name="event_by_day"),
        ]

    def __str__(self) -> str:
        return f"Event {self.pk}: {self.get_action_display()}"

    def get_action_display(self) -> str:
        """What was done, as the second half of a sentence: “signed a payment run”."""
        return str(Action(self.action).label)


class Payload(models.Model):
    """What an event said, encrypted under the key of the person it is about.

    Destroying that key erases the words; the event and its commitment stay and still verify.
    """

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="payload")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"Payload of event {self.event_id}"


class PersonKey(models.Model):
    """The key that a person's payloads are encrypted under, itself encrypted under the key ring."""

    person_id = models.BigIntegerField(primary_key=True, help_text="0 is the organisation's own matters.")
    sealed = models.BinaryField(null=True, help_text="Empty once destroyed.")
    destroyed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Key of person {self.person_id}"


class Seal(models.Model):
    """A link of the chain: everything recorded since the seal before, in order, under one hash."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(default=now)
    size = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"Seal {self.number}"


class SealedEvent(models.Model):
    """The place of an event in its seal."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="events")
    position = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seal", "position"], name="one_event_per_place_in_a_seal")
        ]

    def __str__(self) -> str:
        return f"Event {self.event_id} in seal {self.seal_id}"


class RequestKey(models.Model):
    """A form sent once. The same key again gives the first result; kept for ever for money steps."""

    actor_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    step = models.CharField(max_length=100)
    content = models.CharField(max_length=64, help_text="SHA-256 of what was asked.")
    result_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor_id", "key"], name="one_effect_per_request_key")
        ]

    def __str__(self) -> str:
        return f"{self.step} asked by {self.actor_id}"
