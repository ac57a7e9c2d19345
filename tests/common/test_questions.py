"""A question is put together once, and answered anew for each key and each thing it is about."""

from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from common.questions import ask, keys
from people.models import Person, RoleKind
from people.permissions import organisations_with, projects_with
from tests.cast import Cast


def _email(person_id: int, name: str) -> QuerySet[Person, tuple[str]]:
    return Person.objects.filter(pk=person_id, name__startswith=name).values_list("email")


def test_each_key_has_an_answer_of_its_own(cast: Cast) -> None:
    asked: list[tuple[int, str]] = []

    def email(person_id: int, name: str) -> QuerySet[Person, tuple[str]]:
        asked.append((person_id, name))
        return _email(person_id, name)

    with CaptureQueriesContext(connection) as queries:
        assert ask(email, cast.cora.pk, "Cora") == [("cora@example.org",)]
        assert ask(email, cast.dev.pk, "Cora") == []
        assert ask(email, cast.dev.pk, "Dev") == [("dev@example.org",)]
    assert (len(queries), len(asked)) == (3, 2)
    assert not {cast.cora.pk, cast.dev.pk}.intersection(key for key, _ in asked)


def test_what_changed_since_is_answered(cast: Cast) -> None:
    before = ask(_email, cast.cora.pk, "Cora")
    Person.objects.filter(pk=cast.cora.pk).update(email="new@example.org")
    assert (before, ask(_email, cast.cora.pk, "Cora")) == ([("cora@example.org",)], [("new@example.org",)])


def _whose(person_id: int, name: str) -> QuerySet[Person, tuple[int]]:
    return Person.objects.filter(pk=person_id, name__startswith=name).values_list("pk")


def test_keys_stand_in_another_question(cast: Cast) -> None:
    found = Person.objects.filter(pk__in=keys(_whose, cast.cora.pk, "Cora"))
    with CaptureQueriesContext(connection) as queries:
        assert list(found.exclude(pk__in=keys(_whose, cast.dev.pk, "Dev"))) == [cast.cora]
        assert list(found.filter(pk__in=keys(_whose, cast.dev.pk, "Dev"))) == []
    assert len(queries) == 2


def test_somebody_with_no_part_at_all_in_question_has_it_nowhere(cast: Cast) -> None:
    assert list(organisations_with(cast.fern, [RoleKind.PREPARER])) == [cast.riverside]
    assert list(organisations_with(cast.fern, [])) == []
    assert list(projects_with(cast.anil, [])) == []
