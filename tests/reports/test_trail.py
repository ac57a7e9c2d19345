"""The auditor's trail: narrowed by who, what, record, project and days, page by page, by indexed look-ups."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.actions import Action
from audit.models import Event
from audit.queries import Wanted, events_wanted
from common.dates import now, set_now, today
from people.services import add_person
from tests.cast import Cast
from tests.databases import in_made
from tests.payments.office import MONDAY
from tests.people.browsers import browser, errors_of
from tests.web.world import World, make_world


@pytest.fixture
def world(cast: Cast) -> Iterator[World]:
    with set_now(MONDAY), in_made("world", lambda: make_world(cast)) as found:
        yield found


@pytest.fixture
def ada(world: World) -> Client:
    return browser(world.cast.ada)


def shown(client: Client, **asked: Any) -> Any:
    answer = client.get("/trail/", {name.replace("_", "-"): str(value) for name, value in asked.items()})
    assert answer.status_code == 200, errors_of(answer)
    return answer.context["trail"]


def expected(world: World, **chosen: Any) -> int:
    return Event.objects.filter(organisation_id=world.cast.riverside.pk, **chosen).count()


def total(client: Client, **asked: Any) -> int:
    """How many events there are on all pages."""
    page, count = shown(client, **asked), 0
    while True:
        count += len(page.rows)
        if not page.older:
            return count
        page = client.get(f"/trail/{page.older}").context["trail"]


def test_each_filter_shows_what_it_asks_for_and_nothing_else(world: World, ada: Client) -> None:
    cast, day = world.cast, {"since_day": 23, "since_month": 11, "since_year": 2026}
    cases: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, {}),
        ({"who": cast.fern.number}, {"actor_id": cast.fern.pk}),
        ({"who": cast.cora.number}, {"actor_id": cast.cora.pk}),
        ({"who": "system"}, {"actor_id__isnull": True}),
        ({"what": "claim:"}, {"action__startswith": "claim:"}),
        ({"what": Action.RUN_RELEASED}, {"action": Action.RUN_RELEASED}),
        ({"kind": "payments.paymentrun"}, {"subject_type": "payments.paymentrun"}),
        (
            {"kind": "claims.claim", "record": world.paid.pk},
            {"subject_type": "claims.claim", "subject_id": world.paid.pk},
        ),
        ({"project": cast.project.pk}, {"project_id": cast.project.pk}),
        (day, {"at__gte": now() - timedelta(hours=9)}),
        ({name.replace("since", "until"): part for name, part in day.items()}, {}),
        (day | {"who": cast.anil.number}, {"actor_id": cast.anil.pk, "at__gte": now() - timedelta(hours=9)}),
    ]
    for asked, chosen in cases:
        assert total(ada, **asked) == expected(world, **chosen), asked


def test_the_end_of_a_day_belongs_to_it_and_the_next_day_does_not(world: World, ada: Client) -> None:
    parts = {"until_day": 22, "until_month": 11, "until_year": 2026}
    assert total(ada, **parts) == expected(world, at__lt=now() - timedelta(hours=9))


def test_filters_are_kept_from_page_to_page(world: World, ada: Client) -> None:
    first = shown(ada, who=world.cast.abel.number, since_day=1, since_month=4, since_year=2025)
    kept = f"who={world.cast.abel.number}&since-day=1&since-month=4&since-year=2025&"
    assert first.filters.kept() == kept
    assert first.older == "" or first.older.startswith(f"?{kept}before=")


def test_nothing_of_another_organisation_is_shown(world: World, ada: Client) -> None:
    cast = world.cast
    for asked in ({"project": cast.strange_project.pk}, {"who": cast.otto.number}):
        answer = ada.get("/trail/", asked)
        assert not answer.context["trail"].rows
    assert total(ada, kind="claims.claim", record=world.strange.pk) == 0


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"who": "P999999"}, "Select who did it"),
        ({"who": "Fern Finance"}, "Select who did it"),
        ({"what": "claim:eaten"}, "Select what was done"),
        ({"kind": "auth.user"}, "Select a kind of record"),
        ({"project": "-1"}, "Select a project"),
        ({"since-day": "31", "since-month": "2", "since-year": "2026"}, "must be a real date"),
        ({"since-day": "1"}, "must include a month and year"),
        ({"since-day": "1", "since-month": "1", "since-year": "2031"}, "today or in the past"),
        (
            {"since-day": "2", "since-month": "2", "since-year": "2026"}
            | {"until-day": "1", "until-month": "2", "until-year": "2026"},
            "on or after the first day",
        ),
        ({"handle": "C999999"}, "no such record"),
        ({"handle": "\x00"}, "hidden control character"),
        ({"handle": "x" * 3000}, "20 characters or fewer"),
    ],
)
def test_what_cannot_be_understood_is_said_at_its_field(asked: dict[str, str], says: str, cast: Cast) -> None:
    answer = browser(cast.ada).get("/trail/", asked)
    assert answer.status_code == 422
    assert says in " ".join(errors_of(answer))
    assert "handle" in asked or not answer.context["trail"].rows


def test_the_history_of_a_record_is_found_by_its_number(world: World, ada: Client) -> None:
    cast, run, payment = world.cast, world.run, world.payment
    found = {
        world.paid.reference: f"/history/claim/{world.paid.reference}/",
        world.paid.reference.lower(): f"/history/claim/{world.paid.reference}/",
        cast.cora.number: f"/history/person/{cast.cora.number}/",
        payment.reference: f"/history/payment/{payment.pk}/",
        f"run {run.number}": f"/history/run/{run.pk}/",
        "proj-a": f"/history/project/{cast.project.pk}/",
    }
    for handle, address in found.items():
        assert ada.get("/trail/", {"handle": handle}).headers["Location"] == address
        assert ada.get(address).status_code == 200
    for handle in (world.strange.reference, cast.otto.number, "PROJ-X"):
        assert ada.get("/trail/", {"handle": handle}).status_code == 422


def test_any_record_of_a_row_leads_to_everything_about_it(world: World, ada: Client) -> None:
    row = shown(ada, what=Action.BANK_ACCOUNT_ADDED).rows[0]
    assert len(ada.get(f"/trail/{row.by_record}").context["trail"].rows) >= 1
    by_who = ada.get(f"/trail/{row.by_who}").context["trail"]
    assert {each.who for each in by_who.rows} == {"Fern Finance"}


def test_no_name_stands_in_any_address(world: World, ada: Client) -> None:
    page = ada.get("/trail/").content.decode()
    addresses = re.findall(r'href="([^"]*)"', page)
    assert not [each for each in addresses if re.search("fern|cora|anil|finance", each, re.IGNORECASE)]


def test_a_page_asks_no_more_for_more_events(world: World, ada: Client) -> None:
    asked = []
    for number in range(2):
        with CaptureQueriesContext(connection) as seen:
            shown(ada, what="person:")
        asked.append(len(seen))
        for each in range(5):
            add_person(actor=world.cast.abel, name="Pat", email=f"pat{number}{each}@example.org")
    assert asked[0] == asked[1] <= 11


WAYS = [
    Wanted(),
    Wanted(actor_id=7),
    Wanted(actor_id=0),
    Wanted(actions=frozenset({"run:released"})),
    Wanted(actions=frozenset({"claim:started", "claim:submitted", "claim:withdrawn"})),
    Wanted(subject_type="claims.claim"),
    Wanted(subject_type="claims.claim", subject_id=41),
    Wanted(project_id=3),
    Wanted(since=MONDAY, before=MONDAY + timedelta(days=1)),
    Wanted(actor_id=7, actions=frozenset({"claim:submitted"}), project_id=3, since=MONDAY),
]


@pytest.mark.parametrize("wanted", WAYS)
def test_every_filter_is_an_indexed_look_up(wanted: Wanted, cast: Cast) -> None:
    events = events_wanted([cast.riverside.pk], wanted).filter(pk__lt=10**9).order_by("-pk")[:51]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows would be read as they lie
        plan = events.explain()
    assert "USING INDEX event_" in plan or "Index" in plan, plan
    assert not re.search(r"SCAN audit_event\b|Seq Scan", plan), plan


def test_without_its_index_a_filter_would_read_everything(cast: Cast) -> None:
    events = Event.objects.filter(version=3)
    plan = events.explain()
    assert re.search(r"SCAN audit_event\b|Seq Scan", plan), plan


def test_today_is_a_day_like_any_other(ada: Client) -> None:
    day = today()
    assert shown(ada, until_day=day.day, until_month=day.month, until_year=day.year).rows
