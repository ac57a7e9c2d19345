"""The statement of a tax year, by the day on which money reached somebody."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Answer, Outcome
from claims.services import claiming
from claims.services.deciding import decide
from claims.services.offers import answer_offer
from common.dates import set_now
from common.errors import NotVisible
from common.pdf.look import Size
from payments.formats.own_paper import paper_pdf
from payments.models import BankAccount, PaymentItem
from payments.own_money.statement import payers_of, statement, statement_years
from tests.cast import Cast, put_in_force
from tests.claims.meetings import invited
from tests.payments.office import MONDAY, POLICY
from tests.payments.own_money.papers import part, pdf_text, rows, total
from tests.payments.own_money.stories import moment, paid_by, pay
from tests.people.browsers import browser

TIME, COSTS = "Money for your time", "Money back for your costs"
MILES = """
[[rate]]
kind = "mileage"
mode = "car"
method = "tier"
amount = "0.45"
first = "100"
then = "0.25"
from = 2020-01-01
counts_as = "expense"

[[rate]]
kind = "mileage"
mode = "bicycle"
method = "per_unit"
amount = "0.20"
from = 2020-01-01
counts_as = "expense"
"""
NOT_TAKEN = "Money for your time that you did not take"


def test_trap_34_work_of_one_year_paid_in_the_next_stands_in_the_next(
    cast: Cast, account: BankAccount
) -> None:
    pay(cast, account, date(2026, 11, 10), pence=100)
    run = pay(cast, account, date(2027, 4, 6), pence=500, time=1)
    line = PaymentItem.objects.filter(payment__run=run).earliest("pk").line
    assert line.date == date(2026, 11, 20)
    with set_now(moment(date(2027, 5, 1))):
        before, after = statement(cast.cora, "2026-27"), statement(cast.cora, "2027-28")
    assert (rows(before, TIME), rows(before, COSTS)) == ((), (("Travel", "£1.00"),))
    assert rows(after, TIME)[0][::2] == ("6 April 2027", "£20.00")
    assert rows(after, COSTS) == (("Travel", "£5.00"),)


def test_trap_34_a_late_correction_does_not_change_the_year_before(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2027, 3, 31), pence=500)
    with set_now(moment(date(2027, 4, 2))):
        before = statement(cast.cora, "2026-27").parts
    pay(cast, account, date(2027, 4, 9), pence=100)
    with set_now(moment(date(2027, 4, 10))):
        assert statement(cast.cora, "2026-27").parts == before
        assert total(statement(cast.cora, "2027-28"), COSTS) == "£1.00"


def test_trap_16_time_and_costs_have_tables_and_sums_of_their_own(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=123, time=1)
    found = statement(cast.cora, "2026-27")
    assert (total(found, TIME), total(found, COSTS)) == ("£20.00", "£1.23")
    assert "£21.23" not in pdf_text(paper_pdf(found, size=Size.STANDARD))


@pytest.mark.parametrize(
    ("answer", "less", "left"), [(Answer.DECLINED, None, "£40.00"), (Answer.LESS, 1500, "£25.00")]
)
def test_what_was_not_taken_stands_apart_and_is_not_added_up(
    cast: Cast, account: BankAccount, answer: Answer, less: int | None, left: str
) -> None:
    offer, _ = invited(cast)
    answer_offer(actor=cast.cora, offer_id=offer.pk, answer=answer, less_amount=less)
    assert part(statement(cast.cora, "2026-27"), NOT_TAKEN) is None  # not before the day
    with set_now(MONDAY + timedelta(days=8)):
        found = statement(cast.cora, "2026-27")
        assert rows(found, NOT_TAKEN) == (("30 November 2026", "£40.00", left),)
        assert total(found, NOT_TAKEN) == ""
        assert part(statement(cast.dev, "2026-27"), NOT_TAKEN) is None


def test_it_names_its_payer_its_person_and_whom_to_ask_and_is_no_advice(
    cast: Cast, account: BankAccount
) -> None:
    pay(cast, account, date(2026, 11, 10), pence=123)
    for size in Size:
        words = pdf_text(paper_pdf(statement(cast.cora, "2026-27"), size=size))
        for said in (
            "Riverside Council",
            cast.cora.number,
            "This is not advice",
            cast.riverside.help_contact,
            "6 April 2026 to 5 April 2027",
        ):
            assert said in words


def test_miles_stand_by_vehicle_with_the_rates_that_were_used(cast: Cast, account: BankAccount) -> None:
    put_in_force(cast, POLICY + MILES)
    with set_now(MONDAY):
        claim = claiming.start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
        for mode, miles in (("car", 110), ("bicycle", 12)):
            line = claiming.add_line(
                actor=cast.cora,
                claim_id=claim.pk,
                on=date(2026, 11, 20),
                kind="mileage",
                mode=mode,
                quantity=Decimal(miles),
                unit="mile",
            )
        claiming.submit(actor=cast.cora, claim_id=claim.pk)
        for line in claim.lines.all():
            decide(actor=cast.anil, line_id=line.pk, outcome=Outcome.APPROVE)
    pay(cast, account, date(2026, 11, 26))
    assert rows(statement(cast.cora, "2026-27"), "Your miles") == (
        ("Miles travelled by bicycle", "12 miles at 20p", "£2.40"),
        ("Miles travelled by car", "100 miles at 45p, 10 miles at 25p", "£47.50"),
    )
    assert total(statement(cast.cora, "2026-27"), "Your miles") == ""
    assert total(statement(cast.cora, "2026-27"), COSTS) == "£49.90"


def test_several_payers_stand_one_after_the_other_or_alone(cast: Cast, account: BankAccount) -> None:
    run = pay(cast, account, date(2026, 11, 10), pence=100)
    pay(cast, account, date(2026, 11, 11), pence=200)
    paid_by(cast.hillside, run)
    both = statement(cast.cora, "2026-27")
    assert total(both, f"{COSTS}: Hillside Trust") == "£1.00"
    assert total(both, f"{COSTS}: Riverside Council") == "£2.00"
    assert total(statement(cast.cora, "2026-27", cast.hillside.pk), COSTS) == "£1.00"
    assert [each.name for each in payers_of(cast.cora)] == ["Hillside Trust", "Riverside Council"]


@pytest.mark.parametrize("year", ["2019-20", "2026-28", "2027-28"])
def test_a_year_that_holds_nothing_is_not_there(cast: Cast, account: BankAccount, year: str) -> None:
    assert statement_years(cast.cora) == ["2026-27"]
    with pytest.raises(NotVisible):
        statement(cast.cora, year)


def test_an_organisation_that_never_paid_them_is_not_there(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=100)
    assert statement(cast.cora, "2026-27", cast.riverside.pk)
    for person, key in ((cast.cora, cast.hillside.pk), (cast.dev, cast.riverside.pk), (cast.cora, 10**17)):
        with pytest.raises(NotVisible):
            statement(person, "2026-27", key)


def test_the_number_of_questions_does_not_grow_with_payments(cast: Cast, account: BankAccount) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            statement(cast.cora, "2026-27")
        return len(found)

    pay(cast, account, date(2026, 11, 10), pence=100, time=1)
    before = asked()
    for day in (11, 12):
        pay(cast, account, date(2026, 11, day), pence=100, time=1)
    assert asked() == before <= 12


def test_it_is_read_on_the_screen_and_taken_along_in_both_sizes(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=123)
    client = browser(cast.cora)
    assert "2026-27" in client.get("/your-money/statements/").content.decode()
    assert "£1.23" in client.get("/your-money/statements/2026-27/").content.decode()
    for size in ("standard", "large"):
        answer = client.get(f"/your-money/statements/2026-27/{size}/")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="statement.pdf"'
        assert "£1.23" in pdf_text(answer.content)
    for other in (cast.lena, cast.fern, cast.anil, cast.abel):
        assert browser(other).get("/your-money/statements/2026-27/").status_code == 404
