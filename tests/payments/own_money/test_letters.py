"""Letters that people make themselves."""

from datetime import date

import pytest

from audit.actions import Action
from audit.models import Event
from audit.queries import opened
from common.errors import NotVisible
from payments.models import BankAccount
from payments.own_money.letters import LetterKind, letter
from payments.own_money.spans import Span
from payments.services.concerns.repaying import record_repayment
from people.models import Person
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.concerns.stories import overpaid
from tests.payments.office import imported
from tests.payments.own_money.papers import part, pdf_text, rows, total
from tests.payments.own_money.stories import pay
from tests.people.browsers import browser

PAGE = "/your-money/letters/"
AUTUMN = Span(date(2026, 9, 1), date(2026, 12, 31))
DAYS = {"first-day": "1", "first-month": "9", "first-year": "2026", "last-day": "31", "last-month": "12"}
DAYS |= {"last-year": "2026", "key": "a" * 32}


def of(person: Person, kind: LetterKind, cast: Cast) -> str:
    """All the words of a letter."""
    return str(letter(person, kind, cast.riverside.pk, AUTUMN))


def test_involvement_says_what_when_and_what_for_and_nothing_of_money(
    cast: Cast, account: BankAccount
) -> None:
    invited(cast)
    found = letter(cast.cora, LetterKind.INVOLVEMENT, cast.riverside.pk, AUTUMN)
    assert rows(found, "Project A") == (("What helped at home", "30 November 2026"),)
    assert part(found, "Project A").paragraphs == ("Shape the service with the people who use it.",)  # type: ignore[union-attr]
    assert "£" not in str(found)


def test_payments_stand_by_day_received_with_time_and_costs_apart(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=123, time=1)
    found = letter(cast.cora, LetterKind.PAYMENTS, cast.riverside.pk, AUTUMN)
    assert total(found, "Money for time") == "£20.00"
    assert total(found, "Money back for costs") == "£1.23"
    assert "£21.23" not in str(found)
    assert "£20.00" not in str(
        letter(cast.cora, LetterKind.PAYMENTS, cast.riverside.pk, Span(AUTUMN.first, AUTUMN.first))
    )


def test_a_letter_about_costs_says_nothing_of_time_and_says_so(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=123, time=1)
    words = of(cast.cora, LetterKind.COSTS, cast)
    assert "£1.23" in words
    assert "£20.00" not in words
    assert "does not say whether money for time was paid" in words


def test_trap_29_a_letter_tells_of_a_repayment_and_leaves_the_payment_as_it_was(
    due: Cast, account: BankAccount
) -> None:
    concern = overpaid(due, account, 250)
    opening = account.statements.get().closing_balance or 0
    imported(due, account, [(date(2026, 12, 2), "C CONTRIBUTOR", 250)], opening=opening)
    record_repayment(actor=due.fern, concern_id=concern.pk, line_id=account.lines.get(amount=250).pk)
    found = letter(due.cora, LetterKind.PAID_BACK, due.riverside.pk, AUTUMN)
    [(day, kind, which, amount)] = rows(found, "Money paid back")
    assert (day, kind, amount) == ("2 December 2026", "Money back for costs", "£2.50")
    assert "received on 26 November 2026" in which
    payments = letter(due.cora, LetterKind.PAYMENTS, due.riverside.pk, AUTUMN)
    assert total(payments, "Money back for costs") == "£12.50"


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_holds_nothing_of_anybody_else(cast: Cast, account: BankAccount, kind: LetterKind) -> None:
    pay(cast, account, date(2026, 11, 10), pence=4321, time=1)
    invited(cast)
    assert cast.cora.name not in of(cast.dev, kind, cast)
    assert "43.21" not in of(cast.dev, kind, cast)


def test_an_organisation_they_have_no_part_in_is_not_there(cast: Cast, account: BankAccount) -> None:
    with pytest.raises(NotVisible):
        letter(cast.cora, LetterKind.PAYMENTS, cast.hillside.pk, AUTUMN)


def test_it_is_chosen_read_and_taken_along_and_only_that_is_kept(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=4321)
    client = browser(cast.cora)
    asked = {"kind": "payments", "organisation": str(cast.riverside.pk), **DAYS}
    page = client.post(PAGE, asked)
    assert "£43.21" in page.content.decode()
    assert not Event.objects.filter(action=Action.LETTER_MADE).exists()
    for size in ("standard", "large"):
        answer = client.post(PAGE, asked | {"size": size})
        assert answer.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
        assert "£43.21" in pdf_text(answer.content)
    events = list(Event.objects.filter(action=Action.LETTER_MADE))
    assert [(each.actor_id, each.organisation_id) for each in events] == [(cast.cora.pk, None)] * 2
    assert list(opened(events).values()) == [{}, {}]


def test_that_a_letter_was_made_is_told_to_nobody_else(cast: Cast, account: BankAccount) -> None:
    asked = {"kind": "payments", "organisation": str(cast.riverside.pk), "size": "large", **DAYS}
    assert browser(cast.cora).post(PAGE, asked).status_code == 200
    history = f"/history/person/{cast.cora.number}/"
    assert "made a letter" in browser(cast.cora).get(history).content.decode()
    for other in (cast.ada, cast.abel):
        page = browser(other).get(history)
        assert page.status_code == 200
        assert "made a letter" not in page.content.decode()
    assert "made a letter" not in browser(cast.ada).get("/trail/").content.decode()


def test_nothing_chosen_is_refused(cast: Cast) -> None:
    assert browser(cast.cora).post(PAGE, {"key": "a" * 32}).status_code == 422
