"""The choice on the screen: one list for everybody, boxes that belong to their answer, and what was said."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from claims.models import GIVEN_AWAY, Answer, CountsAs, Instruction, Offer, Way
from claims.services.offers import set_usual_answer
from claims.ways import named_by
from common.dates import set_now
from people.models import Message, MessageKind
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.claims.test_offer_screens import LABELS, OTHER_MONEY
from tests.claims.ways.steps import OTHERS, TOKEN, choice, delivery, switch_on, takes
from tests.payments.office import MONDAY
from tests.people.browsers import browser, errors_of, send

EVERY = [
    "All of it: £55.00, by bank transfer",
    "All of it: £55.00, as a voucher or gift card",
    "All of it: £55.00, in cash",
    "All of it: £55.00, by cheque",
    "All of it: £55.00, as a cash-out code",
    "All of it: £55.00, as a donation to a charity I name",
    "All of it: £55.00, into a learning or training fund",
    "All of it: £55.00, to a group or organisation I name",
    "Less",
    "None of it: only my costs",
    "Nothing",
    "I want to talk to somebody first",
]
CHOSEN = re.compile(r'value="([^"]*)" checked')
PAID = "/how-you-are-paid/"


@pytest.fixture
def cora_at(cast: Cast) -> Client:
    return browser(cast.cora)


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with set_now(MONDAY):
        yield


def answer_of(client: Client, offer: Offer, **typed: str) -> Any:
    return send(client, f"/invitations/{offer.pk}/answer/", **typed)


def seen(client: Client, path: str) -> str:
    got = client.get(path)
    assert got.status_code == 200, path
    return str(got.content.decode()).replace("&#x27;", "'")


def test_everybody_reads_one_list_in_one_order_with_nothing_chosen(ways: Offer, cast: Cast) -> None:
    devs = ways.activity.offers.get(contributor=cast.dev)
    with set_now(MONDAY):
        choice(cast, Way.CASH)  # what one usually says chooses nothing beforehand
    pages = [
        seen(browser(cast.cora), f"/invitations/{ways.pk}/answer/"),
        seen(browser(cast.dev), f"/invitations/{devs.pk}/answer/"),
        seen(browser(cast.lena), f"/invitations/{ways.pk}/read-out/"),
    ]
    for shown in pages:
        assert LABELS.findall(shown) == EVERY
        assert "checked" not in shown
        assert all(delivery(way) in shown for way in OTHERS)
        assert OTHER_MONEY in shown
        asked = shown.partition("<fieldset")[2].partition("</form>")[0]
        assert not re.search(r"\b(why|reason|benefits?|safe|best|for people who)\b", asked, re.IGNORECASE)


def test_where_only_the_bank_is_offered_the_page_is_as_short_as_before(offer: Offer, cora_at: Client) -> None:
    shown = seen(cora_at, f"/invitations/{offer.pk}/answer/")
    assert LABELS.findall(shown) == ["All of it: £55.00", *EVERY[8:11]]
    assert 'type="checkbox"' not in shown
    assert "by bank transfer" not in shown
    assert answer_of(cora_at, offer, answer="accepted").headers["Location"].endswith("/answered/")
    assert "All of it: £55.00<" in seen(cora_at, f"/invitations/{offer.pk}/answered/")


def test_a_way_with_a_limit_below_the_offer_is_not_in_the_list(
    offer: Offer, cast: Cast, cora_at: Client
) -> None:
    switch_on(cast, Way.VOUCHER, most=5000)
    switch_on(cast, Way.CASH)
    assert LABELS.findall(seen(cora_at, f"/invitations/{offer.pk}/answer/"))[:3] == [
        EVERY[0],
        EVERY[2],
        "Less",
    ]


@pytest.mark.parametrize("way", list(Way))
def test_each_way_is_taken_said_back_and_chosen_when_it_is_changed(
    ways: Offer, cast: Cast, cora_at: Client, way: Way
) -> None:
    boxes = {Way.DONATION: {"charity": TOKEN, "wants_receipt": "yes"}, Way.GROUP: {"group": TOKEN}}
    sent = answer_of(cora_at, ways, answer=f"accepted:{way}", **boxes.get(way, {}))
    assert sent.headers["Location"] == f"/invitations/{ways.pk}/costs/"
    made = Instruction.objects.get()
    assert (made.way, made.activity, made.said_for) == (way, ways.activity, None)
    assert (named_by(made), made.wants_receipt) == (TOKEN if boxes.get(way) else "", way == Way.DONATION)
    words = f"All of it: £55.00, to {TOKEN}" if boxes.get(way) else EVERY[list(Way).index(way)]
    for path in (f"/invitations/{ways.pk}/answered/", f"/invitations/{ways.pk}/", "/invitations/"):
        assert words in seen(cora_at, path), path
    again = seen(cora_at, f"/invitations/{ways.pk}/answer/")
    assert CHOSEN.findall(again) == [f"accepted:{way}", *(["yes"] if way == Way.DONATION else [])]
    assert (f'value="{TOKEN}"' in again) == bool(boxes.get(way))


@pytest.mark.parametrize(
    ("typed", "stored", "words"),
    [
        ({"answer": "less", "less_amount": "20"}, Answer.LESS, "Less: £20.00, in cash"),
        ({"answer": "declined"}, Answer.DECLINED, "None of it: only my costs"),
        ({"answer": "nothing"}, Answer.NOTHING, "You can still claim your costs later."),
        ({"answer": "talk"}, Answer.TALK, "you get all of it, in cash"),
    ],
)
def test_the_other_answers_say_no_way_and_what_stands_in_other_boxes_does_not_count(
    ways: Offer, cast: Cast, cora_at: Client, typed: dict[str, str], stored: Answer, words: str
) -> None:
    choice(cast, Way.CASH)
    with set_now(MONDAY + timedelta(minutes=1)):
        answer_of(cora_at, ways, **typed, charity=TOKEN, group="\u202e", wants_receipt="yes")
        ways.refresh_from_db()
        assert ways.answer == stored
        assert Instruction.objects.count() == 1
        assert words in seen(cora_at, f"/invitations/{ways.pk}/answered/")


BAD: list[tuple[dict[str, str], str]] = [
    ({}, "Select all of it, less, or none of it"),
    ({"answer": "accepted"}, "Select all of it, less, or none of it"),
    ({"answer": "accepted:"}, "Select all of it, less, or none of it"),
    ({"answer": "accepted:gold"}, "Select all of it, less, or none of it"),
    ({"answer": "declined:cash"}, "Select all of it, less, or none of it"),
    ({"answer": "unanswered"}, "Select all of it, less, or none of it"),
    ({"answer": "less"}, "Enter how much you want to take"),
    ({"answer": "less", "less_amount": "55"}, "Say an amount below what was offered"),
    ({"answer": "accepted:donation"}, "Enter the name of the charity"),
    ({"answer": "accepted:donation", "charity": "  ", "group": TOKEN}, "Enter the name of the charity"),
    ({"answer": "accepted:donation", "charity": "\u200b"}, "Enter the name of the charity or group"),
    ({"answer": "accepted:donation", "charity": "x" * 101}, "must be 100 characters or fewer"),
    ({"answer": "accepted:donation", "charity": "a\u202eb"}, "turns its direction"),
    ({"answer": "accepted:donation", "charity": TOKEN, "wants_receipt": "2"}, "Select whether you want"),
    ({"answer": "accepted:group", "charity": TOKEN}, "Enter the name of the group or organisation"),
    ({"answer": "accepted:group", "group": "a\x00b"}, "hidden control character"),
]


@pytest.mark.parametrize(("typed", "says"), BAD, ids=[str(typed)[:50] for typed, _ in BAD])
def test_what_is_wrong_is_said_and_nothing_is_kept(
    ways: Offer, cora_at: Client, typed: dict[str, str], says: str
) -> None:
    got = answer_of(cora_at, ways, **typed)
    assert got.status_code == 422
    assert [each for each in errors_of(got) if says in each], errors_of(got)
    ways.refresh_from_db()
    assert ways.answer == Answer.UNANSWERED
    assert not Instruction.objects.exists()


def test_a_name_is_text_and_never_markup(ways: Offer, cora_at: Client) -> None:
    answer_of(cora_at, ways, answer="accepted:group", group="<b>River</b> & Co")
    told = seen(cora_at, f"/invitations/{ways.pk}/")
    assert "to &lt;b&gt;River&lt;/b&gt; &amp; Co" in told


def test_a_helper_writes_down_where_it_goes_and_reads_nothing_of_it(ways: Offer, cast: Cast) -> None:
    client, path = browser(cast.lena), f"/invitations/{ways.pk}/read-out/"
    before = client.get(path).content
    sent = send(client, path, answer="accepted:donation", charity=TOKEN, wants_receipt="yes")
    assert sent.headers["Location"] == "/invitations/"
    listed = seen(client, "/invitations/")
    after = client.get(path).content
    made = Instruction.objects.get()
    assert (made.person, made.said_for, named_by(made)) == (cast.cora, cast.lena, TOKEN)
    assert Message.objects.filter(person=cast.cora, kind=MessageKind.ANSWER_WRITTEN_DOWN).count() == 1
    assert len(before) == len(after)
    assert TOKEN not in listed + after.decode()
    assert f"All of it: £55.00, to {TOKEN}" in seen(browser(cast.cora), f"/invitations/{ways.pk}/")


def test_after_the_start_the_page_says_what_is_no_longer_possible_and_whom_to_talk_to(
    ways: Offer, cast: Cast, cora_at: Client
) -> None:
    takes(cast, ways, way=Way.CASH)
    before = seen(cora_at, f"/invitations/{ways.pk}/")
    assert "You can change it until 9:00am on 30 November 2026." in before
    assert "no longer say no to it" not in before
    with set_now(ways.activity.starts_at):
        told = seen(cora_at, f"/invitations/{ways.pk}/")
        late = cora_at.post(
            f"/invitations/{ways.pk}/answer/",
            {"key": "0" * 32, "answer": "accepted:donation", "charity": TOKEN},
        )
    assert "You can no longer say no to it, take less or give it away." in told
    assert f"you can talk to someone in confidence: {cast.riverside.adviser}" in told
    assert f"/invitations/{ways.pk}/answer/" not in told
    assert late.status_code == 409
    assert Instruction.objects.get().way == Way.CASH


def test_costs_are_asked_for_after_the_answer_and_counted_for_this_alone(
    ways: Offer, cast: Cast, cora_at: Client
) -> None:
    path = f"/invitations/{ways.pk}/costs/"
    choice(cast, Way.CHEQUE, CountsAs.EXPENSE)
    answer_of(cora_at, ways, answer="declined")
    asked = seen(cora_at, path)
    assert "How do you want your costs back from this?" in asked
    assert "You usually get your costs back by cheque." in asked
    assert LABELS.findall(asked) == [way.label for way in Way if way not in GIVEN_AWAY]
    assert CHOSEN.findall(asked) == []
    with set_now(MONDAY + timedelta(minutes=1)):
        assert errors_of(send(cora_at, path)) == ["Select how you want to be paid"]
        assert errors_of(send(cora_at, path, way="donation")) == ["Select how you want to be paid"]
        assert send(cora_at, path, way="cash").headers["Location"].endswith("/answered/")
    made = Instruction.objects.latest("pk")
    assert (made.way, made.activity, made.counts_as) == (Way.CASH, ways.activity, CountsAs.EXPENSE)
    assert "Your costs come back in cash." in seen(cora_at, f"/invitations/{ways.pk}/answered/")
    assert CHOSEN.findall(seen(cora_at, path)) == ["cash"]
    other = invited(cast, title="Another")[0]
    assert "Your costs come back by cheque." in seen(cora_at, f"/invitations/{other.pk}/")


@pytest.mark.parametrize(
    ("answer", "leads"), [("nothing", "answered"), ("talk", "answered"), ("declined", "costs")]
)
def test_nobody_who_wants_nothing_is_asked_about_costs(
    ways: Offer, cora_at: Client, answer: str, leads: str
) -> None:
    assert answer_of(cora_at, ways, answer=answer).headers["Location"].endswith(f"/{leads}/")


def test_where_costs_come_by_bank_alone_nothing_is_asked(offer: Offer, cast: Cast, cora_at: Client) -> None:
    switch_on(cast, *GIVEN_AWAY)
    assert answer_of(cora_at, offer, answer="declined").headers["Location"].endswith("/answered/")
    assert cora_at.get(f"/invitations/{offer.pk}/costs/").headers["Location"] == f"/invitations/{offer.pk}/"
    assert "Your costs come back" not in seen(cora_at, f"/invitations/{offer.pk}/")


def test_the_standing_way_is_shown_and_changed_for_time_and_for_costs(
    ways: Offer, cast: Cast, cora_at: Client
) -> None:
    payer = cast.riverside.pk
    shown = seen(cora_at, PAID)
    assert shown.count("By bank transfer") == 2
    assert "A change counts for all money that we have not yet put into a payment run." in shown
    assert "only for what starts after you tell us" in shown
    asked = seen(cora_at, f"{PAID}{payer}/time/")
    assert len(LABELS.findall(asked)) == len(Way)
    assert CHOSEN.findall(asked) == []
    assert OTHER_MONEY in asked
    sent = send(cora_at, f"{PAID}{payer}/time/", way="donation", charity=TOKEN, wants_receipt="yes")
    assert sent.headers["Location"] == PAID
    sent = send(cora_at, f"{PAID}{payer}/costs/", way="voucher", charity="Not counted")
    said = {each.counts_as: each for each in Instruction.objects.filter(activity=None)}
    assert (named_by(said["fee"]), said["fee"].wants_receipt) == (TOKEN, True)
    assert (said["expense"].way, said["expense"].named) == (Way.VOUCHER, None)
    with set_now(MONDAY + timedelta(minutes=1)):
        shown = seen(cora_at, PAID)
        again = seen(cora_at, f"{PAID}{payer}/time/")
    assert "How you are paid is changed." in shown
    assert f"To {TOKEN}" in shown
    assert "As a voucher or gift card" in shown
    assert CHOSEN.findall(again) == ["donation", "yes"]
    assert f'value="{TOKEN}"' in again


@pytest.mark.parametrize("path", ["9/time/", "0/time/", "x/time/", "1/other/", "999999999999999999/costs/"])
def test_an_organisation_of_others_and_one_that_is_none_are_the_same_to_who_asks(
    ways: Offer, cora_at: Client, path: str
) -> None:
    assert cora_at.get(PAID + path).status_code == 404


def test_what_cannot_be_chosen_is_not_offered_for_change(offer: Offer, cast: Cast, cora_at: Client) -> None:
    assert f"{PAID}{cast.riverside.pk}/" not in seen(cora_at, PAID)
    switch_on(cast, Way.CASH, for_costs=False)
    shown = seen(cora_at, PAID)
    assert f"{PAID}{cast.riverside.pk}/time/" in shown
    assert f"{PAID}{cast.riverside.pk}/costs/" not in shown


def test_it_is_linked_from_the_start_the_invitations_and_the_usual_answer(
    ways: Offer, cora_at: Client
) -> None:
    for path in ("/", "/invitations/", "/invitations/usual/"):
        assert f'href="{PAID}"' in seen(cora_at, path), path


def test_after_the_start_what_comes_to_them_can_come_another_way(
    ways: Offer, cast: Cast, cora_at: Client
) -> None:
    path = f"/invitations/{ways.pk}/time/"
    takes(cast, ways, way=Way.VOUCHER)
    assert cora_at.get(path).headers["Location"] == f"/invitations/{ways.pk}/"  # until then: the answer
    with set_now(ways.activity.starts_at):
        assert f'href="{path}"' in seen(cora_at, f"/invitations/{ways.pk}/")
        asked = seen(cora_at, path)
        assert LABELS.findall(asked) == [way.label for way in Way if way not in GIVEN_AWAY]
        assert CHOSEN.findall(asked) == ["voucher"]
        assert errors_of(send(cora_at, path, way="donation", charity=TOKEN))
        assert send(cora_at, path, way="bank").status_code == 302
        assert EVERY[0] in seen(cora_at, f"/invitations/{ways.pk}/")


@pytest.mark.parametrize("said", ["declined", "nothing", "accepted:learning", "usually none"])
def test_after_the_start_nobody_is_asked_who_gets_nothing_or_gave_it_away(
    ways: Offer, cast: Cast, cora_at: Client, said: str
) -> None:
    if said == "usually none":
        set_usual_answer(actor=cast.cora, answer=Answer.DECLINED)
    else:
        answer_of(cora_at, ways, answer=said)
    with set_now(ways.activity.starts_at):
        assert cora_at.get(f"/invitations/{ways.pk}/time/").status_code == 302
        assert "Change how you get it" not in seen(cora_at, f"/invitations/{ways.pk}/")
