"""The pages of concerns: one press, the second person, the walls, and lists that do not grow in queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import BankAccount, Concern, ConcernKind
from people.models import Person
from tests.cast import Cast
from tests.payments.concerns.stories import FRIDAY, asked_never_taken, at, dead, missed, overpaid
from tests.payments.office import sent
from tests.people.browsers import browser, key_of, proven, send


def seen(person: Person, path: str) -> str:
    return str(browser(person).get(path).content.decode())


def test_one_press_from_the_payment_page_says_what_happens_next(due: Cast, account: BankAccount) -> None:
    payment = sent(due, account).payments.filter(person=due.cora).earliest("pk")
    assert "It has not arrived" not in seen(due.cora, f"/payments/{payment.pk}/")
    at(FRIDAY)
    assert "It has not arrived" in seen(due.cora, f"/payments/{payment.pk}/")
    path = f"/concerns/not-arrived/{payment.pk}/"
    page = seen(due.cora, path)
    assert "4 December 2026" in page
    assert due.riverside.help_contact in page
    answer = send(browser(due.cora), path)
    concern = Concern.objects.get()
    assert answer.headers["Location"] == f"/concerns/{concern.pk}/"
    assert "You need not do anything" in seen(due.cora, f"/concerns/{concern.pk}/")
    assert "we look into it" in seen(due.cora, f"/payments/{payment.pk}/")


def test_pressed_again_it_says_who_told_us(due: Cast, account: BankAccount) -> None:
    concern = missed(due, account)
    path = f"/concerns/not-arrived/{concern.payment_id}/"
    client = browser(due.fern)
    answer = client.post(path, {"key": "0" * 32})
    assert answer.status_code == 409
    assert "Cora Contributor already told us" in answer.content.decode()


def test_the_helpers_page_is_the_same_with_and_without_a_payment(due: Cast, account: BankAccount) -> None:
    """The wall: neither an amount nor whether anything was sent."""
    path = f"/concerns/not-arrived/for/{due.cora.number}/"
    before = _told(due.lena, path)
    sent(due, account)
    assert _told(due.lena, path) == before
    assert "£" not in before
    assert send(browser(due.lena), path).status_code == 302
    assert Concern.objects.get().payment is None
    assert browser(due.lena).get(f"/concerns/{Concern.objects.get().pk}/").status_code == 404


def _told(person: Person, path: str) -> str:
    return seen(person, path).partition("<form")[0]


def test_a_lead_reads_nothing_of_it_but_that_somebody_has_died(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account)
    assert concern.payment is not None
    reference = concern.payment.items.get().line.claim.reference
    pages = [f"/claims/{reference}/", f"/claims/{reference}/decide/", "/"]
    before = [seen(due.anil, path) for path in pages]
    assert not any("overpaid" in page.lower() or "too much" in page.lower() for page in before)
    assert browser(due.anil).get("/concerns/").status_code == 403
    dead(due)
    for path in pages[:2]:
        assert "Cora Contributor has died. Please do not contact the family" in seen(due.anil, path)
    assert "has died" in seen(due.fern, pages[0])


def test_the_second_person_agrees_after_a_fresh_proof(due: Cast, account: BankAccount) -> None:
    proposal = asked_never_taken(due, account)
    path = f"/concerns/{proposal.concern_id}/agree/"
    assert browser(due.farah).get(path).status_code == 403
    client = proven(due.farah)
    key = key_of(client, path)
    assert f'href="/concerns/{proposal.concern_id}/decline/"' in client.get(path).content.decode()
    assert client.post(path, {"key": key}).status_code == 302
    assert client.post(path, {"key": key}).status_code == 302  # the same form twice
    other = client.post(path, {"key": "1" * 32})
    assert other.status_code == 409
    assert "Farah Finance already agreed" in other.content.decode()


def test_a_refusal_stands_at_the_field_and_nothing_typed_is_lost(due: Cast, account: BankAccount) -> None:
    concern = missed(due, account)
    answer = send(browser(due.fern), f"/concerns/{concern.pk}/never-taken/", words="They have no record.")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Import the bank statement of 26 November 2026 first" in page
    assert "They have no record." in page


BAD: list[dict[str, str]] = [
    {},
    {"words": ""},
    {"words": " "},
    {"words": "x" * 301},
    {"words": "Account 66374958"},
    {"words": "66 37 49"},
    {"words": "\u202eback"},
    {"words": "x" * 5000},
    {"words": "1-2-3-4-5-6"},
    {"key": "short", "words": "Right."},
]


@pytest.mark.parametrize("typed", BAD)
def test_ten_bad_notes(due: Cast, account: BankAccount, typed: dict[str, str]) -> None:
    concern = missed(due, account)
    answer = send(browser(due.fern), f"/concerns/{concern.pk}/note/", **typed)
    assert answer.status_code == 422
    assert not concern.notes.exists()


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(
    due: Cast, account: BankAccount
) -> None:
    missed(due, account)
    few = _questions(due.fern)
    for person in (due.dev, due.anil, due.hana, due.lena):
        Concern.objects.create(
            organisation=due.riverside, kind=ConcernKind.NOT_ARRIVED, person=person, opened_by=due.abel
        )
    assert _questions(due.fern) == few <= 12


def _questions(person: Person) -> int:
    client: Any = browser(person)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/concerns/").status_code == 200
    return len(asked)
