"""Sign in by code or by password; nobody learns who has a login, and guessing is stopped."""

import re
from urllib.parse import quote

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings

from people.models import Person, User

PASSWORD = "a made-up passphrase"


@pytest.fixture(autouse=True)
def _no_earlier_attempts(db: None) -> None:
    cache.clear()


@pytest.fixture
def with_password(cora: Person) -> User:
    user = User.objects.get(person=cora)
    user.set_password(PASSWORD)
    user.save()
    return user


def _ask_for_code(client: Client, email: str) -> None:
    answer = client.post("/account/login/code/", {"email": email})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/code/confirm/")


def _code() -> str:
    return str(re.findall(r"^([A-Z0-9-]{6,})$", str(mail.outbox[-1].body), re.MULTILINE)[0])


def test_somebody_signs_in_with_a_code(cora: Person, client: Client) -> None:
    _ask_for_code(client, "cora@example.org")
    assert len(mail.outbox) == 1
    answer = client.post("/account/login/code/confirm/", {"code": _code()}, follow=True)
    assert answer.status_code == 200
    assert "Signed in as Cora Contributor" in answer.content.decode()


def test_the_mail_with_the_code_is_neutral(cora: Person, client: Client) -> None:
    _ask_for_code(client, "cora@example.org")
    message = mail.outbox[-1]
    assert message.subject == "Your code"
    assert message.to == ["cora@example.org"]
    assert not re.search(r"cora|ledger|claim|pay|example\.com", str(message.body), re.IGNORECASE)


def test_a_wrong_code_does_not_sign_in(cora: Person, client: Client) -> None:
    _ask_for_code(client, "cora@example.org")
    answer = client.post("/account/login/code/confirm/", {"code": "WRONG1"})
    assert "Incorrect code" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_a_code_stops_working_after_three_wrong_ones(cora: Person, client: Client) -> None:
    _ask_for_code(client, "cora@example.org")
    right = _code()
    for _ in range(3):
        client.post("/account/login/code/confirm/", {"code": "WRONG1"})
    client.post("/account/login/code/confirm/", {"code": right})
    assert client.get("/").status_code == 302


def test_a_code_works_once(cora: Person, client: Client) -> None:
    _ask_for_code(client, "cora@example.org")
    code = _code()
    client.post("/account/login/code/confirm/", {"code": code})
    client.post("/account/logout/")
    client.post("/account/login/code/confirm/", {"code": code})
    assert client.get("/").status_code == 302


def test_somebody_signs_in_with_a_password(with_password: User, client: Client) -> None:
    asked = {"login": "cora@example.org", "password": PASSWORD}
    answer = client.post("/account/login/?next=/claims/", asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/claims/")
    assert client.get("/claims/").status_code == 200


def test_signing_in_never_leads_to_another_site(with_password: User, client: Client) -> None:
    asked = {"login": "cora@example.org", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post("/account/login/", asked).headers["Location"] == "/"


def test_guessing_is_stopped_even_with_the_right_password(with_password: User, client: Client) -> None:
    for _ in range(12):
        client.post("/account/login/", {"login": "cora@example.org", "password": "a wrong guess"})
    answer = client.post("/account/login/", {"login": "cora@example.org", "password": PASSWORD})
    assert answer.status_code in {200, 429}
    assert client.get("/").status_code == 302


def test_nobody_learns_who_has_a_login(with_password: User, client: Client) -> None:
    """The same answers, and a mail either way, for an address we know and one we do not."""
    pages = []
    for email in ("cora@example.org", "nobody@example.org"):
        browser = Client()
        wrong = browser.post("/account/login/", {"login": email, "password": "a wrong guess"})
        code = browser.post("/account/login/code/", {"email": email})
        confirm = browser.get(code.headers["Location"])
        reset = browser.post("/account/password/reset/", {"email": email})
        seen = [wrong, code, confirm, reset]
        pages.append([(each.status_code, _plain(each.content.decode(), email)) for each in seen])
    assert pages[0] == pages[1]
    assert {message.to[0] for message in mail.outbox} == {"cora@example.org", "nobody@example.org"}
    assert {message.subject for message in mail.outbox} <= {"Your code", "Your link", "Your request"}


def _plain(page: str, email: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page).replace(email, "")


@override_settings(BASE_URL="https://ledger.example.org", ALLOWED_HOSTS=["*"])
def test_the_link_in_a_password_mail_never_comes_from_the_host_header(
    with_password: User, client: Client
) -> None:
    client.post("/account/password/reset/", {"email": "cora@example.org"}, headers={"host": "evil.example"})
    assert "https://ledger.example.org/account/password/reset/key/" in str(mail.outbox[-1].body)
    assert "evil.example" not in str(mail.outbox[-1].body)


def test_nobody_signs_up_by_themselves(client: Client, db: None) -> None:
    asked = {"email": "new@example.org", "password1": PASSWORD}
    assert client.post("/account/signup/", asked).status_code == 404
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_login_that_is_switched_off_does_not_sign_in(with_password: User, client: Client) -> None:
    User.objects.filter(pk=with_password.pk).update(is_active=False)
    client.post("/account/login/", {"login": "cora@example.org", "password": PASSWORD})
    assert client.get("/").status_code == 302


def test_the_way_into_the_demonstration_is_shut_outside_it(cora: Person, client: Client) -> None:
    assert client.get("/demo/sign-in/").status_code == 404
    assert client.post("/demo/sign-in/", {"person": cora.number}).status_code == 404
    assert client.get("/").status_code == 302


@override_settings(DEMO=True)
def test_the_demonstration_lets_anybody_in_as_one_of_its_people(cora: Person, client: Client) -> None:
    assert "Cora Contributor" in client.get("/demo/sign-in/").content.decode()
    assert client.post("/demo/sign-in/", {"person": cora.number}).headers["Location"] == "/"
    assert "Signed in as Cora Contributor" in client.get("/").content.decode()


@override_settings(DEMO=True)
@pytest.mark.parametrize("person", ["", "P999999", "\x00", "🙂", "' OR 1=1 --"])
def test_the_demonstration_knows_only_its_own_people(person: str, cora: Person, client: Client) -> None:
    assert client.post("/demo/sign-in/", {"person": person}).status_code == 404


@pytest.mark.parametrize("bad", ["\x00", "x" * 5000, "🙂", "\ud800", "' OR 1=1 --", "a@b\r\nBcc: c@d"])
def test_bad_input_to_the_sign_in_forms_is_answered_in_words(bad: str, client: Client, db: None) -> None:
    for url, name in (("/account/login/", "login"), ("/account/login/code/", "email")):
        sent = f"{name}={quote(bad.encode('utf-8', 'surrogatepass'))}&password=x"
        answer = client.post(url, sent, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {200, 302}
    assert not mail.outbox


@pytest.mark.parametrize(
    ("path", "labels", "missing"),
    [
        (
            "/account/login/",
            ["E-mail address", "Password"],
            ["Enter your e-mail address", "Enter your password"],
        ),
        ("/account/login/code/", ["E-mail address"], ["Enter your e-mail address"]),
        ("/account/password/reset/", ["E-mail address"], ["Enter your e-mail address"]),
    ],
)
def test_its_forms_are_in_our_words(
    path: str, labels: list[str], missing: list[str], cora: Person, client: Client
) -> None:
    page = client.get(path).content.decode()
    assert re.findall(r'<label[^>]*class="govuk-label"[^>]*>\s*([^<]+?)\s*<', page) == labels
    answer = client.post(path, {}).content.decode()
    assert re.findall(r'<a href="#[^"]+">([^<]+)</a>', answer.partition("There is a problem")[2]) == missing
