"""What somebody wants to be told before: kept for them alone, and said only while they look."""

import ast
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.views.debug import ExceptionReporter

from audit.models import Event, RequestKey
from claims.models import Answer
from claims.services import claiming
from claims.services.offers import answer_offer
from common.encryption import CannotOpen
from payments.models import BankAccount, PrivateNote
from payments.own_money import private
from payments.own_money.private import Kept, keep, kept_by
from payments.own_money.reminders import claim_reminders, offer_reminders
from payments.own_money.spans import Span
from people.models import Person, User
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.own_money.stories import pay
from tests.people.browsers import browser, errors_of

PAGE = "/your-money/"
DAYS = {"keep-first-day": "1", "keep-first-month": "12", "keep-first-year": "2026"}
DAYS |= {"keep-last-day": "31", "keep-last-month": "12", "keep-last-year": "2026"}
TOLD = "You asked us to tell you"


def asked_by(person: Person) -> HttpRequest:
    """A request of this person."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(person=person)
    return request


def save(client: Client, **typed: str) -> int:
    """Save what was typed on the page of totals."""
    form = {"stage": "keep", "keep-key": "a" * 32, **{f"keep-{name}": text for name, text in typed.items()}}
    return int(client.post(PAGE, form | (DAYS if "days" in typed else {})).status_code)


def test_it_is_kept_shown_to_its_owner_and_removed_without_a_trace(cast: Cast, account: BankAccount) -> None:
    before = (Event.objects.count(), RequestKey.objects.count())
    client = browser(cast.cora)
    assert save(client, week="43.21", month="", days="98.76") == 302
    kept = kept_by(asked_by(cast.cora))
    assert (kept.week, kept.month, kept.days) == (4321, None, 9876)
    assert kept.span == Span(date(2026, 12, 1), date(2026, 12, 31))
    page = client.get(PAGE).content.decode()
    assert 'value="43.21"' in page
    assert "1 December 2026 to 31 December 2026" in page
    assert (Event.objects.count(), RequestKey.objects.count()) == before
    assert client.post(PAGE, {"stage": "forget"}).status_code == 302
    assert not PrivateNote.objects.exists()
    assert 'value="43.21"' not in client.get(PAGE).content.decode()
    assert (Event.objects.count(), RequestKey.objects.count()) == before


def test_saving_nothing_removes_it(cast: Cast) -> None:
    client = browser(cast.cora)
    save(client, week="1")
    assert PrivateNote.objects.count() == 1
    save(client)
    assert not PrivateNote.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"week": "4O"}, "An amount for a week: enter an amount in pounds and pence, like 12.50 or 1,200"),
        ({"days": "5", "first-day": "1"}, "The first of your own days must include a month and year"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    cast: Cast, typed: dict[str, str], said: str
) -> None:
    form = {"stage": "keep", "keep-key": "a" * 32, **{f"keep-{name}": text for name, text in typed.items()}}
    answer = browser(cast.cora).post(PAGE, form)
    assert answer.status_code == 422
    assert said in errors_of(answer)
    assert not PrivateNote.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"days": "5"}, "Enter the days that the amount is for"),
        ({"first-day": "1", "first-month": "2", "first-year": "2026"}, "Enter both days, or none"),
        (
            DAYS | {"keep-last-year": "2025"},
            "The last day must be the first day or after it",
        ),
    ],
)
def test_days_and_their_amount_belong_together(cast: Cast, typed: dict[str, str], said: str) -> None:
    named = {name if name.startswith("keep-") else f"keep-{name}": text for name, text in typed.items()}
    answer = browser(cast.cora).post(PAGE, {"stage": "keep", "keep-key": "a" * 32, **named})
    assert said in errors_of(answer)


def test_the_database_does_not_tell_whose_it_is_or_how_much(cast: Cast) -> None:
    keep(asked_by(cast.cora), Kept(week=1))
    keep(asked_by(cast.dev), Kept(1, 2, 3, Span(date(2026, 1, 1), date(2026, 12, 31))))
    rows = list(PrivateNote.objects.all())
    assert {field.name for field in PrivateNote._meta.get_fields()} == {"holder", "sealed"}
    assert len({len(bytes(row.sealed)) for row in rows}) == 1
    assert not [row for row in rows if str(cast.cora.pk) == row.holder]


def test_it_opens_for_nobody_else_even_if_the_row_is_moved(cast: Cast) -> None:
    keep(asked_by(cast.cora), Kept(week=1))
    assert kept_by(asked_by(cast.dev)).is_empty
    note = PrivateNote.objects.get()
    PrivateNote.objects.create(holder=private._holder(cast.dev), sealed=note.sealed)
    with pytest.raises(CannotOpen):
        kept_by(asked_by(cast.dev))
    assert kept_by(asked_by(cast.cora)).week == 1


def test_nothing_shows_when_it_is_printed() -> None:
    kept = Kept(4321, 4321, 4321, Span(date(2031, 7, 19), date(2031, 7, 20)))
    assert "4321" not in repr(kept)
    assert "2031" not in repr(kept)


ALLOWED = {"payments/models/private_notes.py", "payments/models/__init__.py", "payments/own_money/private.py"}


def users_of(name: str) -> set[str]:
    """Our own modules that name something."""
    root, found = Path(settings.BASE_DIR), set()
    for app in ("audit", "claims", "common", "config", "demo", "ledger", "payments", "people", "reports"):
        for path in (root / app).rglob("*.py"):
            tree = ast.parse(path.read_text())
            names = {getattr(n, "id", "") for n in ast.walk(tree)}
            names |= {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
            if name in names and "migrations" not in path.parts:
                found.add(str(path.relative_to(root)))
    return found


def test_no_other_module_touches_the_model() -> None:
    assert users_of("PrivateNote") <= ALLOWED
    assert "payments/own_money/private.py" in users_of("PrivateNote")  # the search finds what there is
    assert users_of("kept_by") == {
        "payments/own_money/reminders.py",
        "payments/own_money/views.py",
    }


def test_an_offer_that_would_pass_it_says_so_to_its_owner(cast: Cast, account: BankAccount) -> None:
    offer, _ = invited(cast)  # £40 for 30 or 1 December, promised by the middle of it
    client, page = browser(cast.cora), f"/invitations/{offer.pk}/"
    assert TOLD not in client.get(page).content.decode()
    save(client, month="39.99")
    for path in (page, f"{page}answer/"):
        shown = client.get(path).content.decode()
        assert TOLD in shown
        assert "could come to £40.00 in December 2026" in shown
        assert "above £39.99" in shown
        assert "/your-money/#tell-me" in shown
    save(client, month="40")
    assert TOLD not in client.get(page).content.decode()


def test_less_is_counted_as_less_and_nothing_as_nothing(cast: Cast, account: BankAccount) -> None:
    offer, _ = invited(cast)
    request = asked_by(cast.cora)
    keep(request, Kept(month=1500))
    assert [each.total for each in offer_reminders(request, offer.pk)] == [4000]
    answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.LESS, less_amount=1500)
    assert offer_reminders(request, offer.pk) == []
    answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.DECLINED)
    assert offer_reminders(request, offer.pk) == []


def test_what_was_paid_and_what_is_to_come_counts_with_it(cast: Cast, account: BankAccount) -> None:
    offer, _ = invited(cast)
    request = asked_by(cast.cora)
    keep(request, Kept(month=5000, days=8999, span=Span(date(2026, 11, 1), date(2026, 12, 31))))
    assert offer_reminders(request, offer.pk) == []
    pay(cast, account, date(2026, 11, 10), time=3)
    [reminder] = offer_reminders(request, offer.pk)
    assert (reminder.total, reminder.limit) == (4000 + 6000, 8999)  # November's money is not December's
    claim = claiming.start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    claiming.add_line(
        actor=cast.cora,
        claim_id=claim.pk,
        on=date(2026, 11, 20),
        kind="time",
        mode="session",
        quantity=Decimal(1),
        unit="hour",
    )
    claiming.submit(actor=cast.cora, claim_id=claim.pk)
    assert [each.total for each in offer_reminders(request, offer.pk)] == [6000, 12000]
    assert [each.total for each in claim_reminders(request, claim.pk)] == [6000, 12000]
    page = browser(cast.cora).get(f"/claims/{claim.reference}/").content.decode()
    assert "could come to £60.00 in December 2026" in page


def test_trap_17_money_of_several_months_that_comes_at_once_is_seen_together(
    cast: Cast, account: BankAccount
) -> None:
    first, _ = invited(cast)
    invited(cast, title="Another day")
    request = asked_by(cast.cora)
    keep(request, Kept(week=5000))
    assert [each.total for each in offer_reminders(request, first.pk)] == [8000]


def test_nobody_is_told_of_what_is_somebody_elses(cast: Cast, account: BankAccount) -> None:
    coras, devs = invited(cast)
    keep(asked_by(cast.cora), Kept(week=0, month=0))
    keep(asked_by(cast.lena), Kept(week=0, month=0))
    assert offer_reminders(asked_by(cast.cora), devs.pk) == []
    assert offer_reminders(asked_by(cast.lena), coras.pk) == []
    assert offer_reminders(asked_by(cast.dev), devs.pk) == []
    assert TOLD not in browser(cast.lena).get(f"/invitations/{coras.pk}/read-out/").content.decode()
    assert TOLD in browser(cast.cora).get(f"/invitations/{coras.pk}/").content.decode()


def test_the_number_of_questions_does_not_grow(cast: Cast, account: BankAccount) -> None:
    offer, _ = invited(cast)
    keep(asked_by(cast.cora), Kept(week=0, month=0))
    request = asked_by(cast.cora)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert len(offer_reminders(request, offer.pk)) == 2
        return len(found)

    before = asked()
    for number in range(3):
        invited(cast, title=f"Day {number}", starts_at=offer.activity.starts_at + timedelta(hours=number))
        pay(cast, account, date(2026, 11, 10 + number), time=1)
    assert asked() <= before <= 8


def test_an_error_report_holds_nothing_that_was_typed_or_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(cast.cora)
    save(client, week="4321.09")
    found: list[str] = []

    def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    def caught(request: HttpRequest, **_: object) -> None:
        found.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_text())

    monkeypatch.setattr("payments.own_money.views.keep", broken)
    monkeypatch.setattr("payments.own_money.views.totals", broken)
    client.raise_request_exception = False
    got_request_exception.connect(caught)
    try:
        save(client, week="4321.09", month="1")
        client.get(PAGE)
    finally:
        got_request_exception.disconnect(caught)
    assert len(found) == 2
    assert "broken on purpose" in found[0]
    assert not [report for report in found if "4321" in report or "432109" in report]
