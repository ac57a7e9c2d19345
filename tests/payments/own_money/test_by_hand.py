"""Totals, statements, letters and private limits of what is paid by hand: vouchers count, gifts do not."""

from datetime import UTC, date, datetime

import pytest

from claims.models import GIVEN_AWAY, CountsAs, Way
from common.dates import set_now
from payments.models import Ended
from payments.own_money.files import totals_csv
from payments.own_money.given import HEADING
from payments.own_money.letters import LetterKind, letter
from payments.own_money.reminders import _claimed, _offered
from payments.own_money.spans import Asked, Span
from payments.own_money.statement import statement, statement_years
from payments.own_money.totals import on_its_way as coming
from payments.own_money.totals import totals
from payments.queries.own_ways import OwnWays
from payments.services import handing
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.by_hand.conftest import ways
from tests.payments.by_hand.own import BEFORE, handed, on_its_way
from tests.payments.by_hand.steps import chosen
from tests.payments.own_money.papers import part, rows, total
from tests.people.browsers import browser

__all__ = ["ways"]
YEAR = Asked.read({"by": "year"})
PAGE = "/your-money/"
AUTUMN = Span(date(2026, 9, 1), date(2026, 12, 31))
IN_HAND = [Way.CASH, Way.CHEQUE, Way.CODE]


def test_a_voucher_counts_at_face_value_on_the_day_and_stands_apart(ways: Cast) -> None:
    handed(ways, Way.VOUCHER)
    [row] = totals(ways.cora, YEAR)[0].rows
    assert (row.time, row.costs, row.time_vouchers, row.costs_vouchers) == (4000, 0, 4000, 0)
    paper = statement(ways.cora, "2026-27")
    assert rows(paper, "Vouchers for your time")[0][0] == "23 November 2026"
    assert total(paper, "Vouchers for your time") == "£40.00"
    said = part(paper, "Vouchers for your time")
    assert said is not None
    assert "This is not cash." in said.paragraphs[0]
    assert rows(paper, "Money for your time") == ()
    page = browser(ways.cora).get(PAGE).content.decode()
    assert "came in vouchers" in page
    assert totals_csv(totals(ways.cora, YEAR)).splitlines()[1].endswith("40.00,0.00,0.00,0.00,40.00,0.00")


@pytest.mark.parametrize("way", IN_HAND)
def test_cash_cheques_and_codes_count_as_money_on_the_day_they_were_handed_over(ways: Cast, way: Way) -> None:
    handed(ways, way)
    [row] = totals(ways.cora, YEAR)[0].rows
    assert (row.time, row.time_vouchers) == (4000, 0)
    assert rows(statement(ways.cora, "2026-27"), "Money for your time")[0][0] == "23 November 2026"


@pytest.mark.parametrize("way", GIVEN_AWAY)
def test_what_is_given_away_stands_apart_and_is_added_up_nowhere(ways: Cast, way: Way) -> None:
    handed(ways, way)
    assert totals(ways.cora, YEAR)[0].rows == []
    assert coming(ways.cora) == []
    paper = statement(ways.cora, "2026-27")
    [(day, where, amount)] = rows(paper, HEADING)
    assert (day, amount) == ("23 November 2026", "£40.00")
    assert total(paper, HEADING) == ""
    said = {
        Way.DONATION: "To the charity that you named",
        Way.GROUP: "To the group that you named",
        Way.LEARNING: "Into your learning fund",
    }
    assert where == said[way]
    assert rows(paper, "Money for your time") == ()
    assert HEADING in browser(ways.cora).get(PAGE).content.decode()
    assert "£40.00" not in str(letter(ways.cora, LetterKind.PAYMENTS, ways.riverside.pk, AUTUMN))
    assert statement_years(ways.cora) == ["2026-27"]


@pytest.mark.parametrize("way", [Way.VOUCHER, Way.CHEQUE, Way.DONATION])
def test_what_came_back_does_not_count(ways: Cast, way: Way) -> None:
    made = handed(ways, way).hand_overs.get()
    handing.take_back(actor=ways.fern, hand_over_id=made.pk, ended=Ended.EXPIRED, reason="Too late.")
    assert totals(ways.cora, YEAR)[0].rows == []
    paper = statement(ways.cora, "2026-27")
    assert part(paper, HEADING) is None
    assert part(paper, "Vouchers for your time") is None


@pytest.mark.parametrize("way", [Way.VOUCHER, Way.DONATION])
def test_what_is_on_its_way_is_shown_when_it_comes_to_the_person(ways: Cast, way: Way) -> None:
    on_its_way(ways, way)
    assert [row.time for row in coming(ways.cora)] == ([4000] if way == Way.VOUCHER else [])


def test_a_letter_names_vouchers_and_says_what_they_count(ways: Cast) -> None:
    handed(ways, Way.VOUCHER)
    said = str(letter(ways.cora, LetterKind.PAYMENTS, ways.riverside.pk, AUTUMN))
    assert ", vouchers" in said
    assert "Vouchers are not cash." in said


@pytest.mark.parametrize("way", [each for each in Way if each != Way.BANK])
def test_private_limits_count_what_comes_to_the_person(ways: Cast, way: Way) -> None:
    offer, _ = invited(ways)
    counted_before = {each.key for each in _offered(ways.cora, OwnWays(ways.cora))}
    assert f"offer:{offer.pk}" in counted_before
    with set_now(BEFORE):
        chosen(ways, ways.cora, way)
    comes = way not in GIVEN_AWAY
    said = OwnWays(ways.cora)
    assert [each.amount for each in _claimed(ways.cora, said)] == ([4000] if comes else [])
    assert (f"offer:{offer.pk}" in {each.key for each in _offered(ways.cora, said)}) == comes


def test_a_payment_that_went_one_way_stays_so_whatever_is_chosen_later(ways: Cast) -> None:
    on_its_way(ways, Way.VOUCHER)
    with set_now(datetime(2026, 11, 19, 10, tzinfo=UTC)):
        chosen(ways, ways.cora, Way.DONATION, CountsAs.FEE)
    assert [each.amount for each in _claimed(ways.cora, OwnWays(ways.cora))] == [4000]
