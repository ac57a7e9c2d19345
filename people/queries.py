"""Messages that wait for somebody's hands, and packs of letters, for whoever asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from common.dates import london_day
from people.deaths import the_dead
from people.message_texts import BEFORE_SPEAKING, Words, words_for
from people.models import (
    ABOUT_PAYMENTS,
    FINANCE,
    LARGE_PRINT,
    Channel,
    Message,
    MessageKind,
    Organisation,
    Person,
    PrintPack,
    RoleKind,
)
from people.permissions import MESSENGERS, contributors_linked_to, organisations_with
from people.workflow import OPEN, MessageStatus

_BY_HAND = (
    Q(person__channel=Channel.PHONE)
    | Q(person__channel=Channel.EMAIL, status=MessageStatus.FAILED)
    | Q(person__channel=Channel.POST, person__address="")
)
_WHY = {
    Channel.PHONE: "Wishes to be rung.",
    Channel.EMAIL: "The e-mail could not be sent.",
    Channel.POST: "There is no address for the letter.",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to say on the telephone."""

    message_id: int
    words: Words


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to ring, why, since when, and everything to say; `before` is said to whoever rings."""

    name: str
    phone: str
    why: str
    since: date
    before: str
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """How many letters of one organisation wait to be printed, how many in large print, and since when."""

    organisation: Organisation
    count: int
    large: int
    since: date | None


def messages_handled(actor: Person) -> Q:
    """Which messages this person may print or say.

    Finance: those about payments, and no others. Administrators: the others. Link people: the others, to the
    people they are linked with. Nobody's part shows both who was asked and who was paid.
    """
    payments = Q(kind__in=ABOUT_PAYMENTS)
    linked = Q(person__in=contributors_linked_to(actor).values("pk"))
    return (
        (_of_organisations(actor, FINANCE) & payments)
        | (_of_organisations(actor, {RoleKind.ADMINISTRATOR}) & ~payments)
        | (_of_organisations(actor, {RoleKind.LINK}) & linked & ~payments)
    )


def _of_organisations(actor: Person, kinds: Iterable[RoleKind]) -> Q:
    return Q(organisation__in=organisations_with(actor, kinds).values("pk"))


def letters_waiting(actor: Person, organisation: Organisation) -> QuerySet[Message]:
    """What would go into a print pack now: for people who wish for post and gave an address."""
    return _letters(actor).filter(organisation=organisation).select_related("person", "organisation")


def post_of(actor: Person) -> list[Post]:
    """What waits to be printed, for each organisation whose messages this person handles."""
    counted = {
        row["organisation_id"]: row
        for row in _letters(actor)
        .order_by()
        .values("organisation_id")
        .annotate(
            count=Count("pk"),
            large=Count("pk", filter=Q(person__paper_format__in=LARGE_PRINT)),
            since=Min("created_at"),
        )
    }
    found = organisations_with(actor, MESSENGERS).order_by("name", "pk")
    return [_post(organisation, counted.get(organisation.pk)) for organisation in found]


def people_to_ring(actor: Person) -> QuerySet[Person]:
    """Whom to ring: who wishes for it, and who cannot be reached in the way they wished for."""
    return Person.objects.filter(pk__in=_calls(actor).values("person_id"))


def calls_to(actor: Person, people: Iterable[Person]) -> list[Call]:
    """What to say to each of these people; whoever has waited longest comes first."""
    rows = _calls(actor).filter(person__in=[person.pk for person in people])
    by_person: dict[int, list[Message]] = {}
    for row in rows.select_related("person", "organisation").order_by("pk"):
        by_person.setdefault(row.person_id, []).append(row)
    return [_call(messages) for messages in by_person.values()]


def packs_visible_to(actor: Person) -> QuerySet[PrintPack]:
    """The print packs of which this person may handle every letter."""
    other = Message.objects.filter(~messages_handled(actor), pack=OuterRef("pk"))
    packs = PrintPack.objects.filter(~Exists(other), _of_organisations(actor, MESSENGERS))
    return packs.select_related("organisation", "made_by").order_by("-pk")


def _letters(actor: Person) -> QuerySet[Message]:
    rows = Message.objects.filter(messages_handled(actor), status__in=OPEN, person__channel=Channel.POST)
    return rows.exclude(person__address="").exclude(person__in=the_dead())


def _calls(actor: Person) -> QuerySet[Message]:
    rows = Message.objects.filter(messages_handled(actor), _BY_HAND, status__in=OPEN)
    return rows.exclude(person__in=the_dead())


def _post(organisation: Organisation, counted: Mapping[str, Any] | None) -> Post:
    if counted is None:
        return Post(organisation, count=0, large=0, since=None)
    since = london_day(counted["since"])
    return Post(organisation, count=counted["count"], large=counted["large"], since=since)


def _call(messages: list[Message]) -> Call:
    """One call; the messages are all to one person, oldest first."""
    person = messages[0].person
    return Call(
        name=person.name,
        phone=person.phone,
        why=_WHY[Channel(person.channel)],
        since=london_day(messages[0].created_at),
        before=BEFORE_SPEAKING,
        sayings=tuple(Saying(message.pk, _spoken(message)) for message in messages),
    )


def _spoken(message: Message) -> Words:
    return words_for(
        MessageKind(message.kind),
        reference=message.reference,
        day=message.day,
        channel=Channel.PHONE,
        organisation=message.organisation,
    )
