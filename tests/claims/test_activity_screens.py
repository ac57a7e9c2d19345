"""Activities are set up, changed and cancelled on screen, and people asked; never is an answer shown."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from claims.models import Activity, Answer, CancelledBy, Claim, Offer
from claims.services.activities import cancel_activity
from claims.services.activity_changes import change_activity, invite
from claims.services.offers import answer_offer
from common.dates import now, set_now
from common.errors import DomainError, IllegalMove, NotPermitted
from people.models import Message
from tests.cast import Cast
from tests.claims.meetings import meeting
from tests.people.browsers import browser, errors_of
from tests.people.setup.screens import day, filled, send

pytestmark = pytest.mark.usefixtures("policy")

TYPED = {
    "title": "What helped",
    "purpose": "Say what helped.",
    **day("day", 3, 12, 2027),
    "starts": "10.30am",
    "ends": "1pm",
    "costs_met": "Fares.",
    "time_hours": "2.5",
}


@pytest.fixture
def lena(cast: Cast) -> Client:
    """Lena at the screen."""
    return browser(cast.lena)


@pytest.fixture
def activity(cast: Cast) -> Activity:
    """A session of two hours in a week's time."""
    return meeting(cast, starts_at=(now() + timedelta(days=7)).replace(second=0, microsecond=0))


def asked(cast: Cast, activity: Activity) -> Activity:
    """Cora and Dev are asked."""
    return invite(actor=cast.lena, activity_id=activity.pk, contributor_ids=[cast.cora.pk, cast.dev.pk])


def test_an_activity_is_set_up_in_london_time(lena: Client, cast: Cast) -> None:
    where = send(lena, f"/activities/add/{cast.project.pk}/", **TYPED).headers["Location"]
    made = Activity.objects.get(title="What helped")
    assert where == f"/activities/{made.pk}/"
    assert made.starts_at == datetime(2027, 12, 3, 10, 30, tzinfo=UTC)
    assert made.ends_at == datetime(2027, 12, 3, 13, 0, tzinfo=UTC)
    assert (made.time_kind, made.time_hours, made.link_person) == ("session", Decimal("2.5"), cast.lena)
    assert "2.5 hours (session)" in lena.get(where).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"starts": "later"}, "The start time must be a time, like 10:30am or 14:15"),
        ({"starts": "25:00"}, "The start time must be a real time, like 10:30am or 14:15"),
        ({"starts": "13pm"}, "The start time must be a real time, like 10:30am or 14:15"),
        ({"starts": ""}, "Enter the start time"),
        ({"ends": "9am"}, "The end time must be after the start time"),
        (day("day", 31, 2, 2027), "The day must be a real date, like 27 3 2026"),
        (
            {**day("day", 28, 3, 2027), "starts": "1:30"},
            "This time is skipped on that day, because the clocks change",
        ),
        ({"time_hours": ""}, "Enter the number of hours"),
        ({"time_hours": "0"}, "The number of hours must be between 0.25 and 100"),
        ({"time_kind": "none"}, "Leave this empty, or choose which time you offer money for"),
        ({"time_kind": "sleeping"}, "Select what time you offer money for"),
        ({"link_person": "1"}, "Select who people ask"),
        ({"title": ""}, "Enter a title"),
        ({"purpose": "x" * 2001}, "What it is for must be 2000 characters or fewer"),
    ],
)
def test_a_bad_activity_is_refused_in_words_and_nothing_typed_is_lost(
    lena: Client, cast: Cast, typed: dict[str, str], words: str
) -> None:
    answer = send(lena, f"/activities/add/{cast.project.pk}/", **{**TYPED, "access": "A ramp", **typed})
    assert answer.status_code == 422
    assert errors_of(answer) == [words]
    assert "A ramp" in answer.content.decode()
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("clock", "hour", "minute"),
    [
        ("9", 9, 0),
        ("9am", 9, 0),
        ("12am", 0, 0),
        ("12 PM", 12, 0),
        ("midday", 12, 0),
        ("2:15pm", 14, 15),
        ("14.15", 14, 15),
    ],
)
def test_a_time_is_understood_as_people_write_it(
    lena: Client, cast: Cast, clock: str, hour: int, minute: int
) -> None:
    send(lena, f"/activities/add/{cast.project.pk}/", **{**TYPED, "starts": clock, "ends": "11pm"})
    assert Activity.objects.get().starts_at == datetime(2027, 12, 3, hour, minute, tzinfo=UTC)


def test_several_people_are_asked_at_once_and_told(lena: Client, cast: Cast, activity: Activity) -> None:
    people = [str(cast.cora.pk), str(cast.dev.pk)]
    assert send(lena, f"/activities/{activity.pk}/ask/", contributors=people).status_code == 302
    assert set(Offer.objects.values_list("contributor__name", "amount")) == {
        ("Cora Contributor", 5500),
        ("Dev Contributor", 5500),
    }
    assert Message.objects.filter(kind="offer_made").count() == 2
    assert "Everybody is asked already" in lena.get(f"/activities/{activity.pk}/ask/").content.decode()


def test_the_same_form_sent_twice_asks_once(lena: Client, cast: Cast, activity: Activity) -> None:
    path = f"/activities/{activity.pk}/ask/"
    typed = filled(lena.get(path).content) | {"contributors": [str(cast.cora.pk)]}
    assert [lena.post(path, typed).status_code for _ in range(2)] == [302, 302]
    assert Offer.objects.count() == 1


@pytest.mark.parametrize("chosen", [[], ["999999"], ["1"], ["x"]])
def test_only_contributors_of_the_project_are_asked(
    lena: Client, activity: Activity, chosen: list[str]
) -> None:
    answer = send(lena, f"/activities/{activity.pk}/ask/", contributors=chosen)
    assert errors_of(answer) == ["Select at least one person"]
    assert not Offer.objects.exists()


def test_all_are_asked_or_nobody(cast: Cast, activity: Activity) -> None:
    with pytest.raises(DomainError, match="Only a contributor of this project"):
        invite(actor=cast.lena, activity_id=activity.pk, contributor_ids=[cast.cora.pk, cast.anil.pk])
    assert not Offer.objects.exists()


def test_no_answer_shows_on_any_page_of_staff(lena: Client, cast: Cast, activity: Activity) -> None:
    """The pages are the same, whatever anybody answered."""
    asked(cast, activity)
    paths = ["/activities/", f"/activities/{activity.pk}/", f"/activities/{activity.pk}/change/"]
    before = [plain(lena, path) for path in paths]
    for person, answer in ((cast.cora, Answer.DECLINED), (cast.dev, Answer.ACCEPTED)):
        answer_offer(actor=person, offer_id=Offer.objects.get(contributor=person).pk, answer=answer)
    assert [plain(lena, path) for path in paths] == before
    assert not any("£" in page for page in before)


def plain(client: Client, path: str) -> str:
    """A page without its tokens and keys, which are drawn afresh each time."""
    return re.sub(r'value="[A-Za-z0-9]{32,64}"', "", client.get(path).content.decode())


def test_an_activity_is_changed_until_it_starts(lena: Client, cast: Cast, activity: Activity) -> None:
    send(lena, f"/activities/{activity.pk}/change/", place="Room 9", time_hours="3")
    changed = Activity.objects.get()
    assert (changed.place, changed.time_hours, changed.starts_at) == (
        "Room 9",
        Decimal(3),
        activity.starts_at,
    )
    with set_now(activity.starts_at):
        answer = send(lena, f"/activities/{activity.pk}/change/", place="Room 10")
    assert answer.status_code == 409
    assert Activity.objects.get().place == "Room 9"


def test_the_time_offered_stays_once_people_are_asked(lena: Client, cast: Cast, activity: Activity) -> None:
    asked(cast, activity)
    answer = send(lena, f"/activities/{activity.pk}/change/", time_hours="3")
    assert errors_of(answer) == ["People were already asked, so the time they were offered money for stays"]
    assert send(lena, f"/activities/{activity.pk}/change/", place="Room 9").status_code == 302
    assert set(Offer.objects.values_list("amount", flat=True)) == {5500}


def test_a_day_with_another_rate_is_refused_once_people_are_asked(cast: Cast) -> None:
    """The policy paid £50 for two hours until 15 December 2025."""
    starts_at = datetime(2025, 12, 17, 10, 0, tzinfo=UTC)
    with set_now(datetime(2025, 12, 1, 9, 0, tzinfo=UTC)):
        early = asked(cast, meeting(cast, starts_at=starts_at))
        fields = ("title", "purpose", "costs_met", "time_kind", "time_hours", "link_person")
        kept = {name: getattr(early, name) for name in fields}
        for days, refused in ((-2, True), (2, False)):
            moved = {name: getattr(early, name) + timedelta(days=days) for name in ("starts_at", "ends_at")}
            change = {"actor": cast.lena, "activity_id": early.pk, **kept, **moved}
            if refused:
                with pytest.raises(DomainError, match="another rate applies"):
                    change_activity(**change)
            else:
                assert change_activity(**change).starts_at == starts_at + timedelta(days=2)


def test_a_stale_change_is_refused(lena: Client, cast: Cast, activity: Activity) -> None:
    path = f"/activities/{activity.pk}/change/"
    stale = filled(lena.get(path).content)
    send(browser(cast.anil), path, place="Room 9")
    answer = lena.post(path, stale | {"place": "Room 7"})
    assert answer.status_code == 409
    assert "Anil Lead changed this after you opened it: place" in answer.content.decode()


def cancelled(lena: Client, activity: Activity, told: datetime) -> tuple[Any, Any]:
    """The page that shows what follows, and the answer to being sure."""
    path = f"/activities/{activity.pk}/cancel/"
    typed = {**day("told_on", told.day, told.month, told.year), "told_time": f"{told:%H:%M}"}
    shown = send(lena, path, cancelled_by="organisation", **typed)
    return shown, lena.post(path, filled(shown.content))


def test_a_late_cancellation_says_what_follows_then_opens_claims(lena: Client, cast: Cast) -> None:
    activity = asked(cast, meeting(cast, starts_at=datetime(2027, 12, 3, 10, 30, tzinfo=UTC)))
    told = datetime(2027, 12, 2, 20, 35, tzinfo=UTC)
    with set_now(told + timedelta(minutes=5)):
        shown, done = cancelled(lena, activity, told)
    page = " ".join(shown.content.decode().split())
    assert "That was 13 hours and 55 minutes of notice." in page
    assert "We promise 24 hours." in page
    assert "2 people who were asked are told" in page
    assert "gets a claim for the time that was planned" in page
    assert "£" not in page
    assert done.headers["Location"] == f"/activities/{activity.pk}/"
    assert Claim.objects.filter(activity=activity, status="submitted").count() == 2


def test_a_cancellation_in_good_time_opens_no_claims(lena: Client, cast: Cast) -> None:
    activity = asked(cast, meeting(cast, starts_at=datetime(2027, 12, 3, 10, 30, tzinfo=UTC)))
    told = datetime(2027, 12, 1, 9, 0, tzinfo=UTC)
    with set_now(told + timedelta(minutes=5)):
        shown, _ = cancelled(lena, activity, told)
    assert "This is in good time" in shown.content.decode()
    assert not Claim.objects.exists()


def test_looking_at_what_follows_changes_nothing(lena: Client, cast: Cast, activity: Activity) -> None:
    path, told = f"/activities/{activity.pk}/cancel/", now() - timedelta(hours=1)
    typed = {**day("told_on", told.day, told.month, told.year), "told_time": f"{told:%H:%M}"}
    assert send(lena, path, cancelled_by="organisation", **typed).status_code == 200
    assert Activity.objects.get().cancelled_by == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"cancelled_by": ""}, "Select who called it off"),
        ({"told_time": "in an hour"}, "The time people were told must be a time, like 10:30am or 14:15"),
        (day("told_on", 1, 1, 2097), "The day people were told must be today or in the past"),
    ],
)
def test_a_cancellation_without_its_facts_is_refused(
    lena: Client, activity: Activity, typed: dict[str, str], words: str
) -> None:
    whole = {"cancelled_by": "organisation", **day("told_on", 1, 6, 2026), "told_time": "9am"}
    answer = send(lena, f"/activities/{activity.pk}/cancel/", **{**whole, **typed})
    assert errors_of(answer) == [words]


def test_a_cancelled_activity_is_left_as_it_is(cast: Cast, activity: Activity) -> None:
    cancel_activity(
        actor=cast.lena,
        activity_id=activity.pk,
        cancelled_by=CancelledBy.ORGANISATION,
        told_at=now(),
    )
    with pytest.raises(IllegalMove, match="is cancelled"):
        invite(actor=cast.lena, activity_id=activity.pk, contributor_ids=[cast.cora.pk])


@pytest.mark.parametrize("name", ["cora", "hana", "fern", "farah", "ada", "abel", "bea", "otto"])
def test_only_link_people_and_the_lead_ask(cast: Cast, activity: Activity, name: str) -> None:
    with pytest.raises(NotPermitted):
        invite(actor=getattr(cast, name), activity_id=activity.pk, contributor_ids=[cast.cora.pk])
    assert not Offer.objects.exists()


def test_the_list_costs_the_same_however_long_it_is(
    lena: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        meeting(cast)
    with django_assert_max_num_queries(10):
        assert lena.get("/activities/").status_code == 200
