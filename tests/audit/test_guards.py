"""Every guard of the trail refuses what it is there for, and start-up notices when one is gone."""

import re
from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, transaction

from audit import guards
from audit.models import Event, PersonKey, Seal
from audit.services import seal
from tests.attempts import Attempt, here, judge, truncatable, untried
from tests.cast import Cast

postgresql_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own ways")


@dataclass(frozen=True)
class Ids:
    """Keys of what stands in the trail: a sealed event, and Cora's and Dev's keys."""

    event: int
    digest: str
    seal: int
    hash: str
    cora: int
    dev: int


@pytest.fixture
def ids(cast: Cast) -> Ids:
    link = seal()
    assert link is not None
    event = Event.objects.earliest("pk")
    for person in (cast.cora, cast.dev):
        PersonKey.objects.get(person_id=person.pk)
    return Ids(event.pk, event.digest, link.pk, link.hash, cast.cora.pk, cast.dev.pk)


def event(i: Ids, digest: str, key: str = "", verb: str = "INSERT") -> str:
    column, value = ("id, ", f"{key}, ") if key else ("", "")
    return (
        f"{verb} INTO audit_event ({column}at, action, subject_type, subject_id, version, commitment, digest)"
        f" VALUES ({value}'2026-11-04 10:00:00', 'person:added', 'people.person', 1, 0, 'c', '{digest}')"
    )


def link(number: int, previous: str, hashed: str, verb: str = "INSERT") -> str:
    return (
        f"{verb} INTO audit_seal (number, at, size, previous_hash, hash)"
        f" VALUES ({number}, '2026-11-04 10:00:00', 1, '{previous}', '{hashed}')"
    )


REPLACE = "INSERT OR REPLACE"
EVENT, PAYLOAD, SEAL, PLACE = ("event_stays",), ("payload_stays",), ("seal_stays",), ("sealed_event_stays",)
ERASED = ("person_key_only_destroyed",)
DESTROY = "sealed = NULL, destroyed_at = '2026-11-04 10:00:00'"
ATTEMPTS = [
    Attempt(
        "change an event", EVENT, ("event_unchanged",), lambda i: ["UPDATE audit_event SET actor_id = 9"]
    ),
    Attempt(
        "remove an event", EVENT, ("event_kept",), lambda i: [f"DELETE FROM audit_event WHERE id = {i.event}"]
    ),
    Attempt(
        "replace an event",
        (),
        ("event_not_replaced",),
        lambda i: [event(i, "other", str(i.event), REPLACE)],
    ),
    Attempt("replace by digest", (), ("event_not_replaced",), lambda i: [event(i, i.digest, verb=REPLACE)]),
    Attempt(
        "change words",
        PAYLOAD,
        ("payload_unchanged",),
        lambda i: ["UPDATE audit_payload SET sealed = sealed"],
    ),
    Attempt("remove words", PAYLOAD, ("payload_kept",), lambda i: ["DELETE FROM audit_payload"]),
    Attempt(
        "replace words",
        (),
        ("payload_not_replaced",),
        lambda i: [f"{REPLACE} INTO audit_payload (event_id, sealed) VALUES ({i.event}, x'00')"],
    ),
    Attempt("change a seal", SEAL, ("seal_unchanged",), lambda i: ["UPDATE audit_seal SET size = 1"]),
    Attempt(
        "remove a seal", SEAL, ("seal_kept",), lambda i: [f"DELETE FROM audit_seal WHERE number = {i.seal}"]
    ),
    Attempt("replace a seal", (), ("seal_not_replaced",), lambda i: [link(i.seal, "p", "h", REPLACE)]),
    Attempt("replace by hash", (), ("seal_not_replaced",), lambda i: [link(99, "p", i.hash, REPLACE)]),
    Attempt(
        "change a place",
        PLACE,
        ("sealed_event_unchanged",),
        lambda i: ["UPDATE audit_sealedevent SET position = position + 1000"],
    ),
    Attempt("remove a place", PLACE, ("sealed_event_kept",), lambda i: ["DELETE FROM audit_sealedevent"]),
    Attempt(
        "replace a place",
        (),
        ("sealed_event_not_replaced",),
        lambda i: [
            f"{REPLACE} INTO audit_sealedevent (event_id, seal_id, position)"
            f" VALUES ({i.event}, {i.seal}, 999)"
        ],
    ),
    Attempt(
        "change a key",
        ERASED,
        ERASED,
        lambda i: [f"UPDATE audit_personkey SET sealed = sealed WHERE person_id = {i.cora}"],
    ),
    Attempt(
        "bring a key back",
        ERASED,
        ERASED,
        lambda i: [
            f"UPDATE audit_personkey SET {DESTROY} WHERE person_id = {i.cora}",
            "UPDATE audit_personkey SET sealed = (SELECT sealed FROM audit_personkey"
            f" WHERE person_id = {i.dev}), destroyed_at = NULL WHERE person_id = {i.cora}",
        ],
    ),
    Attempt(
        "give a key to somebody else",
        ERASED,
        ERASED,
        lambda i: [f"UPDATE audit_personkey SET person_id = 999999, {DESTROY} WHERE person_id = {i.cora}"],
    ),
    Attempt(
        "remove a key",
        ("person_key_stays",),
        ("person_key_kept",),
        lambda i: [f"DELETE FROM audit_personkey WHERE person_id = {i.cora}"],
    ),
    Attempt(
        "replace a key",
        (),
        ("person_key_not_replaced",),
        lambda i: [f"{REPLACE} INTO audit_personkey (person_id, sealed) VALUES ({i.cora}, x'00')"],
    ),
]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_database_refuses_to(attempt: Attempt, ids: Ids) -> None:
    judge(attempt, ids)


def test_every_guard_of_the_trail_is_tried() -> None:
    assert untried(ATTEMPTS, ("audit_",)) == set()


@pytest.mark.parametrize("table", truncatable())
def test_no_guarded_table_can_be_emptied(table: str, cast: Cast) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        guards.remove(connection)
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_destroying_a_key_is_allowed_once(ids: Ids) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_personkey SET {DESTROY} WHERE person_id = {ids.cora}")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"UPDATE audit_personkey SET {DESTROY} WHERE person_id = {ids.cora}")


def test_a_seal_keeps_what_it_sealed(ids: Ids) -> None:
    assert Seal.objects.get().size == Event.objects.count()


def test_start_up_is_content_when_every_guard_is_there(cast: Cast) -> None:
    call_command("check", databases=["default"], tags=["database"], stdout=StringIO())


@pytest.mark.parametrize(
    "guard", [pytest.param(each, id=each.name) for each in guards.expected(connection.vendor) if each.table]
)
def test_start_up_names_a_guard_that_is_gone(guard: guards.Guard, cast: Cast) -> None:
    with (
        guards.without(guard.name),
        pytest.raises(SystemCheckError, match=f"{guard.name} on {guard.table} is missing"),
    ):
        call_command("check", databases=["default"], tags=["database"])


def test_start_up_names_a_guard_that_was_altered(cast: Cast) -> None:
    guard = next(each for each in guards.expected(connection.vendor) if each.table == "audit_event")
    body = (
        "BEFORE DELETE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        if connection.vendor == "postgresql"
        else "BEFORE UPDATE ON audit_event WHEN false BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with guards.without(guard.name), connection.cursor() as cursor:
        cursor.execute(f"CREATE TRIGGER {guard.name} {body}")
        assert guards.disagreements() == [f"guard {guard.name} on audit_event is switched off or altered"]
        cursor.execute(
            f"DROP TRIGGER {guard.name}{' ON audit_event' if connection.vendor == 'postgresql' else ''}"
        )


def test_start_up_names_a_trigger_that_is_not_ours(cast: Cast) -> None:
    sql = next(each.sql for each in guards.expected(connection.vendor) if each.table == "audit_event")
    with connection.cursor() as cursor:
        cursor.execute(re.sub(r"TRIGGER \w+", "TRIGGER quietly_alters", sql))
    assert guards.disagreements() == ["quietly_alters on audit_event is no guard of ours"]
    guards.install()
    assert guards.disagreements() == []


@postgresql_only
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("ALTER TABLE audit_event DISABLE TRIGGER event_stays", "event_stays on audit_event is switched off"),
        ("ALTER TABLE audit_seal DISABLE TRIGGER ALL", "the foreign keys of audit_seal are switched off"),
        ("SET LOCAL session_replication_role = replica", "session_replication_role"),
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END $$",
            "function refuse_change is missing or altered",
        ),
    ],
)
def test_start_up_names_what_else_was_switched_off(sql: str, said: str, cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert said in " ".join(guards.disagreements())
