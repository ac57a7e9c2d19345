"""What is made once is there for every test, what a test does there is undone, nothing is lost in silence."""

import pytest

from common.dates import set_now
from people.models import Person
from tests.cast import START, Cast
from tests.databases import in_made


def _rename(cast: Cast, name: str) -> str:
    Person.objects.filter(pk=cast.cora.pk).update(name=name)
    return name


def _name(cast: Cast) -> str:
    return Person.objects.get(pk=cast.cora.pk).name


def test_it_is_made_once_and_what_is_done_there_is_undone(cast: Cast) -> None:
    made: list[str] = []

    def make() -> str:
        made.append(_rename(cast, "Cora Once"))
        return made[-1]

    for _ in range(2):
        with in_made("once", make) as given:
            assert (given, _name(cast)) == ("Cora Once", "Cora Once")
            _rename(cast, "Cora Undone")
    assert made == ["Cora Once"]
    assert _name(cast) == "Cora Contributor"


def test_one_stands_on_another(cast: Cast) -> None:
    with in_made("below", lambda: _rename(cast, "Cora Below")):
        with in_made("above", lambda: f"{_name(cast)} {_rename(cast, 'Above')}") as given:
            assert (given, _name(cast)) == ("Cora Below Above", "Above")
        assert _name(cast) == "Cora Below"


def test_at_another_time_it_is_another(cast: Cast) -> None:
    with in_made("clock", lambda: "now") as given:
        assert given == "now"
    with set_now(START), in_made("clock", lambda: "then") as given:
        assert given == "then"


def test_what_was_written_before_is_not_lost_in_silence(cast: Cast) -> None:
    with in_made("late", lambda: None):
        pass
    _rename(cast, "Cora Changed")
    with pytest.raises(RuntimeError, match="would be gone"), in_made("late", lambda: None):
        pass
    assert _name(cast) == "Cora Changed"
