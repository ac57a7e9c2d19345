"""The pages of what is paid by hand: from a way that is switched on to what became of each payment."""

import pytest
from django.test import Client

from claims.models import Way, WayOffered
from payments.models import CashCount, HandOver, PaymentRun, VoucherBatch
from payments.workflow import Method
from people.models import RoleKind
from tests.cast import Cast, give_role
from tests.payments.by_hand.steps import NAMES, bought, early, fetched, given, listed, sent_by, waiting_by
from tests.payments.office import hours
from tests.people.browsers import browser, errors_of, key_of, proven, send

HOME = "/payments/by-hand/"
ON_26 = {"pay_on-day": "26", "pay_on-month": "11", "pay_on-year": "2026"}
ON_23 = {"day-day": "23", "day-month": "11", "day-year": "2026"}


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_way_is_switched_on_and_changed(due: Cast) -> None:
    client, path = browser(due.fern), f"{HOME}riverside/cheque/change/"
    assert "No way is switched on" in page_of(client, HOME)
    answer = send(client, path, delivery="By post on Fridays.", most="100", money="costs")
    assert answer.headers["Location"] == f"{HOME}riverside/ways/"
    way = WayOffered.objects.get()
    assert (way.for_time, way.for_costs, way.most, way.delivery) == (
        False,
        True,
        10_000,
        "By post on Fridays.",
    )
    assert "By post on Fridays." in page_of(client, f"{HOME}riverside/ways/")
    assert 'value="100.00"' in page_of(client, path)
    assert errors_of(send(client, path, delivery=" ")) == ["Enter how it reaches people"]
    send(client, path, delivery="By post.")
    assert "No new choices" in page_of(browser(due.ada), f"{HOME}riverside/ways/")


def test_costs_are_not_given_away_on_the_page_either(due: Cast) -> None:
    page = page_of(browser(due.fern), f"{HOME}riverside/donation/change/")
    assert "Their time" in page
    assert "Their costs" not in page


def test_a_run_is_prepared_from_what_is_shown(ways: Cast) -> None:
    early(ways, ways.cora, Way.CHEQUE)
    client, path = browser(ways.fern), f"{HOME}riverside/cheque/prepare/"
    assert "Prepare a run" in page_of(client, HOME)
    page = page_of(client, path)
    assert "£40.00" in page
    assert "Cora Contributor" in page
    answer = send(client, path, expected_total="4000", **ON_26)
    run = PaymentRun.objects.get()
    assert answer.headers["Location"] == f"/payments/runs/{run.pk}/"
    shown = page_of(client, f"/payments/runs/{run.pk}/")
    assert "by cheque" in shown
    assert "List downloaded" in shown
    for wrong in ("payroll", "Payroll", "to the bank", "bank file", "bank statement", "ending"):
        assert wrong not in shown.split("<main", 1)[1].split("</main", 1)[0], wrong


def test_a_stale_page_prepares_nothing(ways: Cast) -> None:
    early(ways, ways.cora, Way.CHEQUE)
    client, path = browser(ways.fern), f"{HOME}riverside/cheque/prepare/"
    form = {"key": key_of(client, path), "expected_total": "4000", **ON_26}
    hours(ways, ways.cora, 1)
    answer = client.post(path, form)
    assert answer.status_code == 409
    assert not PaymentRun.objects.exists()


def test_whom_it_leaves_out_and_that_it_pays_you(ways: Cast) -> None:
    early(ways, ways.cora, Way.CHEQUE)
    give_role(actor=ways.abel, person=ways.cora, kind=RoleKind.PREPARER, organisation=ways.riverside)
    page = page_of(browser(ways.cora), f"{HOME}riverside/cheque/prepare/")
    assert "This pays you, so somebody else has to prepare it." in page
    assert "there is no run to prepare" in page


@pytest.mark.parametrize("way", [Way.DONATION, Way.GROUP])
def test_the_signer_reads_who_is_paid_instead(ways: Cast, way: Way) -> None:
    early(ways, ways.cora, way)
    run = listed(ways, Method(way))
    for path in (f"/payments/runs/{run.pk}/sheet/", f"/payments/runs/{run.pk}/sign/"):
        page = page_of(proven(ways.farah), path)
        assert NAMES[way] in page
        assert "Who is paid instead" in page
        assert "First payment to them" in page
    answer = proven(ways.farah).get(f"/payments/runs/{run.pk}/sheet.pdf")
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("way", [way for way in Way if way != Way.BANK])
def test_it_is_handed_over_on_the_page(ways: Cast, way: Way) -> None:
    payment = waiting_by(ways, way)
    client = browser(ways.fern)
    assert payment.reference in page_of(client, f"{HOME}riverside/{way}/waiting/")
    path = f"{HOME}payments/{payment.pk}/"
    page = page_of(client, path)
    assert (NAMES.get(way) or "Cora") in page
    assert ("4 of £10.00" in page) == (way == Way.VOUCHER)
    typed = {"serial": "100045"} | ({"code": "CODE-1"} if way == Way.CODE else {}) | ON_23
    form = {"key": key_of(client, path), **typed}
    first, second = client.post(path, form), client.post(path, form)
    made = HandOver.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == f"{HOME}handed/{made.pk}/"
    assert "CODE-1" not in page_of(client, f"{HOME}handed/{made.pk}/")
    assert payment.reference in page_of(browser(ways.ada), f"{HOME}riverside/{way}/handed/")
    assert client.get(path).status_code == 302


def test_what_became_of_it_is_said_on_pages(ways: Cast) -> None:
    made, client = given(ways, waiting_by(ways, Way.VOUCHER)), browser(ways.farah)
    path = f"{HOME}handed/{made.pk}/"
    assert send(client, f"{path}collected/", **ON_23).headers["Location"] == path
    assert "Collected" in page_of(client, path)
    assert send(client, f"{path}undo/", reason="Not theirs.").headers["Location"] == path
    assert "Undone" in page_of(client, path)
    assert client.post(f"{path}undo/", {"key": "0" * 32, "reason": "Again."}).status_code == 409


def test_what_is_lost_is_for_somebody_else_to_say(ways: Cast) -> None:
    made = given(ways, waiting_by(ways, Way.VOUCHER))
    path, typed = f"{HOME}handed/{made.pk}/back/", {"ended": "not_arrived", "lost": "lost", "reason": "Gone."}
    answer = send(browser(ways.fern), path, **typed)
    assert answer.status_code == 422
    assert "somebody else has to say that it is lost" in errors_of(answer)[0]
    assert send(browser(ways.farah), path, **typed).status_code == 302
    assert "Lost" in page_of(browser(ways.fern), f"{HOME}handed/{made.pk}/")


def test_nothing_fits_and_the_page_says_what_there_is(ways: Cast) -> None:
    early(ways, ways.cora, Way.VOUCHER)
    bought(ways, face_value=1500, count=3)
    payment = sent_by(ways, Method.VOUCHER).payments.get()
    page = page_of(browser(ways.fern), f"{HOME}payments/{payment.pk}/")
    assert "No vouchers in stock come to exactly £40.00. There are 3 of £15.00." in page
    assert "It is handed over</button>" not in page
    assert (
        send(browser(ways.fern), f"{HOME}payments/{payment.pk}/not/", reason="No cards.").status_code == 302
    )
    payment.refresh_from_db()
    assert payment.status == "returned"


def test_it_pays_you_say_the_pages(ways: Cast) -> None:
    payment = waiting_by(ways, Way.VOUCHER)
    give_role(actor=ways.abel, person=ways.cora, kind=RoleKind.PREPARER, organisation=ways.riverside)
    client, path = browser(ways.cora), f"{HOME}payments/{payment.pk}/"
    assert "It pays you, so somebody else" in page_of(client, f"{HOME}riverside/voucher/waiting/")
    page = page_of(client, path)
    assert "Somebody else has to hand over a payment that pays you." in page
    assert "It is handed over</button>" not in page
    assert client.post(path, {"key": "0" * 32, **ON_23}).status_code == 403
    made = given(ways, payment)
    for name in ("collected", "back", "undo"):
        assert "pays you" in page_of(client, f"{HOME}handed/{made.pk}/{name}/")


def test_codes_are_shown_only_when_asked_for_and_only_without_a_login(ways: Cast) -> None:
    bought(ways, codes=[f"SECRET-{number}" for number in range(4)], face_value=1000)
    made = given(ways, waiting_by(ways, Way.VOUCHER))
    client, path = proven(ways.fern), f"{HOME}handed/{made.pk}/codes/"
    assert "has a login and reads the codes there" in page_of(client, path)
    assert "SECRET" not in client.post(path, {"key": "0" * 32}).content.decode()
    ways.cora.logins.all().delete()
    for page in (path, f"{HOME}handed/{made.pk}/", f"{HOME}riverside/stock/"):
        assert "SECRET" not in page_of(client, page)
    answer = send(client, path)
    assert "SECRET-0" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    send(browser(ways.farah), f"{HOME}handed/{made.pk}/collected/", **ON_23)
    assert "SECRET" not in client.post(path, {"key": "0" * 32}).content.decode()


BUY = {
    "supplier": "High Street Vouchers",
    "face_value": "10",
    "count": "2",
    "charge": "",
    "codes": "A-1\r\nA-2",
    "bought_on-day": "23",
    "bought_on-month": "11",
    "bought_on-year": "2026",
}


def test_vouchers_are_bought_and_written_off_by_another(ways: Cast) -> None:
    client = browser(ways.fern)
    assert send(client, f"{HOME}riverside/stock/buy/", **BUY).status_code == 302
    batch = VoucherBatch.objects.get()
    assert batch.vouchers.filter(code__isnull=False).count() == 2
    page = page_of(client, f"{HOME}riverside/stock/")
    assert "£20.00" in page
    assert "somebody else can write them off" in page
    path = f"{HOME}stock/{batch.pk}/write-off/"
    assert "You bought these vouchers" in page_of(client, path)
    assert send(browser(ways.farah), path, reason="Old.", count="1").status_code == 302
    assert batch.vouchers.filter(written_off_at__isnull=False).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"supplier": "  "},
        {"supplier": "x" * 101},
        {"face_value": "0"},
        {"face_value": "ten"},
        {"count": "0"},
        {"count": "2.5"},
        {"count": "1001"},
        {"charge": "-1"},
        {"bought_on-day": "24"},
        {"codes": "A-1"},
        {"codes": "A-1\nA-1"},
        {"supplier": "Shop\u202e"},
        {"expires_on-day": "22", "expires_on-month": "11", "expires_on-year": "2026"},
    ],
)
def test_bad_input_takes_nothing_into_stock(ways: Cast, wrong: dict[str, str]) -> None:
    answer = send(browser(ways.fern), f"{HOME}riverside/stock/buy/", **(BUY | wrong))
    assert answer.status_code == 422
    assert len(errors_of(answer)) == 1
    assert not VoucherBatch.objects.exists()


def test_cash_is_counted_before_the_books_are_read(ways: Cast) -> None:
    fetched(ways, 10_000)
    client, path = browser(ways.fern), f"{HOME}riverside/counts/new/"
    assert "100.00" not in page_of(client, path)
    typed = {"counted": "99", "witness": str(ways.farah.pk)}
    answer = send(client, path, **typed)
    assert "The books say £100.00. Count again" in errors_of(answer)[0]
    assert errors_of(send(client, path, counted="100", witness=str(ways.ada.pk)))
    assert not CashCount.objects.exists()
    assert send(client, path, note="A coin is gone.", **typed).status_code == 302
    assert "A coin is gone." in page_of(browser(ways.ada), f"{HOME}riverside/counts/")
    assert "£99.00 should be in the cash box. It was last counted on 23 November 2026" in " ".join(
        page_of(client, HOME).split()
    )


def test_the_auditor_reads_and_changes_nothing(ways: Cast) -> None:
    payment = waiting_by(ways, Way.VOUCHER)
    client = browser(ways.ada)
    for path in (
        HOME,
        f"{HOME}riverside/ways/",
        f"{HOME}riverside/voucher/waiting/",
        f"{HOME}riverside/stock/",
    ):
        page = page_of(client, path)
        assert "/change/" not in page
        assert "/prepare/" not in page
        assert f"/by-hand/payments/{payment.pk}/" not in page
        assert "/buy/" not in page
    assert client.get(f"{HOME}riverside/cheque/change/").status_code == 404


def test_the_pages_cost_the_same_with_more_people(
    ways: Cast, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    client = browser(ways.fern)
    given(ways, waiting_by(ways, Way.CHEQUE))
    paths = [HOME, f"{HOME}riverside/cheque/waiting/", f"{HOME}riverside/cheque/handed/"]
    costs = []
    for hour in (10, 11):
        counts = []
        for path in paths:
            client.get(path)
            with django_assert_max_num_queries(60) as found:  # type: ignore[operator]
                client.get(path)
            counts.append(len(found))
        costs.append(counts)
        for person, serial in ((ways.dev, f"D{hour}"), (ways.cora, f"C{hour}")):
            hours(ways, person, 1)
            early(ways, person, Way.CHEQUE, at=hour)
            given(ways, sent_by(ways, Method.CHEQUE).payments.get(), serial=serial)
    assert costs[0] == costs[1]
