"""Every kind of message has words for every way of hearing it, and they are plain."""

import re
from datetime import date

import pytest

from people.message_texts import BEFORE_SPEAKING, TEXTS, Text, Words, words_for
from people.models import Channel, MessageKind, Organisation

FORBIDDEN = re.compile(
    r"project|activit|benefit|universal credit|health|hospital|\bill\b|disab|\bcare\b|\bfees?\b|£"
    r"|pence|pounds|reason|https?:|\bfail|\bmust\b|\bdemand|claimant",
    re.IGNORECASE,
)
RIVERSIDE = Organisation(
    code="riverside",
    name="Riverside Council",
    help_contact="The help desk, 0113 496 0000",
    appeal_contact="The review panel, 0113 496 0002",
    support_contact="Listening line, 0113 496 0001",
)


def words(kind: MessageKind, channel: Channel, *, day: date | None = date(2026, 12, 4)) -> Words:
    return words_for(kind, reference="C000041", day=day, channel=channel, organisation=RIVERSIDE)


def own(text: Text) -> str:
    return " ".join([text.news, text.by, text.email, text.letter, text.spoken])


def test_every_kind_has_a_text_and_there_are_no_others() -> None:
    assert set(TEXTS) == set(MessageKind)


@pytest.mark.parametrize("channel", sorted(Channel))
@pytest.mark.parametrize("kind", sorted(MessageKind))
def test_it_says_what_happened_by_when_and_what_to_do(kind: MessageKind, channel: Channel) -> None:
    news, by, following = words(kind, channel).paragraphs
    assert "Friday 4 December 2026" in by
    assert news
    assert following
    assert not re.search(r"[{}]", news + by + following)


@pytest.mark.parametrize("kind", sorted(MessageKind))
def test_it_says_whom_to_ask_and_how_to_be_written_to(kind: MessageKind) -> None:
    contacts = dict(words(kind, Channel.POST).contacts)
    assert contacts["Who to ask"] == RIVERSIDE.help_contact
    assert contacts["If something is not right"] == RIVERSIDE.appeal_contact
    assert contacts["If you want support"] == RIVERSIDE.support_contact
    assert "by e-mail, by post or by telephone" in contacts["How we write to you"]


@pytest.mark.parametrize("kind", sorted(MessageKind))
def test_only_people_who_read_e_mail_are_asked_to_sign_in(kind: MessageKind) -> None:
    for channel in (Channel.POST, Channel.PHONE):
        assert "ign in" not in " ".join(words(kind, channel).paragraphs)


@pytest.mark.parametrize("kind", sorted(MessageKind))
def test_without_a_day_it_names_none(kind: MessageKind) -> None:
    assert len(words(kind, Channel.EMAIL, day=None).paragraphs) == 2


@pytest.mark.parametrize("kind", sorted(MessageKind))
def test_no_text_has_a_word_that_tells_or_hurts(kind: MessageKind) -> None:
    assert FORBIDDEN.search(own(TEXTS[kind])) is None


def test_the_search_for_such_words_finds_them() -> None:
    for text in ("Your project", "a benefit of", "why you are ill.", "£4.50", "The reason is"):
        assert FORBIDDEN.search(text)


@pytest.mark.parametrize("kind", sorted(MessageKind))
@pytest.mark.parametrize("channel", sorted(Channel))
def test_a_ten_year_old_could_read_it(kind: MessageKind, channel: Channel) -> None:
    assert reading_age(" ".join(words(kind, channel).paragraphs)) <= 10


def test_a_ten_year_old_could_read_how_to_begin_a_call() -> None:
    assert reading_age(BEFORE_SPEAKING) <= 10


def test_the_measure_of_reading_age_knows_hard_text() -> None:
    hard = "Remuneration notifications necessitate verification of particulars prior to authorisation."
    assert reading_age(hard) > 20
    assert reading_age("We have sent you some money. It will be in your bank by Friday.") < 8


def reading_age(text: str) -> float:
    """Flesch-Kincaid grade plus five: years of age. A syllable is a group of vowels, a silent e is none."""
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    found = re.findall(r"[A-Za-z'-]+", text)
    return 0.39 * len(found) / sentences + 11.8 * sum(map(syllables, found)) / len(found) - 15.59 + 5


def syllables(word: str) -> int:
    lower = word.lower()
    silent = lower.endswith("e") and not lower.endswith("le") and len(lower) > 2
    past = lower.endswith("ed") and not lower.endswith(("ted", "ded"))
    return max(1, len(re.findall(r"[aeiouy]+", lower)) - (silent or past))
