"""A receipt of the charity, where somebody wished one: finance is told, and the person reads when it came."""

from typing import Any

import pytest

from claims.models import Way
from payments.models import Payment
from payments.services import handing
from payments.workflow import Method
from tests.cast import Cast
from tests.payments.by_hand.steps import DAY, early, given, sent_by
from tests.people.browsers import browser, proven

ASKED = "Ask the charity for one. The person wishes it."


def donated(cast: Cast, **more: Any) -> Payment:
    early(cast, cast.cora, Way.DONATION, **more)
    payment: Payment = sent_by(cast, Method.DONATION).payments.get()
    return payment


def read(cast: Cast, payment: Payment) -> str:
    return browser(cast.cora).get(f"/payments/{payment.pk}/").content.decode()


def test_finance_is_asked_for_it_and_the_person_reads_when_it_came(ways: Cast) -> None:
    payment = donated(ways, wants_receipt=True)
    desk = proven(ways.fern)
    assert ASKED in desk.get(f"/payments/by-hand/payments/{payment.pk}/").content.decode()
    assert "We ask the charity for one." in read(ways, payment)
    made = given(ways, payment)
    assert ASKED in desk.get(f"/payments/by-hand/handed/{made.pk}/").content.decode()
    assert "We ask the charity for one." in read(ways, payment)
    handing.collected(actor=ways.fern, hand_over_id=made.pk, day=DAY)
    assert "It came on 23 November 2026. Ask us for it." in read(ways, payment)
    auditor = browser(ways.ada).get(f"/payments/by-hand/handed/{made.pk}/").content.decode()
    assert ASKED not in auditor


@pytest.mark.parametrize("handed", [False, True])
def test_nobody_is_asked_where_none_was_wished(ways: Cast, handed: bool) -> None:
    payment = donated(ways)
    if handed:
        given(ways, payment)
    assert "eceipt of the charity" not in read(ways, payment)
    assert ASKED not in proven(ways.fern).get(f"/payments/by-hand/payments/{payment.pk}/").content.decode()
