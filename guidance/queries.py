"""What is read: by everybody, what a second person has checked; by those who keep the register, all of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from common.dates import today
from guidance.models import TOPICS, Figure, Shown, Text, Topic
from guidance.words import Block, blocks, note_for
from people.models import Organisation, Person

BESIDE_ANSWER = (Topic.MONEY, Topic.LESS)  # what stands beside an answer about money for time


@dataclass(frozen=True)
class Reading:
    """One text as a page shows it."""

    text: Text
    blocks: tuple[Block, ...]

    @property
    def sources(self) -> list[tuple[str, str, date]]:
        """(name, address, day on which it was read)."""
        return [
            (each["name"], each["url"], date.fromisoformat(each["read_on"])) for each in self.text.sources
        ]


@dataclass(frozen=True)
class Beside:
    """What stands beside an answer: the note with whom to talk to, and the texts as they are now."""

    note: str
    readings: tuple[Reading, ...]

    @property
    def texts(self) -> list[Text]:
        return [each.text for each in self.readings]


@dataclass(frozen=True)
class Help:
    """What one organisation tells everybody who works with it."""

    organisation: Organisation
    note: str
    readings: list[Reading]
    figures: list[Figure]
    older: list[Figure]


@dataclass(frozen=True)
class WasShown:
    """What somebody was shown, for themselves: the words as they were."""

    row: Shown
    readings: list[Reading]


def reading(text: Text) -> Reading:
    """A text laid out."""
    return Reading(text, tuple(blocks(text.body)))


def in_force(organisations: Collection[Organisation]) -> list[Text]:
    """The newest checked version of each text of these organisations, in the order of the topics."""
    newest = (
        Text.objects.filter(
            organisation=OuterRef("organisation"), topic=OuterRef("topic"), checked_at__isnull=False
        )
        .order_by("-version")
        .values("pk")[:1]
    )
    found = Text.objects.filter(organisation__in=organisations, pk=Subquery(newest))
    return sorted(found, key=lambda text: TOPICS.index(text.topic))


def text_in_force(organisation: Organisation, topic: str) -> Text | None:
    """The text on one topic that contributors read now, such as the words for a journal."""
    return next((text for text in in_force([organisation]) if text.topic == topic), None)


def beside_answer(organisation: Organisation) -> Beside:
    """What is shown beside a question about money for time: the same whatever is answered."""
    found = [reading(text) for text in in_force([organisation]) if text.topic in BESIDE_ANSWER]
    return Beside(note_for(organisation.adviser), tuple(found))


def figures_in_force(organisations: Collection[Organisation]) -> list[Figure]:
    """The newest checked figure for each name and year. A later one that nobody checked changes nothing."""
    newest = (
        Figure.objects.filter(
            organisation=OuterRef("organisation"),
            name=OuterRef("name"),
            starts_on=OuterRef("starts_on"),
            checked_at__isnull=False,
        )
        .order_by("-version")
        .values("pk")[:1]
    )
    found = Figure.objects.filter(organisation__in=organisations, pk=Subquery(newest))
    return list(found.select_related("checked_by", "organisation").order_by("name", "-starts_on", "pk"))


def help_for(organisations: Collection[Organisation]) -> list[Help]:
    """What these organisations tell, in three queries however many they are."""
    texts, figures = in_force(organisations), figures_in_force(organisations)
    return [
        Help(
            organisation=each,
            note=note_for(each.adviser),
            readings=[reading(text) for text in texts if text.organisation_id == each.pk],
            figures=[row for row in figures if row.organisation_id == each.pk and _is_now(row)],
            older=[row for row in figures if row.organisation_id == each.pk and not _is_now(row)],
        )
        for each in organisations
    ]


def _is_now(figure: Figure) -> bool:
    return figure.starts_on <= today() <= figure.ends_on


def overdue_texts(organisation: Organisation) -> list[Text]:
    """Texts that contributors read although their sources should have been read again."""
    return [text for text in in_force([organisation]) if text.is_overdue]


def figures_without_this_year(organisation: Organisation) -> list[str]:
    """Names of figures of which the year has ended, and for today none is checked."""
    rows = figures_in_force([organisation])
    now_there = {row.name for row in rows if _is_now(row)}
    return sorted({row.name for row in rows if row.ends_on < today()} - now_there)


def newest_of_each_topic(organisation: Organisation) -> Iterator[tuple[Topic, Text | None, Text | None]]:
    """(topic, newest version, version that contributors read), for every topic."""
    texts = list(organisation.guidance_texts.order_by("version"))
    for topic in Topic:
        of_topic = [text for text in texts if text.topic == topic]
        checked = [text for text in of_topic if text.checked_at is not None]
        yield topic, of_topic[-1] if of_topic else None, checked[-1] if checked else None


def what_was_shown(person: Person) -> QuerySet[Shown]:
    """What this person was shown, newest first. There is no question that finds another person's."""
    return Shown.objects.filter(person=person).select_related("through").order_by("-pk")


def was_shown(person: Person, pk: int) -> WasShown | None:
    """One showing of the person's own with the words as they were; None when it is not theirs."""
    row = what_was_shown(person).filter(pk=pk).first()
    if row is None:
        return None
    found = Text.objects.in_bulk(row.texts)
    return WasShown(row, [reading(found[key]) for key in row.texts])


def all_figures(organisation: Organisation) -> QuerySet[Figure]:
    """Every figure of the register, also those that contributors do not see yet."""
    rows = organisation.guidance_figures.select_related("checked_by", "entered_by")
    return rows.order_by("name", "-starts_on", "-version")
