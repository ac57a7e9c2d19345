"""An invitation on the screen: what it tells, and how it is answered, without a reason asked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Answer, CancelledBy, Offer, RatePolicy
from claims.services.activities import cancel_activity
from claims.services.offers import answer_offer
from common.dates import now, set_now
from people.models import Channel, Message, MessageKind
from tests.cast import Cast
from tests.claims.meetings import invited, meeting
from tests.payments.office import MONDAY
from tests.people.browsers import browser, errors_of, send

LABELS = re.compile(r'govuk-radios__label" for="[^"]*">([^<]*)<')
OTHER_MONEY = "Money, vouchers and gifts can all affect benefits and tax."


@pytest.fixture
def offers(policy: RatePolicy, cast: Cast) -> tuple[Offer, Offer]:
    with set_now(MONDAY):
        return invited(cast)


@pytest.fixture
def offer(offers: tuple[Offer, Offer]) -> Offer:
    """Cora's: £55.00 for a session of two hours, next Monday at 9am."""
    return offers[0]


@pytest.fixture
def cora_at(offer: Offer, cast: Cast) -> Client:
    return browser(cast.cora)


def page(client: Client, path: str) -> str:
    with set_now(MONDAY):
        answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def answer(client: Client, offer: Offer, **typed: str) -> Any:
    with set_now(MONDAY):
        return send(client, f"/invitations/{offer.pk}/answer/", **typed)


def test_the_invitation_tells_everything_before_anything_is_asked(cora_at: Client, offer: Offer) -> None:
    told = page(cora_at, f"/invitations/{offer.pk}/")
    for words in (
        "Say what helped and what did not.",
        "Monday 30 November 2026, 9am to 11am",
        "2 hours",
        "Meeting room 2, the library",
        "Step-free, hearing loop.",
        "We offer you £55.00 for your time: session, 2 hours.",
        "Fares, parking and care.",
        "55p for each of the first 10,000 miles in a tax year, then 25p.",
        "up to £5.00 when you are away for more than 5 hours",
        "within 14 days of your claim",
        "statement will say RIVERSIDE COUNCIL.",
        "Lena Link",
        "Anil Lead leads this work.",
        "less than 24 hours’ notice",
        "The review panel",
        f"{OTHER_MONEY} You can talk to someone in confidence: Listening line",
        "If you do not answer before 9:00am on 30 November 2026, you get all of it.",
    ):
        assert words in told, words


def test_its_title_says_nothing_to_who_looks_over_a_shoulder(cora_at: Client, offer: Offer) -> None:
    for path in ("", "answer/"):
        shown = page(cora_at, f"/invitations/{offer.pk}/{path}")
        title = shown.partition("<title>")[2].partition("</title>")[0]
        assert "helped" not in title
        assert "£" not in title


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ({"answer": "accepted"}, (Answer.ACCEPTED, None), "All of it: £55.00"),
        ({"answer": "less", "less_amount": "20"}, (Answer.LESS, 2000), "Less: £20.00"),
        ({"answer": "declined"}, (Answer.DECLINED, None), "None of it: only my costs"),
        ({"answer": "accepted", "less_amount": "rubbish"}, (Answer.ACCEPTED, None), "All of it: £55.00"),
        ({"answer": "declined", "less_amount": "99999"}, (Answer.DECLINED, None), "None of it"),
    ],
)
def test_each_answer_is_taken_and_confirmed_with_its_time(
    cora_at: Client,
    offer: Offer,
    typed: dict[str, str],
    stored: tuple[str, int | None],
    shown: str,
) -> None:
    sent = answer(cora_at, offer, **typed)
    assert sent.headers["Location"] == f"/invitations/{offer.pk}/answered/"
    offer.refresh_from_db()
    assert (offer.answer, offer.less_amount) == stored
    told = page(cora_at, f"/invitations/{offer.pk}/answered/")
    assert shown in told
    assert "You told us at 9:00am on 23 November 2026. You still get your costs back." in told


def test_every_answer_weighs_the_same_and_none_is_chosen_beforehand(
    cora_at: Client, offers: tuple[Offer, Offer], cast: Cast
) -> None:
    first, second = (
        page(browser(who), f"/invitations/{each.pk}/answer/")
        for who, each in zip((cast.cora, cast.dev), offers, strict=True)
    )
    for shown in (first, second):
        assert LABELS.findall(shown) == [
            "All of it: £55.00",
            "Less",
            "None of it: only my costs",
            "Nothing",
        ]
        assert "checked" not in shown
        assert "You still get your costs back, whatever you choose." in shown
        asked = shown.replace(OTHER_MONEY, "").replace("Help with money and benefits", "")
        assert not re.search(r"\b(why|reason|benefits?)\b", asked, re.IGNORECASE)


def test_only_an_amount_can_be_typed(cora_at: Client, offer: Offer) -> None:
    with set_now(MONDAY):
        form = cora_at.get(f"/invitations/{offer.pk}/answer/").context["form"]
    assert set(form.fields) == {"key", "answer", "less_amount"}


BAD_AMOUNTS = [
    ("", "Enter how much you want to take"),
    (" ", "Enter how much you want to take"),
    ("0", "must be £0.01 or more"),
    ("0.00", "must be £0.01 or more"),
    ("-5", "zero or more"),
    ("−5", "zero or more"),
    ("55", "Say an amount below what was offered, £55.00"),
    ("55.01", "Say an amount below what was offered, £55.00"),
    ("1000000", "Say an amount below what was offered, £55.00"),
    ("99999999999", "£10,000,000.00 or less"),
    ("12.345", "no more than 2 figures"),
    ("1e3", "pounds and pence"),
    ("1_000", "pounds and pence"),
    ("12,50", "pounds and pence"),
    ("twenty", "pounds and pence"),
    ("٢٠", "pounds and pence"),
    ("２０", "pounds and pence"),
    ("NaN", "pounds and pence"),
    ("Infinity", "pounds and pence"),
    ("£", "pounds and pence"),
    ("20 pounds", "pounds and pence"),
    ("<script>", "pounds and pence"),
    ("2\x000", "pounds and pence"),
    ("9" * 5000, "pounds and pence"),
]


@pytest.mark.parametrize(("typed", "message"), BAD_AMOUNTS)
def test_what_is_no_amount_below_the_offer_is_refused_at_its_box(
    cora_at: Client, offer: Offer, typed: str, message: str
) -> None:
    again = answer(cora_at, offer, answer="less", less_amount=typed)
    assert again.status_code == 422
    [told] = errors_of(again)
    assert message in told
    assert "<title>\n      Error: Your answer" in again.content.decode()
    offer.refresh_from_db()
    assert offer.answer == Answer.UNANSWERED


@pytest.mark.parametrize("typed", ["", "unanswered", "all", "ACCEPTED", "accepted\x00"])
def test_an_answer_that_is_not_offered_is_refused(cora_at: Client, offer: Offer, typed: str) -> None:
    again = answer(cora_at, offer, answer=typed)
    assert errors_of(again) == ["Select all of it, less, or none of it"]


def test_the_answer_can_change_until_the_start_and_then_no_more(cora_at: Client, offer: Offer) -> None:
    answer(cora_at, offer, answer="declined")
    answer(cora_at, offer, answer="less", less_amount="10")
    shown = page(cora_at, f"/invitations/{offer.pk}/answer/")
    assert 'value="10.00"' in shown
    key = "0" * 32
    with set_now(offer.activity.starts_at):
        late = cora_at.post(f"/invitations/{offer.pk}/answer/", {"key": key, "answer": "accepted"})
        assert late.status_code == 409
        assert "This activity has started" in late.content.decode()
        told = cora_at.get(f"/invitations/{offer.pk}/").content.decode()
    assert "Less: £10.00" in told
    assert "is settled at the start, so you cannot change this here any more" in told
    assert "The help desk, 0113 496 0000" in told
    assert f"/invitations/{offer.pk}/answer/" not in told


def test_who_does_not_answer_is_told_what_that_means(cora_at: Client, offer: Offer) -> None:
    with set_now(offer.activity.starts_at + timedelta(hours=1)):
        told = cora_at.get(f"/invitations/{offer.pk}/").content.decode()
        gone = cora_at.get(f"/invitations/{offer.pk}/answer/")
    assert "You did not answer, so it is all of it. You still get your costs back." in told
    assert gone.headers["Location"] == f"/invitations/{offer.pk}/"


def test_the_same_form_sent_twice_answers_once(cora_at: Client, offer: Offer) -> None:
    path = f"/invitations/{offer.pk}/answer/"
    with set_now(MONDAY):
        typed = {"key": "a" * 32, "answer": "declined"}
        assert [cora_at.post(path, typed).status_code for _ in range(2)] == [302, 302]
        other = cora_at.post(path, typed | {"answer": "accepted"})
    assert other.status_code == 409
    offer.refresh_from_db()
    assert offer.answer == Answer.DECLINED


def test_an_activity_without_money_for_time_has_nothing_to_answer(policy: RatePolicy, cast: Cast) -> None:
    with set_now(MONDAY):
        mine, _ = invited(cast, time_kind="", time_hours=None)
    client = browser(cast.cora)
    told = page(client, f"/invitations/{mine.pk}/")
    assert "We do not offer money for your time for this one" in told
    assert "Choose how much" not in told


def test_a_cancelled_activity_says_so_and_cannot_be_answered(
    cora_at: Client, offer: Offer, cast: Cast
) -> None:
    with set_now(MONDAY):
        cancel_activity(
            actor=cast.lena,
            activity_id=offer.activity_id,
            cancelled_by=CancelledBy.ORGANISATION,
            told_at=now(),
        )
    assert "This will not take place" in page(cora_at, f"/invitations/{offer.pk}/")
    with set_now(MONDAY):
        late = cora_at.post(f"/invitations/{offer.pk}/answer/", {"key": "b" * 32, "answer": "accepted"})
    assert late.status_code == 409


def test_an_invitation_is_there_for_the_person_alone(offers: tuple[Offer, Offer], cast: Cast) -> None:
    hers, his = offers
    with set_now(MONDAY):
        for name in ("dev", "lena", "anil", "hana", "fern", "farah", "ada", "abel", "otto", "bea"):
            client = browser(getattr(cast, name))
            for path in ("", "answer/", "answered/"):
                assert client.get(f"/invitations/{hers.pk}/{path}").status_code == 404, (name, path)
        assert browser(cast.cora).get(f"/invitations/{his.pk}/").status_code == 404
        assert browser(cast.lena).get(f"/invitations/{his.pk}/read-out/").status_code == 404


def test_a_helper_writes_a_read_out_answer_down_and_the_person_is_told(offer: Offer, cast: Cast) -> None:
    client, path = browser(cast.lena), f"/invitations/{offer.pk}/read-out/"
    with set_now(MONDAY):
        sent = send(client, path, answer="less", less_amount="7.77")
        assert sent.headers["Location"] == "/invitations/"
        listed = client.get("/invitations/").content.decode()
        again = client.get(path).content.decode()
    offer.refresh_from_db()
    assert (offer.answer, offer.less_amount, offer.answered_for) == (Answer.LESS, 777, cast.lena)
    assert "You wrote the answer down. We tell Cora Contributor that you did." in listed
    assert "7.77" not in listed + again
    assert "checked" not in again
    assert Message.objects.filter(person=cast.cora, kind=MessageKind.ANSWER_WRITTEN_DOWN).count() == 1
    assert "Lena Link wrote this down for you" in page(browser(cast.cora), f"/invitations/{offer.pk}/")


def test_a_helper_sees_the_same_page_whatever_was_answered(offer: Offer, cast: Cast) -> None:
    pages = []
    with set_now(MONDAY):
        for given, amount in ((Answer.ACCEPTED, None), (Answer.LESS, 1), (Answer.DECLINED, None)):
            answer_offer(actor=cast.cora, offer_id=offer.pk, answer=given, less_amount=amount)
            shown = browser(cast.lena).get(f"/invitations/{offer.pk}/read-out/").content.decode()
            pages.append(shown.partition("<main")[2].partition("<form")[0])
    assert pages[0] == pages[1] == pages[2]


def test_the_list_shows_the_latest_first_and_asks_no_more_for_more(
    offer: Offer, cast: Cast, cora_at: Client
) -> None:
    counts = []
    with set_now(MONDAY):
        for days in (0, 3):
            for later in range(days):
                invited(cast, title=f"Later {later}", starts_at=now() + timedelta(days=20 + later))
            with CaptureQueriesContext(connection) as asked:
                shown = cora_at.get("/invitations/").content.decode()
            counts.append(len(asked))
    assert counts[0] == counts[1]
    assert shown.index("Later 2") < shown.index("Later 0") < shown.index("What helped at home")


@pytest.mark.parametrize("kind", ["standard", "large", "easy_read"])
def test_the_sheet_comes_as_pdf_in_the_persons_print_under_a_neutral_name(
    offer: Offer, cast: Cast, kind: str
) -> None:
    cast.cora.paper_format = kind
    cast.cora.channel, cast.cora.address = Channel.POST, "1 High Street\nRiverside"
    cast.cora.save()
    with set_now(MONDAY):
        found = [browser(who).get(f"/invitations/{offer.pk}/sheet.pdf") for who in (cast.cora, cast.lena)]
    for answered in found:
        assert answered.content.startswith(b"%PDF-")
        assert answered.headers["Content-Disposition"] == f'attachment; filename="A{offer.pk:06d}.pdf"'
    assert found[0].content == found[1].content


def test_an_online_meeting_over_midnight_reads_right(policy: RatePolicy, cast: Cast) -> None:
    with set_now(MONDAY):
        starts = MONDAY.replace(day=27, hour=22, minute=30)
        mine, _ = invited(cast, starts_at=starts, ends_at=starts + timedelta(hours=2, minutes=15), place="")
        told = browser(cast.cora).get(f"/invitations/{mine.pk}/").content.decode()
    assert "Friday 27 November 2026, 10:30pm, to Saturday 28 November 2026, 12:45am" in told
    assert "2 hours 15 minutes" in told
    assert "Online" in told


def test_summer_time_is_londons(policy: RatePolicy, cast: Cast) -> None:
    with set_now(MONDAY):
        mine, _ = invited(cast, starts_at=MONDAY.replace(year=2027, month=7, day=5, hour=11))
        told = browser(cast.cora).get(f"/invitations/{mine.pk}/").content.decode()
    assert "Monday 5 July 2027, midday to 2pm" in told


def test_what_is_typed_by_the_organisation_is_text_and_never_markup(policy: RatePolicy, cast: Cast) -> None:
    with set_now(MONDAY):
        mine, _ = invited(cast, title="<b>Tea</b>", purpose="<script>alert(1)</script>")
        told = browser(cast.cora).get(f"/invitations/{mine.pk}/").content.decode()
    assert "&lt;b&gt;Tea&lt;/b&gt;" in told
    assert "<script>alert" not in told


def test_a_helper_without_anything_to_come_is_told_what_will_be_here(cast: Cast, policy: RatePolicy) -> None:
    with set_now(MONDAY):
        meeting(cast)
        assert "Nothing to come" in browser(cast.lena).get("/invitations/").content.decode()
