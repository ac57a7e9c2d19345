"""The list of payees: what waits, oldest first; who is owed money and has no account; found by name."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from common.dates import set_now
from people.models import Person, RoleKind
from people.services import add_person, grant_role
from tests.cast import Cast
from tests.payments.office import MONDAY, account_of, fare, open_office
from tests.payments.test_payee_screens import given, text
from tests.people.browsers import browser, errors_of, send

pytestmark = pytest.mark.usefixtures("monday")


def test_what_waits_is_shown_oldest_first_new_and_changed_apart(cast: Cast) -> None:
    account_of(cast, cast.dev)
    with set_now(MONDAY + timedelta(hours=1)):
        given(cast.dev, "12345678")
    with set_now(MONDAY + timedelta(days=2)):
        given(cast.cora)
    with set_now(MONDAY + timedelta(days=3)):
        page = text(browser(cast.farah).get("/payees/"))
    assert page.index("Dev Contributor") < page.index("Cora Contributor")
    assert "Changed ending 78 Dev Contributor 3 days" in page
    assert "New ending 58 Cora Contributor 1 day" in page


def test_people_owed_money_without_details_can_be_entered_from_paper(cast: Cast) -> None:
    open_office(cast)
    fare(cast, cast.cora, 1250)
    page = browser(cast.fern).get("/payees/")
    assert "£12.50" in text(page)
    assert f'href="/payees/{cast.cora.number}/enter/"' in page.content.decode()
    assert "/enter/" not in browser(cast.farah).get("/payees/").content.decode()
    given(cast.cora)
    assert "£12.50" not in text(browser(cast.fern).get("/payees/"))


def test_who_changed_is_shown_until_the_change_can_be_used(cast: Cast) -> None:
    open_office(cast)
    fare(cast, cast.cora, 1250)
    account_of(cast, cast.cora)
    assert "£12.50" not in text(browser(cast.fern).get("/payees/"))
    account_of(cast, cast.cora)
    assert "can be used from 9:00am on 25 November 2026" in text(browser(cast.fern).get("/payees/"))
    with set_now(MONDAY + timedelta(hours=48)):
        assert "£12.50" not in text(browser(cast.fern).get("/payees/"))


def test_a_name_finds_without_standing_in_an_address(cast: Cast) -> None:
    given(cast.cora)
    given(cast.dev)
    client = browser(cast.farah)
    found = text(send(client, "/payees/", named="cORa"))
    assert "Cora Contributor" in found
    assert "Dev Contributor" not in found
    assert "Dev Contributor" in text(send(client, "/payees/", named=cast.dev.number[-4:]))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter a name or a number"),
        ("x" * 101, "A name or a number must be 100 characters or fewer"),
        ("x" * 2_000_000, "A name or a number must be 100 characters or fewer"),
        ("a\x00b", "This text has a hidden control character in it. Type it again."),
        ("\u202eanna", "This text has a hidden mark in it that turns its direction. Type it again."),
    ],
)
def test_what_cannot_be_a_name_is_refused_in_words(cast: Cast, typed: str, message: str) -> None:
    answer = send(browser(cast.farah), "/payees/", named=typed)
    assert (answer.status_code, errors_of(answer)) == (422, [message])


@pytest.mark.parametrize("typed", ["%", "_", "C%a", ".*", "[a-z]", "'; --", "\\", "٣", "🙂", "Cora\u200b"])
def test_wildcards_are_letters_like_any_other(cast: Cast, typed: str) -> None:
    given(cast.cora)
    answer = send(browser(cast.farah), "/payees/", named=typed)
    assert answer.status_code == 200
    assert "Cora Contributor" not in text(answer)


def test_ten_megabytes_are_refused(cast: Cast) -> None:
    client = browser(cast.farah)
    client.raise_request_exception = False
    assert client.post("/payees/", {"named": "x" * 10_000_000}).status_code in {400, 413, 422}


def test_pages_go_on_where_the_last_ended_and_cost_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = _crowd(cast, 5)
    monkeypatch.setattr("payments.queries.details.page_up.__kwdefaults__", {"prefix": "", "size": 2})
    client = browser(cast.farah)
    seen, address = [], "/payees/"
    while address:
        answer = client.get(address)
        page = answer.context["waiting"]
        seen += [row.number for row in page.rows]
        address = f"/payees/{page.newer}" if page.newer else ""
    assert seen == [person.number for person in people]
    back = client.get(f"/payees/{page.older}").context["waiting"]
    assert [row.number for row in back.rows] == seen[2:4]


def test_the_questions_do_not_grow_with_the_rows(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_office(cast)
    fare(cast, cast.cora, 1250)
    fare(cast, cast.dev, 730)
    client = browser(cast.fern)
    _crowd(cast, 2)
    client.get("/payees/")
    with django_assert_max_num_queries(14) as few:
        client.get("/payees/")
    _crowd(cast, 8)
    with django_assert_max_num_queries(14) as many:
        client.get("/payees/")
    assert len(few) == len(many)


def _crowd(cast: Cast, count: int) -> list[Person]:
    """Contributors who gave their details one after the other."""
    people = []
    for number in range(count):
        person = add_person(actor=None, name=f"Payee {number}", email=f"p{number}@example.org")
        grant_role(
            actor=cast.abel,
            person=person,
            kind=RoleKind.CONTRIBUTOR,
            organisation=cast.riverside,
            project=cast.project,
        )
        with set_now(MONDAY + timedelta(minutes=number)):
            given(person, f"1234567{number}")
        people.append(person)
    return people
