"""What was shown to whom: written when the page opens, alike for every answer, and read by nobody else."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from django.http import Http404
from django.urls import reverse

from audit.models import Event
from claims.models import Answer, Offer, RatePolicy
from claims.services.noting import show_note
from claims.services.offers import answer_offer
from common.dates import set_now
from common.errors import NotVisible
from guidance import queries
from guidance.models import Shown, Text
from guidance.services import check_text
from guidance.services.importing import Taken
from people.models import Message, Person
from reports.history_subjects import subject_of
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.guidance.conftest import at, proposed
from tests.payments.office import MONDAY

NOTE = "Money, vouchers and gifts can all affect benefits and tax. You can talk to someone in confidence:"
OTHERS = ("lena", "dev", "anil", "bea", "hana", "fern", "farah", "ada", "abel", "otto")


@pytest.fixture
def offer(taken: Taken, policy: RatePolicy, cast: Cast) -> Iterator[Offer]:
    with set_now(MONDAY):
        mine, _ = invited(cast, starts_at=MONDAY.replace(hour=12))
        yield mine


def test_the_page_of_the_answer_keeps_what_it_shows(offer: Offer, cast: Cast) -> None:
    page = at(cast.cora).get(f"/invitations/{offer.pk}/answer/").content.decode()
    row = Shown.objects.get()
    texts = [queries.text_in_force(cast.riverside, topic) for topic in queries.BESIDE_ANSWER]
    assert row.texts == [text.pk for text in texts if text]
    assert len(row.texts) == 2
    assert row.note == f"{NOTE} Listening line, 0113 496 0001"
    assert (row.person, row.subject, row.through) == (cast.cora, f"offer:{offer.pk}", None)
    assert row.note in page
    assert all(text.title in page for text in texts if text)
    at(cast.cora).get(f"/invitations/{offer.pk}/answer/")
    assert Shown.objects.count() == 1  # the same again adds nothing


def test_a_new_version_is_a_new_showing_and_the_old_one_keeps_its_words(offer: Offer, cast: Cast) -> None:
    client, url = at(cast.cora), f"/invitations/{offer.pk}/answer/"
    client.get(url)
    newer = proposed(cast, topic="money", body="Quite other words.", review_on=date(2027, 4, 6))
    client.get(url)
    assert Shown.objects.count() == 1  # nobody has checked it
    check_text(actor=cast.vera, text_id=newer.pk)
    client.get(url)
    new, old = queries.what_was_shown(cast.cora)
    assert "Quite other words." in client.get(f"/help-with-money/shown/{new.pk}/").content.decode()
    before = client.get(f"/help-with-money/shown/{old.pk}/").content.decode()
    assert "Quite other words." not in before
    assert "You give your time." in before


def test_what_a_helper_had_open_is_the_contributors_to_read(offer: Offer, cast: Cast) -> None:
    page = at(cast.lena).get(f"/invitations/{offer.pk}/read-out/").content.decode()
    row = Shown.objects.get()
    assert (row.person, row.through) == (cast.cora, cast.lena)
    assert row.note in page
    shown = at(cast.cora).get(f"/help-with-money/shown/{row.pk}/").content.decode()
    assert "Lena Link had the page open to read it to you." in shown
    assert at(cast.lena).get(f"/help-with-money/shown/{row.pk}/").status_code == 404


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_reads_it(offer: Offer, cast: Cast, name: str) -> None:
    """Each of them, also who administers, audits or helps: not there, not listed, not in the trail."""
    client = at(cast.cora)
    client.get(f"/invitations/{offer.pk}/answer/")
    row = Shown.objects.get()
    url = reverse("guidance:shown", args=[row.pk])
    assert client.get(url).status_code == 200
    assert url in client.get("/help-with-money/").content.decode()
    other: Person = getattr(cast, name)
    assert at(other).get(url).status_code == 404
    assert "What we showed you" not in at(other).get("/help-with-money/").content.decode()
    assert not queries.what_was_shown(other).exists()
    assert queries.was_shown(other, row.pk) is None


def test_neither_trail_history_nor_messages_know_of_it(offer: Offer, cast: Cast) -> None:
    before = (Event.objects.count(), Message.objects.count())
    at(cast.cora).get(f"/invitations/{offer.pk}/answer/")
    assert Shown.objects.exists()
    assert (Event.objects.count(), Message.objects.count()) == before
    with pytest.raises((KeyError, Http404)):
        subject_of(None, "shown", "1")  # type: ignore[arg-type]  # there is no such subject


@pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.LESS, Answer.DECLINED])
def test_trap_19_20_the_row_is_alike_for_every_answer_and_for_none(
    offer: Offer, cast: Cast, answer: Answer
) -> None:
    """What is kept is decided before the answer: two people who answer otherwise have the same rows."""

    def rows() -> list[tuple[str, list[int], int | None]]:
        found = Shown.objects.filter(person=cast.cora).order_by("pk")
        return [(row.note, row.texts, row.through_id) for row in found]

    with transaction.atomic():
        at(cast.cora).get(f"/invitations/{offer.pk}/answer/")
        unanswered = rows()
        transaction.set_rollback(True)
    less = 1337 if answer == Answer.LESS else None
    client = at(cast.cora)
    client.get(f"/invitations/{offer.pk}/answer/")
    answer_offer(actor=cast.cora, offer_id=offer.pk, answer=answer, less_amount=less)
    client.get(f"/invitations/{offer.pk}/answered/")
    client.get(f"/invitations/{offer.pk}/answer/")
    assert rows() == unanswered
    assert len(unanswered) == 1


def test_a_stranger_is_shown_nothing_and_leaves_no_row(offer: Offer, cast: Cast) -> None:
    for other in (cast.dev, cast.fern, cast.abel, cast.otto):
        with pytest.raises(NotVisible):
            show_note(reader=other, offer_id=offer.pk)
    assert not Shown.objects.exists()


def test_without_a_checked_text_the_note_stands_alone(policy: RatePolicy, cast: Cast) -> None:
    with set_now(MONDAY):
        offer, _ = invited(cast, starts_at=MONDAY.replace(hour=12))
        page = at(cast.cora).get(f"/invitations/{offer.pk}/answer/").content.decode()
    assert re.search(re.escape(NOTE), page)
    assert Shown.objects.get().texts == []
    assert not Text.objects.exists()
