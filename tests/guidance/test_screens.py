"""The page of help for everybody, and the register as two administrators keep it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common.dates import now, set_now
from guidance.models import Figure, Text
from guidance.services import check_text
from guidance.services.importing import Taken, import_register
from people.models import Person
from tests.cast import Cast
from tests.guidance.conftest import REFERENCE, at, proposed

NOTE = "Money, vouchers and gifts can all affect benefits and tax. You can talk to someone in confidence:"
READERS = ("cora", "lena", "anil", "hana", "fern", "farah", "ada", "abel")


def page(person: Person, url: str) -> str:
    answer = at(person).get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(client: Client, path: str, **answers: Any) -> Any:
    """Send a form with the key that its page carries."""
    return client.post(path, {"key": client.get(path).context["form"]["key"].value(), **answers})


def day(name: str, when: str) -> dict[str, str]:
    year, month, number = when.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


@pytest.mark.parametrize("name", READERS)
def test_everybody_of_the_organisation_reads_the_same_texts(taken: Taken, cast: Cast, name: str) -> None:
    shown = page(getattr(cast, name), "/help-with-money/")
    assert f"{NOTE} Listening line, 0113 496 0001" in shown
    for text in Text.objects.all():
        assert f">{text.title}</h3>" in shown
    assert "Hillside" not in shown


def test_a_strangers_organisation_has_its_own(taken: Taken, cast: Cast) -> None:
    shown = page(cast.otto, "/help-with-money/")
    assert "There is nothing to read yet." in shown
    assert "Riverside" not in shown


def test_the_foot_of_every_page_and_the_pages_about_money_lead_there(taken: Taken, cast: Cast) -> None:
    link = '<a class="govuk-link" href="/help-with-money/">'
    for url in ("/", "/payments/", "/privacy/"):
        assert link in page(cast.cora, url)
    assert f"{NOTE} Listening line" in page(cast.cora, "/payments/")
    assert NOTE not in page(cast.fern, "/payments/")  # what finance reads of others
    assert link not in Client().get("/account/login/").content.decode()


def test_the_adviser_is_named_where_there_is_one(cast: Cast) -> None:
    client, url = at(cast.abel), "/organisations/riverside/details/"
    form = client.get(url).context["form"]
    asked = {name: form[name].value() for name in form.fields}
    client.post(url, asked | {"advice_contact": "Ida at the advice centre, 0113 496 0009"})
    cast.riverside.refresh_from_db()
    assert cast.riverside.advice_contact == "Ida at the advice centre, 0113 496 0009"
    assert f"{NOTE} Ida at the advice centre, 0113 496 0009" in page(cast.cora, "/help-with-money/")
    assert "Ida at the advice centre" in page(cast.abel, "/organisations/riverside/")


def test_a_version_is_written_checked_and_read(cast: Cast) -> None:
    abel, url = at(cast.abel), "/guidance/riverside/texts/tax/propose/"
    asked = {"title": "Tax", "body": "A slice.", "sources": "A guide | https://example.org/ | 2026-11-20"}
    refused = send(abel, url, **asked | {"sources": "A guide, somewhere"}, **day("review_on", "2027-04-06"))
    assert refused.status_code == 422
    assert "Write each source as: name | address | day you read it" in refused.content.decode()
    assert send(abel, url, **asked, **day("review_on", "2027-04-06")).status_code == 302
    text = Text.objects.get()
    one = f"/guidance/riverside/texts/tax/{text.version}/"
    assert "Somebody else has to check what you wrote." in page(cast.abel, one)
    assert "A slice." not in page(cast.cora, "/help-with-money/")
    assert send(abel, one).status_code == 403
    assert send(at(cast.vera), one).status_code == 302
    assert "A slice." in page(cast.cora, "/help-with-money/")
    assert "Checked by Vera Second" in page(cast.abel, one)
    again = at(cast.abel).get(url).context["form"]
    assert again["sources"].value() == "A guide | https://example.org/ | 2026-11-20"


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ("A | https://example.org/ | soon", "Write the day you read a source like 2026-11-24"),
        ("A | https://example.org/ | 2036-11-20", "must be today or in the past"),
        ("A | javascript:alert(1) | 2026-11-20", "needs an address that begins with https://"),
        ("A |  | 2026-11-20", "Write each source as"),
    ],
)
def test_a_source_that_cannot_be_found_is_refused_in_words(cast: Cast, sources: str, said: str) -> None:
    asked = {"title": "Tax", "body": "A slice.", "sources": sources, **day("review_on", "2027-04-06")}
    answer = send(at(cast.abel), "/guidance/riverside/texts/tax/propose/", **asked)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Text.objects.exists()


def test_an_unknown_topic_is_not_there(cast: Cast) -> None:
    assert at(cast.abel).get("/guidance/riverside/texts/food/propose/").status_code == 404


def test_a_review_that_is_due_shows_to_administrators_until_it_is_done(cast: Cast) -> None:
    text = proposed(cast)
    check_text(actor=cast.vera, text_id=text.pk)
    for url in ("/", "/guidance/riverside/"):
        assert "Guidance to read again" not in page(cast.abel, url)
    with set_now(now() + timedelta(days=200)):
        for url in ("/", "/guidance/riverside/"):
            assert "Guidance to read again" in page(cast.abel, url)
        for person in (cast.cora, cast.fern, cast.ada, cast.otto):
            assert "Guidance to read again" not in page(person, "/")
        review = "/guidance/riverside/texts/money/1/review/"
        early = send(at(cast.abel), review, **day("review_on", "2027-01-01"))
        assert early.status_code == 422
        assert send(at(cast.abel), review, **day("review_on", "2028-04-06")).status_code == 302
        assert "Guidance to read again" not in page(cast.abel, "/")


def test_a_figure_is_entered_checked_and_read(cast: Cast) -> None:
    abel = at(cast.abel)
    asked = {
        "name": "A limit",
        "amount": "204",
        "unit": "week",
        "source": "A page",
        "url": "https://example.org/",
    }
    days = day("starts_on", "2026-04-06") | day("ends_on", "2027-04-05") | day("read_on", "2026-11-20")
    assert send(abel, "/guidance/riverside/figures/add/", **asked, **days).status_code == 302
    figure = Figure.objects.get()
    assert figure.amount == 20400
    one = f"/guidance/riverside/figures/{figure.pk}/"
    assert "Somebody else has to check what you entered." in page(cast.abel, one)
    assert "£204.00 a week" not in page(cast.cora, "/help-with-money/")
    assert send(at(cast.vera), one).status_code == 302
    assert "£204.00 a week" in page(cast.cora, "/help-with-money/")
    assert "Checked" in page(cast.abel, "/guidance/riverside/")


def test_what_is_unverified_is_marked_in_the_register(taken: Taken, cast: Cast) -> None:
    assert page(cast.abel, "/guidance/riverside/").count("Unverified, hidden") == taken.doubtful
    figure = Figure.objects.filter(is_doubtful=True).first()
    assert figure is not None
    assert "No source that can be relied on was seen" in page(
        cast.abel, f"/guidance/riverside/figures/{figure.pk}/"
    )


def test_the_pages_ask_as_often_whatever_there_is(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    """With one text and with the whole register: the same number of queries."""
    counted = {"/help-with-money/": (cast.cora, 8), "/guidance/riverside/": (cast.abel, 9)}
    check_text(actor=cast.vera, text_id=proposed(cast).pk)
    for _ in range(2):
        for url, (person, queries) in counted.items():
            client = at(person)
            client.get(url)
            with django_assert_num_queries(queries):  # type: ignore[operator]
                client.get(url)
        import_register(actor=cast.abel, organisation=cast.riverside, content=REFERENCE, second=cast.vera)
