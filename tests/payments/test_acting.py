"""Somebody may lawfully take a person's money for them: two people see the papers, the person sees all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from audit.queries import opened
from common.dates import set_now
from payments.formats.signing_sheet import Unusual
from payments.models import Acting, BankAccount, BankDetails, Payment
from payments.queries.signing import sheet_of
from payments.secrets import open_details
from payments.services.details import BankDetailsError, enter, verify
from people.models import Person, RoleKind
from tests.cast import Cast
from tests.claims.test_answer_nowhere import walk
from tests.payments.office import MONDAY, colleague, sent
from tests.payments.test_guards import allowed_without, refused
from tests.payments.test_payee_screens import CHECKED, PAPER, of, text
from tests.people.browsers import browser, errors_of, proven, send

pytestmark = pytest.mark.usefixtures("monday")
ORDER = "The order of the court, 3 March 2026."
DEPUTY: dict[str, Any] = {
    "account_name": "Delia Deputy",
    "sort_code": "107999",
    "account_number": "88837491",
    "acting": Acting.DEPUTY,
    "papers": ORDER,
}


def entered(actor: Person, person: Person, **changes: Any) -> BankDetails:
    return enter(actor=actor, person=person, **DEPUTY | changes)


def checked(actor: Person, row: BankDetails, **changes: Any) -> BankDetails:
    said = {"note": "Rang Delia and Cora.", "papers": "The same order."} | changes
    return verify(actor=actor, details_id=row.pk, **said)


def test_trap_27_money_goes_to_a_deputy_once_two_people_saw_the_papers(cast: Cast) -> None:
    waiting = entered(cast.fern, cast.cora)
    assert (waiting.usable_from, open_details(waiting).account_name) == (None, "Delia Deputy")
    used = checked(cast.farah, waiting)
    assert (used.verified_by, used.usable_from, used.acting) == (cast.farah, MONDAY, "deputy")
    said = opened(Event.objects.filter(action__in=["bank_details:entered", "bank_details:verified"]))
    assert [(each["acting"], each["papers"]) for each in said.values()] == [
        ("deputy", ORDER),
        ("deputy", "The same order."),
    ]


@pytest.mark.parametrize("papers", ["", "   ", "x" * 301, "See 66374958"])
def test_trap_27_without_papers_it_is_neither_entered_nor_checked(cast: Cast, papers: str) -> None:
    with pytest.raises(BankDetailsError):
        entered(cast.fern, cast.cora, papers=papers)
    row = entered(cast.fern, cast.cora)
    with pytest.raises(BankDetailsError):
        checked(cast.farah, row, papers=papers)
    row.refresh_from_db()
    assert row.verified_at is None


def test_trap_27_nobody_names_a_deputy_of_their_own_and_the_database_agrees(cast: Cast) -> None:
    with pytest.raises(BankDetailsError, match="Somebody in finance enters an account that is not your own"):
        entered(cast.cora, cast.cora)
    row = entered(cast.cora, cast.cora, acting="", papers="")
    row.pk, row.retired_at, row.acting = 1, MONDAY, "deputy"
    name = "the_account_of_another_is_entered_by_finance"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save(force_insert=True)
    row.entered_by = cast.fern
    row.save(force_insert=True)  # it is who entered it that is refused


@pytest.mark.parametrize("acting", ["''", "'attorney'"])
def test_whose_account_it_is_never_changes(cast: Cast, acting: str) -> None:
    entered(cast.fern, cast.cora)
    sql = f"UPDATE payments_bankdetails SET acting = {acting}"
    assert refused(sql)
    assert allowed_without(["bank_details_only_verified"], sql)


@pytest.mark.parametrize("acting", ["friend", "own", "x" * 40])
def test_only_three_rights_are_known(cast: Cast, acting: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Acting"):
        entered(cast.fern, cast.cora, acting=acting)


def test_trap_27_whoever_signs_knows_and_the_person_sees_their_own_record(
    due: Cast, account: BankAccount
) -> None:
    keyer = colleague(due, "Kit Keyer", [RoleKind.PREPARER])
    checked(due.farah, entered(keyer, due.cora))
    with set_now(MONDAY + timedelta(hours=48)):
        run = sent(due, account)
        noted = {each.payee: each for each in sheet_of(run).noted}
        assert Unusual.ACTING in noted["Cora Contributor"].why
        assert "Goes to their deputy or guardian, named by a court" in noted["Cora Contributor"].reasons
        assert Unusual.ACTING not in noted["Dev Contributor"].why
        client = browser(due.cora)
        page = text(client.get("/your-bank-details/"))
        assert "This is the account of your deputy or guardian, named by a court." in page
        assert "If that is not right, please tell us:" in page
        payment = Payment.objects.filter(person=due.cora).latest("pk")
        assert client.get(f"/payments/{payment.pk}/").status_code == 200


class TestScreens:
    def test_finance_enters_it_and_a_second_person_sees_the_papers(self, cast: Cast) -> None:
        path = f"/payees/{cast.cora.number}/enter/"
        typed = PAPER | {"acting": "attorney", "papers": ORDER}
        client = proven(cast.fern)
        page = text(send(client, path, stage="check", **typed))
        assert "Whose account Their attorney, under a power of attorney" in page
        assert f"Papers you saw {ORDER}" in page
        assert send(client, path, stage="send", **typed).headers["Location"] == of(cast.cora)
        row = BankDetails.objects.get()
        second = proven(cast.farah)
        page = text(second.get(of(cast.cora, row, "verify")))
        assert (
            f"This is the account of their attorney, under a power of attorney. Fern Finance saw: {ORDER}"
            in page
        )
        answer = send(second, of(cast.cora, row, "verify"), **CHECKED)
        assert (answer.status_code, errors_of(answer)) == (422, ["Enter which papers you saw"])
        answer = send(second, of(cast.cora, row, "verify"), **CHECKED, papers="The registered power.")
        assert answer.headers["Location"] == of(cast.cora)
        page = text(browser(cast.ada).get(of(cast.cora)))
        assert "their attorney, under a power of attorney" in page
        assert "Papers: The registered power." in page

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"acting": ""}, "Select whose account it is"),
            ({"acting": "friend"}, "Select whose account it is"),
            ({"acting": "deputy"}, "Enter which papers you saw"),
            ({"acting": "deputy", "papers": " \u00a0 "}, "Enter which papers you saw"),
        ],
    )
    def test_what_cannot_be_is_refused_where_it_is_and_nothing_is_lost(
        self, cast: Cast, typed: dict[str, str], said: str
    ) -> None:
        path = f"/payees/{cast.cora.number}/enter/"
        answer = send(proven(cast.fern), path, stage="check", **PAPER | typed)
        assert (answer.status_code, errors_of(answer)) == (422, [said])
        assert 'value="66374958"' in answer.content.decode()

    def test_papers_do_not_count_for_an_account_of_their_own(self, cast: Cast) -> None:
        path = f"/payees/{cast.cora.number}/enter/"
        send(proven(cast.fern), path, stage="send", **PAPER | {"papers": "x" * 301})
        assert BankDetails.objects.get().acting == ""

    def test_whoever_checks_another_account_is_told_of_the_deputy(self, cast: Cast) -> None:
        checked(cast.farah, entered(cast.fern, cast.cora))
        row = entered(cast.cora, cast.cora, acting="", papers="")
        page = text(proven(cast.farah).get(of(cast.cora, row, "verify")))
        assert "The account in use is that of their deputy or guardian, named by a court. Ask them" in page


def test_nobody_but_finance_the_auditor_and_the_person_reads_of_it(due: Cast, account: BankAccount) -> None:
    """The walls: neither whoever decides nor whoever helps."""
    keyer = colleague(due, "Kit Keyer", [RoleKind.PREPARER])
    checked(due.farah, entered(keyer, due.cora))
    with set_now(MONDAY + timedelta(hours=48)):
        sent(due, account)
        for name in ("anil", "hana", "lena", "abel", "fern"):
            pages = walk(getattr(due, name), of(due.cora), f"/people/{due.cora.number}/")
            assert any("deputy or guardian" in page for page in pages.values()) is (name == "fern"), name
