"""How we write to somebody, on their own page: chosen by them, and told to the address before."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from audit.models import Event
from audit.queries import opened
from common.encryption import CannotOpen
from common.errors import DomainError
from people.models import Channel, PaperFormat, Person
from people.services.contact import change_contact
from people.services.warnings import sealed_address, send_warning
from tests.cast import Cast
from tests.people.browsers import browser, errors_of, proven, send

PAGE = "/how-we-write-to-you/"


@pytest.fixture
def cora_at(cast: Cast) -> Client:
    return proven(cast.cora)


def change(client: Client, part: str, **typed: str) -> Any:
    return send(client, f"{PAGE}{part}/", **typed)


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_the_page_shows_how_we_write_and_what_is_not_given(cora_at: Client) -> None:
    page = cora_at.get(PAGE).content.decode()
    assert "cora@example.org" in page
    assert page.count("Not given") == 2
    assert "You sign in with cora@example.org." in page


@pytest.mark.parametrize(
    ("channel", "field", "typed"),
    [
        (Channel.EMAIL, "email", "new@example.org"),
        (Channel.POST, "address", "1 High Street\nRiverside"),
        (Channel.PHONE, "phone", "0113 496 0123"),
    ],
)
def test_each_way_is_chosen_together_with_where_it_leads(
    cora_at: Client, cast: Cast, channel: Channel, field: str, typed: str
) -> None:
    sent = change(cora_at, "channel", channel=channel, **{field: typed})
    assert sent.headers["Location"] == PAGE
    found = again(cast.cora)
    assert (found.channel, getattr(found, field)) == (channel, typed)
    assert "Saved." in cora_at.get(PAGE).content.decode()


def test_only_the_box_of_the_chosen_way_counts(cora_at: Client, cast: Cast) -> None:
    change(cora_at, "channel", channel="phone", phone="0113 496 0123", email="rubbish", address="x" * 9999)
    found = again(cast.cora)
    assert (found.channel, found.email, found.address) == ("phone", "cora@example.org", "")


@pytest.mark.parametrize(("channel", "field"), [("email", "email"), ("post", "address"), ("phone", "phone")])
def test_a_way_that_leads_nowhere_is_refused(cora_at: Client, cast: Cast, channel: str, field: str) -> None:
    [told] = errors_of(change(cora_at, "channel", channel=channel, **{field: " "}))
    assert told.startswith("Enter your ")
    assert again(cast.cora).channel == Channel.EMAIL


BAD = [
    ("email", "rubbish", "Enter an e-mail address in the correct format, like name@example.com"),
    ("email", "a@b", "Enter an e-mail address in the correct format, like name@example.com"),
    ("email", "a b@example.org", "Enter an e-mail address in the correct format, like name@example.com"),
    ("email", "a@example.org,b@example.org", "Enter an e-mail address in the correct format"),
    ("email", "a@example.org\nBcc: b@example.org", "Enter an e-mail address in the correct format"),
    ("email", f"{'a' * 250}@example.org", "Your e-mail address must be 254 characters or fewer"),
    ("email", "", "Enter your e-mail address, so that we can write to it"),
    ("phone", "ring me", "Enter a telephone number, like 01632 960 001 or 07700 900 982"),
    ("phone", "12345", "Enter a telephone number, like 01632 960 001 or 07700 900 982"),
    ("phone", "٠١٢٣٤٥٦٧٨", "Enter a telephone number, like 01632 960 001 or 07700 900 982"),
    ("phone", "+44+7700900982", "Enter a telephone number, like 01632 960 001 or 07700 900 982"),
    ("phone", "0" * 41, "Your telephone number must be 40 characters or fewer"),
    ("address", "x" * 501, "Your address must be 500 characters or fewer"),
    ("address", "1 High\x07 Street", "This text has a hidden control character in it. Type it again."),
    ("address", "\u202e1 High Street", "This text has a hidden mark in it"),
    ("print", "huge", "Select how you read best"),
    ("channel", "pigeon", "Select how you want to hear from us"),
]


@pytest.mark.parametrize(("part", "typed", "message"), BAD)
def test_what_cannot_be_right_is_refused_at_its_box(
    cora_at: Client, cast: Cast, part: str, typed: str, message: str
) -> None:
    field = {"print": "paper_format"}.get(part, part)
    answer = change(cora_at, part, **{field: typed})
    assert answer.status_code == 422
    [told] = errors_of(answer)
    assert told.startswith(message)
    assert again(cast.cora).email == "cora@example.org"
    assert not Event.objects.filter(action="person:changed").exists()


@pytest.mark.parametrize("typed", ["+44 (0)113 496-0123", "0113 496 0123 ext 45", "07700900982"])
def test_telephone_numbers_are_kept_as_people_write_them(cora_at: Client, cast: Cast, typed: str) -> None:
    change(cora_at, "phone", phone=typed)
    assert again(cast.cora).phone == typed


def test_the_size_of_print_needs_no_fresh_proof(cast: Cast) -> None:
    client = browser(cast.cora)
    change(client, "print", paper_format="large")
    assert again(cast.cora).paper_format == PaperFormat.LARGE
    for part in ("channel", "email", "phone", "address"):
        assert client.get(f"{PAGE}{part}/").status_code == 403
        assert client.post(f"{PAGE}{part}/", {"key": "a" * 32, "email": "x@example.org"}).status_code == 403
    assert again(cast.cora).email == "cora@example.org"


def test_the_address_before_is_told_and_the_queue_holds_it_sealed(cora_at: Client, cast: Cast) -> None:
    change(cora_at, "email", email="New@Example.org")
    assert again(cast.cora).email == "new@example.org"
    row = DBTaskResult.objects.filter(task_path="people.tasks.warn_old_address").get()
    assert "cora" not in str(row.args_kwargs)

    send_warning(*row.args_kwargs["args"])
    [told] = mail.outbox
    assert told.to == ["cora@example.org"]
    assert told.subject == "A message from Riverside Council"
    assert "Somebody gave us a new e-mail address for you." in told.body
    assert "new@example.org" not in told.body


def test_a_first_address_warns_nobody(cast: Cast) -> None:
    cast.cora.channel, cast.cora.phone, cast.cora.email = Channel.PHONE, "0113 496 0123", ""
    cast.cora.save()
    change_contact(actor=cast.cora, email="first@example.org")
    assert not DBTaskResult.objects.filter(task_path="people.tasks.warn_old_address").exists()


def test_a_sealed_address_opens_for_its_person_alone(cast: Cast) -> None:
    with pytest.raises(CannotOpen):
        send_warning(cast.dev.pk, sealed_address(cast.cora, "cora@example.org"))
    assert mail.outbox == []


def test_the_trail_keeps_which_things_changed_and_not_what_they_say(cora_at: Client, cast: Cast) -> None:
    change(cora_at, "address", address="1 High Street")
    change(cora_at, "channel", channel="phone", phone="0113 496 0123")
    events = list(Event.objects.filter(action="person:changed").order_by("pk"))
    assert [said["changed"] for said in opened(events).values()] == ["address", "channel, phone"]
    assert {(event.actor_id, event.about_id) for event in events} == {(cast.cora.pk, cast.cora.pk)}
    assert not any("High Street" in str(row) for row in Person.history.values())


def test_saving_what_is_there_already_writes_nothing(cora_at: Client, cast: Cast) -> None:
    change(cora_at, "email", email="cora@example.org")
    assert not Event.objects.filter(action="person:changed").exists()


def test_sent_twice_it_has_one_effect(cora_at: Client) -> None:
    cora_at.get(f"{PAGE}phone/")
    for _ in range(2):
        cora_at.post(f"{PAGE}phone/", {"key": "c" * 32, "phone": "0113 496 0123"})
    assert Event.objects.filter(action="person:changed").count() == 1


def test_it_is_all_or_nothing(cast: Cast) -> None:
    with pytest.raises(DomainError):
        change_contact(actor=cast.cora, phone="0113 496 0123", email="")
    assert (again(cast.cora).phone, again(cast.cora).email) == ("", "cora@example.org")


def test_everybody_changes_their_own_record_alone(cora_at: Client, cast: Cast) -> None:
    before = {person.pk: person.email for person in Person.objects.exclude(pk=cast.cora.pk)}
    change(cora_at, "email", email="new@example.org", person_id=str(cast.dev.pk), actor=str(cast.dev.pk))
    assert {person.pk: person.email for person in Person.objects.exclude(pk=cast.cora.pk)} == before
