"""What Cora reads of a payment by hand on her own pages, from the run to the day it came back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import CountsAs, Way
from payments.models import Ended
from payments.services import handing
from payments.workflow import PAYMENT_WORDS, Method, PaymentStatus
from reports.next_thing import next_thing
from tests.cast import Cast
from tests.payments.by_hand.own import handed, on_its_way
from tests.payments.by_hand.steps import given
from tests.people.browsers import browser

WAYS = [way for way in Way if way != Way.BANK]
LOOK_FOR = {
    Way.VOUCHER: "As a voucher or gift card",
    Way.CASH: "In cash",
    Way.CHEQUE: "By cheque",
    Way.CODE: "As a code that you change into cash",
    Way.DONATION: "To Friends of the Library",
    Way.GROUP: "To River Voices",
    Way.LEARNING: "Into your learning fund",
}
NUMBERS = {Way.CASH: "Receipt 7", Way.CHEQUE: "100045", Way.DONATION: "Transfer 3", Way.GROUP: "Transfer 4"}


@pytest.mark.parametrize("way", WAYS)
def test_each_state_has_words_of_its_own_on_every_page(ways: Cast, way: Way) -> None:
    payment, client, method = on_its_way(ways, way), browser(ways.cora), Method(way)
    page_of = reverse("payments:payment", args=[payment.pk])
    pages = (page_of, "/payments/?view=own", "/claims/")

    def read() -> list[str]:
        return [client.get(page).content.decode() for page in pages]

    for page in read():
        assert PAYMENT_WORDS[method, PaymentStatus.SENT] in page
        assert "your bank" not in page.partition("<main")[2].partition("</main>")[0]
    assert LOOK_FOR[way] in read()[1]
    assert "£40.00" in next_thing(ways.cora).text
    assert "with your pay" not in next_thing(ways.cora).text

    made = given(ways, payment).pk
    for page in read():
        assert PAYMENT_WORDS[method, PaymentStatus.PAID] in page
    assert NUMBERS.get(way, "") in read()[0]
    assert "23 November 2026" in read()[0]

    handing.take_back(actor=ways.fern, hand_over_id=made, ended=Ended.REFUSED, reason="It came back.")
    for page in read():
        assert PAYMENT_WORDS[method, PaymentStatus.RETURNED] in page
    assert "so we owe it to you again" in read()[0]
    assert "We pay it again in a later run." in read()[0]
    assert 'href="/how-you-are-paid/"' in read()[0]
    assert next_thing(ways.cora).title == "A payment did not arrive"


def test_finance_reads_the_way_and_the_number_but_not_the_words_of_the_person(ways: Cast) -> None:
    payment = handed(ways, Way.DONATION)
    page = browser(ways.fern).get(reverse("payments:payment", args=[payment.pk])).content.decode()
    assert "Donation to a charity" in page
    assert "Transfer 3" in page
    assert "It was handed over or sent on 23 November 2026." in page
    assert "Friends of the Library" not in page


def test_a_list_of_many_ways_needs_no_more_queries(ways: Cast) -> None:
    client, counts = browser(ways.cora), []
    for way in (Way.CASH, Way.DONATION):
        handed(ways, way, **({"kind": CountsAs.EXPENSE} if way == Way.CASH else {}))
        with CaptureQueriesContext(connection) as asked:
            client.get("/payments/?view=own")
        counts.append(len(asked))
    assert counts[0] == counts[1]
