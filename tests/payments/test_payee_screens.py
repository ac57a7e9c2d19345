"""The screens of payees: what waits, one person, entering from paper, looking, verifying, refusing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from audit.models import Event
from common.dates import set_now
from payments.models import BankDetails
from payments.services import details
from people.models import Message, MessageKind, Person, RoleKind
from people.services import add_person
from people.services.contact import change_contact
from tests.cast import Cast, give_role
from tests.payments.office import MONDAY, account_of, colleague
from tests.people.browsers import browser, errors_of, key_of, proven, send

pytestmark = pytest.mark.usefixtures("monday")
DIGITS = ("66374958", "089999", "08-99-99")
PAPER = {
    "acting": "own",
    "account_name": "C Contributor",
    "sort_code": "08-99-99",
    "account_number": "66374958",
    "roll_number": "",
}
CHECKED = {"how": "call", "on-day": "23", "on-month": "11", "on-year": "2026", "note": "She read it to me."}


def given(person: Person, number: str = "66374958", *, by: Person | None = None) -> BankDetails:
    return details.enter(
        actor=by or person, person=person, account_name="A Person", sort_code="089999", account_number=number
    )


def of(person: Person, row: BankDetails | None = None, step: str = "") -> str:
    return f"/payees/{person.number}/" + (f"details/{row.pk}/{step}/" if row else "")


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def verified(client: Client, person: Person, row: BankDetails, **typed: str) -> Any:
    return send(client, of(person, row, "verify"), **CHECKED | typed)


class TestOnePerson:
    def test_it_says_how_they_stand_with_two_figures_only(self, cast: Cast) -> None:
        row = given(cast.cora, by=cast.fern)
        client = proven(cast.farah)
        page = text(client.get(of(cast.cora)))
        assert "Account ending 58" in page
        assert "Entered by Fern Finance at 9:00am on 23 November 2026." in page
        assert verified(client, cast.cora, row).headers["Location"] == of(cast.cora)
        page = text(client.get(of(cast.cora)))
        assert "In use" in page
        assert "Farah Finance, 9:00am on 23 November 2026" in page
        assert "I rang them, on a number that we had before (23 November 2026): She read it to me." in page
        assert not any(digits in page for digits in DIGITS)

    def test_a_change_says_until_when_it_cools_off(self, cast: Cast) -> None:
        account_of(cast, cast.cora)
        account_of(cast, cast.cora)
        page = text(browser(cast.ada).get(of(cast.cora)))
        assert "No run can pay to it before 9:00am on 25 November 2026." in page
        assert "Replaced" in page

    def test_who_entered_sees_why_somebody_else_has_to_check(self, cast: Cast) -> None:
        give_role(actor=cast.abel, person=cast.fern, kind=RoleKind.APPROVER, organisation=cast.riverside)
        row = given(cast.cora, by=cast.fern)
        client = proven(cast.fern)
        assert "Somebody else has to verify bank details you entered." in text(client.get(of(cast.cora)))
        page = client.get(of(cast.cora, row, "verify")).content.decode()
        assert "Somebody else has to verify bank details you entered." in page
        assert "Show the full account" not in page
        assert client.post(of(cast.cora, row, "reveal")).status_code == 403
        assert verified_raw(client, cast.cora, row).status_code == 403
        assert not Event.objects.filter(action="bank_details:seen").exists()

    def test_an_account_of_two_is_flagged_kindly_and_names_nobody_from_elsewhere(self, cast: Cast) -> None:
        account_of(cast, cast.cora)
        given(cast.dev)
        page = text(browser(cast.farah).get(of(cast.cora)))
        assert "Two people use this account. That is common: couples, carers, joint accounts." in page
        assert "Check that both know. It is also the account of Dev Contributor." in page
        stranger = add_person(actor=None, name="Sid Stranger", email="sid@example.org")
        given(stranger)
        page = text(browser(cast.farah).get(of(cast.cora)))
        assert "3 people use this account." in page
        assert "Sid Stranger" not in page

    def test_the_questions_do_not_grow_with_versions_and_looks(
        self, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = browser(cast.farah)
        account_of(cast, cast.cora)
        details.reveal(actor=cast.farah, details_id=given(cast.cora, by=cast.fern).pk)
        client.get(of(cast.cora))
        with django_assert_max_num_queries(30) as few:
            client.get(of(cast.cora))
        for _ in range(4):
            account_of(cast, cast.cora)
            details.reveal(actor=cast.farah, details_id=given(cast.cora, by=cast.fern).pk)
        with django_assert_max_num_queries(30) as many:
            client.get(of(cast.cora))
        assert len(few) == len(many)


def verified_raw(client: Client, person: Person, row: BankDetails, key: str = "a" * 32) -> Any:
    return client.post(of(person, row, "verify"), {"key": key, **CHECKED})


class TestEnteringFromPaper:
    def test_a_preparer_types_checks_and_sends_and_cannot_verify(self, cast: Cast) -> None:
        client, path = proven(cast.fern), f"/payees/{cast.cora.number}/enter/"
        key = key_of(client, path)
        empty = client.get(path).content.decode()
        assert 'autocomplete="name"' not in empty  # the browser would offer the name of who types
        again = client.post(path, {"key": key, "stage": "check"} | PAPER)
        assert "Is this what is on the form?" in again.content.decode()
        for _ in range(2):
            sent = client.post(path, {"key": key, "stage": "send"} | PAPER)
            assert sent.headers["Location"] == of(cast.cora)
        row = BankDetails.objects.get()
        assert (row.person, row.entered_by) == (cast.cora, cast.fern)
        assert Message.objects.filter(person=cast.cora, kind=MessageKind.BANK_DETAILS_CHANGED).count() == 1
        assert verified_raw(client, cast.cora, row).status_code == 403

    def test_what_cannot_be_an_account_is_refused_and_nothing_is_lost(self, cast: Cast) -> None:
        path = f"/payees/{cast.cora.number}/enter/"
        answer = send(proven(cast.fern), path, stage="check", **PAPER | {"sort_code": "١٢٣٤٥٦"})
        assert (answer.status_code, errors_of(answer)) == (422, ["Enter a valid sort code like 309430"])
        assert 'value="66374958"' in answer.content.decode()

    def test_it_needs_a_fresh_proof(self, cast: Cast) -> None:
        client, path = browser(cast.fern), f"/payees/{cast.cora.number}/enter/"
        assert client.get(path).status_code == 403
        assert client.post(path, {"key": "a" * 32, "stage": "send"} | PAPER).status_code == 403
        assert not BankDetails.objects.exists()


class TestLooking:
    def test_each_look_is_written_down_a_reload_too(self, cast: Cast) -> None:
        row, client = given(cast.cora), proven(cast.farah)
        assert not any(
            digits in client.get(of(cast.cora, row, "verify")).content.decode() for digits in DIGITS
        )
        for count in (1, 2):
            page = client.post(of(cast.cora, row, "reveal")).content.decode()
            assert "66374958" in page
            assert "08-99-99" in page
            assert Event.objects.filter(action="bank_details:seen", actor_id=cast.farah.pk).count() == count
        assert text(client.get(of(cast.cora))).count("Farah Finance 9:00am") == 2
        assert "Farah Finance" in text(browser(cast.cora).get("/your-bank-details/"))

    def test_it_needs_a_fresh_proof_and_cannot_be_a_link(self, cast: Cast) -> None:
        row = given(cast.cora)
        assert browser(cast.farah).post(of(cast.cora, row, "reveal")).status_code == 403
        assert proven(cast.farah).get(of(cast.cora, row, "reveal")).status_code == 405
        assert not Event.objects.filter(action="bank_details:seen").exists()

    def test_what_is_verified_refused_or_replaced_is_not_shown_again(self, cast: Cast) -> None:
        row, client = account_of(cast, cast.cora), proven(cast.farah)
        answer = client.post(of(cast.cora, row, "reveal"))
        assert (answer.status_code, "66374958" in answer.content.decode()) == (409, False)
        assert not Event.objects.filter(action="bank_details:seen").exists()


class TestVerifying:
    def test_it_says_from_when_the_account_can_be_used(self, cast: Cast) -> None:
        account_of(cast, cast.cora)
        row, client = given(cast.cora, "12345678"), proven(cast.farah)
        page = text(client.get(of(cast.cora, row, "verify")))
        assert "can be used from 9:00am on 25 November 2026, if you send this now" in page
        done = client.get(verified(client, cast.cora, row).headers["Location"])
        assert "It can be used from 9:00am on 25 November 2026." in text(done)

    def test_the_same_form_twice_has_one_effect_and_another_key_says_who_and_when(self, cast: Cast) -> None:
        row, client = given(cast.cora), proven(cast.farah)
        key = key_of(client, of(cast.cora, row, "verify"))
        for _ in range(2):
            assert verified_raw(client, cast.cora, row, key).status_code == 302
        assert Event.objects.filter(action="bank_details:verified").count() == 1
        late = verified_raw(client, cast.cora, row, "b" * 32)
        assert late.status_code == 409
        assert "Farah Finance verified these bank details at 9:00am on 23 November 2026." in text(late)
        assert client.get(of(cast.cora, row, "verify")).headers["Location"] == of(cast.cora)

    def test_details_replaced_meanwhile_are_not_verified(self, cast: Cast) -> None:
        row, client = given(cast.cora), proven(cast.farah)
        client.get(of(cast.cora, row, "verify"))
        given(cast.cora, "12345678")
        late = verified_raw(client, cast.cora, row)
        assert late.status_code == 409
        assert "These bank details were replaced by newer ones at 9:00am on 23 November 2026." in text(late)
        assert not BankDetails.objects.filter(verified_at__isnull=False).exists()

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"how": ""}, "Select how you checked"),
            ({"how": "guess"}, "Select how you checked"),
            ({"on-day": ""}, "The day you checked it must include a day"),
            ({"on-day": "٣"}, "The day you checked it must be a real date, like 27 3 2026"),
            ({"on-day": "24"}, "The day you checked it must be today or in the past"),
            ({"on-day": "22"}, "The day you checked it must be 23 November 2026 or later"),
            ({"note": ""}, "Enter what was said"),
            ({"note": "6637 4958"}, "Leave account and telephone numbers out of the note"),
            ({"note": "a\x00b"}, "This text has a hidden control character in it. Type it again."),
            ({"note": "x" * 301}, "What was said must be 300 characters or fewer"),
            (
                {"note": "\u202ex"},
                "This text has a hidden mark in it that turns its direction. Type it again.",
            ),
        ],
    )
    def test_what_is_missing_or_wrong_is_told_at_its_field(
        self, cast: Cast, typed: dict[str, str], message: str
    ) -> None:
        row = given(cast.cora)
        answer = verified(proven(cast.farah), cast.cora, row, **typed)
        assert (answer.status_code, errors_of(answer)) == (422, [message])
        assert not BankDetails.objects.filter(verified_at__isnull=False).exists()

    def test_it_needs_a_fresh_proof(self, cast: Cast) -> None:
        row = given(cast.cora)
        assert verified_raw(browser(cast.farah), cast.cora, row).status_code == 403


class TestAContactThatChangedToo:
    def test_the_verifier_is_warned_and_rings_the_number_from_before(self, cast: Cast) -> None:
        change_contact(actor=cast.cora, phone="0113 496 0001")
        with set_now(MONDAY + timedelta(days=3)):
            change_contact(actor=cast.cora, phone="0113 496 0999", email="new@example.org")
        with set_now(MONDAY + timedelta(days=4)):
            row = given(cast.cora)
            page = text(proven(cast.farah).get(of(cast.cora, row, "verify")))
        assert "Their e-mail address and telephone number were changed on 26 November 2026 too" in page
        assert "Ring the number you had before." in page
        assert "The number we had before it was changed: 0113 496 0001" in page
        assert "0113 496 0999" not in page

    def test_a_number_that_a_thief_put_in_between_is_never_the_one_to_ring(self, cast: Cast) -> None:
        for hours, phone in ((0.0, "0113 496 0666"), (1.0, "0113 496 0999")):  # there was none before
            with set_now(MONDAY + timedelta(hours=hours)):
                change_contact(actor=cast.cora, phone=phone)
        with set_now(MONDAY + timedelta(hours=2)):
            row = given(cast.cora)
        for hours in (2.0, 48.5):  # what the first change replaced is forgotten, what the second did is not
            with set_now(MONDAY + timedelta(hours=hours)):
                page = text(proven(cast.farah).get(of(cast.cora, row, "verify")))
            assert "The number on record is new as well" in page
            assert "0113 496 0" not in page.replace("0113 496 0000", "")

    def test_the_same_change_twice_in_a_day_is_said_once(self, cast: Cast) -> None:
        for phone in ("0113 496 0001", "0113 496 0002"):
            change_contact(actor=cast.cora, phone=phone)
        given(cast.cora)
        assert text(browser(cast.farah).get(of(cast.cora))).count("telephone number was changed") == 1

    def test_a_change_long_before_is_no_warning(self, cast: Cast) -> None:
        change_contact(actor=cast.cora, phone="0113 496 0001")
        with set_now(MONDAY + timedelta(hours=48, seconds=1)):
            row = given(cast.cora)
            page = text(proven(cast.farah).get(of(cast.cora, row, "verify")))
        assert "changed on" not in page
        assert "0113 496 0001" in page

    def test_a_change_after_the_details_came_is_a_warning_too(self, cast: Cast) -> None:
        row = given(cast.cora)
        change_contact(actor=cast.cora, phone="0113 496 0999")
        page = text(proven(cast.farah).get(of(cast.cora, row, "verify")))
        assert "Their telephone number was changed on 23 November 2026 too, by Cora Contributor." in page
        assert "The number on record is new as well" in page
        assert "0113 496 0999" not in page


class TestRefusing:
    def test_the_person_is_told_and_reads_why(self, cast: Cast) -> None:
        row, client = given(cast.cora), proven(cast.farah)
        done = send(client, of(cast.cora, row, "refuse"), reason="wrong", note="")
        assert done.headers["Location"] == of(cast.cora)
        assert "Refused by Farah Finance" in text(client.get(of(cast.cora)))
        page = text(browser(cast.cora).get("/your-bank-details/"))
        assert "Something in them is not right, so a payment would not arrive." in page

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"reason": ""}, "Select why they cannot be used"),
            ({"reason": "because"}, "Select why they cannot be used"),
            ({"note": "12 34 56 is wrong"}, "Leave account and telephone numbers out of the note"),
            ({"note": "a\x00b"}, "This text has a hidden control character in it. Type it again."),
            ({"note": "x" * 301}, "What colleagues should know must be 300 characters or fewer"),
        ],
    )
    def test_what_is_missing_or_wrong_is_told_at_its_field(
        self, cast: Cast, typed: dict[str, str], message: str
    ) -> None:
        row = given(cast.cora)
        typed = {"reason": "wrong", "note": "Wrong."} | typed
        answer = send(proven(cast.farah), of(cast.cora, row, "refuse"), **typed)
        assert (answer.status_code, errors_of(answer)) == (422, [message])
        assert BankDetails.objects.get().retired_at is None

    def test_a_refusal_too_late_says_who_and_when(self, cast: Cast) -> None:
        row, client = given(cast.cora), proven(cast.farah)
        verified(client, cast.cora, row)
        late = client.post(of(cast.cora, row, "refuse"), {"key": "b" * 32, "reason": "wrong"})
        assert late.status_code == 409
        assert "Farah Finance verified these bank details at 9:00am on 23 November 2026." in text(late)

    def test_who_entered_reads_why_not(self, cast: Cast) -> None:
        petra = colleague(cast, "Petra Preparer", [RoleKind.PREPARER])
        row, client = given(cast.cora, by=petra), proven(petra)
        assert "Somebody else has to verify" in text(client.get(of(cast.cora, row, "refuse")))
        assert (
            client.post(of(cast.cora, row, "refuse"), {"key": "b" * 32, "reason": "wrong"}).status_code == 403
        )
