"""A second proof of who you are: set up, asked for, replaced by a recovery code, and taken off again."""

from base64 import b64decode

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from common.encryption import CannotOpen, KeyRing
from people.models import Person, User

PASSWORD = "a made-up passphrase"


@pytest.fixture(autouse=True)
def _no_earlier_attempts(db: None) -> None:
    cache.clear()


@pytest.fixture
def proven(cora: Person, client: Client) -> Client:
    """A browser in which Cora signed in and has just shown again that it is her."""
    user = User.objects.get(person=cora)
    user.set_password(PASSWORD)
    user.save()
    _sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def with_app(proven: Client) -> Client:
    """Cora's browser after she set up an app on her phone."""
    secret = proven.get("/account/2fa/totp/activate/").context["form"].secret
    answer = proven.post("/account/2fa/totp/activate/", {"code": _code(secret)})
    assert answer.status_code == 302
    cache.clear()  # the code just used may be used again by the next sign-in of the test
    return proven


def _sign_in(client: Client) -> str:
    answer = client.post("/account/login/", {"login": "cora@example.org", "password": PASSWORD})
    return str(answer.headers["Location"])


def _code(secret: str) -> str:
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def _secret() -> str:
    row = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    return str(get_adapter().decrypt(row.data["secret"]))


def test_setting_it_up_asks_for_a_fresh_proof_first(cora: Person, client: Client) -> None:
    user = User.objects.get(person=cora)
    user.set_password(PASSWORD)
    user.save()
    _sign_in(client)
    location = client.get("/account/2fa/totp/activate/").headers["Location"]
    assert location.startswith("/account/reauthenticate/")
    assert "Show that it is you" in client.get(location).content.decode()


def test_the_next_sign_in_asks_for_the_code_of_the_app(with_app: Client) -> None:
    browser = Client()
    assert _sign_in(browser) == "/account/2fa/authenticate/"
    assert browser.get("/").status_code == 302
    browser.post("/account/2fa/authenticate/", {"code": "000000"})
    assert browser.get("/").status_code == 302
    browser.post("/account/2fa/authenticate/", {"code": _code(_secret())})
    assert browser.get("/").status_code == 200


def test_a_recovery_code_stands_in_for_the_app_once(with_app: Client) -> None:
    with_app.post("/account/2fa/recovery-codes/generate/")
    codes = with_app.get("/account/2fa/recovery-codes/").context["unused_codes"]
    for expected in (200, 302):
        browser = Client()
        _sign_in(browser)
        browser.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert browser.get("/").status_code == expected


def _kept() -> str:
    """The rows of second proofs as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return " ".join(str(data) for (data,) in cursor.fetchall())


def test_neither_the_key_of_the_app_nor_the_seed_of_the_codes_stands_in_the_database(
    with_app: Client,
) -> None:
    with_app.post("/account/2fa/recovery-codes/generate/")
    codes = with_app.get("/account/2fa/recovery-codes/").context["unused_codes"]
    row = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    seed, kept = get_adapter().decrypt(row.data["seed"]), _kept()
    assert kept.count(row.data["seed"]) == 1  # the look finds what is there
    assert not any(secret in kept for secret in (_secret(), seed, *codes))


def test_a_row_of_a_copy_with_other_keys_does_not_open(
    with_app: Client, settings: LazySettings, client: Client
) -> None:
    sealed = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    code = _code(_secret())
    with pytest.raises(CannotOpen):
        settings.ENCRYPTION_KEYS.open(b64decode(sealed), "somewhere else")
    settings.ENCRYPTION_KEYS = KeyRing({1: b"k" * 32})
    with pytest.raises(CannotOpen):
        get_adapter().decrypt(sealed)
    browser = Client(raise_request_exception=False)
    _sign_in(browser)
    assert browser.post("/account/2fa/authenticate/", {"code": code}).status_code == 500
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize("never_sealed", ["", "JBSWY3DPEHPK3PXP", "AA==", "not base64 ü"])
def test_what_was_never_sealed_is_no_secret(never_sealed: str) -> None:
    with pytest.raises((CannotOpen, ValueError)):
        get_adapter().decrypt(never_sealed)


def test_every_change_is_told_by_a_neutral_mail(with_app: Client) -> None:
    with_app.post("/account/2fa/totp/deactivate/")
    assert {message.subject for message in mail.outbox} == {"Your login"}
    assert not any("ledger" in str(message.body).lower() for message in mail.outbox)
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/account/2fa/", "A second proof that it is you"),
        ("/account/2fa/totp/deactivate/", "Do you want to take off the app?"),
        ("/account/2fa/recovery-codes/generate/", "Make new recovery codes"),
        ("/account/2fa/webauthn/", "Your passkeys"),
        ("/account/2fa/webauthn/add/", "Add a passkey"),
        ("/account/2fa/reauthenticate/", "Show that it is you"),
    ],
)
def test_its_pages_are_in_our_words(path: str, title: str, with_app: Client) -> None:
    page = with_app.get(path).content.decode()
    assert f'<h1 class="govuk-heading-l">{title}</h1>' in page
    assert "Two-Factor" not in page


def test_a_password_and_a_passkey_are_asked_for_in_our_words(with_app: Client) -> None:
    add = with_app.get("/account/2fa/webauthn/add/").content.decode()
    assert "Name of this passkey" in add
    assert 'value="Passkey 1"' in add
    change = with_app.get("/account/password/change/").content.decode()
    assert [label in change for label in ("Current password", "New password", "New password again")] == [
        True
    ] * 3
    assert "placeholder" not in change
