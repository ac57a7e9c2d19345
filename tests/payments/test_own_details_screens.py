"""Somebody's own bank details on the screen: masked, typed, checked, sent, and who looked at them."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from audit.models import RequestKey
from common.dates import set_now
from payments.models import BankDetails
from payments.secrets import open_details
from payments.services.details import reveal, verify
from people.models import Message, MessageKind, User
from people.step_up import FORM_TIME
from tests.cast import Cast
from tests.payments.office import MONDAY, account_of
from tests.people.browsers import browser, errors_of, key_of, prove, proven, send

PAGE, CHANGE = "/your-bank-details/", "/your-bank-details/change/"
GOOD = {
    "account_name": "C Contributor",
    "sort_code": "08-99-99",
    "account_number": "66374958",
    "roll_number": "",
}
DIGITS = ("089999", "08-99-99", "66374958")

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def cora_at(cast: Cast) -> Client:
    return proven(cast.cora)


def check(client: Client, **typed: str) -> Any:
    return send(client, CHANGE, stage="check", **GOOD | typed)


def give(client: Client, **typed: str) -> Any:
    """Go the whole way: the form, the check page, send."""
    key = key_of(client, CHANGE)
    client.post(CHANGE, {"key": key, "stage": "check"} | GOOD | typed)
    return client.post(CHANGE, {"key": key, "stage": "send"} | GOOD | typed)


def test_details_are_typed_checked_and_sent(cora_at: Client, cast: Cast) -> None:
    checked = check(cora_at).content.decode()
    assert "Check your bank details" in checked
    assert "Not provided" in checked
    assert not BankDetails.objects.exists()

    assert give(cora_at).headers["Location"] == "/your-bank-details/sent/"
    kept = BankDetails.objects.get(person=cast.cora)
    plain = open_details(kept)
    assert (plain.account_name, plain.sort_code, plain.account_number) == (
        "C Contributor",
        "089999",
        "66374958",
    )
    assert kept.entered_by == cast.cora
    told = cora_at.get("/your-bank-details/sent/").content.decode()
    assert "Account ending 58" in told
    assert "Somebody from Riverside Council rings you to check the account" in told
    assert "We can use it as soon as it is checked." in told
    assert not any(digits in told for digits in DIGITS)
    assert Message.objects.filter(person=cast.cora, kind=MessageKind.BANK_DETAILS_CHANGED).count() == 1


def test_a_change_says_from_when_and_where_money_goes_until_then(cora_at: Client, cast: Cast) -> None:
    account_of(cast, cast.cora)
    give(cora_at, account_number="12345678")
    told = cora_at.get("/your-bank-details/sent/").content.decode()
    assert "We can use it two days after that call." in told
    assert "Until then, money goes to the account ending 58." in told


def test_the_overview_tells_how_each_account_stands(cora_at: Client, cast: Cast) -> None:
    assert "We do not know yet where to send your money" in cora_at.get(PAGE).content.decode()
    account_of(cast, cast.cora)
    assert "In use" in cora_at.get(PAGE).content.decode()
    give(cora_at, account_number="12345678")
    both = cora_at.get(PAGE).content.decode()
    assert both.index("Account ending 58") < both.index("Account ending 78")
    assert "Waiting to be checked" in both
    change = BankDetails.objects.get(verified_at__isnull=True)
    verify(actor=cast.farah, details_id=change.pk, note="Rang her.")
    rests = cora_at.get(PAGE).content.decode()
    assert "We can send money there from 9:00am on 25 November 2026." in rests
    assert "Account ending 58" not in rests
    with set_now(MONDAY + timedelta(hours=48)):
        assert "In use" in cora_at.get(PAGE).content.decode()
    assert not any(digits in both + rests for digits in DIGITS)


def test_who_looked_is_told_with_name_and_time(cora_at: Client, cast: Cast) -> None:
    assert "Nobody did." in cora_at.get(PAGE).content.decode()
    give(cora_at)
    waiting = BankDetails.objects.get()
    with set_now(MONDAY + timedelta(hours=1, minutes=5)):
        reveal(actor=cast.farah, details_id=waiting.pk)
    told = cora_at.get(PAGE).content.decode()
    assert "Farah Finance" in told
    assert "10:05am on 23 November 2026" in told
    assert "Farah Finance" not in browser(cast.bea).get(PAGE).content.decode()


def test_that_two_share_an_account_is_told_to_nobody_here(cast: Cast) -> None:
    first, second = proven(cast.cora), proven(cast.dev)
    give(first)
    assert give(second).status_code == 302
    for client, other in ((first, "Dev"), (second, "Cora")):
        for path in (PAGE, "/your-bank-details/sent/"):
            page = client.get(path).content.decode()
            assert not any(word in page for word in ("share", "same account", other))


BAD = [
    ("account_name", "", "Enter the name on the account"),
    ("account_name", "   ", "Enter the name on the account"),
    ("account_name", "张伟", "Enter the name on the account as the bank writes it, in the letters A to Z"),
    ("account_name", "C" * 101, "Enter the name on the account as the bank writes it, in the letters A to Z"),
    ("account_name", "C" * 5000, "The name on the account must be 200 characters or fewer"),
    ("account_name", "C\x00ora", "This text has a hidden control character in it. Type it again."),
    ("account_name", "\u202eCora", "This text has a hidden mark in it that turns its direction."),
    ("sort_code", "", "Enter a sort code"),
    ("sort_code", "--", "Enter a sort code"),
    ("sort_code", "12345", "Enter a valid sort code like 309430"),
    ("sort_code", "1234567", "Enter a valid sort code like 309430"),
    ("sort_code", "12.34.56", "Enter a valid sort code like 309430"),
    ("sort_code", "12345a", "Enter a valid sort code like 309430"),
    ("sort_code", "１２３４５６", "Enter a valid sort code like 309430"),
    ("sort_code", "١٢٣٤٥٦", "Enter a valid sort code like 309430"),
    ("account_number", "", "Enter an account number"),
    ("account_number", "12345", "Account number must be between 6 and 8 digits"),
    ("account_number", "123456789", "Account number must be between 6 and 8 digits"),
    ("account_number", "1234567x", "Enter a valid account number like 00733445"),
    ("account_number", "-1234567.0", "Enter a valid account number like 00733445"),
    ("account_number", "GB29NWBK60161331926819", "Enter a valid account number like 00733445"),
    ("account_number", "² ² ² ² ² ²", "Enter a valid account number like 00733445"),
    ("roll_number", "A" * 19, "Building society roll number must be between 1 and 18 characters"),
    ("roll_number", "A_1", "Building society roll number must be between 1 and 18 characters"),
    ("roll_number", "-1", "Building society roll number must be between 1 and 18 characters"),
    ("roll_number", "Å1", "Building society roll number must be between 1 and 18 characters"),
]


@pytest.mark.parametrize(("field", "typed", "message"), BAD)
def test_what_cannot_be_an_account_is_refused_at_its_box_and_nothing_is_lost(
    cora_at: Client, field: str, typed: str, message: str
) -> None:
    again = check(cora_at, **{field: typed})
    assert again.status_code == 422
    [told] = errors_of(again)
    assert told.startswith(message)
    page = again.content.decode()
    assert "Error: Your bank details" in page
    for name, value in GOOD.items():
        if name != field and value:
            assert f'value="{value}"' in page
    assert not BankDetails.objects.exists()


@pytest.mark.parametrize(
    ("sort_code", "number", "kept"),
    [
        ("08 99 99", "6637 4958", ("089999", "66374958")),
        ("08–99–99", "374958", ("089999", "00374958")),
        (" 089999 ", "6637495", ("089999", "06637495")),
    ],
)
def test_spaces_and_hyphens_and_short_numbers_are_welcome(
    cora_at: Client, sort_code: str, number: str, kept: tuple[str, str]
) -> None:
    give(cora_at, sort_code=sort_code, account_number=number)
    plain = open_details(BankDetails.objects.get())
    assert (plain.sort_code, plain.account_number) == kept


def test_every_mistake_is_told_at_once(cora_at: Client) -> None:
    again = send(cora_at, CHANGE, stage="check")
    assert errors_of(again) == [
        "Enter the name on the account",
        "Enter a sort code",
        "Enter an account number",
    ]


def test_bank_and_branch_are_not_asked_for(cora_at: Client) -> None:
    page = cora_at.get(CHANGE).content.decode()
    assert page.count('<input class="govuk-input') == 4
    assert 'inputmode="numeric"' in page


def test_going_back_from_the_check_page_keeps_everything(cora_at: Client) -> None:
    key = key_of(cora_at, CHANGE)
    page = cora_at.post(CHANGE, {"key": key, "stage": "change"} | GOOD).content.decode()
    assert all(f'value="{value}"' in page for value in GOOD.values() if value)
    assert "There is a problem" not in page


def test_a_sent_form_is_judged_again(cora_at: Client) -> None:
    forged = cora_at.post(
        CHANGE, {"key": key_of(cora_at, CHANGE), "stage": "send"} | GOOD | {"sort_code": "1"}
    )
    assert forged.status_code == 422
    assert not BankDetails.objects.exists()


def test_sent_twice_it_has_one_effect(cora_at: Client) -> None:
    key = key_of(cora_at, CHANGE)
    for _ in range(2):
        assert cora_at.post(CHANGE, {"key": key, "stage": "send"} | GOOD).status_code == 302
    assert BankDetails.objects.count() == 1


def test_an_old_sign_in_is_asked_for_a_fresh_proof_first(cast: Cast) -> None:
    user = User.objects.get(person=cast.cora)
    user.set_password("a made-up passphrase")
    user.save()
    client = browser(cast.cora)
    prove(client, cast.cora, seconds_ago=301)
    asked = client.get(CHANGE)
    assert asked.headers["Location"] == f"/account/reauthenticate/?next={CHANGE.replace('/', '%2F')}"
    back = client.post(asked.headers["Location"], {"password": "a made-up passphrase", "next": CHANGE})
    assert back.headers["Location"] == CHANGE
    assert client.get(CHANGE).status_code == 200


def test_who_signs_in_by_code_alone_is_asked_to_sign_in_again(cast: Cast) -> None:
    client = browser(cast.cora)
    asked = client.get(CHANGE)
    assert asked.status_code == 403
    assert "Sign in again: we send you a new code." in asked.content.decode()
    out = client.post("/account/logout/", {"next": CHANGE})
    assert out.headers["Location"] == CHANGE
    assert client.get(CHANGE).headers["Location"].startswith("/account/login/")


def test_without_a_fresh_proof_nothing_can_be_sent(cast: Cast) -> None:
    client = browser(cast.cora)
    for stage in ("check", "send", "change"):
        assert client.post(CHANGE, {"key": "a" * 32, "stage": stage} | GOOD).status_code == 403
    assert not BankDetails.objects.exists()


@pytest.mark.parametrize(("minutes", "status"), [(29, 302), (31, 403)])
def test_a_slow_typist_has_half_an_hour(cora_at: Client, cast: Cast, minutes: int, status: int) -> None:
    key = key_of(cora_at, CHANGE)
    session = cora_at.session
    session[f"proven:{CHANGE}"] -= minutes * 60
    session.save()
    prove(cora_at, cast.cora, seconds_ago=minutes * 60)
    assert FORM_TIME == 30 * 60
    assert cora_at.post(CHANGE, {"key": key, "stage": "send"} | GOOD).status_code == status


def test_a_proof_for_another_page_does_not_count_here(cast: Cast) -> None:
    client = proven(cast.cora)
    client.get("/how-we-write-to-you/email/")
    prove(client, cast.cora, seconds_ago=400)
    assert client.post(CHANGE, {"key": "a" * 32, "stage": "send"} | GOOD).status_code == 403


def test_what_is_typed_is_neither_in_the_session_nor_guessable_from_the_key(
    cora_at: Client, cast: Cast
) -> None:
    give(cora_at)
    for session in Session.objects.all():
        assert not any(digits in str(session.get_decoded()) for digits in DIGITS)
    asked = RequestKey.objects.get(step="payments.services.details.enter")
    words = "\n".join(
        [
            "account_name='C Contributor'",
            "account_number='66374958'",
            f"actor=people.Person:{cast.cora.pk}",
            f"person=people.Person:{cast.cora.pk}",
            "roll_number=''",
            "sort_code='08-99-99'",
        ]
    )
    assert asked.content != hashlib.sha256(words.encode()).hexdigest()


def test_only_contributors_have_the_page(cast: Cast) -> None:
    for name in ("lena", "anil", "fern", "ada", "abel"):
        assert browser(getattr(cast, name)).get(PAGE).status_code == 403
