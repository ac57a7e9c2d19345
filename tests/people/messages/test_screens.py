"""Letters and calls on the screen: what waits, one button each, and nothing for who has no part in it."""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.actions import Action
from audit.models import Event
from people.models import Channel, Message, MessageKind, Person, PrintPack, User
from people.services import add_person
from people.services.messages import mark_told, tell
from people.services.print_packs import print_letters
from people.workflow import MessageStatus
from tests.cast import Cast
from tests.worlds import world

KEY = re.compile(r'name="key" value="([0-9a-f]{32})"')


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(User.objects.get(person=person))
    return client


def key_on(client: Client, url: str) -> str:
    found = KEY.search(client.get(url).content.decode())
    assert found
    return found[1]


def say(cast: Cast, person: Person, kind: MessageKind = MessageKind.CLAIM_DECIDED) -> Message:
    return tell(
        person=person, organisation=cast.riverside, kind=kind, source=f"test:{kind}", reference="C000041"
    )


@world
def letter(quiet: Cast, pat: Person) -> Message:
    """The one letter that waits."""
    print_letters(actor=quiet.abel, organisation=quiet.riverside)
    return say(quiet, pat)


@world
def call(quiet: Cast, phil: Person) -> Message:
    """The one thing to be said on the telephone."""
    for message in Message.objects.filter(person=phil):
        mark_told(actor=quiet.abel, message_id=message.pk)
    return say(quiet, phil)


def print_them(client: Client, key: str) -> HttpResponse:
    return client.post("/letters/print/riverside/", {"key": key})  # type: ignore[return-value]


def test_the_button_makes_a_pack_and_leads_to_it(letter: Message, quiet: Cast) -> None:
    client = browser(quiet.abel)
    assert "1 letter<" in client.get("/letters/").content.decode()
    answer = print_them(client, key_on(client, "/letters/"))
    pack = PrintPack.objects.latest("pk")
    assert answer.headers["Location"] == f"/letters/{pack.pk}/"
    letter.refresh_from_db()
    assert (letter.status, letter.pack, pack.made_by) == (MessageStatus.PRINTED, pack, quiet.abel)
    assert "No letters are waiting to be printed" in client.get("/letters/").content.decode()


def test_the_button_pressed_twice_makes_one_pack(letter: Message, quiet: Cast) -> None:
    client = browser(quiet.abel)
    key = key_on(client, "/letters/")
    first, second = print_them(client, key), print_them(client, key)
    assert first.headers["Location"] == second.headers["Location"]


def test_nothing_to_print_is_said_on_the_same_page(letter: Message, quiet: Cast) -> None:
    client = browser(quiet.abel)
    key = key_on(client, "/letters/")
    print_letters(actor=quiet.abel, organisation=quiet.riverside)
    answer = print_them(client, key)
    assert answer.status_code == 422
    assert "There are no letters to print now" in answer.content.decode()
    assert "<title>\n      Error: Letters" in answer.content.decode()


@pytest.mark.parametrize("key", ["", "abc", "\x00", "0" * 33, "é" * 32])
def test_a_forged_key_prints_nothing(key: str, letter: Message, quiet: Cast) -> None:
    answer = print_them(browser(quiet.abel), key)
    assert answer.status_code == 422
    assert "This form has expired" in answer.content.decode()
    letter.refresh_from_db()
    assert letter.status == MessageStatus.WAITING


def test_the_letters_are_a_download_with_a_neutral_name_and_each_is_recorded(
    letter: Message, quiet: Cast
) -> None:
    pack = print_letters(actor=quiet.abel, organisation=quiet.riverside)
    client, url = browser(quiet.abel), f"/letters/{pack.pk}/letters.pdf"
    answer = client.get(url)
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="letters-{pack.pk}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store, private"
    opened = Event.objects.filter(action=Action.LETTERS_OPENED, subject_id=pack.pk, actor_id=quiet.abel.pk)
    assert opened.count() == 1
    assert client.head(url).status_code == 200
    assert opened.count() == 1


def test_a_pack_is_there_only_for_who_may_handle_each_of_its_letters(letter: Message, quiet: Cast) -> None:
    pack = print_letters(actor=quiet.abel, organisation=quiet.riverside)
    for name, status in (("abel", 200), ("lena", 200), ("fern", 404), ("otto", 404)):
        client = browser(getattr(quiet, name))
        for url in (f"/letters/{pack.pk}/", f"/letters/{pack.pk}/letters.pdf"):
            assert client.get(url).status_code == status, (name, url)
        listed = f"Pack {pack.pk}<" in client.get("/letters/").content.decode()
        assert listed is (status == 200), name


def test_the_letters_of_another_organisation_cannot_be_printed(letter: Message, quiet: Cast) -> None:
    assert print_them(browser(quiet.otto), "0" * 32).status_code == 404
    letter.refresh_from_db()
    assert letter.status == MessageStatus.WAITING


def test_the_list_of_calls_says_whom_to_ring_and_the_words(call: Message, quiet: Cast) -> None:
    shown = browser(quiet.lena).get("/calls/").content.decode()
    for words in ("Phil Phone", "0113 496 0123", "Wishes to be rung.", "Do not leave a message.", "C000041"):
        assert words in shown
    assert "I told them" in shown


def test_somebody_without_a_number_is_told_face_to_face(call: Message, quiet: Cast) -> None:
    Person.objects.filter(pk=call.person_id).update(phone="")
    assert "We have no telephone number" in browser(quiet.lena).get("/calls/").content.decode()


def test_whoever_was_told_leaves_the_list(call: Message, quiet: Cast) -> None:
    client = browser(quiet.lena)
    answer = client.post(f"/calls/{call.pk}/told/", {"key": key_on(client, "/calls/")}, follow=True)
    assert "Written down: Phil Phone was told." in answer.content.decode()
    assert "Nobody to ring" in answer.content.decode()
    call.refresh_from_db()
    assert call.status == MessageStatus.TOLD


def test_told_twice_by_two_people_is_refused_and_by_one_form_is_not(call: Message, quiet: Cast) -> None:
    lena, abel, url = browser(quiet.lena), browser(quiet.abel), f"/calls/{call.pk}/told/"
    mine, yours = key_on(lena, "/calls/"), key_on(abel, "/calls/")
    assert [lena.post(url, {"key": mine}).status_code for _ in range(2)] == [302, 302]
    assert abel.post(url, {"key": yours}).status_code == 409


def test_a_call_without_a_key_is_shown_again(call: Message, quiet: Cast) -> None:
    answer = browser(quiet.lena).post(f"/calls/{call.pk}/told/", {})
    assert answer.status_code == 422
    assert "Phil Phone" in answer.content.decode()


def test_a_message_about_a_payment_is_only_for_finance(call: Message, quiet: Cast, phil: Person) -> None:
    paid = say(quiet, phil, MessageKind.PAYMENT_SENT)
    for name, status in (("lena", 404), ("abel", 404), ("fern", 302)):
        client = browser(getattr(quiet, name))
        answer = client.post(f"/calls/{paid.pk}/told/", {"key": key_on(client, "/calls/")})
        assert answer.status_code == status, name


def test_home_leads_there_with_the_numbers(call: Message, letter: Message, quiet: Cast) -> None:
    for name, letters, calls in (("abel", "1", "1"), ("fern", "none waiting", "none waiting")):
        shown = browser(getattr(quiet, name)).get("/").content.decode()
        assert f'href="/letters/">Letters to print</a>: {letters}' in shown
        assert f'href="/calls/">People to ring</a>: {calls}' in shown
    for name in ("cora", "anil", "ada"):
        assert "/calls/" not in browser(getattr(quiet, name)).get("/").content.decode()


def _many(cast: Cast, how_many: int) -> None:
    """People to ring and packs of letters, each pack with a letter of its own."""
    for number in range(how_many):
        ringing = add_person(actor=cast.abel, name=f"Ring {number}", phone="1", channel=Channel.PHONE)
        posting = add_person(actor=cast.abel, name=f"Post {number}", address="1", channel=Channel.POST)
        say(cast, ringing)
        say(cast, posting)
        print_letters(actor=cast.abel, organisation=cast.riverside)
    say(cast, posting, MessageKind.CLAIM_RECEIVED)


@pytest.mark.parametrize("url", ["/letters/", "/calls/"])
def test_a_list_asks_no_more_for_more_rows(url: str, quiet: Cast) -> None:
    client, asked = browser(quiet.abel), []
    for how_many in (1, 4):
        _many(quiet, how_many)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(url).status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 12


def test_lists_go_on_page_by_page_without_losing_or_repeating(quiet: Cast) -> None:
    _many(quiet, 53)
    client = browser(quiet.abel)
    for url, first, second in (("/letters/", 50, 3), ("/calls/", 50, 3)):
        page = client.get(url).context["page"]
        rest = client.get(f"{url}{page.older}").context["page"]
        assert (len(page.rows), len(rest.rows), rest.older) == (first, second, "")
        assert not {row.pk for row in page.rows} & {row.pk for row in rest.rows}
        back = client.get(f"{url}{rest.newer}").context["page"]
        assert [row.pk for row in back.rows] == [row.pk for row in page.rows]
