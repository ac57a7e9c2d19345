"""A part with a hand on money counts only when a second person has confirmed it."""

import functools
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from audit.models import Event
from common.dates import now, today
from common.errors import DomainError, IllegalMove, NotPermitted
from people.models import CONFIRMED_KINDS, PROJECT_ROLES, Message, Person, Role, RoleKind
from people.permissions import holds, holds_in
from people.services import add_login, add_organisation, add_person, confirm_role, end_role, grant_role
from people.standing import Standing
from tests.attempts import Attempt, here, judge, untried
from tests.cast import Cast


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    """Somebody who can sign in and has no part yet."""
    person = add_person(actor=cast.abel, name="Nia New", email="nia@example.org")
    add_login(actor=cast.abel, person=person, email="nia@example.org")
    return person


def given(cast: Cast, person: Person, kind: RoleKind = RoleKind.APPROVER) -> Role:
    """A part that Abel gives."""
    project = cast.project if kind in PROJECT_ROLES else None
    return grant_role(actor=cast.abel, person=person, kind=kind, organisation=cast.riverside, project=project)


def counts(cast: Cast, person: Person, kind: RoleKind) -> bool:
    """Whether permissions and screens both know of the part; they never disagree."""
    asked = (
        holds_in(person, [kind], cast.project)
        if kind in PROJECT_ROLES
        else holds(person, [kind], cast.riverside)
    )
    assert asked is Standing(person).has(kind)
    return asked


@pytest.mark.parametrize("kind", sorted(RoleKind))
def test_it_counts_at_once_or_when_confirmed(cast: Cast, newcomer: Person, kind: RoleKind) -> None:
    role = given(cast, newcomer, kind)
    assert counts(cast, newcomer, kind) is (kind not in CONFIRMED_KINDS)
    assert role.waits is (kind in CONFIRMED_KINDS)
    if role.waits:
        confirmed = confirm_role(actor=cast.vera, role_id=role.pk)
        assert (confirmed.confirmed_by, confirmed.waits) == (cast.vera, False)
        assert Event.objects.filter(action="role:confirmed", subject_id=role.pk).count() == 1
    assert counts(cast, newcomer, kind)


def test_the_person_is_told_when_it_counts_and_not_before(cast: Cast, newcomer: Person) -> None:
    role = given(cast, newcomer)
    told = Message.objects.filter(person=newcomer, kind="role_given")
    assert not told.exists()
    confirm_role(actor=cast.vera, role_id=role.pk)
    assert [message.source for message in told] == [f"role:{role.pk}:given"]


@pytest.mark.parametrize("name", ["farah", "vera"])
def test_an_approver_or_another_administrator_confirms(cast: Cast, newcomer: Person, name: str) -> None:
    actor: Person = getattr(cast, name)
    assert confirm_role(actor=actor, role_id=given(cast, newcomer).pk).confirmed_by == actor


@pytest.mark.parametrize("name", ["cora", "lena", "anil", "hana", "fern", "ada", "otto", "olga"])
def test_nobody_else_confirms(cast: Cast, newcomer: Person, name: str) -> None:
    role = given(cast, newcomer)
    with pytest.raises(NotPermitted, match="Only an administrator or a finance approver"):
        confirm_role(actor=getattr(cast, name), role_id=role.pk)
    assert not counts(cast, newcomer, RoleKind.APPROVER)


def test_neither_who_gave_it_nor_who_gets_it_confirms(cast: Cast) -> None:
    role = given(cast, cast.vera, RoleKind.PREPARER)
    with pytest.raises(NotPermitted, match="a part that you gave"):
        confirm_role(actor=cast.abel, role_id=role.pk)
    with pytest.raises(NotPermitted, match="a part of yours"):
        confirm_role(actor=cast.vera, role_id=role.pk)
    assert confirm_role(actor=cast.farah, role_id=role.pk).confirmed_by == cast.farah


def test_it_is_confirmed_once_and_only_while_it_waits(cast: Cast, newcomer: Person) -> None:
    role, plain = given(cast, newcomer), given(cast, newcomer, RoleKind.AUDITOR)
    confirm_role(actor=cast.vera, role_id=role.pk)
    ended = given(cast, newcomer, RoleKind.PREPARER)
    end_role(actor=cast.abel, role_id=ended.pk, on=today())
    events = Event.objects.count()
    for each in (role, plain, ended):
        with pytest.raises(IllegalMove):
            confirm_role(actor=cast.farah, role_id=each.pk)
    assert Event.objects.count() == events


def test_nobody_is_confirmed_who_cannot_sign_in(cast: Cast) -> None:
    """Else whoever adds the login later could act as them, behind the back of who confirmed."""
    paper = add_person(actor=cast.abel, name="Pia Paper", email="pia@example.org")
    role = given(cast, paper)
    with pytest.raises(DomainError, match="cannot sign in yet"):
        confirm_role(actor=cast.vera, role_id=role.pk)
    add_login(actor=cast.abel, person=paper, email="pia@example.org")
    confirm_role(actor=cast.vera, role_id=role.pk)
    with pytest.raises(DomainError, match="already works with money"):
        add_login(actor=cast.abel, person=paper, email="another.mailbox@example.org")
    assert paper.logins.count() == 1


def test_the_system_sets_up_two_administrators_and_no_third(cast: Cast) -> None:
    fresh = add_organisation(
        actor=None,
        code="fresh",
        name="Fresh",
        statement_name="FRESH",
        help_contact="Somebody",
        appeal_contact="Somebody",
        support_contact="Somebody",
    )
    people = [cast.abel, cast.bea, cast.cora]
    for person in people[:2]:
        role = grant_role(actor=None, person=person, kind=RoleKind.ADMINISTRATOR, organisation=fresh)
        assert (role.confirmed_by, role.waits) == (None, False)
        assert holds(person, [RoleKind.ADMINISTRATOR], fresh)
    for kind in (RoleKind.ADMINISTRATOR, RoleKind.APPROVER):
        with pytest.raises(NotPermitted):
            grant_role(actor=None, person=people[2], kind=kind, organisation=fresh)
    third = grant_role(actor=cast.abel, person=cast.cora, kind=RoleKind.ADMINISTRATOR, organisation=fresh)
    assert confirm_role(actor=cast.bea, role_id=third.pk).confirmed_by == cast.bea


def test_the_same_part_is_not_given_twice(cast: Cast, newcomer: Person) -> None:
    given(cast, newcomer)
    with pytest.raises(DomainError, match="already has this part"):
        given(cast, newcomer)


def test_somebody_always_administers_the_organisation(cast: Cast) -> None:
    first, second = (
        cast.riverside.roles.get(person=person, kind=RoleKind.ADMINISTRATOR)
        for person in (cast.abel, cast.vera)
    )
    end_role(actor=cast.abel, role_id=second.pk, on=today() - timedelta(days=1))
    with pytest.raises(DomainError, match="Nobody else administers"):
        end_role(actor=cast.abel, role_id=first.pk, on=today())
    assert holds(cast.abel, [RoleKind.ADMINISTRATOR], cast.riverside)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"confirmed_by": "person", "confirmed_at": True}, "a_second_person_confirms_a_role"),
        ({"confirmed_by": "granted_by", "confirmed_at": True}, "a_second_person_confirms_a_role"),
        ({"confirmed_at": True}, "only_the_system_confirms_by_itself"),
        ({"confirmed_by": "other"}, "only_the_system_confirms_by_itself"),
    ],
    ids=["by themselves", "by who gave it", "by nobody", "without a time"],
)
def test_the_database_refuses_a_confirmation_without_a_second_person(
    cast: Cast, newcomer: Person, values: dict[str, object], name: str
) -> None:
    role = given(cast, newcomer)
    people = {"person": newcomer, "granted_by": cast.abel, "other": cast.vera}
    changes = {
        "confirmed_by": people.get(str(values.get("confirmed_by"))),
        "confirmed_at": now() if values.get("confirmed_at") else None,
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Role.objects.filter(pk=role.pk).update(**changes)


def test_the_database_refuses_to_confirm_what_needs_no_confirmation(cast: Cast, newcomer: Person) -> None:
    role = given(cast, newcomer, RoleKind.AUDITOR)
    changed = {"confirmed_by": cast.vera, "confirmed_at": now()}
    with pytest.raises(IntegrityError, match="only_the_system"), transaction.atomic():
        Role.objects.filter(pk=role.pk).update(**changed)


CONFIRMED = "confirmed_at = '2026-01-01 10:00:00+00:00'"
CHANGES = (
    "kind = 'preparer'",
    "since = '2020-01-01'",
    "granted_by_id = NULL",
    "person_id = granted_by_id + 1",
)


def changing(what: str) -> Attempt:
    """A change of what a role says, while it waits."""
    return Attempt(
        f"change a role: {what}",
        ("role_stays",),
        ("role_stays_what_it_is",),
        lambda keys: [f"UPDATE people_role SET {what} WHERE id = {keys['waits']}"],
    )


ATTEMPTS = [
    *map(changing, CHANGES),
    Attempt(
        "confirm a role again",
        ("role_stays",),
        ("role_confirmed_once",),
        lambda keys: [f"UPDATE people_role SET {CONFIRMED} WHERE id = {keys['confirmed']}"],
    ),
    Attempt(
        "end a role again",
        ("role_stays",),
        ("role_ended_once",),
        lambda keys: [f"UPDATE people_role SET until = NULL WHERE id = {keys['ended']}"],
    ),
    Attempt(
        "remove a role",
        ("role_kept",),
        ("role_kept",),
        lambda keys: [f"DELETE FROM people_role WHERE id = {keys['waits']}"],
    ),
    Attempt(
        "replace a role",
        (),
        ("role_not_replaced",),
        lambda keys: [
            f"INSERT OR REPLACE INTO people_role SELECT * FROM people_role WHERE id = {keys['waits']}"
        ],
    ),
]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_database_keeps_what_was_given(attempt: Attempt, cast: Cast, newcomer: Person) -> None:
    waits = given(cast, newcomer)
    confirmed = confirm_role(actor=cast.vera, role_id=given(cast, newcomer, RoleKind.HOLDER).pk)
    ended = given(cast, newcomer, RoleKind.AUDITOR)
    end_role(actor=cast.abel, role_id=ended.pk, on=today())
    judge(attempt, {"waits": waits.pk, "confirmed": confirmed.pk, "ended": ended.pk})


def test_every_guard_of_roles_is_tried() -> None:
    assert untried(ATTEMPTS, ("people_role",)) == set()


def test_the_command_sets_up_two_administrators_of_an_empty_ledger(empty_db: None) -> None:
    for name in ("ann", "ben", "cat"):
        command = functools.partial(
            call_command, "add_administrator", organisation="fresh", name=name, email=f"{name}@example.org"
        )
        if name == "cat":
            with pytest.raises(CommandError, match="Only an administrator"):
                command()
        else:
            command()
    assert [role.person.name for role in Role.objects.filter(confirmed_at__isnull=False)] == ["ann", "ben"]
    assert Person.objects.count() == 2
