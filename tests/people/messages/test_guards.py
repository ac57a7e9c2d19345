"""Raw SQL cannot change what somebody was told, or that they were told."""

from dataclasses import dataclass
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from common.workflow import pairs
from people.models import Message, MessageKind, Person, PrintPack
from people.services.messages import tell
from people.services.print_packs import print_letters
from people.workflow import MESSAGE_MOVES, MessageStatus
from tests.attempts import Attempt, here, judge, untried
from tests.cast import Cast
from tests.worlds import world

DONE = "done_at = '2026-11-23 09:00:00'"
REPLACE = "INSERT OR REPLACE"


@dataclass(frozen=True)
class Ids:
    waiting: int
    printed: int
    pack: int
    person: int
    organisation: int
    actor: int


@world
def ids(quiet: Cast, pat: Person) -> Ids:
    pack = print_letters(actor=quiet.abel, organisation=quiet.riverside)
    waiting = tell(
        person=pat,
        organisation=quiet.riverside,
        kind=MessageKind.CLAIM_DECIDED,
        source="claim:1:decided",
        reference="C000001",
    )
    printed = pack.messages.latest("pk")
    return Ids(waiting.pk, printed.pk, pack.pk, pat.pk, quiet.riverside.pk, quiet.abel.pk)


def update(changes: str, key: int) -> list[str]:
    return [f"UPDATE people_message SET {changes} WHERE id = {key}"]


def insert(i: Ids, source: str, key: int | None = None) -> list[str]:
    column, value = ("id, ", f"{key}, ") if key else ("", "")
    return [
        f"{REPLACE} INTO people_message ({column}person_id, organisation_id, kind, reference, source, status,"
        f" created_at) VALUES ({value}{i.person}, {i.organisation}, 'role_given', '', '{source}', 'waiting',"
        " '2026-11-23 09:00:00')"
    ]


ABOUT = (("message_moves",), ("message_stays_what_it_is",))
WENT = (("message_moves",), ("message_that_went_stays",))
KEPT = (("message_kept",), ("message_kept",))
ATTEMPTS = [
    Attempt("tell somebody else", *ABOUT, lambda i: update(f"person_id = {i.actor}", i.waiting)),
    Attempt("tell something else", *ABOUT, lambda i: update("kind = 'role_given'", i.waiting)),
    Attempt("name somebody", *ABOUT, lambda i: update("reference = 'Pat'", i.waiting)),
    Attempt("name another day", *ABOUT, lambda i: update("day = '2026-01-01'", i.waiting)),
    Attempt("name another event", *ABOUT, lambda i: update("source = 'x'", i.waiting)),
    Attempt("date it back", *ABOUT, lambda i: update("created_at = '2026-01-01 09:00:00'", i.waiting)),
    Attempt("change when it went", *WENT, lambda i: update(DONE.replace("23", "24"), i.printed)),
    Attempt("change how it went", *WENT, lambda i: update("status = status, taken_at = done_at", i.printed)),
    Attempt("remove a message", *KEPT, lambda i: [f"DELETE FROM people_message WHERE id = {i.waiting}"]),
    Attempt("replace a message", (), ("message_not_replaced",), lambda i: insert(i, "new", i.waiting)),
    Attempt("replace by event", (), ("message_not_replaced",), lambda i: insert(i, "claim:1:decided")),
    Attempt(
        "bring a message back to waiting",
        ("message_moves",),
        (),
        lambda i: update("status = 'waiting', done_at = NULL, pack_id = NULL", i.printed),
    ),
    Attempt(
        "go back from failed to waiting",
        ("message_moves",),
        ("message_moves",),
        lambda i: ["UPDATE people_message SET status = 'waiting' WHERE status = 'failed'"],
    ),
    Attempt(
        "change a pack",
        ("print_pack_stays",),
        ("print_pack_unchanged",),
        lambda i: ["UPDATE people_printpack SET count = 9"],
    ),
    Attempt(
        "remove a pack",
        ("print_pack_stays",),
        ("print_pack_kept",),
        lambda i: [f"DELETE FROM people_printpack WHERE id = {i.pack}"],
    ),
    Attempt(
        "replace a pack",
        (),
        ("print_pack_not_replaced",),
        lambda i: [
            f"{REPLACE} INTO people_printpack (id, organisation_id, made_by_id, made_at, count)"
            f" VALUES ({i.pack}, {i.organisation}, {i.actor}, '2026-11-23 09:00:00', 1)"
        ],
    ),
]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_database_refuses_to(attempt: Attempt, ids: Ids) -> None:
    if "failed" in attempt.what:
        Message.objects.filter(pk=ids.waiting).update(status=MessageStatus.FAILED)
    if attempt.what == "remove a pack":
        empty = PrintPack.objects.create(organisation_id=ids.organisation, made_by_id=ids.actor, count=1)
        ids = Ids(ids.waiting, ids.printed, empty.pk, ids.person, ids.organisation, ids.actor)
    judge(attempt, ids)


def test_every_guard_of_messages_is_tried() -> None:
    assert untried(ATTEMPTS, ("people_message", "people_printpack")) == set()


MOVES = [move for move in product(["waiting", "failed"], sorted(MessageStatus)) if move[0] != move[1]]


@pytest.mark.parametrize(("old", "new"), MOVES)
def test_the_database_allows_the_moves_of_the_table_and_no_others(old: str, new: str, ids: Ids) -> None:
    Message.objects.filter(pk=ids.waiting).update(status=old)
    done = "NULL" if new in ("waiting", "failed") else "'2026-11-23 09:00:00'"
    pack = ids.pack if new == "printed" else "NULL"
    allowed = (old, new) in pairs(MESSAGE_MOVES)
    refused = False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(update(f"status = '{new}', done_at = {done}, pack_id = {pack}", ids.waiting)[0])
    except IntegrityError:
        refused = True
    assert refused is not allowed


def test_a_message_that_went_says_when(ids: Ids) -> None:
    with pytest.raises(IntegrityError, match="a_message_that_went_says_when"), transaction.atomic():
        Message.objects.filter(pk=ids.waiting).update(status="sent")


def test_a_printed_message_is_in_a_pack(ids: Ids, quiet: Cast) -> None:
    with pytest.raises(IntegrityError, match="a_printed_message_is_in_a_pack"), transaction.atomic():
        Message.objects.filter(pk=ids.waiting).update(status="printed", done_at="2026-11-23T09:00:00Z")


def test_nobody_is_told_of_the_same_event_twice(ids: Ids) -> None:
    again = Message.objects.get(pk=ids.waiting)
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)
