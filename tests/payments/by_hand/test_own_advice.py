"""The remittance advice of a payment by hand: how it is sent, in words for the person; it stays as it was."""

import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from django.urls import reverse

from claims.models import GIVEN_AWAY, CountsAs, Way
from claims.services.offering import offer_way
from common.dates import set_now
from payments.models import Payment
from payments.remittances import remittance, remittance_pdf
from payments.services.run_remittances import Which, open_advices
from people.models import Person
from tests.cast import Cast
from tests.payments.by_hand.own import CHARITY, LATER, on_its_way
from tests.people.browsers import browser

SENT = {
    Way.VOUCHER: "As a voucher or gift card. We tell you how: Voucher or gift card.",
    Way.CASH: "In cash. We tell you how: Cash.",
    Way.CHEQUE: "By cheque. We tell you how: Cheque.",
    Way.CODE: "As a code that you change into cash. We tell you how: Cash-out code.",
    Way.DONATION: "To Friends of the Library, as you asked.",
    Way.GROUP: "To River Voices, as you asked.",
    Way.LEARNING: "Into your learning fund, as you asked. We tell you how: Learning or training fund.",
}
THERE = {
    Way.VOUCHER: "Your voucher or gift card should be with you by the end of Thursday 26 November 2026.",
    Way.DONATION: "The money should be with the charity by the end of Thursday 26 November 2026.",
    Way.GROUP: "The money should be with the group by the end of Thursday 26 November 2026.",
    Way.LEARNING: "The money should be in your learning fund by the end of Thursday 26 November 2026.",
}


def words(content: bytes, path: Path) -> str:
    """The text of a PDF, as pdftotext reads it."""
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, text=True)  # noqa: S603, S607 - our own file
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("way", list(SENT))
def test_it_says_how_it_is_sent_and_nothing_of_a_bank(ways: Cast, way: Way, tmp_path: Path) -> None:
    payment = on_its_way(ways, way)
    advice = remittance(payment.run, ways.cora)
    assert advice.time is not None
    assert (advice.time.method, advice.time.bank_line, advice.time.total_minor) == (SENT[way], "", 4000)
    with_you = "The money should be with you by the end of Thursday 26 November 2026."
    assert advice.promise == THERE.get(way, with_you)
    text = words(remittance_pdf(payment.run, ways.cora), tmp_path / "advice.pdf")
    assert f"How it is sent: {SENT[way]}" in text
    assert "Money for your time" in text
    assert "bank" not in text.lower()


@pytest.mark.parametrize("way", [way for way in SENT if way not in (*GIVEN_AWAY, Way.VOUCHER)])
def test_costs_can_come_by_hand_and_stay_a_section_of_their_own(ways: Cast, way: Way, tmp_path: Path) -> None:
    payment = on_its_way(ways, way, CountsAs.EXPENSE)
    advice = remittance(payment.run, ways.cora)
    assert advice.time is None
    assert advice.costs is not None
    assert (advice.costs.method, advice.costs.total_minor) == (SENT[way], 1250)
    assert "Money back for your costs" in words(
        remittance_pdf(payment.run, ways.cora), tmp_path / "advice.pdf"
    )


@pytest.mark.parametrize("way", [Way.VOUCHER, Way.DONATION, Way.LEARNING])
def test_it_stays_as_it_was_whatever_is_said_later(ways: Cast, way: Way) -> None:
    payment = on_its_way(ways, way)
    before = remittance_pdf(payment.run, ways.cora)
    _reworded(ways, way, LATER)
    assert remittance_pdf(payment.run, ways.cora) == before


def test_what_was_said_before_the_run_is_what_it_says(ways: Cast) -> None:
    _reworded(ways, Way.CHEQUE, None)
    advice = remittance(on_its_way(ways, Way.CHEQUE).run, ways.cora)
    assert advice.time is not None
    assert advice.time.method == "By cheque. Another way altogether."


def _reworded(cast: Cast, way: Way, at: datetime | None) -> None:
    def say() -> None:
        offer_way(
            actor=cast.fern,
            organisation=cast.riverside,
            way=way,
            for_time=True,
            for_costs=False,
            delivery="Another way altogether.",
        )

    if at is None:
        say()
    else:
        with set_now(at):
            say()


@pytest.mark.parametrize("way", [Way.DONATION, Way.GROUP])
def test_whom_somebody_named_stands_on_their_own_advice_and_on_the_printers(
    ways: Cast, way: Way, tmp_path: Path
) -> None:
    payment = on_its_way(ways, way, named=CHARITY)
    number = payment.run.remittances.get().number
    own = browser(ways.cora).get(reverse("payments:remittance", args=[number])).content
    assert f"To {CHARITY}, as you asked." in words(own, tmp_path / "own.pdf")
    pack = open_advices(actor=ways.fern, run=payment.run, which=Which.ALL, part=1)
    assert CHARITY in words(pack, tmp_path / "pack.pdf")
    for reader in (ways.fern, ways.farah, ways.ada):
        seen = browser(reader).get(reverse("payments:remittance", args=[number])).content
        text = words(seen, tmp_path / "seen.pdf")
        assert "Canary" not in text
        assert "that you named, as you asked." in text


def test_nobody_else_reads_anywhere_whom_somebody_named(ways: Cast) -> None:
    payment = on_its_way(ways, Way.DONATION, named=CHARITY)
    assert CHARITY in _page(ways.cora, payment)
    for name in ("fern", "farah", "ada", "dev", "lena", "anil", "hana", "abel", "otto"):
        assert "Canary" not in _page(getattr(ways, name), payment), name


def _page(person: Person, payment: Payment) -> str:
    """What this person reads of a payment: its page, their list and the run it is in."""
    client = browser(person)
    pages = [
        reverse("payments:payment", args=[payment.pk]),
        "/payments/",
        "/payments/?view=own",
        reverse("payments:run", args=[payment.run_id]),
        reverse("reports:history", args=["payment", payment.pk]),
    ]
    return "".join(client.get(page).content.decode() for page in pages)
