"""Propose a version of a text, check it as a second person, and say when it is read again."""

from collections.abc import Mapping, Sequence
from datetime import date

from audit.actions import Action
from audit.services import record, step
from common.dates import now, today
from common.errors import DomainError, IllegalMove
from common.text import tidy
from guidance import permissions
from guidance.models import Text, Topic
from people.models import Organisation, Person
from people.permissions import require


@step(returns=Text)
def propose_text(
    *,
    actor: Person | None,
    organisation: Organisation,
    topic: str,
    title: str,
    body: str,
    sources: Sequence[Mapping[str, str]],
    review_on: date,
    key: str = "",
) -> Text:
    """Add the next version of a text. It is shown to nobody before a second person has checked it.

    `sources` are {"name", "url", "read_on"}. Without an actor it came from a file at the command line.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if actor is not None:
        require(permissions.may_keep(actor, organisation))
    _refuse_without_source(sources)
    versions = organisation.guidance_texts.filter(topic=Topic(topic)).count()
    text = Text.objects.create(
        organisation=organisation,
        topic=Topic(topic),
        version=versions + 1,
        title=tidy(title),
        body=tidy(body, line=False),
        sources=[dict(each) for each in sources],
        review_on=review_on,
        written_by=actor,
        written_at=now(),
    )
    _record(actor, Action.GUIDANCE_PROPOSED, text)
    return text


@step(returns=Text)
def check_text(*, actor: Person, text_id: int, key: str = "") -> Text:
    """Say, as a second person, that a text says what its sources say. Only the newest version can be."""
    text = _locked(text_id)
    require(permissions.may_check_text(actor, text))
    if text.checked_at is not None:
        raise IllegalMove("This version is already checked.")
    if text.organisation.guidance_texts.filter(topic=text.topic, version__gt=text.version).exists():
        raise IllegalMove("A newer version was written after this one.")
    text.checked_by = actor
    text.checked_at = now()
    text.save(update_fields=["checked_by", "checked_at"])
    _record(actor, Action.GUIDANCE_CHECKED, text)
    return text


@step(returns=Text)
def set_review(*, actor: Person, text_id: int, review_on: date, key: str = "") -> Text:
    """Say when somebody reads the sources again: after reading them now, when nothing in them changed."""
    text = _locked(text_id)
    require(permissions.may_keep(actor, text.organisation))
    _refuse_past(review_on)
    text.review_on = review_on
    text.save(update_fields=["review_on"])
    _record(actor, Action.GUIDANCE_REVIEW_SET, text)
    return text


def _locked(text_id: int) -> Text:
    """The text, under the lock of its organisation: two people may be at different versions of it."""
    text = Text.objects.select_related("organisation").get(pk=text_id)
    Organisation.objects.select_for_update(no_key=True).get(pk=text.organisation_id)
    text.refresh_from_db(fields=["checked_at", "checked_by", "review_on"])
    return text


def _refuse_without_source(sources: Sequence[Mapping[str, str]]) -> None:
    if not sources:
        raise DomainError("Name at least one source.")
    for each in sources:
        if not each["url"].startswith(("https://", "http://")):
            raise DomainError(f"The source “{each['name']}” needs an address that begins with https://.")


def _refuse_past(review_on: date) -> None:
    if review_on <= today():
        raise DomainError("The day of the next review must be after today.")


def _record(actor: Person | None, action: Action, text: Text) -> None:
    record(
        actor=actor,
        action=action,
        subject=text,
        organisation_id=text.organisation_id,
        topic=str(text.topic),
        text_version=text.version,
        review_on=text.review_on.isoformat(),
    )
