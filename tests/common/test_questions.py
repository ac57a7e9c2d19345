"""A question is put together once, and answered anew for each key and each thing it is about."""

from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from common.questions import ask
from people.models import Person
from tests.cast import Cast

_asked: list[tuple[int, str]] = []


def _email(person_id: int, name: str) -> QuerySet[Person, tuple[str]]:
    _asked.append((person_id, name))
    return Person.objects.filter(pk=person_id, name__startswith=name).values_list("email")


def test_each_key_has_an_answer_of_its_own(cast: Cast) -> None:
    _asked.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert ask(_email, cast.cora.pk, "Cora") == [("cora@example.org",)]
        assert ask(_email, cast.dev.pk, "Cora") == []
        assert ask(_email, cast.dev.pk, "Dev") == [("dev@example.org",)]
    assert len(queries) == 3
    assert len(_asked) == 2
    assert not {cast.cora.pk, cast.dev.pk}.intersection(key for key, _ in _asked)


def test_what_changed_since_is_answered(cast: Cast) -> None:
    before = ask(_email, cast.cora.pk, "Cora")
    Person.objects.filter(pk=cast.cora.pk).update(email="new@example.org")
    assert (before, ask(_email, cast.cora.pk, "Cora")) == ([("cora@example.org",)], [("new@example.org",)])
